//! Tags.

use courant_domain::{
    access::{Permission, Target},
    address,
    audit::{Act, AuditSubject},
    id::TagId,
    slug::Slug,
    tag::Tag,
    text::Localized,
};
use serde::Serialize;
use serde_json::json;

use super::input::{free_slug, require_words};
use crate::{
    command::{Command, Done, WriteError, Written},
    live::{
        publish::{Named, was_live},
        redirect::{Moves, put_moves},
    },
    newsroom::{Newsroom, reference_put},
};

/// A tag to make.
#[derive(Debug, Clone, Serialize)]
pub struct TagCreate {
    /// Its name in addresses; made from its name when none is given.
    pub slug: Option<Slug>,
    /// Its name in words.
    pub name: Localized,
}

/// What shall be different about a tag; what is none stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct TagUpdate {
    /// Which one.
    pub id: TagId,
    /// Its name in addresses. The old path then leads to the new one.
    pub slug: Option<Slug>,
    /// Its name in words, in all languages.
    pub name: Option<Localized>,
}

impl Newsroom {
    /// Makes a tag.
    ///
    /// # Errors
    /// When the slug is taken or cannot be made, the viewer may not, or the database fails.
    pub async fn tag_create(&self, command: Command<'_>, input: &TagCreate) -> Written<TagId> {
        self.store
            .change(command, Act::CreateTag, input, async |work| {
                let allowed = work.require(Permission::ManageTags, &Target::default())?;
                require_words(&input.name, "name", NAMELESS)?;
                let reference = &work.tx.reference;
                let taken = |slug: &Slug| reference.tag_by_slug(slug).is_some();
                let slug = free_slug(input.slug.as_ref(), &input.name, &reference.site, taken)?;
                let tag = Tag { id: TagId::generate(), slug, name: input.name.clone() };
                reference_put::tag_put(&mut work.tx, &tag).await?;
                let moves = Moves::to(&work.tx.locales(), |locale| address::tag_path(locale, &tag.slug));
                put_moves(&mut work.tx, &moves).await?;
                let detail = json!({ "slug": tag.slug });
                Ok(Done::new(&allowed, (AuditSubject::Tag, tag.id.uuid()), detail, tag.id))
            })
            .await
    }

    /// Changes a tag.
    ///
    /// # Errors
    /// When there is no such tag, the slug is taken, the viewer may not, or the database fails.
    pub async fn tag_update(&self, command: Command<'_>, input: &TagUpdate) -> Written<TagId> {
        self.store
            .change(command, Act::UpdateTag, input, async |work| {
                let allowed = work.require(Permission::ManageTags, &Target::default())?;
                let old = work.tx.reference.tag(input.id).cloned().ok_or_else(|| WriteError::not_found("id", "tag"))?;
                let mut tag = old.clone();
                if let Some(name) = &input.name {
                    require_words(name, "name", NAMELESS)?;
                    tag.name.clone_from(name);
                }
                if let Some(slug) = &input.slug {
                    tag.slug.clone_from(slug);
                }
                if tag == old {
                    return Ok(Done::unchanged(&allowed, tag.id));
                }
                reference_put::tag_put(&mut work.tx, &tag).await?;
                if tag.slug != old.slug {
                    let mut moves = Moves::between(&work.tx.locales(), [&old.slug, &tag.slug], address::tag_path);
                    moves.unknown = !was_live(&work.tx, Named::Tag, tag.id.uuid()).await?;
                    put_moves(&mut work.tx, &moves).await?;
                }
                let detail = json!({ "slug": tag.slug, "before": old.slug });
                Ok(Done::new(&allowed, (AuditSubject::Tag, tag.id.uuid()), detail, tag.id))
            })
            .await
    }
}

/// What a tag without a name is refused with.
const NAMELESS: &str = "a tag has a name in at least one language";
