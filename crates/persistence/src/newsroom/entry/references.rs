//! What entries name: persons, tags, and each other.

use std::collections::HashMap;

use courant_domain::{
    access::Target,
    content::{Content, Named, tag_problems},
    entry::EntryKind,
    id::{EntryId, TagId},
    locale::Locale,
    problem::{Problem, ProblemCode},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    command::{Work, WriteError, Written},
    db::{
        convert::{from_word, locale},
        entity::{edition, entry, standing},
        transaction::chunks,
    },
};

impl Work<'_> {
    /// Sees that a content can be kept and published: its lists are in order, and what it names is there. What is not
    /// among `known` the viewer must see, too: to others it is as if it were not there.
    pub(super) async fn require_content(
        &self,
        entry: Option<EntryId>,
        content: &Content,
        known: &[EntryId],
    ) -> Written<()> {
        let mut problems = content.problems(entry);
        // Lists without end are not looked up.
        if problems.is_empty() {
            problems.extend(self.missing_persons(content));
            problems.extend(self.missing_entries(content.named(), known).await?);
        }
        if problems.is_empty() { Ok(()) } else { Err(WriteError::Refused(problems)) }
    }

    /// Sees that tags are in order, and there.
    pub(super) fn require_tags(&self, tags: &[TagId]) -> Written<()> {
        let mut problems = tag_problems(tags);
        if problems.is_empty() {
            let missing = tags.iter().enumerate().filter(|(_, tag)| self.tx.reference.tag(**tag).is_none());
            problems.extend(missing.map(|(place, _)| not_found(&format!("tags.{place}"), "tag")));
        }
        if problems.is_empty() { Ok(()) } else { Err(WriteError::Refused(problems)) }
    }

    fn missing_persons(&self, content: &Content) -> Vec<Problem> {
        let unknown = |person| self.tx.reference.person(person).is_none();
        match content {
            Content::Article(article) => {
                let missing = article.authors.iter().enumerate().filter(|(_, person)| unknown(**person));
                missing.map(|(place, _)| not_found(&format!("content.authors.{place}"), "person")).collect()
            }
            Content::Decree(decree) => {
                let missing = decree.signatory.iter().filter(|signatory| unknown(signatory.person));
                missing.map(|_| not_found("content.signatory.personId", "person")).collect()
            }
        }
    }

    async fn missing_entries(&self, named: Vec<Named>, known: &[EntryId]) -> Written<Vec<Problem>> {
        let kinds = self.kinds_seen(named.iter().map(|named| named.entry).collect(), known).await?;
        let missing = named.into_iter().filter(|named| match kinds.get(&named.entry) {
            Some(kind) => named.kind.is_some_and(|wanted| wanted != *kind),
            None => true,
        });
        let problem = |named: Named| {
            let what = if named.kind.is_some() { "decree" } else { "article or decree" };
            not_found(&named.field, what)
        };
        Ok(missing.map(problem).collect())
    }

    /// Whether an entry is there, and live or the viewer's to read.
    pub(crate) async fn sees_entry(&self, id: EntryId) -> Written<bool> {
        Ok(self.kinds_seen(vec![id], &[]).await?.contains_key(&id))
    }

    /// The kinds of those of these entries that are there, and that are `known`, live, or the viewer's to read.
    async fn kinds_seen(&self, ids: Vec<EntryId>, known: &[EntryId]) -> Written<HashMap<EntryId, EntryKind>> {
        let mut kinds = HashMap::new();
        for ids in chunks(ids.into_iter().map(Uuid::from).collect()) {
            let rows = entry::Entity::find().filter(entry::Column::Id.is_in(ids)).all(self.tx.connection()).await?;
            let doubtful = rows.iter().map(|row| row.id).filter(|id| !known.contains(&EntryId::from(*id)));
            let doubtful = self.languages(doubtful.collect()).await?;
            for row in rows {
                let seen = doubtful.get(&row.id).is_none_or(|languages| self.sees(&row, languages));
                if seen {
                    kinds.insert(row.id.into(), from_word(&row.kind)?);
                }
            }
        }
        Ok(kinds)
    }

    fn sees(&self, row: &entry::Model, languages: &Languages) -> bool {
        let own = row.created_by.as_deref() == Some(self.command.by.actor.as_str());
        let target = Target { category: Some(row.category_id.into()), locales: &languages.written, own };
        languages.live || self.command.by.sees(&target, false, &self.tx.reference.categories)
    }

    /// Which languages these entries are written in, and whether any is live.
    async fn languages(&self, ids: Vec<Uuid>) -> Written<HashMap<Uuid, Languages>> {
        let mut languages: HashMap<Uuid, Languages> = ids.iter().map(|id| (*id, Languages::default())).collect();
        let written: Vec<(Uuid, String)> = standing::Entity::find()
            .filter(standing::Column::EntryId.is_in(ids.iter().copied()))
            .select_only()
            .columns([standing::Column::EntryId, standing::Column::Locale])
            .into_tuple()
            .all(self.tx.connection())
            .await?;
        for (id, language) in written {
            languages.entry(id).or_default().written.push(locale(&language)?);
        }
        let live: Vec<Uuid> = edition::Entity::find()
            .filter(edition::Column::EntryId.is_in(ids))
            .select_only()
            .column(edition::Column::EntryId)
            .into_tuple()
            .all(self.tx.connection())
            .await?;
        for id in live {
            languages.entry(id).or_default().live = true;
        }
        Ok(languages)
    }

    /// Sees that nothing that is live names an entry. This reads the details of all that is live; deleting is rare.
    pub(super) async fn require_unnamed(&self, id: EntryId) -> Written<()> {
        let title: Option<String> = edition::Entity::find()
            .filter(edition::Column::Details.contains(format!("\"{id}\"")))
            .select_only()
            .column(edition::Column::Title)
            .into_tuple()
            .one(self.tx.connection())
            .await?;
        match title {
            Some(title) => {
                let message = format!("{title:?} is live and names it; publish that without it first");
                Err(WriteError::refused(ProblemCode::InUse, "entryId", message))
            }
            None => Ok(()),
        }
    }
}

/// The languages of an entry.
#[derive(Default)]
struct Languages {
    written: Vec<Locale>,
    live: bool,
}

fn not_found(field: &str, what: &str) -> Problem {
    Problem::new(ProblemCode::NotFound, field, format!("there is no such {what}"))
}
