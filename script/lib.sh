# shellcheck shell=bash
# What the scripts here share. To be sourced; sets strict mode, $root, $cache and PATH, and goes to $root.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# say LINE…
say() { printf '%s\n' "$@"; }

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Builds and tools are kept outside the clone, so that the next clone or a CI run starts warm. Nothing
# relies on it: empty, it is filled again; where it cannot be written, `target` in the clone is taken.
cache=${COURANT_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/courant}
if mkdir -p "$cache" 2>/dev/null && [[ -w $cache ]]; then
  cache=$(cd "$cache" && pwd)
else
  cache=$root/target/cache
fi
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
export PATH=$cache/tools/bin:$cache/tools/node_modules/.bin:$PATH

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    die "not root and no sudo, so this cannot be run: $*"
  fi
}

apt_is_fresh=

# apt_install PACKAGE…
apt_install() {
  has apt-get || die "please install $* (this script installs packages with apt-get, which is not here)"
  say "installing $*"
  if [[ -z $apt_is_fresh ]]; then
    as_root apt-get update -qq || say "apt-get update failed; trying with the package lists that are here"
    apt_is_fresh=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    die "apt-get cannot install $*"
}

# need COMMAND PACKAGE…: installs the packages if there is no such command.
need() {
  local command=$1
  shift
  has "$command" || apt_install "$@"
}

node_is_new_enough() {
  has node && has npm &&
    node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'
}

# build_reader: web/reader/dist, unless it is newer than all it is made of. Without Node there is none, which is said.
build_reader() {
  local app=$root/web/reader
  if ! node_is_new_enough; then
    say "the reader app is not built: that takes Node 20.19 or newer (https://nodejs.org)"
    return
  fi
  if [[ -f $app/dist/index.html && -z $(find "$root/schema.graphql" "$app" -path "$app/node_modules" -prune -o \
    -path "$app/dist" -prune -o -path "$app/src/gql" -prune -o -type f -newer "$app/dist/index.html" -print -quit) ]]; then
    return
  fi
  say "building the reader app"
  (cd "$app" && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build) >"$app/build.log" 2>&1 ||
    { tail -n 20 "$app/build.log" && say "the reader app is not built; the API is served without it"; }
}

# A Rust toolchain, with what it links with.
need_rust() {
  has cargo || die "Rust is missing: see https://rustup.rs (any version from rust-version in Cargo.toml on)"
  need cc gcc libc6-dev
  need make make
}

# build_courant PROFILE: `release`, or `first`, which is built sooner and runs slower: see Cargo.toml.
build_courant() {
  local options=()
  [[ $1 == release ]] || options=(--no-default-features) # without the allocator that takes two minutes to build
  cargo build --profile "$1" --locked --package courant "${options[@]}"
}

# need_postgres: PostgreSQL's server programs; their folder is then $postgres_bin.
need_postgres() {
  find_postgres || { apt_install postgresql && find_postgres; } || die "PostgreSQL is not where it is looked for"
}

find_postgres() {
  # Debian keeps them out of PATH, a folder per version.
  local initdb
  initdb=$(find /usr/lib/postgresql -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
  [[ -n $initdb ]] || initdb=$(command -v initdb) || return 1
  postgres_bin=$(dirname "$initdb")
}

# PostgreSQL refuses to run as root; then some other user runs it.
as_postgres() {
  if [[ $(id -u) != 0 ]]; then
    "$@"
  elif id postgres >/dev/null 2>&1; then
    runuser -u postgres -- "$@"
  else
    runuser -u nobody -- "$@"
  fi
}

# postgres_start FILE: a throw-away cluster on a free port. FILE is given its folder and its URL, a line each.
postgres_start() {
  local folder port try options settings
  # Not below a folder of ours: the other user has to reach it.
  folder=$(cd / && as_postgres mktemp -d /tmp/courant-postgres.XXXXXX)
  printf '%s\n' "$folder" >"$1"
  # Sorted by a language's rules where this version can: the order that a query forgets to ask for shows.
  options=(--no-sync --auth=trust --username=postgres --encoding=UTF8 --locale=C.UTF-8)
  if "$postgres_bin/initdb" --help | grep -q -e --icu-locale; then
    options+=(--locale-provider=icu --icu-locale=en)
  fi
  (cd / && as_postgres "$postgres_bin/initdb" --pgdata="$folder/data" "${options[@]}" >/dev/null)
  # Nothing in it outlives the run, so nothing has to reach the disk.
  settings="-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400"
  settings+=" -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder"
  for try in 1 2 3 4 5 6 7 8; do
    port=$((15000 + RANDOM % 15000)) # below the ports that systems hand out by themselves
    if (cd / && as_postgres "$postgres_bin/pg_ctl" start --silent --wait --pgdata="$folder/data" \
      --log="$folder/log" --options="$settings -p $port" >/dev/null 2>&1); then
      printf 'postgres://postgres@127.0.0.1:%s/postgres\n' "$port" >>"$1"
      return 0
    fi
    say "port $port cannot be had (try $try)"
  done
  as_postgres cat "$folder/log" >&2
  return 1
}

# postgres_stop FILE: stops and deletes what postgres_start made.
postgres_stop() {
  local folder
  [[ -s $1 ]] || return 0
  folder=$(head -n 1 "$1")
  (cd / && as_postgres "$postgres_bin/pg_ctl" stop --silent --mode=immediate --pgdata="$folder/data" >/dev/null 2>&1) || true
  as_postgres rm -rf "$folder"
  rm -f "$1"
}
