//! `courant seed`.

mod generated;

use std::{
    io::{Write, stdout},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use courant_domain::{feed::Feed, locale::Locale, site::Site};
use courant_persistence::{Outcome, ReferenceData, Store};

use crate::{database::DatabaseArgs, samples};

/// Fill the database with sample content
///
/// A ministry's portal in English, Russian and Turkmen; or, with --articles, any number of generated articles, which
/// are added to what is there. Running it again changes nothing. The database is set up first if it is not there.
#[derive(Debug, clap::Args)]
pub(crate) struct SeedArgs {
    /// Generate so many articles instead, to try things out and to measure
    #[arg(long, env = "COURANT_SEED_ARTICLES", value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    articles: Option<u64>,

    /// Another seed, other articles; the same seed and number give the same ones everywhere
    #[arg(long, env = "COURANT_SEED", value_name = "NUMBER", default_value_t = 42, requires = "articles")]
    seed: u64,

    /// The languages each generated article is in; the words are English in all of them [default: the site's
    /// default language]
    #[arg(long, env = "COURANT_SEED_LOCALES", value_name = "LOCALES", value_delimiter = ',', requires = "articles")]
    locales: Vec<Locale>,

    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(args: SeedArgs) -> Result<ExitCode> {
    let store = args.database.open_migrated().await?;
    match args.articles {
        None => samples(&store).await?,
        Some(articles) => generated::put(&store, articles, args.seed, args.locales).await?,
    }
    store.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// Puts the sample content into a database.
pub(crate) async fn samples(store: &Store) -> Result<()> {
    let mut samples = samples::load().context("the sample content cannot be read")?;
    samples.adopt(&store.reference());
    site(store, &samples.site).await?;
    let feeds = samples.reference.feeds.clone();
    // The samples' own feeds come last; those that categories have from the start do not take their names.
    let reference = samples.reference.with_category_feeds(&store.reference())?;
    let is_own = |feed: &Feed| feeds.iter().any(|own| own.id == feed.id);
    let of_categories = reference.feeds.iter().filter(|feed| !is_own(feed)).cloned().collect();
    store
        .reference_put(&ReferenceData { feeds: of_categories, ..reference })
        .await
        .context("cannot make the samples' categories, tags and persons")?;
    let origins: Vec<String> = samples.entries.iter().map(|entry| entry.origin.clone()).collect();
    let outcomes = store.import(samples.entries, "courant seed").await?;
    let (mut created, mut updated) = (0, 0);
    for (origin, outcome) in origins.iter().zip(outcomes) {
        match outcome {
            Outcome::Created { .. } => created += 1,
            Outcome::Updated => updated += 1,
            Outcome::Unchanged | Outcome::Kept { .. } => {}
            Outcome::Refused(error) => bail!("{origin} is refused: {error}"),
        }
    }
    // Feeds pin entries, which are there now.
    store
        .reference_put(&ReferenceData { feeds, ..ReferenceData::default() })
        .await
        .context("cannot make the samples' feeds")?;
    for (path, target) in &samples.redirects {
        store.redirect_put(path, target.as_deref()).await.with_context(|| format!("cannot redirect {path}"))?;
    }
    match (created, updated) {
        (0, 0) => writeln!(stdout(), "the sample content is there already"),
        (created, 0) => writeln!(stdout(), "{created} sample entries created"),
        (created, updated) => writeln!(stdout(), "{created} sample entries created, {updated} updated"),
    }?;
    Ok(())
}

/// Makes a new database the samples' portal. A portal that has a name of its own keeps it, and needs their languages.
async fn site(store: &Store, wanted: &Site) -> Result<()> {
    let current = store.reference().site.clone();
    if current == *wanted {
        return Ok(());
    }
    if current == Site::new(Locale::ENGLISH, "Courant") {
        return store.site_put(wanted).await.context("cannot set the site's name and languages");
    }
    let missing: Vec<String> =
        wanted.locales.iter().filter(|locale| !current.has(locale.tag)).map(|locale| locale.tag.to_string()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let all: Vec<String> = current.locales.iter().map(|locale| locale.tag.to_string()).chain(missing.clone()).collect();
    bail!(
        "the samples are in languages that this site has not: {}; add them with `courant site set --locales {}`",
        missing.join(", "),
        all.join(",")
    )
}
