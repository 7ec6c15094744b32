//! Persons.

use courant_domain::{
    access::{Permission, Target},
    address,
    audit::{Act, AuditSubject},
    id::PersonId,
    person::Person,
    slug::Slug,
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

/// A person to make.
#[derive(Debug, Clone, Serialize)]
pub struct PersonCreate {
    /// The name in addresses and filters; made of the name when none is given.
    pub slug: Option<Slug>,
    /// The name, as each language writes it.
    pub name: Localized,
    /// What the person is.
    pub role: Localized,
}

/// What shall be different about a person; what is none stays as it is.
#[derive(Debug, Clone, Serialize)]
pub struct PersonUpdate {
    /// Which one.
    pub id: PersonId,
    /// The name in addresses and filters. The old path then leads to the new one.
    pub slug: Option<Slug>,
    /// The name, in all languages.
    pub name: Option<Localized>,
    /// What the person is, in all languages.
    pub role: Option<Localized>,
}

impl Newsroom {
    /// Makes a person.
    ///
    /// # Errors
    /// When the slug is taken or cannot be made, the viewer may not, or the database fails.
    pub async fn person_create(&self, command: Command<'_>, input: &PersonCreate) -> Written<PersonId> {
        self.store
            .change(command, Act::CreatePerson, input, async |work| {
                let allowed = work.require(Permission::ManagePersons, &Target::default())?;
                require_words(&input.name, "name", NAMELESS)?;
                let reference = &work.tx.reference;
                let taken = |slug: &Slug| reference.person_by_slug(slug).is_some();
                let slug = free_slug(input.slug.as_ref(), &input.name, &reference.site, taken)?;
                let person =
                    Person { id: PersonId::generate(), slug, name: input.name.clone(), role: input.role.clone() };
                reference_put::person_put(&mut work.tx, &person).await?;
                let moves = Moves::to(&work.tx.locales(), |locale| address::person_path(locale, &person.slug));
                put_moves(&mut work.tx, &moves).await?;
                let detail = json!({ "slug": person.slug });
                Ok(Done::new(&allowed, (AuditSubject::Person, person.id.uuid()), detail, person.id))
            })
            .await
    }

    /// Changes a person.
    ///
    /// # Errors
    /// When there is no such person, the slug is taken, the viewer may not, or the database fails.
    pub async fn person_update(&self, command: Command<'_>, input: &PersonUpdate) -> Written<PersonId> {
        self.store
            .change(command, Act::UpdatePerson, input, async |work| {
                let allowed = work.require(Permission::ManagePersons, &Target::default())?;
                let old =
                    work.tx.reference.person(input.id).cloned().ok_or_else(|| WriteError::not_found("id", "person"))?;
                let mut person = old.clone();
                if let Some(name) = &input.name {
                    require_words(name, "name", NAMELESS)?;
                    person.name.clone_from(name);
                }
                if let Some(role) = &input.role {
                    person.role.clone_from(role);
                }
                if let Some(slug) = &input.slug {
                    person.slug.clone_from(slug);
                }
                if person == old {
                    return Ok(Done::unchanged(&allowed, person.id));
                }
                reference_put::person_put(&mut work.tx, &person).await?;
                if person.slug != old.slug {
                    let mut moves = Moves::between(&work.tx.locales(), [&old.slug, &person.slug], address::person_path);
                    moves.unknown = !was_live(&work.tx, Named::Person, person.id.uuid()).await?;
                    put_moves(&mut work.tx, &moves).await?;
                }
                let detail = json!({ "slug": person.slug, "before": old.slug });
                Ok(Done::new(&allowed, (AuditSubject::Person, person.id.uuid()), detail, person.id))
            })
            .await
    }
}

/// What a person without a name is refused with.
const NAMELESS: &str = "a person has a name in at least one language";
