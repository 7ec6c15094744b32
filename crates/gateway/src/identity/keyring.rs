//! What signs and checks tokens, as the database has it: another process may change it at any time.
//!
//! It is read anew when it is used and was read a second ago; and at once when a token comes that it did not sign, for another
//! node may have signed that with a key this one has not seen. Then whoever sent the token waits for the answer, but all who do
//! wait for the same one, and not more than twenty are asked for in a second, whatever is sent.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use courant_identity::signed::{Keys, TokenError};
use courant_persistence::{ServerSecrets, Store, StoreError};
use tokio::sync::Mutex;

/// For how long keys are used without looking whether they have changed.
const FRESH: Duration = Duration::from_secs(1);
/// How long it is at least between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// The keys, and when they were read.
pub(crate) struct Keyring {
    known: RwLock<Known>,
    /// Held by whoever reads them anew.
    reading: Mutex<()>,
}

#[derive(Clone)]
struct Known {
    keys: Arc<Keys>,
    /// When the reading began that they are of: what was changed before that is in them.
    as_of: Instant,
}

impl Keyring {
    pub(crate) async fn open(store: &Store) -> Result<Self, StoreError> {
        let as_of = Instant::now();
        let keys = Arc::new(keys(&store.accounts().server_secrets().await?));
        Ok(Self { known: RwLock::new(Known { keys, as_of }), reading: Mutex::default() })
    }

    /// The keys as they are now or were up to a second ago.
    pub(crate) async fn keys(&self, store: &Store) -> Arc<Keys> {
        let known = self.known();
        if known.as_of.elapsed() < FRESH {
            return known.keys;
        }
        // Only one asks; the others do not wait for it.
        if let Ok(_reading) = self.reading.try_lock() {
            self.read(store).await;
        }
        self.known().keys
    }

    /// What a token says, by the keys as they are when it is asked.
    pub(crate) async fn check<T>(
        &self,
        store: &Store,
        read: impl Fn(&Keys) -> Result<T, TokenError>,
    ) -> Result<T, TokenError> {
        let asked = Instant::now();
        match read(&*self.keys(store).await) {
            Err(TokenError::BadSignature) => {}
            told => return told,
        }
        let _reading = self.reading.lock().await;
        let known = self.known();
        if known.as_of < asked {
            tokio::time::sleep(PAUSE.saturating_sub(known.as_of.elapsed())).await;
            self.read(store).await;
        }
        read(&self.known().keys)
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the keys. While the database cannot be asked, those that are known are used.
    async fn read(&self, store: &Store) {
        let as_of = Instant::now();
        let read = store.accounts().server_secrets().await;
        if let Err(error) = &read {
            tracing::warn!(%error, "cannot look whether the secret that signs tokens was changed");
        }
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.as_of = as_of;
        if let Ok(secrets) = read {
            known.keys = Arc::new(keys(&secrets));
        }
    }
}

fn keys(secrets: &ServerSecrets) -> Keys {
    Keys::rotated(&secrets.signing, secrets.previous.as_slice())
}
