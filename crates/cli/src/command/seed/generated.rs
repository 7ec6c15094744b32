//! `courant seed --articles`.

use std::{
    collections::VecDeque,
    io::{Write, stdout},
    sync::Arc,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use courant_domain::locale::Locale;
use courant_persistence::Store;

use crate::{
    generate::{DataSet, Generator},
    progress,
};

/// How many articles go in in one transaction.
const BATCH: u64 = 1000;

/// How many batches are made ahead of the one that is being written.
const AHEAD: usize = 2;

pub(super) async fn put(store: &Store, articles: u64, seed: u64, mut locales: Vec<Locale>) -> Result<()> {
    let reference = store.reference();
    let site = &reference.site;
    if locales.is_empty() {
        locales.push(site.default_locale);
    }
    if let Some(unknown) = locales.iter().find(|locale| !site.has(**locale)) {
        let known: Vec<String> = site.locales.iter().map(|known| known.tag.to_string()).collect();
        let known = known.join(",");
        bail!(
            "the site is not in {unknown} but in {known}; add it with `courant site set --locales {known},{unknown}`"
        );
    }
    locales.sort_unstable();
    locales.dedup();

    let (generator, missing) = Generator::new(DataSet { articles, seed, locales }, &reference);
    store
        .reference_put(&missing.with_category_feeds(&reference)?)
        .await
        .context("cannot make the categories, tags and persons")?;
    let generator = Arc::new(generator);
    let began = Instant::now();
    let bar = progress::bar(articles, "articles");
    let mut created = 0;
    let mut places = (0..articles).step_by(usize::try_from(BATCH)?).map(|first| first..articles.min(first + BATCH));
    // Articles are made on other threads, a little ahead of what is written.
    let mut ahead = VecDeque::new();
    loop {
        while ahead.len() < AHEAD
            && let Some(batch) = places.next()
        {
            let generator = Arc::clone(&generator);
            ahead.push_back(tokio::task::spawn_blocking(move || generator.articles(batch)));
        }
        let Some(batch) = ahead.pop_front() else { break };
        let mut batch = batch.await?.context("cannot make articles")?;
        let made = batch.len() as u64;
        let known = store.entries_known(batch.iter().map(|record| record.entry.id)).await?;
        batch.retain(|record| !known.contains(&record.entry.id));
        store.entries_create(&batch).await.context("cannot write articles")?;
        created += batch.len();
        bar.inc(made);
    }
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
