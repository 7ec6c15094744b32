//! `courant seed`.

use std::{
    io::{Write, stdout},
    time::Instant,
};

use anyhow::Result;
use courant_domain::locale::Locale;
use courant_fixtures::{
    generate::{self, DataSet},
    samples::{self, Seeded},
};
use courant_options::DatabaseOptions;
use courant_persistence::Store;

use crate::progress;

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
    database: DatabaseOptions,
}

pub(crate) async fn run(args: SeedArgs) -> Result<()> {
    let store = args.database.open_migrated().await?;
    match args.articles {
        None => samples(&store).await?,
        Some(articles) => generated(&store, DataSet { articles, seed: args.seed, locales: args.locales }).await?,
    }
    store.close().await?;
    Ok(())
}

pub(crate) async fn samples(store: &Store) -> Result<()> {
    match samples::seed(store).await? {
        Seeded { created: 0, updated: 0 } => writeln!(stdout(), "the sample content is there already"),
        Seeded { created, updated: 0 } => writeln!(stdout(), "{created} sample entries created"),
        Seeded { created, updated } => writeln!(stdout(), "{created} sample entries created, {updated} updated"),
    }?;
    Ok(())
}

async fn generated(store: &Store, set: DataSet) -> Result<()> {
    let began = Instant::now();
    let bar = progress::bar(set.articles, "articles");
    let created = generate::put(store, set, |done| bar.inc(done)).await?;
    bar.finish_and_clear();
    if created == 0 {
        writeln!(stdout(), "these articles are there already")?;
    } else {
        let seconds = began.elapsed().as_secs_f64();
        let rate = created as f64 / seconds.max(0.001);
        writeln!(stdout(), "{created} articles created in {seconds:.1} s, {rate:.0} a second")?;
    }
    Ok(())
}
