//! A newsroom's desk: entries of several authors in all states, languages and categories.

use courant_domain::{
    access::ActorId,
    article::ArticleContent,
    content::Content,
    decree::DecreeContent,
    edition::{Edition, Ending},
    entry::{Entry, EntryKind},
    id::{CategoryId, EntryId, TagId},
    locale::Locale,
    revision::Revision,
    rich_text::{Format, RichText},
    slug::Slug,
    workflow::{Approval, Expiry, LocaleStanding, Standing, State},
};
use courant_persistence::{
    Reference,
    dump::{DeskRecord, EntryRecord},
};
use jiff::{SignedDuration, Timestamp};

/// When the desk was set up.
pub const START: Timestamp = Timestamp::constant(1_790_000_000, 0);

/// Titles, some of them with characters that a pattern could take for its own.
pub const TITLES: [&str; 8] = [
    "Water for the spring",
    "100% wool",
    "an_underscore",
    r"A back\slash",
    "Вода и Хлеб",
    "Ýagty ÇÖREK",
    "WATER rights",
    "100 percent wool",
];

/// The languages of the desk.
#[must_use]
pub fn locales() -> [Locale; 3] {
    ["en", "ru", "tk"].map(|tag| Locale::parse(tag).unwrap())
}

/// The category at a path.
#[must_use]
pub fn category(reference: &Reference, path: &str) -> CategoryId {
    reference.categories.by_path(path).unwrap_or_else(|| panic!("there is no category {path}")).id
}

/// An article of which nothing is there yet but this.
#[must_use]
pub fn draft(title: Option<&str>, body: Option<&str>) -> Content {
    Content::Article(ArticleContent {
        title: title.map(Into::into),
        body: body.map(|body| RichText::new(Format::Markdown, body)),
        ..Default::default()
    })
}

/// So many entries, made by these authors in turn, and by nobody that is known every now and then. Several are touched
/// at the same instant; every fifth is a decree; the second language of each entry stands elsewhere than the first.
#[must_use]
pub fn entries(reference: &Reference, authors: &[ActorId], number: usize) -> Vec<EntryRecord> {
    let paths = ["politics", "politics/parliament", "economy", "economy/energy", "politics/government"];
    let tags: Vec<TagId> = reference.tags().iter().take(3).map(|tag| tag.id).collect();
    (0..number)
        .map(|n| {
            let id = EntryId::generate();
            let created_by = (n % 7 != 6).then(|| authors[n % authors.len()].clone());
            let entry = Entry {
                id,
                kind: if n % 5 == 4 { EntryKind::Decree } else { EntryKind::Article },
                category: category(reference, paths[n % paths.len()]),
                tags: tags.iter().copied().take(n % 4).collect(),
                created_at: START,
                created_by: created_by.clone(),
                origin: None,
                was_published: false,
            };
            let mut record = EntryRecord {
                entry,
                views: 0,
                standings: Vec::new(),
                revisions: Vec::new(),
                editions: Vec::new(),
                desk: DeskRecord::default(),
                waiting_paths: Vec::new(),
            };
            let by = created_by.unwrap_or_else(ActorId::program);
            for (place, locale) in locales().into_iter().enumerate().filter(|(place, _)| n % 3 == *place || n % 4 > 1) {
                language(&mut record, locale, n, n + place, &by);
            }
            record
        })
        .collect()
}

fn language(record: &mut EntryRecord, locale: Locale, n: usize, turn: usize, by: &ActorId) {
    let state = State::ALL[turn % State::ALL.len()];
    let newest = 1 + u32::try_from(turn % 4).unwrap();
    for number in 1..=newest {
        record.revisions.push(Revision {
            entry: record.entry.id,
            locale,
            number,
            based_on: (number > 1).then(|| number - 1),
            created_at: START + SignedDuration::from_secs(i64::try_from(n / 3).unwrap()),
            created_by: by.to_string(),
            comment: (number > 1).then(|| format!("take {number}")),
            content: content(record.entry.kind, n, turn, number),
        });
    }
    let approval = Approval { by: ActorId::program(), at: START };
    let mut standing = Standing::new(state, newest);
    match state {
        State::InReview if turn % 4 < 2 => standing.approval = Some(approval),
        State::Scheduled => {
            standing.scheduled_at = Some(START + SignedDuration::from_hours(24 * 365 * 20));
            standing.scheduled_by = Some(by.clone());
            standing.scheduled_note = Some("At last".to_owned());
            standing.approval = Some(approval);
        }
        State::Published => {
            let at = START + SignedDuration::from_hours(24 * 365 * 30);
            standing.expiry = Some(Expiry { at, by: by.clone(), ending: Ending::Redirect("/en".to_owned()) });
            let revision = record.revisions.last().unwrap();
            record.editions.push(Edition::publish(&record.entry, None, revision, START, None, None).unwrap());
        }
        _ => {}
    }
    record.standings.push(LocaleStanding { locale, standing });
}

/// Drafts are bare; what is scheduled or live is whole.
fn content(kind: EntryKind, n: usize, turn: usize, number: u32) -> Content {
    let whole = turn % State::ALL.len() >= 2;
    let title = (!turn.is_multiple_of(6)).then(|| TITLES[(n + number as usize) % TITLES.len()].to_owned());
    let slug = whole.then(|| Slug::parse(&format!("desk-{n}-{turn}")).unwrap());
    let body = whole.then(|| RichText::new(Format::Markdown, format!("The same line.\n\nLine {number}.\n")));
    match kind {
        EntryKind::Article => Content::Article(ArticleContent { slug, title, body, ..Default::default() }),
        EntryKind::Decree => Content::Decree(DecreeContent {
            slug,
            title,
            body,
            number: whole.then(|| format!("{n}/{turn}")),
            signed_on: whole.then(|| jiff::civil::date(2026, 1, 1)),
            ..Default::default()
        }),
    }
}
