//! Looking up what is live, and what it is filed under, by a few words.

use std::collections::BTreeSet;

use courant_domain::{
    address::{self, Address, Place},
    entry::EntryKind,
    fold::fold_unmarked,
    id::PersonId,
    list::Scope,
    locale::Locale,
    lookup::{LookupKind, LookupMatch},
    slug::Slug,
    text::Localized,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Parameters, list::escape};
use crate::{
    db::{
        convert::{from_word, locale, timestamp},
        row::Cursor,
        weight::Weight,
    },
    error::Result,
    live::scope::TimelineKey,
    newsroom::Newsroom,
    reference::Reference,
};

/// How many persons' entries are looked at.
const PERSONS: usize = 8;

/// What is looked up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LookupRequest {
    /// The words, a number, a slug, a path or a URL.
    pub text: String,
    /// Of which kinds.
    pub kinds: Vec<LookupKind>,
    /// In which language; in all of them when none is given.
    pub locale: Option<Locale>,
    /// How much at most.
    pub size: u32,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupRow {
    /// What it is.
    pub kind: LookupKind,
    /// Its id, which mutations take.
    pub id: Uuid,
    /// The language it was found in.
    pub locale: Locale,
    /// Its title or name there.
    pub title: String,
    /// Where it is; none for what has no page.
    pub path: Option<String>,
    /// The number of a decree.
    pub number: Option<String>,
    /// The date it carries, of an article or decree.
    pub published_at: Option<Timestamp>,
    /// By what it was found.
    pub matched: LookupMatch,
}

impl Newsroom {
    /// What is found by a text, the best first: at most two statements, which indexes answer, and what is in memory.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lookup(&self, request: &LookupRequest) -> Result<Vec<LookupRow>> {
        let text = fold_unmarked(request.text.trim());
        if text.is_empty() || request.size == 0 {
            return Ok(Vec::new());
        }
        let reference = self.store.reference();
        let address = Address::parse(path_of(&request.text));
        let mut found = self.entries_exactly(request, &text, address.as_ref()).await?;
        found.extend(in_memory(request, &text, address.as_ref(), &reference));
        if address.is_none() {
            found.extend(self.entries_within(request, &text, &reference).await?);
        }
        found.sort_by(|a, b| {
            (a.matched, std::cmp::Reverse(a.published_at), a.kind, a.locale, a.id).cmp(&(
                b.matched,
                std::cmp::Reverse(b.published_at),
                b.kind,
                b.locale,
                b.id,
            ))
        });
        let mut seen = BTreeSet::new();
        found.retain(|row| seen.insert((row.kind, row.id, row.locale)));
        found.truncate(usize::try_from(request.size).unwrap_or(usize::MAX));
        Ok(found)
    }

    /// What is live under a path, a slug or a number.
    async fn entries_exactly(
        &self,
        request: &LookupRequest,
        text: &str,
        address: Option<&Address>,
    ) -> Result<Vec<LookupRow>> {
        let mut parameters = Parameters::default();
        let (condition, matched) = match address {
            Some(Address { locale, place: Place::Entry(kind, slug) }) => {
                let values = [slug.as_str(), locale.as_str(), kind.as_str()].map(|value| parameters.bind(value));
                let [slug, locale, kind] = values;
                (format!("x.slug = {slug} AND x.locale = {locale} AND x.kind = {kind}"), LookupMatch::Path)
            }
            Some(_) => return Ok(Vec::new()),
            None => {
                let number = format!("x.folded_number = {}", parameters.bind(text));
                let slug = Slug::parse(request.text.trim()).ok();
                let slug = slug.map(|slug| format!(" OR x.slug = {}", parameters.bind(slug.as_str())));
                (format!("({number}{})", slug.unwrap_or_default()), LookupMatch::Number)
            }
        };
        // A slug or a number is of few, a language of many.
        let locale = self.store.dialect().narrowing("x.locale");
        let Some(of) = of(request, &locale, &mut parameters) else { return Ok(Vec::new()) };
        let sql = format!(
            "SELECT {COLUMNS} FROM edition x WHERE {condition}{of} ORDER BY x.published_at DESC, x.id LIMIT {}",
            request.size
        );
        let rows = self.store.rows(sql, parameters.0, |row| read(&row, matched)).await?;
        let by = |row: LookupRow| match (matched, row.number.as_deref().map(fold_unmarked)) {
            (LookupMatch::Number, number) if number.as_deref() != Some(text) => {
                LookupRow { matched: LookupMatch::Slug, ..row }
            }
            _ => row,
        };
        Ok(rows.into_iter().map(by).collect())
    }

    /// What is live whose title contains the text, or that is by somebody whose name does.
    async fn entries_within(
        &self,
        request: &LookupRequest,
        text: &str,
        reference: &Reference,
    ) -> Result<Vec<LookupRow>> {
        let mut parameters = Parameters::default();
        let escaped = escape(text);
        let [whole, begins, word, within] =
            [text.to_owned(), format!("{escaped}%"), format!("% {escaped}%"), format!("%{escaped}%")]
                .map(|pattern| parameters.bind(pattern));
        let like = |pattern: &str| format!("x.folded LIKE {pattern} ESCAPE '\\'");
        let rank = format!(
            "CASE WHEN x.folded = {whole} THEN 0 WHEN {} THEN 1 WHEN {} THEN 2 ELSE 3 END",
            like(&begins),
            like(&word)
        );
        let Some(of) = of(request, "x.locale", &mut parameters) else { return Ok(Vec::new()) };
        // Of what may be many only the index is read.
        let titles = format!(
            "SELECT x.id AS id, {rank} AS rank, x.published_at AS at FROM edition x WHERE {}{of} \
             ORDER BY 2, 3 DESC, 1 LIMIT {}",
            like(&within),
            request.size
        );
        let mut found = format!("SELECT * FROM ({titles}) t");
        let timelines = timelines(request, text, reference);
        if !timelines.is_empty() {
            let timelines = parameters.bind_all(timelines);
            found.push_str(&format!(
                " UNION ALL SELECT * FROM (SELECT x.id AS id, 4 AS rank, x.published_at AS at FROM timeline_entry y \
                 {} edition x ON x.id = y.edition_id WHERE y.timeline_id IN ({timelines}){of} \
                 ORDER BY 3 DESC, 1 LIMIT {}) p",
                self.store.dialect().join(),
                request.size
            ));
        }
        let sql = format!(
            "SELECT {COLUMNS}, f.rank FROM ({found}) f {} edition x ON x.id = f.id ORDER BY f.rank, f.at DESC",
            self.store.dialect().join()
        );
        let read = |row: Cursor<'_>| {
            let matched = match row.get::<i32>("rank")? {
                0 => LookupMatch::Title,
                1 => LookupMatch::TitleBegins,
                2 => LookupMatch::WordBegins,
                3 => LookupMatch::TitleContains,
                _ => LookupMatch::Person,
            };
            read(&row, matched)
        };
        self.store.rows_of(Weight::Heavy, sql, parameters.0, read).await
    }
}

const COLUMNS: &str = "x.entry_id, x.locale, x.kind, x.slug, x.title, x.number, x.published_at";

fn read(row: &Cursor<'_>, matched: LookupMatch) -> Result<LookupRow> {
    let (kind, locale): (EntryKind, _) =
        (from_word(&row.get::<String>("kind")?)?, locale(&row.get::<String>("locale")?)?);
    Ok(LookupRow {
        kind: match kind {
            EntryKind::Article => LookupKind::Article,
            EntryKind::Decree => LookupKind::Decree,
        },
        id: row.get("entry_id")?,
        locale,
        title: row.get("title")?,
        path: Some(address::entry_path(locale, kind, &row.get::<String>("slug")?)),
        number: row.get("number")?,
        published_at: Some(timestamp(row.get("published_at")?)?),
        matched,
    })
}

/// The kinds of entries that are wanted.
fn entry_kinds(request: &LookupRequest) -> Vec<EntryKind> {
    let of = |kind: &LookupKind| match kind {
        LookupKind::Article => Some(EntryKind::Article),
        LookupKind::Decree => Some(EntryKind::Decree),
        _ => None,
    };
    request.kinds.iter().filter_map(of).collect()
}

/// The conditions that an edition `x` is of a kind and in a language that are wanted, with an AND before each; none when no entries
/// are wanted. The column of its language is given.
fn of(request: &LookupRequest, column: &str, parameters: &mut Parameters) -> Option<String> {
    let kinds = entry_kinds(request);
    if kinds.is_empty() {
        return None;
    }
    let kinds: Vec<String> = kinds.into_iter().map(|kind| format!("'{}'", kind.as_str())).collect();
    let mut of = format!(" AND x.kind IN ({})", kinds.join(", "));
    if let Some(locale) = request.locale {
        of.push_str(&format!(" AND {column} = {}", parameters.bind(locale.as_str())));
    }
    Some(of)
}

/// What stands behind the host of a URL, or the text itself.
fn path_of(text: &str) -> &str {
    let text = text.trim();
    let outside = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    outside.map_or(text, |rest| rest.find('/').map_or("", |at| &rest[at..]))
}

/// The languages whose names are looked at.
fn locales(request: &LookupRequest, reference: &Reference) -> Vec<Locale> {
    request.locale.map_or_else(|| reference.site.locales.iter().map(|known| known.tag).collect(), |locale| vec![locale])
}

/// The timelines of persons whose names contain the text.
fn timelines(request: &LookupRequest, text: &str, reference: &Reference) -> Vec<i32> {
    let named = |name: &Localized| name.iter().any(|(_, name)| LookupMatch::of_name(text, name).is_some());
    let persons = reference.persons().iter().filter(|person| named(&person.name)).map(|person| person.id);
    let persons: Vec<PersonId> = persons.take(PERSONS).collect();
    let mut timelines = Vec::new();
    for locale in locales(request, reference) {
        for kind in entry_kinds(request) {
            let of = |person: &PersonId| reference.timeline(&TimelineKey::listed(locale, kind, Scope::Person(*person)));
            timelines.extend(persons.iter().filter_map(of));
        }
    }
    timelines
}

/// The path of what readers know of.
fn shown_at<T>(known: Option<&T>, path: impl Fn() -> String) -> Option<String> {
    known.map(|_| path())
}

/// Categories, tags, persons and feeds, each in the language in which it is found best.
fn in_memory(request: &LookupRequest, text: &str, address: Option<&Address>, reference: &Reference) -> Vec<LookupRow> {
    let mut found = Vec::new();
    let mut look = |kind, id: Uuid, slug: &str, name: &Localized, path: &dyn Fn(Locale) -> Option<String>| {
        if !request.kinds.contains(&kind) {
            return;
        }
        let best = locales(request, reference).into_iter().filter_map(|locale| {
            let title = name.resolve(&reference.site, locale)?;
            let path = path(locale);
            let matched = match address {
                Some(address) if address.locale != locale => return None,
                Some(_) if path.as_deref() == address::normalise(path_of(&request.text)) => LookupMatch::Path,
                Some(_) => return None,
                None if slug == request.text.trim() => LookupMatch::Slug,
                None => LookupMatch::of_name(text, title)?,
            };
            let title = title.to_owned();
            Some(LookupRow { kind, id, locale, title, path, number: None, published_at: None, matched })
        });
        found.extend(best.min_by_key(|row| row.matched));
    };
    for category in reference.categories.iter() {
        let slugs = reference.categories.path(category.id).unwrap_or_default();
        let path = |locale| Some(address::category_path(locale, slugs));
        look(LookupKind::Category, category.id.uuid(), slugs, &category.title, &path);
    }
    for tag in reference.tags() {
        let path = |locale| shown_at(reference.live_tags().get(&tag.id), || address::tag_path(locale, &tag.slug));
        look(LookupKind::Tag, tag.id.uuid(), tag.slug.as_str(), &tag.name, &path);
    }
    for person in reference.persons() {
        let is_live = reference.live_persons().get(&person.id);
        let path = |locale| shown_at(is_live, || address::person_path(locale, &person.slug));
        look(LookupKind::Person, person.id.uuid(), person.slug.as_str(), &person.name, &path);
    }
    for feed in reference.feeds() {
        let path = |locale| Some(address::feed_path(locale, &feed.slug));
        look(LookupKind::Feed, feed.id.uuid(), feed.slug.as_str(), &feed.title, &path);
    }
    found
}
