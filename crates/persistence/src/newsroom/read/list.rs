//! Lists of entries in work, restricted to what the viewer sees.

use std::sync::Arc;

use courant_domain::{
    access::{ActorId, Sight},
    id::CategoryId,
    locale::Locale,
    newsroom::EntryFilter,
    page::{Direction, Page, PageRequest, Position},
    workflow::State,
};

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

/// A page of the entries in work that is wanted: the last touched first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EntryListRequest {
    /// Which entries.
    pub filter: EntryFilter,
    /// Who asks.
    pub viewer: ActorId,
    /// What they see; nothing when there is none.
    pub sights: Vec<Sight>,
    /// Which page.
    pub page: PageRequest,
}

impl Newsroom {
    /// A page of entries in work, the last touched first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries_list(&self, request: &EntryListRequest) -> Result<Page<Arc<EntryInWork>>> {
        let mut parameters = Parameters::default();
        let Some(mut condition) = self.condition(request, &mut parameters)? else { return Ok(Page::default()) };
        let page = &request.page;
        for (place, sign) in [(page.after, '<'), (page.before, '>')] {
            if let Some(place) = place {
                let (key, entry) = (parameters.bind(place.key), parameters.bind(place.entry.uuid()));
                condition.push_str(&format!(" AND (e.touched_at, e.id) {sign} ({key}, {entry})"));
            }
        }
        let way = match page.direction {
            Direction::Forward => "DESC",
            Direction::Backward => "ASC",
        };
        let sql = format!(
            "SELECT {ENTRY} FROM entry e WHERE {condition} ORDER BY e.touched_at {way}, e.id {way} LIMIT {}",
            u64::from(page.size) + 1
        );
        let mut found = Vec::new();
        for entry in self.store.rows_of(weight(&request.filter), sql, parameters.0, |row| read_row(&row)).await? {
            let place = Position { key: micros(entry.touched_at), entry: entry.entry.id };
            found.push((place, Arc::new(entry)));
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
        let counts =
            self.store.rows_of(weight(&request.filter), sql, parameters.0, |mut row| row.take::<i64>()).await?;
        Ok(counts.first().map_or(0, |count| u64::try_from(*count).unwrap_or(0)))
    }

    /// The condition on an entry `e`; none when nothing can meet it.
    fn condition(&self, request: &EntryListRequest, parameters: &mut Parameters) -> Result<Option<String>> {
        let EntryListRequest { filter, viewer, sights, .. } = request;
        // Whether an entry is in a language says something of that language.
        let answers = |sight: &&Sight| match (filter.untranslated, &sight.locales) {
            (Some(asked), Some(locales)) => locales.contains(&asked),
            _ => true,
        };
        let sights: Vec<&Sight> = sights.iter().filter(answers).collect();
        if sights.is_empty() {
            return Ok(None);
        }
        let mut conditions = Vec::new();
        if let Some(author) = &filter.author {
            conditions.push(format!("e.created_by = {}", parameters.bind(author.as_str())));
        }
        if !filter.categories.is_empty() {
            conditions.push(in_categories(parameters, &self.with_descendants(filter)));
        }
        if !filter.kinds.is_empty() {
            conditions.push(format!("e.kind IN ({})", literals(&filter.kinds)?));
        }
        if !filter.tags.is_empty() {
            // The column holds a JSON list of ids.
            let any = filter.tags.iter().map(|tag| format!("e.tags LIKE {}", parameters.bind(format!("%\"{tag}\"%"))));
            conditions.push(format!("({})", any.collect::<Vec<_>>().join(" OR ")));
        }
        let language = language(filter, parameters)?;
        if let Some(rare) = rare(filter)? {
            conditions.push(format!("e.id IN (SELECT w.entry_id FROM standing w WHERE {rare})"));
        }
        let seen: Vec<String> =
            sights.iter().map(|sight| seen(sight, viewer, &language, filter.untranslated, parameters)).collect();
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

/// No index answers what is within texts, nor what is not there.
fn weight(filter: &EntryFilter) -> Weight {
    let within = filter.text.is_some() || !filter.tags.is_empty() || filter.untranslated.is_some();
    if within { Weight::Heavy } else { Weight::Light }
}

fn in_categories(parameters: &mut Parameters, categories: &[CategoryId]) -> String {
    if categories.is_empty() {
        return "FALSE".to_owned();
    }
    format!("e.category_id IN ({})", parameters.bind_all(categories.iter().map(|id| id.uuid())))
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
        let pattern = format!("%{}%", escape(&text.to_lowercase()));
        condition.push_str(&format!(" AND s.folded LIKE {} ESCAPE '\\'", parameters.bind(pattern)));
    }
    Ok(condition)
}

/// A text as a pattern of LIKE that matches itself alone.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// A condition on a standing `w` that few rows meet, and that an index answers: it is asked first, so that a short
/// list does not scan all entries there ever were.
fn rare(filter: &EntryFilter) -> Result<Option<String>> {
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
    viewer: &ActorId,
    language: &str,
    untranslated: Option<Locale>,
    parameters: &mut Parameters,
) -> String {
    let mut conditions = Vec::new();
    if sight.own {
        conditions.push(format!("e.created_by = {}", parameters.bind(viewer.as_str())));
    }
    if let Some(categories) = &sight.categories {
        conditions.push(in_categories(parameters, categories));
    }
    let is_in = |language: String| format!("EXISTS (SELECT 1 FROM standing s WHERE s.entry_id = e.id{language})");
    match &sight.locales {
        Some(locales) => {
            let locales = parameters.bind_all(locales.iter().map(Locale::as_str));
            let seen = is_in(format!("{language} AND s.locale IN ({locales})"));
            // What is live they see, too, if nothing is asked about its languages (`Viewer::sees`).
            let live = "EXISTS (SELECT 1 FROM edition x WHERE x.entry_id = e.id)";
            conditions.push(if language.is_empty() { format!("({seen} OR {live})") } else { seen });
        }
        None if language.is_empty() => {}
        None => conditions.push(is_in(language.to_owned())),
    }
    if let Some(locale) = untranslated {
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
