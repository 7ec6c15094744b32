# What is done often, by name. `just` alone lists it; script/test says what each check is.

export CARGO_TARGET_DIR := env("CARGO_TARGET_DIR", cache / "target")
cache := env("COURANT_CACHE_DIR", env("XDG_CACHE_HOME", env("HOME", ".") / ".cache") / "courant")

# The tools that script/test has installed.
export PATH := cache / "tools/bin:" + cache / "tools/node_modules/.bin:" + env("PATH")

_default:
    @just --list --unsorted

# Build and serve with the sample content; `just server --help` lists the options
server *OPTIONS:
    script/server {{ OPTIONS }}

# Every check and test, or the named steps of them (`script/test --list`)
test *STEPS:
    script/test {{ STEPS }}

# The checks that need no running server: before a commit
check:
    script/test shell justfile fmt machete deny clippy doc schema

# Tests of the workspace that match a filter, beside a throw-away PostgreSQL: `just nextest portal_page`
nextest *FILTER:
    script/postgres cargo nextest run --workspace {{ FILTER }}

# Format the Rust code and this file
fmt:
    cargo fmt --all
    just --unstable --fmt

# Write schema.graphql anew from the code
schema:
    cargo run --package courant -- schema > schema.graphql.new
    mv schema.graphql.new schema.graphql
    cp schema.graphql web/reader/schema.graphql

# Run the tests and take what they see as the new snapshots and golden files; read `git diff` before you commit them
snapshots *FILTER:
    COURANT_UPDATE_GOLDEN=1 INSTA_UPDATE=always script/postgres cargo nextest run --workspace {{ FILTER }}

# Build the GraphiQL bundle that the server embeds
graphiql:
    cd web/graphiql && npm ci && npm run build

# Compare with hand-written handlers on both databases and print the table of docs/performance.md
bench *OPTIONS:
    script/bench {{ OPTIONS }}

# What a CI run is too short for: kills, faults, and HOURS (2) of mixed load on each database; `just soak 0.05 --dev` tries it
soak *OPTIONS:
    script/soak {{ OPTIONS }}

# Fuzz what a document's text goes through, with CASES texts for each target; `just fuzz 10000` tries it
fuzz CASES="1000000":
    PROPTEST_CASES={{ CASES }} cargo test --locked --package courant-graphql --test fuzz

# Known security advisories of the dependencies (needs the network)
advisories:
    cargo deny check advisories

# The documentation of all crates, in the browser
doc:
    cargo doc --workspace --no-deps --open
