//! Taking over what a source has changed of what it brought before, and nothing that was changed here meanwhile.

use std::collections::HashSet;

use courant_domain::{
    content::Content,
    entry::Entry,
    import_baseline::{ImportBaseline, same_instant},
    locale::Locale,
    workflow::State,
};
use courant_persistence::{ImportTransaction, ImportedEntry, LiveAddress, StoreError, VersionChange};

use super::{Outcome, free_slug, live, new_revision, standing_of};
use crate::incoming::{Incoming, IncomingText, IncomingVersion};

/// Takes in what is different from what its source brought last. What was changed here since then stays as it is. Says, too, in which
/// languages what was live is taken back.
pub(super) async fn update(
    tx: &mut ImportTransaction,
    known: ImportedEntry,
    item: &Incoming,
    by: &str,
    taken: &mut HashSet<LiveAddress>,
) -> Result<(Outcome, Vec<Locale>), StoreError> {
    if !tx.has_category(item.category) {
        return Err(StoreError::NotFound(format!("category {}", item.category)));
    }
    let mut entry = known.entry.clone();
    let mut changes = Vec::new();
    let (mut kept, mut is_older) = (false, false);
    for version in &item.versions {
        let change = change(tx, &known, &mut entry, (item, version), by, taken).await?;
        kept |= change.kept;
        is_older |= change.is_older;
        changes.extend(change.made);
    }
    if !changes.is_empty() {
        tx.update(&known.entry, &entry, &changes).await?;
    }
    let outcome = match (kept, changes.is_empty()) {
        (true, unchanged) => Outcome::Kept { updated: !unchanged },
        (false, true) if is_older => Outcome::Older,
        (false, true) => Outcome::Unchanged,
        (false, false) => Outcome::Updated,
    };
    let taken_back = changes.iter().filter(|change| change.taken_back).map(|change| change.revision.locale);
    Ok((outcome, taken_back.collect()))
}

/// What will become of one language, and whether something of it is kept that its source has otherwise.
#[derive(Default)]
struct Decided {
    made: Option<VersionChange>,
    kept: bool,
    /// Whether it is left as it is because what comes in is older.
    is_older: bool,
}

async fn change(
    tx: &ImportTransaction,
    known: &ImportedEntry,
    entry: &mut Entry,
    (item, version): (&Incoming, &IncomingVersion),
    by: &str,
    taken: &mut HashSet<LiveAddress>,
) -> Result<Decided, StoreError> {
    let locale = version.locale;
    let mut version = version.clone();
    let standing = known.standings.iter().find(|it| it.locale == locale).map(|it| &it.standing);
    let brought = known.brought.iter().find(|revision| revision.locale == locale);
    let (Some(standing), Some(brought)) = (standing, brought) else {
        free_slug(tx, entry.kind, &mut version, taken).await?;
        let revision = new_revision(entry, &version, None, tx.now(), by)?;
        let live = live(entry, None, &revision, &version, tx.now())?;
        let standing = standing_of(item, &version, revision.number, live.is_some());
        return Ok(Decided {
            made: Some(VersionChange { revision, is_new: true, standing, live, taken_back: false }),
            ..Decided::default()
        });
    };
    let before = known.editions.iter().find(|live| live.locale == locale);
    let now = standing_of(item, &version, brought.number, false).import_baseline;
    let base = match (&standing.import_baseline, now) {
        (Some(noted), _) => noted.clone(),
        (None, Some(now)) => ImportBaseline::assumed(brought.number, standing, before, now),
        (None, None) => return Ok(Decided::default()),
    };
    keep_slug(&mut version.content, &brought.content);
    let known_item;
    let item = match version.text {
        IncomingText::Whole => item,
        // What it says of it otherwise is of the notice.
        IncomingText::Notice | IncomingText::Gone => {
            version.content = brought.content.clone();
            version.published_at = base.published_at;
            if before.is_none() {
                version.without_text();
            }
            known_item = Incoming {
                category: base.category,
                tags: base.tags.clone(),
                versions: vec![version.clone()],
                ..item.clone()
            };
            &known_item
        }
    };

    let new_text = version.content != brought.content;
    let went_live = base.state == State::Scheduled && standing.state == State::Published;
    let new_state = !version.held && version.state != base.state && !(went_live && version.state == State::Published);
    let new_date = !version.held && !same_instant(version.published_at, base.published_at);
    let new_category = item.category != base.category;
    let new_tags = item.tags != base.tags;
    if !(new_text || new_state || new_date || new_category || new_tags) {
        return Ok(Decided::default());
    }
    if base.is_newer_than(version.updated_at) {
        return Ok(Decided { is_older: true, ..Decided::default() });
    }
    if !base.is_untouched(standing, before) {
        return Ok(Decided { kept: true, ..Decided::default() });
    }

    let mut kept = false;
    if new_category && entry.category == base.category {
        entry.category = item.category;
    } else {
        kept |= new_category && entry.category != item.category;
    }
    if new_tags && entry.tags == base.tags {
        entry.tags.clone_from(&item.tags);
    } else {
        kept |= new_tags && entry.tags != item.tags;
    }
    if version.held && !new_text {
        version.state = standing.state;
    }
    // The date of what is live stays, unless its source has another one and nobody has set one here.
    let goes_live = matches!(version.state, State::Published | State::Withdrawn);
    if let Some(before) = before.filter(|_| goes_live) {
        let shown = Some(before.published_at);
        let set_here = base.published_at.is_some() && !same_instant(base.published_at, shown);
        kept |= new_date && set_here && !same_instant(version.published_at, shown);
        if set_here || version.published_at.is_none() {
            version.published_at = shown;
        }
    }
    if before.is_none() && goes_live {
        let slug = version.content.slug().map(ToString::to_string);
        taken.extend(tx.live_addresses(slug.into_iter().collect()).await?);
        free_slug(tx, entry.kind, &mut version, taken).await?;
    }
    let is_new = version.content != brought.content;
    let revision =
        if is_new { new_revision(entry, &version, Some(standing.newest), tx.now(), by)? } else { brought.clone() };
    let live = live(entry, before, &revision, &version, tx.now())?;
    let taken_back = live.is_none() && before.is_some() && !version.held;
    let is_live = live.is_some() || before.is_some() && !taken_back;
    let mut next = standing_of(item, &version, revision.number, is_live);
    if is_live || next.state == State::Scheduled {
        next.expiry.clone_from(&standing.expiry);
    }
    if let Some(noted) = next.import_baseline.as_mut() {
        noted.published_at = item.versions.iter().find(|it| it.locale == locale).and_then(|it| it.published_at);
        // What takes a text back is no newer text: whoever has it again has it as it was.
        if version.text != IncomingText::Whole {
            noted.source_updated_at = base.source_updated_at;
        }
    }
    Ok(Decided {
        made: Some(VersionChange { revision, is_new, standing: next, live, taken_back }),
        kept,
        is_older: false,
    })
}

/// An import never moves what it brought before: the address stays, even where it had to be numbered then.
fn keep_slug(content: &mut Content, before: &Content) {
    match (content, before) {
        (Content::Article(article), Content::Article(before)) => article.slug.clone_from(&before.slug),
        (Content::Decree(decree), Content::Decree(before)) => decree.slug.clone_from(&before.slug),
        _ => {}
    }
}
