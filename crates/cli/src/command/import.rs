//! `courant import`.

mod categories;
mod convert;
mod names;
mod report;
mod source;
mod terms;

use std::{
    fmt,
    fs::File,
    io::{self, Write, stdout},
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use courant_domain::{bounds::Bound, locale::Locale, slug::Slug};
use courant_persistence::{Incoming, Store};
use courant_syndication::{Import, Item, Library, ReadOptions};

use self::{
    convert::Converter,
    report::Report,
    source::{Content, Source},
};
use crate::{database::DatabaseArgs, progress};

/// How many items go in in one transaction.
const BATCH: usize = 100;

/// Take in content: a WordPress export, RSS, Atom, JSON Feed, or a dump made by `courant export`
///
/// Files are recognised by their content. Categories, tags and authors are made when they are not there. What was
/// imported before is updated, never doubled, and nothing that was changed here since is changed back. What is not
/// certainly public at its source, or has no certain date, goes in as a draft. Parts of one WordPress export are named
/// together, so that the pictures of one are found for the posts of another.
///
/// A report says what of the content was lost, what went in, and what could not be read as it stands. The exit code is 1
/// when something did not go in.
///
/// A dump is restored whole or not at all, into a database that has no entries yet.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// The files; - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The language of the articles [default: the one the file names, else the site's default language]
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
    database: DatabaseArgs,
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
    let (sources, library) = look_through(&args.files).await?;
    let library = Arc::new(library);
    let mut failed = Vec::new();
    for (file, source) in args.files.iter().zip(sources) {
        match import(&store, file, source, &args, &library, whole.as_mut()).await {
            Ok(true) => {}
            Ok(false) => failed.push(file.display().to_string()),
            Err(error) => {
                eprintln!("error: {} {error:#}", file.display());
                failed.push(file.display().to_string());
            }
        }
    }
    store.close().await?;
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    if args.files.len() > 1 {
        eprintln!("error: not everything went in of {}", failed.join(", "));
    }
    Ok(ExitCode::FAILURE)
}

/// Gathers what the files hold for each other, before anything of them goes in. What can be read but once is kept. What
/// cannot be read is said when its turn comes.
async fn look_through(files: &[PathBuf]) -> Result<(Vec<Option<Source>>, Library)> {
    let files = files.to_vec();
    let look = move || {
        let mut library = Library::default();
        let mut sources = Vec::with_capacity(files.len());
        for file in &files {
            let is_input = file == Path::new("-");
            // One file knows all of itself.
            let source = if files.len() > 1 { source::open(file).ok() } else { None };
            if let Some(Source { content: Content::Other(bytes), .. }) = &source {
                let _ = courant_syndication::look_through(bytes, &mut library);
            }
            sources.push(source.filter(|_| is_input));
        }
        (sources, library)
    };
    Ok(tokio::task::spawn_blocking(look).await?)
}

/// Takes one file in, and says whether everything in it went in.
async fn import(
    store: &Store,
    file: &Path,
    source: Option<Source>,
    args: &ImportArgs,
    library: &Arc<Library>,
    whole: Option<&mut File>,
) -> Result<bool> {
    let source = source.map_or_else(|| source::open(file), Ok);
    let Source { content, length } = source.context("cannot be read")?;
    match content {
        Content::Dump(lines) => {
            let bar = progress::bytes(length);
            let restored = store.restore_dump(lines, |bytes| {
                bar.inc(bytes);
                ControlFlow::Continue(())
            });
            let entries = restored.await.context("is not restored")?;
            bar.finish_and_clear();
            say(&format_args!("{entries} entries restored\n"));
            Ok(true)
        }
        Content::Other(bytes) => {
            let import = read(bytes, args, library).await?.context("cannot be read")?;
            let report = take_in(store, import, args).await.context("cannot be taken in")?;
            let name = file.display();
            say(&report.shown(&name, args.verbose));
            if let Some(whole) = whole {
                write!(whole, "{}", report.shown(&name, true)).context("cannot be reported")?;
            }
            Ok(report.is_complete() && !(args.strict && report.has_lost()))
        }
    }
}

/// Says what was done. That nobody listens any more is no reason to stop doing it.
fn say(what: &dyn fmt::Display) {
    match write!(stdout(), "{what}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => eprintln!("error: cannot write the report: {error}"),
        _ => {}
    }
}

async fn read(
    bytes: Vec<u8>,
    args: &ImportArgs,
    library: &Arc<Library>,
) -> Result<Result<Import, courant_syndication::ReadError>> {
    let options = ReadOptions {
        locale: args.locale,
        post_types: args.post_types.iter().map(|kind| kind.trim().to_owned()).collect(),
        library: Arc::clone(library),
        ..ReadOptions::new(args.category.clone())
    };
    Ok(tokio::task::spawn_blocking(move || courant_syndication::read(&bytes, &options)).await?)
}

async fn take_in(store: &Store, mut import: Import, args: &ImportArgs) -> Result<Report> {
    let mut report = Report::of(&import, &args.post_types);
    shorten(&mut import, &mut report);
    let reference = store.reference();
    let locale = locale(&reference.site, &import, args, &mut report);
    let terms = terms::put(store, &import, &args.category, locale, &mut report).await?;
    let converter =
        Converter { terms: &terms, locale, drafts: args.status_of_imported == Status::Draft, now: store.now() };
    let bar = progress::bar(import.items.len() as u64, "articles");
    let mut items = std::mem::take(&mut import.items).into_iter();
    let mut done = 0;
    loop {
        let batch: Vec<Item> = items.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        bar.inc(batch.len() as u64);
        let named = |item: &Item| (item.place.clone(), item.content.title.clone().unwrap_or_default());
        let names: Vec<(String, String)> = batch.iter().map(named).collect();
        let incoming: Vec<Incoming> = batch.into_iter().map(|item| converter.incoming(item, &mut report)).collect();
        let states: Vec<_> =
            incoming.iter().flat_map(|item| item.versions.first().map(|version| version.state)).collect();
        let outcomes = store.import(incoming, "courant import").await.with_context(|| {
            format!("the first {done} articles are in; run it again for the others, which doubles nothing")
        })?;
        done += outcomes.len();
        for (((place, title), state), outcome) in names.into_iter().zip(states).zip(outcomes) {
            report.outcome(place, &title, state, outcome);
        }
    }
    bar.finish_and_clear();
    Ok(report)
}

/// Cuts the names of categories, tags and persons that are too long.
fn shorten(import: &mut Import, report: &mut Report) {
    let categories = import.categories.iter_mut().map(|it| ("category", &it.slug, &mut it.title));
    let tags = import.tags.iter_mut().map(|it| ("tag", &it.slug, &mut it.name));
    let persons = import.persons.iter_mut().map(|it| ("person", &it.slug, &mut it.name));
    for (what, slug, name) in categories.chain(tags).chain(persons) {
        name.retain(|character| character != '\0');
        if let Some(short) = Bound::NAME.cut(name) {
            report.problem(&format!("{what} {slug}"), format!("its name is longer than {} and was cut", Bound::NAME));
            *name = short;
        }
    }
    for category in &mut import.categories {
        if let Some(short) = category.description.as_deref().and_then(|text| Bound::DESCRIPTION.cut(text)) {
            category.description = Some(short);
        }
    }
}

/// The language the articles go in in.
fn locale(site: &courant_domain::site::Site, import: &Import, args: &ImportArgs, report: &mut Report) -> Locale {
    if let Some(locale) = args.locale {
        return locale;
    }
    let offered: Vec<Locale> = site.locales.iter().map(|known| known.tag).collect();
    let default = site.default_locale;
    match import.language {
        Some(language) => Locale::negotiate(language, &offered).unwrap_or_else(|| {
            report.note(format!(
                "it is in {language}, which the site is not; its articles went in as {default}, the site's default. \
                 To change that, add the language with `courant site set --locales` before"
            ));
            default
        }),
        None => {
            report.note(format!("it names no language; its articles went in as {default}, the site's default"));
            default
        }
    }
}
