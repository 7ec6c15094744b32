//! What the change log says: what has changed since a place in it, and what was taken back.

use std::{collections::HashMap, sync::Arc};

use courant_domain::{
    change::{Change, ChangeCursor, ChangeKey},
    id::EntryId,
    locale::Locale,
};
use courant_persistence::{ChangesAfter, Reads};

use super::{ChangesOf, DeparturesOf, GoneSince, LiveLoader, LogAsOf, batch::Loader, sorted};
use crate::error::Error;

impl Loader<ChangesOf> for LiveLoader {
    type Value = Arc<ChangesAfter>;
    type Error = Error;

    async fn load(&self, keys: &[ChangesOf]) -> Result<HashMap<ChangesOf, Self::Value>, Error> {
        self.recorder.note(Reads::log);
        let mut found = HashMap::with_capacity(keys.len());
        for key in sorted(keys, |key| key.request.after) {
            let changes = self.live.changes(&key.request, &key.as_of.0).await;
            found.insert(key.clone(), Arc::new(changes.map_err(|error| Error::of_store(&error))?));
        }
        Ok(found)
    }
}

impl Loader<DeparturesOf> for LiveLoader {
    type Value = Vec<Arc<Change>>;
    type Error = Error;

    async fn load(&self, keys: &[DeparturesOf]) -> Result<HashMap<DeparturesOf, Self::Value>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for key in keys {
            let DeparturesOf { departed, filter, since, most, as_of } = key;
            let departures = self.live.departures(*departed, filter, *since, *most, &as_of.0).await;
            let (departures, reads) = departures.map_err(|error| Error::of_store(&error))?;
            self.recorder.note(|noted| {
                match reads {
                    Some(reads) => noted.lists(reads),
                    None => noted.log(),
                }
                // What is live again is told of no more, and may be in none of the lists then that it was in.
                for change in &departures {
                    if let ChangeKey::Edition { entry, locale, .. } = change.key {
                        noted.edition(entry, locale);
                    }
                }
            });
            found.insert(key.clone(), departures);
        }
        Ok(found)
    }
}

impl Loader<LogAsOf> for LiveLoader {
    type Value = ChangeCursor;
    type Error = Error;

    async fn load(&self, keys: &[LogAsOf]) -> Result<HashMap<LogAsOf, ChangeCursor>, Error> {
        self.recorder.note(Reads::log);
        let mut found = HashMap::with_capacity(keys.len());
        for key in keys {
            let head = self.live.changes_head(&key.0).await.map_err(|error| Error::of_store(&error))?;
            found.insert(key.clone(), head);
        }
        Ok(found)
    }
}

impl Loader<GoneSince> for LiveLoader {
    type Value = Arc<Vec<(EntryId, Locale)>>;
    type Error = Error;

    async fn load(&self, keys: &[GoneSince]) -> Result<HashMap<GoneSince, Self::Value>, Error> {
        // Who asks has said already that the answer is not to be kept.
        self.recorder.give_up();
        let mut found = HashMap::with_capacity(keys.len());
        for key in keys {
            let gone = self.live.editions_gone_since(key.0).await.map_err(|error| Error::of_store(&error))?;
            found.insert(key.clone(), Arc::new(gone));
        }
        Ok(found)
    }
}
