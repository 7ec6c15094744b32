//! What the newsroom's types ask for.

use std::{collections::HashMap, sync::Arc};

use async_graphql::dataloader::Loader;
use courant_domain::{dump::LocaleStanding, id::EntryId};
use courant_persistence::EntryInWork;

use super::{StoreLoader, distinct, failed};
use crate::error::Error;

/// An entry in work.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct EntryOf(pub(crate) EntryId);

/// Where each language of an entry stands.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct StandingsOf(pub(crate) EntryId);

impl Loader<EntryOf> for StoreLoader {
    type Value = Arc<EntryInWork>;
    type Error = Error;

    async fn load(&self, keys: &[EntryOf]) -> Result<HashMap<EntryOf, Self::Value>, Error> {
        let found = self.store.entries_in_work(&distinct(keys, |key| key.0)).await.map_err(failed)?;
        Ok(found.into_iter().map(|(id, entry)| (EntryOf(id), entry)).collect())
    }
}

impl Loader<StandingsOf> for StoreLoader {
    type Value = Arc<Vec<LocaleStanding>>;
    type Error = Error;

    async fn load(&self, keys: &[StandingsOf]) -> Result<HashMap<StandingsOf, Self::Value>, Error> {
        let found = self.store.standings_of_entries(&distinct(keys, |key| key.0)).await.map_err(failed)?;
        Ok(found.into_iter().map(|(id, standings)| (StandingsOf(id), Arc::new(standings))).collect())
    }
}
