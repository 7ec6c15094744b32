//! Lists of entries in work, restricted to what the viewer sees.

use std::sync::Arc;

use courant_domain::{
    access::{ActorId, Sight},
    fold::fold_unmarked,
    id::{CategoryId, TagId},
    locale::Locale,
    newsroom::{EntryFilter, EntryOrder, Span},
    page::{Direction, Page, PageRequest, Position},
    workflow::State,
};

use jiff::Timestamp;

use super::{
    Parameters,
    entry::{ENTRY, EntryInWork, read_row},
    literals,
};
use crate::{
    db::{convert::micros, weight::Weight},
    error::Result,
    newsroom::Newsroom,
};

/// A page of the entries in work that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EntryListRequest {
    /// Which entries.
    pub filter: EntryFilter,
    /// Who asks.
    pub viewer: ActorId,
    /// What they see; nothing when there is none.
    pub sights: Vec<Sight>,
    /// In which order.
    pub order: EntryOrder,
    /// Which page.
    pub page: PageRequest,
}

impl Newsroom {
    /// A page of entries in work.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries_list(&self, request: &EntryListRequest) -> Result<Page<Arc<EntryInWork>>> {
        let mut parameters = Parameters::default();
        let Some(mut condition) = self.condition(request, &mut parameters)? else { return Ok(Page::default()) };
        let (page, key) = (&request.page, key(request, &mut parameters)?);
        let is_descending = request.order.is_descending();
        let (after, before) = if is_descending { ('<', '>') } else { ('>', '<') };
        for (place, sign) in [(page.after, after), (page.before, before)] {
            if let Some(place) = place {
                let (at, entry) = (parameters.bind(place.key), parameters.bind(place.entry.uuid()));
                condition.push_str(&format!(" AND ({key}, e.id) {sign} ({at}, {entry})"));
            }
        }
        let way = if is_descending == (page.direction == Direction::Forward) { "DESC" } else { "ASC" };
        let sql = format!(
            "SELECT {ENTRY}, {key} AS place FROM entry e WHERE {condition} ORDER BY {key} {way}, e.id {way} LIMIT {}",
            u64::from(page.size) + 1
        );
        let mut found = Vec::new();
        let read = |row: crate::db::row::Cursor<'_>| Ok((row.get::<i64>("place")?, read_row(&row)?));
        for (key, entry) in self.store.rows_of(weight(request), sql, parameters.0, read).await? {
            found.push((Position { key, entry: entry.entry.id }, Arc::new(entry)));
        }
        Ok(Page::cut(page, found))
    }

    /// How many entries in work a list has on all pages: exact up to `bound`, and `bound` for more.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries_count(&self, request: &EntryListRequest, bound: u64) -> Result<u64> {
        let mut parameters = Parameters::default();
        let Some(condition) = self.condition(request, &mut parameters)? else { return Ok(0) };
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM entry e WHERE {condition} LIMIT {bound}) n");
        let counts = self.store.rows_of(weight(request), sql, parameters.0, |mut row| row.take::<i64>()).await?;
        Ok(counts.first().map_or(0, |count| u64::try_from(*count).unwrap_or(0)))
    }

    /// The condition on an entry `e`; none when nothing can meet it.
    fn condition(&self, request: &EntryListRequest, parameters: &mut Parameters) -> Result<Option<String>> {
        let EntryListRequest { filter, sights, .. } = request;
        // Whether an entry is in a language says something of that language.
        let answers = |sight: &&Sight| match (filter.untranslated, &sight.locales) {
            (Some(asked), Some(locales)) => locales.contains(&asked),
            _ => true,
        };
        let sights: Vec<&Sight> = sights.iter().filter(answers).collect();
        if sights.is_empty() {
            return Ok(None);
        }
        let (mut conditions, mut filed) = (Vec::new(), Vec::new());
        if let Some(author) = &filter.author {
            conditions.push(format!("e.created_by = {}", parameters.bind(author.as_str())));
        }
        if !filter.categories.is_empty() {
            filed.push(Filed::In(self.with_descendants(filter)));
        }
        if !filter.kinds.is_empty() {
            conditions.push(format!("e.kind IN ({})", literals(&filter.kinds)?));
        }
        if !filter.tags.is_empty() {
            filed.push(Filed::Under(filter.tags.clone()));
        }
        if !filter.changed.is_open() {
            let touched = touched(request, parameters);
            conditions.extend(within(&touched, &filter.changed, parameters));
        }
        let language = language(filter, parameters)?;
        if let Some(rare) = rare(filter, parameters)? {
            conditions.push(format!("e.id IN (SELECT w.entry_id FROM standing w WHERE {rare})"));
        }
        let seen: Vec<String> =
            sights.iter().map(|sight| seen(sight, request, (&language, &filed), parameters)).collect();
        conditions.push(format!("({})", seen.join(" OR ")));
        Ok(Some(conditions.join(" AND ")))
    }

    fn with_descendants(&self, filter: &EntryFilter) -> Vec<CategoryId> {
        if !filter.include_descendants {
            return filter.categories.clone();
        }
        let reference = self.store.reference();
        let mut ids: Vec<CategoryId> = filter
            .categories
            .iter()
            .flat_map(|id| reference.categories.subtree(*id).map(|category| category.id))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// No index answers what is within texts or lists, nor what is not there, nor in which order the languages' own times come.
fn weight(request: &EntryListRequest) -> Weight {
    let EntryListRequest { filter, order, .. } = request;
    let within =
        filter.text.is_some() || !filter.tags.is_empty() || filter.person.is_some() || filter.untranslated.is_some();
    let by_language = match order {
        EntryOrder::CreatedDesc | EntryOrder::CreatedAsc => false,
        EntryOrder::ChangedDesc | EntryOrder::ChangedAsc => sees_by_language(request),
        _ => true,
    };
    let by_language = by_language || !filter.changed.is_open() && sees_by_language(request);
    if within || by_language || !filter.published.is_open() { Weight::Heavy } else { Weight::Light }
}

/// What entries are ordered by: a time, or one after or before all others where there is none. Of its languages only those count
/// that the viewer sees and the filter is about.
fn key(request: &EntryListRequest, parameters: &mut Parameters) -> Result<String> {
    let missing = if request.order.is_descending() { i64::MIN + 1 } else { i64::MAX };
    Ok(match request.order {
        EntryOrder::ChangedDesc | EntryOrder::ChangedAsc => touched(request, parameters),
        EntryOrder::CreatedDesc | EntryOrder::CreatedAsc => "e.created_at".to_owned(),
        EntryOrder::ScheduledAsc | EntryOrder::ScheduledDesc | EntryOrder::DueAsc => {
            let column = if request.order == EntryOrder::DueAsc { "due_at" } else { "scheduled_at" };
            let language = language(&request.filter, parameters)?;
            let seen = seen_languages(request, parameters);
            format!(
                "coalesce((SELECT min(s.{column}) FROM standing s WHERE s.entry_id = e.id{language}{seen}), {missing})"
            )
        }
        EntryOrder::PublishedDesc | EntryOrder::PublishedAsc => {
            let locale = request.filter.locale;
            let locale = locale.map(|locale| format!(" AND x.locale = {}", parameters.bind(locale.as_str())));
            let locale = locale.unwrap_or_default();
            format!("coalesce((SELECT max(x.published_at) FROM edition x WHERE x.entry_id = e.id{locale}), {missing})")
        }
    })
}

/// When an entry `e` was last touched as far as the viewer sees: who is limited to some languages is not told of work in others, and
/// of what is only live no more than its readers are.
fn touched(request: &EntryListRequest, parameters: &mut Parameters) -> String {
    if !sees_by_language(request) {
        return "e.touched_at".to_owned();
    }
    let seen = seen_languages(request, parameters);
    format!(
        "coalesce((SELECT max(s.touched_at) FROM standing s WHERE s.entry_id = e.id{seen}), \
         (SELECT max(x.updated_at) FROM edition x WHERE x.entry_id = e.id), 0)"
    )
}

/// Whether some entries are seen in some of their languages only.
fn sees_by_language(request: &EntryListRequest) -> bool {
    let sees_all = |sight: &Sight| !sight.own && sight.categories.is_none() && sight.locales.is_none();
    !request.sights.iter().any(sees_all) && request.sights.iter().any(|sight| sight.locales.is_some())
}

/// The condition that the viewer sees the language of a standing `s` of an entry `e`, with an AND before it; empty when they see all.
fn seen_languages(request: &EntryListRequest, parameters: &mut Parameters) -> String {
    let mut any = Vec::with_capacity(request.sights.len());
    for sight in &request.sights {
        let mut conditions = on_entry(sight, &request.viewer, parameters);
        if let Some(locales) = &sight.locales {
            conditions.push(format!("s.locale IN ({})", parameters.bind_all(locales.iter().map(Locale::as_str))));
        }
        if conditions.is_empty() {
            return String::new();
        }
        any.push(format!("({})", conditions.join(" AND ")));
    }
    format!(" AND ({})", any.join(" OR "))
}

/// What a sight asks of an entry `e`.
fn on_entry(sight: &Sight, viewer: &ActorId, parameters: &mut Parameters) -> Vec<String> {
    let mut conditions = Vec::new();
    if sight.own {
        conditions.push(format!("e.created_by = {}", parameters.bind(viewer.as_str())));
    }
    if let Some(categories) = &sight.categories {
        conditions.push(in_categories("e", parameters, categories));
    }
    conditions
}

/// The conditions that a time lies in a span.
fn within(column: &str, span: &Span, parameters: &mut Parameters) -> Vec<String> {
    let ends = [(span.from, ">="), (span.before, "<")];
    let condition =
        |(at, sign): (Option<Timestamp>, &str)| at.map(|at| format!("{column} {sign} {}", parameters.bind(micros(at))));
    ends.into_iter().filter_map(condition).collect()
}

/// Where an entry has to be filed: in work, or for those who see of it what is live alone, where its readers find it.
enum Filed {
    In(Vec<CategoryId>),
    Under(Vec<TagId>),
}

impl Filed {
    fn in_work(&self, parameters: &mut Parameters) -> String {
        match self {
            Self::In(categories) => in_categories("e", parameters, categories),
            // The column holds a JSON list of ids.
            Self::Under(tags) => names_any("e.tags", parameters, tags),
        }
    }

    fn live(&self, parameters: &mut Parameters) -> String {
        match self {
            Self::In(categories) => in_categories("x", parameters, categories),
            // No id but a tag's own is the same.
            Self::Under(tags) => names_any("x.details", parameters, tags),
        }
    }
}

fn names_any(column: &str, parameters: &mut Parameters, tags: &[TagId]) -> String {
    let any = tags.iter().map(|tag| format!("{column} LIKE {}", parameters.bind(format!("%\"{tag}\"%"))));
    format!("({})", any.collect::<Vec<_>>().join(" OR "))
}

fn in_categories(table: &str, parameters: &mut Parameters, categories: &[CategoryId]) -> String {
    if categories.is_empty() {
        return "FALSE".to_owned();
    }
    format!("{table}.category_id IN ({})", parameters.bind_all(categories.iter().map(|id| id.uuid())))
}

/// The conditions on one language's standing `s`, each with an AND before it.
fn language(filter: &EntryFilter, parameters: &mut Parameters) -> Result<String> {
    let mut condition = String::new();
    if !filter.states.is_empty() {
        condition.push_str(&format!(" AND s.state IN ({})", literals(&filter.states)?));
    }
    if !filter.waiting_for.is_empty() {
        condition.push_str(&format!(" AND s.waiting_for IN ({})", literals(&filter.waiting_for)?));
    }
    if let Some(locale) = filter.locale {
        condition.push_str(&format!(" AND s.locale = {}", parameters.bind(locale.as_str())));
    }
    if let Some(text) = &filter.text {
        let pattern = format!("%{}%", escape(&fold_unmarked(text)));
        condition.push_str(&format!(" AND s.folded LIKE {} ESCAPE '\\'", parameters.bind(pattern)));
    }
    if let Some(number) = &filter.number {
        condition.push_str(&format!(" AND s.number = {}", parameters.bind(fold_unmarked(number))));
    }
    if let Some(slug) = &filter.slug {
        condition.push_str(&format!(" AND s.slug = {}", parameters.bind(slug.as_str())));
    }
    if let Some(person) = &filter.person {
        condition.push_str(&format!(" AND s.persons LIKE {}", parameters.bind(format!("%\"{person}\"%"))));
    }
    for (column, span) in [("s.scheduled_at", &filter.scheduled), ("s.due_at", &filter.due)] {
        for within in within(column, span, parameters) {
            condition.push_str(&format!(" AND {within}"));
        }
    }
    if let Some(assignee) = &filter.assignee {
        condition.push_str(&format!(" AND s.assignee = {}", parameters.bind(assignee.as_str())));
    }
    if !filter.published.is_open() {
        let published = within("x.published_at", &filter.published, parameters).join(" AND ");
        condition.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM edition x WHERE x.entry_id = s.entry_id AND x.locale = s.locale AND {published})"
        ));
    }
    Ok(condition)
}

/// A text as a pattern of LIKE that matches itself alone.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// A condition on a standing `w` that few rows meet, and that an index answers: it is asked first, so that a short
/// list does not scan all entries there ever were.
fn rare(filter: &EntryFilter, parameters: &mut Parameters) -> Result<Option<String>> {
    if let Some(number) = &filter.number {
        return Ok(Some(format!("w.number = {}", parameters.bind(fold_unmarked(number)))));
    }
    if let Some(slug) = &filter.slug {
        return Ok(Some(format!("w.slug = {}", parameters.bind(slug.as_str()))));
    }
    if let Some(assignee) = &filter.assignee {
        return Ok(Some(format!("w.assignee = {}", parameters.bind(assignee.as_str()))));
    }
    if !filter.due.is_open() {
        return Ok(Some(within("w.due_at", &filter.due, parameters).join(" AND ")));
    }
    if !filter.scheduled.is_open() {
        return Ok(Some(within("w.scheduled_at", &filter.scheduled, parameters).join(" AND ")));
    }
    if !filter.waiting_for.is_empty() {
        return Ok(Some(format!("w.waiting_for IN ({})", literals(&filter.waiting_for)?)));
    }
    let common = filter.states.is_empty() || filter.states.contains(&State::Published);
    if common { Ok(None) } else { Ok(Some(format!("w.state IN ({})", literals(&filter.states)?))) }
}

/// What one sight lets through. The conditions on the language are asked of the languages that this sight shows: a
/// list says nothing of others, not even by what it finds.
fn seen(
    sight: &Sight,
    request: &EntryListRequest,
    (language, filed): (&str, &[Filed]),
    parameters: &mut Parameters,
) -> String {
    let mut conditions = on_entry(sight, &request.viewer, parameters);
    let mut in_work = String::new();
    for filed in filed {
        in_work.push_str(&format!(" AND {}", filed.in_work(parameters)));
    }
    let is_in = |language: String| format!("EXISTS (SELECT 1 FROM standing s WHERE s.entry_id = e.id{language})");
    match &sight.locales {
        Some(locales) => {
            let locales = parameters.bind_all(locales.iter().map(Locale::as_str));
            let seen = is_in(format!("{language} AND s.locale IN ({locales})"));
            if !language.is_empty() {
                conditions.push(format!("{seen}{in_work}"));
            } else {
                // What is live they see, too, if nothing is asked about its languages (`Viewer::sees`): where its readers find it.
                let live: Vec<String> = filed.iter().map(|filed| format!(" AND {}", filed.live(parameters))).collect();
                let live = format!("EXISTS (SELECT 1 FROM edition x WHERE x.entry_id = e.id{})", live.concat());
                let live = if filed.is_empty() { live } else { format!("NOT {seen} AND {live}") };
                conditions.push(format!("({seen}{in_work} OR {live})"));
            }
        }
        None if language.is_empty() => conditions.extend(in_work.strip_prefix(" AND ").map(str::to_owned)),
        None => conditions.push(format!("{}{in_work}", is_in(language.to_owned()))),
    }
    if let Some(locale) = request.filter.untranslated {
        let locale = parameters.bind(locale.as_str());
        conditions
            .push(format!("NOT EXISTS (SELECT 1 FROM standing n WHERE n.entry_id = e.id AND n.locale = {locale})"));
    }
    if conditions.is_empty() { "TRUE".to_owned() } else { format!("({})", conditions.join(" AND ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_its_own_characters_alone() {
        assert_eq!(escape(r"50%_a\b"), r"50\%\_a\\b");
    }
}
