//! One language of an entry in work.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use courant_domain::{dump::LocaleStanding, id::EntryId, locale::Locale as LocaleTag, workflow::Standing};
use courant_persistence::EntryInWork;

use super::{
    EditorialEntry, sight,
    words::{Permission, State, WaitingFor},
};
use crate::{
    error::Error,
    loader::EntryOf,
    schema::{context::request, scalar::Locale},
};

/// One language of an entry, as the newsroom works on it.
#[derive(Clone)]
pub(crate) struct EditorialVersion {
    entry: EntryId,
    locale: LocaleTag,
    /// Set when it was read, and seen to be the viewer's to read.
    read: Option<Read>,
}

#[derive(Clone)]
struct Read {
    entry: Arc<EntryInWork>,
    standing: Arc<Standing>,
}

impl EditorialVersion {
    /// This language of an entry, to be read when a field asks for more. The fields of one that is not there, or
    /// not for the viewer, fail with `NOT_FOUND`.
    #[expect(dead_code, reason = "entry mutations answer with it")]
    pub(crate) const fn of(entry: EntryId, locale: LocaleTag) -> Self {
        Self { entry, locale, read: None }
    }

    /// A language that was read, and seen to be the viewer's to read.
    pub(super) fn read(entry: Arc<EntryInWork>, LocaleStanding { locale, standing }: LocaleStanding) -> Self {
        Self { entry: entry.entry.id, locale, read: Some(Read { entry, standing: Arc::new(standing) }) }
    }

    async fn get(&self, ctx: &Context<'_>) -> Result<Read, Error> {
        if let Some(read) = &self.read {
            return Ok(read.clone());
        }
        let entry = request(ctx).loaders.load_one(EntryOf(self.entry)).await?.ok_or_else(sight::no_such_entry)?;
        let standings = sight::standings(ctx, &entry.entry).await?;
        let standing = standings.into_iter().find(|standing| standing.locale == self.locale);
        let standing = Arc::new(standing.ok_or_else(sight::no_such_entry)?.standing);
        Ok(Read { entry, standing })
    }
}

/// A snapshot of one language of an entry.
pub(crate) struct Revision {
    number: u32,
}

/// A snapshot of one language of an entry.
#[Object]
impl Revision {
    /// Its number: 1 for the first of its entry and language, then 2, 3, ….
    async fn number(&self) -> u32 {
        self.number
    }
}

/// One language of an entry, as the newsroom works on it.
#[Object]
impl EditorialVersion {
    /// Its id: the entry's and the language.
    async fn id(&self) -> ID {
        ID(format!("{}:{}", self.entry, self.locale))
    }

    /// The entry it is one language of.
    async fn entry(&self) -> EditorialEntry {
        self.read.as_ref().map_or_else(|| EditorialEntry::of(self.entry), |read| read.entry.clone().into())
    }

    /// The language.
    async fn locale(&self) -> Locale {
        Locale(self.locale)
    }

    /// Where it stands.
    async fn state(&self, ctx: &Context<'_>) -> Result<State, Error> {
        Ok(self.get(ctx).await?.standing.state.into())
    }

    /// Whom it waits for; null when nothing is in work.
    async fn waiting_for(&self, ctx: &Context<'_>) -> Option<Result<WaitingFor, Error>> {
        self.get(ctx).await.map(|read| read.standing.waiting_for().map(Into::into)).transpose()
    }

    /// What the viewer may do to this language of the entry.
    async fn permissions(&self, ctx: &Context<'_>) -> Result<Vec<Permission>, Error> {
        let read = self.get(ctx).await?;
        Ok(sight::permissions(ctx, &read.entry.entry, &[self.locale])?.into_iter().map(Into::into).collect())
    }

    /// The newest revision.
    async fn newest(&self, ctx: &Context<'_>) -> Result<Revision, Error> {
        Ok(Revision { number: self.get(ctx).await?.standing.newest })
    }
}
