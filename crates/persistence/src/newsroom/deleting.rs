//! Deleting what nothing uses: tags, persons, categories, feeds.

use courant_domain::{
    access::{Permission, Target},
    address,
    audit::{Act, AuditSubject},
    category::{Category, CategoryTree},
    change::{Action, ChangeKey, Told},
    feed::Feed,
    id::{CategoryId, FeedId, PersonId, TagId},
    problem::ProblemCode,
    slug::Slug,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Select};
use serde_json::json;
use uuid::Version;

use super::{category::delete as category_delete, feed::known as feed_known};
use crate::{
    command::{Command, Done, WriteError, Written},
    db::{
        entity::{account, api_token, edition, entry, feed, person, revision, tag, working_copy},
        transaction::Transaction,
    },
    error::invalid,
    live::redirect::{Instead, put_in_tx},
    newsroom::{Newsroom, reference_put},
};

impl Newsroom {
    /// Deletes a tag that no entry has, in work or live, and that no feed draws from.
    ///
    /// # Errors
    /// When there is no such tag, something uses it, the viewer may not, or the database fails.
    pub async fn tag_delete(&self, command: Command<'_>, id: TagId) -> Written<TagId> {
        self.store
            .change(command, Act::DeleteTag, &id, async |work| {
                let allowed = work.require(Permission::ManageTags, &Target::default())?;
                let old = work.tx.reference.tag(id).cloned().ok_or_else(|| WriteError::not_found("id", "tag"))?;
                let named = format!("%\"{id}\"%");
                unused(&work.tx, ["entry", "entries"], entry::Entity::find().filter(entry::Column::Tags.like(&named)))
                    .await?;
                unused(
                    &work.tx,
                    ["live edition", "live editions"],
                    edition::Entity::find().filter(edition::Column::Details.like(&named)),
                )
                .await?;
                if let Some(feed) = work.tx.reference.feeds().iter().find(|feed| feed.tags.contains(&id)) {
                    return Err(in_use(format!("the feed {} uses it", feed.slug)));
                }
                tag::Entity::delete_by_id(id.uuid()).exec(work.tx.connection()).await?;
                // That nothing live has it any more was told when it was so.
                work.tx.log_told(ChangeKey::Tag(id), Action::Removed, Told::default().if_seen(false));
                work.tx.reload_reference().await?;
                Ok(Done::new(&allowed, (AuditSubject::Tag, id.uuid()), json!({ "slug": old.slug }), id))
            })
            .await
    }

    /// Deletes a person whom nothing names, in any revision.
    ///
    /// # Errors
    /// When there is no such person, something names them, the viewer may not, or the database fails.
    pub async fn person_delete(&self, command: Command<'_>, id: PersonId) -> Written<PersonId> {
        self.store
            .change(command, Act::DeletePerson, &id, async |work| {
                let allowed = work.require(Permission::ManagePersons, &Target::default())?;
                let old = work.tx.reference.person(id).cloned().ok_or_else(|| WriteError::not_found("id", "person"))?;
                let named = format!("%\"{id}\"%");
                let revisions = revision::Entity::find().filter(revision::Column::Content.like(&named));
                unused(&work.tx, ["revision", "revisions"], revisions).await?;
                let copies = working_copy::Entity::find().filter(working_copy::Column::Content.like(&named));
                unused(&work.tx, ["working copy", "working copies"], copies).await?;
                person::Entity::delete_by_id(id.uuid()).exec(work.tx.connection()).await?;
                work.tx.log_told(ChangeKey::Person(id), Action::Removed, Told::default().if_seen(false));
                work.tx.reload_reference().await?;
                Ok(Done::new(&allowed, (AuditSubject::Person, id.uuid()), json!({ "slug": old.slug }), id))
            })
            .await
    }

    /// Deletes a category in which nothing is filed, in work or live, with none below it, that no feed draws from but its own, which goes
    /// with it, and nobody is limited to.
    ///
    /// # Errors
    /// When there is no such category, something uses it, the viewer may not, or the database fails.
    pub async fn category_delete(&self, command: Command<'_>, id: CategoryId) -> Written<CategoryId> {
        self.store
            .change(command, Act::DeleteCategory, &id, async |work| {
                let allowed = category_delete::require(work, id)?;
                let reference = &work.tx.reference;
                let path = reference.categories.path(id).unwrap_or_default().to_owned();
                if let Some(below) = reference.categories.children(Some(id)).next() {
                    return Err(in_use(format!("the category {} is below it", below.slug)));
                }
                let drawing = reference.feeds().iter().filter(|feed| feed.categories.contains(&id));
                let (own, others): (Vec<Feed>, Vec<Feed>) = drawing.cloned().partition(|feed| is_made_with(feed, id));
                if let Some(feed) = others.first() {
                    return Err(in_use(format!("the feed {} uses it", feed.slug)));
                }
                let allowed = match own.is_empty() {
                    true => allowed,
                    false => allowed.and(work.require(Permission::ManageFeeds, &within(id))?),
                };
                let filed = entry::Entity::find().filter(entry::Column::CategoryId.eq(id.uuid()));
                unused(&work.tx, ["entry", "entries"], filed).await?;
                let live = edition::Entity::find().filter(edition::Column::CategoryId.eq(id.uuid()));
                unused(&work.tx, ["live edition", "live editions"], live).await?;
                let named = format!("%\"{id}\"%");
                unused(
                    &work.tx,
                    ["user with limits", "users with limits"],
                    account::Entity::find().filter(account::Column::Grants.like(&named)),
                )
                .await?;
                let tokens = api_token::Entity::find().filter(api_token::Column::Grants.like(&named));
                unused(&work.tx, ["token with limits", "tokens with limits"], tokens).await?;
                for feed in &own {
                    feed_end(&mut work.tx, feed).await?;
                }
                let all: Vec<Category> =
                    work.tx.reference.categories.iter().filter(|category| category.id != id).cloned().collect();
                let after = CategoryTree::build(all).map_err(invalid)?;
                category_delete::put(&mut work.tx, id, after).await?;
                let feeds: Vec<&Slug> = own.iter().map(|feed| &feed.slug).collect();
                let detail = json!({ "path": path, "feeds": feeds });
                Ok(Done::new(&allowed, (AuditSubject::Category, id.uuid()), detail, id))
            })
            .await
    }

    /// Deletes a feed. Readers of its path are told that it is gone.
    ///
    /// # Errors
    /// When there is no such feed, the viewer may not in each of its categories, or the database fails.
    pub async fn feed_delete(&self, command: Command<'_>, id: FeedId) -> Written<FeedId> {
        self.store
            .change(command, Act::DeleteFeed, &id, async |work| {
                let allowed = feed_known(work, Permission::ManageFeeds, id, "id")?;
                feed_end(&mut work.tx, &allowed).await?;
                Ok(Done::new(&allowed, (AuditSubject::Feed, id.uuid()), json!({ "slug": allowed.slug }), id))
            })
            .await
    }
}

/// Ends a feed with what it pins. Readers of its path are told that it is gone.
async fn feed_end(tx: &mut Transaction, feed: &Feed) -> Written<()> {
    reference_put::feed_put(tx, &Feed { pinned: Vec::new(), ..feed.clone() }).await?;
    feed::Entity::delete_by_id(feed.id.uuid()).exec(tx.connection()).await?;
    tx.log_told(ChangeKey::Feed(feed.id), Action::Removed, Told::named(Some(feed.slug.as_str()), None));
    tx.reload_reference().await?;
    for locale in tx.locales() {
        put_in_tx(tx, &address::feed_path(locale, &feed.slug), Instead::Gone, None).await?;
    }
    Ok(())
}

/// Whether a feed is one that was made with a category, and carries what it carried then. The id of such a feed is made of its first slug;
/// one that somebody has made has an id of no meaning.
fn is_made_with(feed: &Feed, category: CategoryId) -> bool {
    feed.is_own_of(category) && feed.id.uuid().get_version() == Some(Version::Sha1)
}

/// A category, for permissions to be asked about.
fn within(category: CategoryId) -> Target<'static> {
    Target { category: Some(category), ..Target::default() }
}

/// Sees that no row uses what is to be deleted.
async fn unused<E: EntityTrait>(tx: &Transaction, [one, many]: [&str; 2], rows: Select<E>) -> Written<()>
where
    E::Model: Send + Sync,
{
    match rows.count(tx.connection()).await? {
        0 => Ok(()),
        1 => Err(in_use(format!("1 {one} uses it"))),
        count => Err(in_use(format!("{count} {many} use it"))),
    }
}

fn in_use(by: String) -> WriteError {
    WriteError::refused(ProblemCode::InUse, "id", by)
}
