//! `courant import`.

mod report;
mod restore;

use std::{
    fmt,
    fs::File,
    io::{self, Write, stdin, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use courant_domain::{locale::Locale, slug::Slug};
use courant_import::{
    ArchiveError, Content, Found, Given, ImportError, ImportOptions, ImportRequest, Input, Library, MediaMove, OwnSite,
    Report, Source, SourceError,
};
use courant_options::DatabaseOptions;
use courant_persistence::Store;
use tokio_util::sync::CancellationToken;

use self::report::Shown;
use crate::progress;

/// Take in content: a WordPress export, RSS, Atom, JSON Feed, or a dump made by `courant export`
///
/// Files are recognised by their content, and unpacked if they are in gzip or zip; those of an archive count as files that
/// are named one by one. They may be of any size: a file is gone through before anything of it goes in, which one that is broken
/// anywhere does not. Categories, tags and authors are made when they are not there. What was
/// imported before is updated, never doubled, and nothing that was changed here since is changed back. What is not
/// certainly public at its source, or has no certain date, goes in as a draft. Parts of one WordPress export are named
/// together, so that the pictures of one are found for the posts of another.
///
/// A report says what of the content was lost, what went in, and what could not be read as it stands. The exit code is 1
/// when something did not go in.
///
/// A dump is restored whole or not at all, into a database that has no entries yet. Into an embedded one it goes much faster, and
/// with far less disk, while nothing else has that open: stop the service first.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// The files; - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The language of articles that name none of their own [default: the one the file names, else the site's default
    /// language]
    #[arg(long, env = "COURANT_IMPORT_LOCALE", value_name = "LOCALE")]
    locale: Option<Locale>,

    /// Where articles go that have no category; made when it is not there
    #[arg(long, env = "COURANT_IMPORT_CATEGORY", value_name = "SLUG", default_value = "news", value_parser = Slug::parse)]
    category: Slug,

    /// Whether what is published in the file is published here, too
    #[arg(long, env = "COURANT_IMPORT_STATUS", value_name = "STATUS", default_value = "keep")]
    status_of_imported: Status,

    /// The types of post that are articles, of a WordPress or Blogger export. Pages (`page`) go into a category of that
    /// name. What is left out is named in the report
    #[arg(
        long,
        env = "COURANT_IMPORT_POST_TYPES",
        value_name = "TYPES",
        default_value = "post",
        value_delimiter = ','
    )]
    post_types: Vec<String>,

    /// The files are of one's own old site: its addresses lead to the articles here, which are the originals now. Without a
    /// value its host is the one that the files name
    #[arg(
        long,
        env = "COURANT_IMPORT_OWN_SITE",
        value_name = "HOST",
        num_args = 0..,
        require_equals = true,
        value_delimiter = ','
    )]
    own_site: Option<Vec<String>>,

    /// Where files are now whose addresses begin so, as in https://old.example/uploads/=https://media.example/
    #[arg(long, env = "COURANT_IMPORT_MEDIA", value_name = "FROM=TO", value_delimiter = ',')]
    media: Vec<MediaMove>,

    /// Exit with 1 when any content was lost, too
    #[arg(long, env = "COURANT_IMPORT_STRICT")]
    strict: bool,

    /// Report each problem with its place, however many there are
    #[arg(long, short)]
    verbose: bool,

    /// Write the report with each problem to this file, too
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    #[command(flatten)]
    database: DatabaseOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Status {
    /// As the file has it
    Keep,
    /// Everything goes in as a draft; what is live already stays live
    Draft,
}

pub(crate) async fn run(args: ImportArgs) -> Result<ExitCode> {
    let store = args.database.open_migrated().await?;
    if let Some(locale) = args.locale.filter(|locale| !store.reference().site.has(*locale)) {
        let locales: Vec<String> = store.reference().site.locales.iter().map(|known| known.tag.to_string()).collect();
        let known = locales.join(",");
        bail!("the site is not in {locale} but in {known}; add it with `courant site set --locales {known},{locale}`");
    }
    let mut whole = args.report.as_deref().map(File::create).transpose().context("cannot write the report")?;
    let (files, library) = look_through(&args.files).await?;
    let library = Arc::new(library);
    let (count, mut failed) = (files.len(), Vec::new());
    let mut store = store;
    for Opened { name, found, length } in files {
        let imported = match found {
            // What nobody means to import, beside what is in the same archive.
            Err(error @ SourceError::Archive(ArchiveError::NoText)) => {
                say(&format_args!("{name}: {error}\n"));
                Ok(true)
            }
            Err(error) => Err(anyhow::Error::from(error).context("cannot be read")),
            Ok(Source::Dump(lines)) => restore::restore(&mut store, &args.database, lines, length).await,
            Ok(Source::Content(source)) => import(&store, &name, source, &args, &library, whole.as_mut()).await,
        };
        match imported {
            Ok(true) => {}
            Ok(false) => failed.push(name),
            Err(error) => {
                eprintln!("error: {name} {error:#}");
                failed.push(name);
            }
        }
    }
    store.close().await?;
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    if count > 1 {
        eprintln!("error: not everything went in of {}", failed.join(", "));
    }
    Ok(ExitCode::FAILURE)
}

/// A file to be imported, or one of an archive.
struct Opened {
    /// What it is called in what is said of it.
    name: String,
    found: Result<Source, SourceError>,
    length: u64,
}

/// What a file holds: itself, or, of an archive, each file in it.
fn open(path: &Path) -> Vec<Opened> {
    let name = path.display().to_string();
    let given = if path == Path::new("-") { Ok(Given::Stream(Box::new(stdin()))) } else { Given::at(path) };
    let named = |Found { name: inner, source, length }| {
        let name = inner.map_or_else(|| name.clone(), |inner| format!("{name}/{inner}"));
        Opened { name, found: source, length }
    };
    match given.and_then(Source::find) {
        Ok(found) => found.into_iter().map(named).collect(),
        Err(error) => vec![Opened { name, found: Err(error), length: 0 }],
    }
}

/// Opens the files, and gathers what they hold for each other, before anything of them goes in. What cannot be read is said
/// when its turn comes.
async fn look_through(files: &[PathBuf]) -> Result<(Vec<Opened>, Library)> {
    let files = files.to_vec();
    let look = move || {
        let opened: Vec<Opened> = files.iter().flat_map(|file| open(file)).collect();
        let contents = opened.iter().filter_map(|file| match &file.found {
            Ok(Source::Content(content)) => Some(content as &dyn Input),
            _ => None,
        });
        let library = Library::of(&contents.collect::<Vec<_>>());
        (opened, library)
    };
    Ok(tokio::task::spawn_blocking(look).await?)
}

/// Takes one file in, and says whether everything in it went in.
async fn import(
    store: &Store,
    name: &str,
    source: Content,
    args: &ImportArgs,
    library: &Arc<Library>,
    whole: Option<&mut File>,
) -> Result<bool> {
    let report = take_in(store, source, args, library).await?;
    let shown = |in_full| Shown { report: &report, name, post_types: &args.post_types, in_full };
    say(&shown(args.verbose));
    if let Some(whole) = whole {
        write!(whole, "{}", shown(true)).context("cannot be reported")?;
    }
    Ok(report.is_complete() && !(args.strict && report.has_lost()))
}

async fn take_in(store: &Store, source: Content, args: &ImportArgs, library: &Arc<Library>) -> Result<Report> {
    let options = ImportOptions {
        locale: args.locale,
        drafts: args.status_of_imported == Status::Draft,
        post_types: args.post_types.iter().map(|kind| kind.trim().to_owned()).collect(),
        library: Arc::clone(library),
        own_site: match &args.own_site {
            None => OwnSite::No,
            Some(hosts) if hosts.is_empty() => OwnSite::Named,
            Some(hosts) => OwnSite::Hosts(hosts.clone()),
        },
        media: args.media.clone(),
        ..ImportOptions::new(args.category.clone(), "courant import")
    };
    let request = ImportRequest { source, options, cancellation: CancellationToken::new() };
    let bar = progress::bar(0, "articles");
    let imported = courant_import::import(store, request, |progress| {
        bar.set_length(progress.of);
        bar.set_position(progress.done);
    });
    let imported = imported.await;
    bar.finish_and_clear();
    imported.map_err(|error| {
        let what = if matches!(error, ImportError::Read(_)) { "cannot be read" } else { "cannot be taken in" };
        anyhow::Error::from(error).context(what)
    })
}

/// Says what was done. That nobody listens any more is no reason to stop doing it.
fn say(what: &dyn fmt::Display) {
    match write!(stdout(), "{what}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => eprintln!("error: cannot write the report: {error}"),
        _ => {}
    }
}
