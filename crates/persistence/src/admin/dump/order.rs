//! The order of a dump: nothing stands twice, and each record refers only to what came before it.

use std::{collections::HashSet, hash::Hash};

use courant_domain::{
    content::Content,
    id::{CategoryId, FeedId, PersonId, TagId, WebhookId},
};

use super::record::{EntryRecord, Record, RecordError};

/// What a dump has held so far, but for entries and redirects: those can be more than fit into memory, and the database
/// knows them.
#[derive(Debug, Default)]
pub(super) struct Order {
    has_site: bool,
    categories: HashSet<CategoryId>,
    tags: HashSet<TagId>,
    persons: HashSet<PersonId>,
    feeds: HashSet<FeedId>,
    webhooks: HashSet<WebhookId>,
}

impl Order {
    /// Checks that a record may stand here, and remembers it.
    ///
    /// # Errors
    /// [`RecordError`] says what of it stood before, or what it needs and did not.
    pub(super) fn take(&mut self, record: &Record) -> Result<(), RecordError> {
        match record {
            Record::Site(_) if self.has_site => Err(RecordError::Twice("the site")),
            Record::Site(_) if !self.is_empty() => Err(RecordError::SiteLate),
            Record::Site(_) => {
                self.has_site = true;
                Ok(())
            }
            Record::Category(category) => {
                before("category", &self.categories, category.parent.as_slice())?;
                once("a category with this id", &mut self.categories, category.id)
            }
            Record::Tag(tag) => once("a tag with this id", &mut self.tags, tag.id),
            Record::Person(person) => once("a person with this id", &mut self.persons, person.id),
            Record::Feed(feed) => {
                before("category", &self.categories, &feed.categories)?;
                before("tag", &self.tags, &feed.tags)?;
                once("a feed with this id", &mut self.feeds, feed.id)
            }
            Record::Entry(record) => self.entry(record),
            // What a filter asks for may have ended since.
            Record::Webhook(hook) => once("a webhook with this id", &mut self.webhooks, hook.id),
            // Its entry is looked for in the database.
            Record::Courant(_) | Record::Redirect(_) | Record::Reads(_) | Record::End(_) => Ok(()),
        }
    }

    fn is_empty(&self) -> bool {
        self.categories.is_empty() && self.tags.is_empty() && self.persons.is_empty() && self.feeds.is_empty()
    }

    /// Revisions that are not live may name whom nobody knows any more.
    fn entry(&self, record: &EntryRecord) -> Result<(), RecordError> {
        before("category", &self.categories, &[record.entry.category])?;
        before("tag", &self.tags, &record.entry.tags)?;
        for live in &record.editions {
            before("category", &self.categories, &[live.category])?;
            before("tag", &self.tags, &live.tags)?;
            match &record.revision_of(live)?.content {
                Content::Article(article) => before("person", &self.persons, &article.authors)?,
                Content::Decree(decree) => {
                    let person = decree.signatory.as_ref().map(|signatory| signatory.person);
                    before("person", &self.persons, person.as_slice())?;
                }
            }
        }
        Ok(())
    }
}

fn once<Id: Eq + Hash>(what: &'static str, known: &mut HashSet<Id>, id: Id) -> Result<(), RecordError> {
    if known.insert(id) { Ok(()) } else { Err(RecordError::Twice(what)) }
}

fn before<Id: Eq + Hash + ToString>(what: &'static str, known: &HashSet<Id>, ids: &[Id]) -> Result<(), RecordError> {
    match ids.iter().find(|id| !known.contains(id)) {
        Some(id) => Err(RecordError::NotBefore { what, id: id.to_string() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = r#"{"site":{"name":{"en":"Quay"},"description":{},"default_locale":"en","locales":[{"tag":"en","name":"English","fallbacks":[]}]}}"#;

    fn category(number: u8, above: Option<u8>) -> String {
        let id = |number: u8| format!("\"019acd00-0000-7000-8000-00000000000{number}\"");
        let parent = above.map_or_else(|| "null".to_owned(), id);
        format!(
            r#"{{"category":{{"id":{},"parent":{parent},"position":1,"slug":"c","title":{{}},"description":{{}}}}}}"#,
            id(number)
        )
    }

    fn feed(category: u8) -> String {
        format!(
            r#"{{"feed":{{"id":"019acd00-0000-7000-8000-000000000009","slug":"f","title":{{}},"order":"LATEST",
            "categories":["019acd00-0000-7000-8000-00000000000{category}"]}}}}"#
        )
    }

    /// What is said of the last of these records.
    fn said(records: &[&str]) -> Option<String> {
        let mut order = Order::default();
        let mut said =
            records.iter().map(|record| order.take(&serde_json::from_str(record).unwrap())).collect::<Vec<_>>();
        let last = said.pop();
        assert!(said.iter().all(Result::is_ok));
        last?.err().map(|error| error.to_string())
    }

    #[test]
    fn a_record_stands_once_and_behind_what_it_refers_to() {
        let (one, below) = (category(1, None), category(2, Some(1)));
        for (records, error) in [
            (vec![SITE, &one, &below, &feed(2)], None),
            (vec![SITE, SITE], Some("the site stands twice")),
            (vec![&one, SITE], Some("the site stands behind what is in it")),
            (vec![&one, &one], Some("a category with this id stands twice")),
            (vec![&below], Some("it refers to category 019acd00-0000-7000-8000-000000000001, which does not")),
            (vec![&one, &feed(2)], Some("it refers to category 019acd00-0000-7000-8000-000000000002, which does not")),
            (vec![&one, &feed(1), &feed(1)], Some("a feed with this id stands twice")),
        ] {
            match (said(&records), error) {
                (None, None) => {}
                (Some(said), Some(error)) if said.starts_with(error) => {}
                other => unreachable!("{records:?}: {other:?}"),
            }
        }
    }
}
