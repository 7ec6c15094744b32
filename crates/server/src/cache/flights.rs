//! The same question at the same time, answered once.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;

/// What came of a question that others asked, too: an answer to share, or none.
type Landed<V> = Option<Option<V>>;

type Waiting<K, V> = Arc<Mutex<HashMap<K, watch::Receiver<Landed<V>>>>>;

/// What is being answered.
#[derive(Debug)]
pub(super) struct Flights<K, V>(Waiting<K, V>);

impl<K, V> Default for Flights<K, V> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// Whether somebody asks the same already.
pub(super) enum Entered<K: Eq + Hash, V> {
    /// Nobody does.
    First(Flight<K, V>),
    /// Somebody does.
    Behind(Landing<V>),
}

/// A question that is being answered. Others wait for it for as long as this is there.
pub(super) struct Flight<K: Eq + Hash, V> {
    key: K,
    landed: watch::Sender<Landed<V>>,
    waiting: Waiting<K, V>,
}

/// What somebody else is having made.
pub(super) struct Landing<V>(watch::Receiver<Landed<V>>);

impl<K: Eq + Hash + Clone, V> Flights<K, V> {
    /// Asks a question.
    pub(super) fn enter(&self, key: &K) -> Entered<K, V> {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(landing) = flights.get(key) {
            return Entered::Behind(Landing(landing.clone()));
        }
        let (landed, landing) = watch::channel(None);
        flights.insert(key.clone(), landing);
        Entered::First(Flight { key: key.clone(), landed, waiting: Arc::clone(&self.0) })
    }
}

impl<K: Eq + Hash, V> Flight<K, V> {
    /// Shares the answer, if there is one to be shared.
    pub(super) fn land(self, answer: Option<V>) {
        self.landed.send_replace(Some(answer));
    }
}

impl<K: Eq + Hash, V> Drop for Flight<K, V> {
    fn drop(&mut self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

impl<V: Clone> Landing<V> {
    /// Waits for it; none when whoever had it made has gone away.
    pub(super) async fn wait(mut self) -> Landed<V> {
        match self.0.wait_for(Option::is_some).await {
            Ok(landed) => landed.clone(),
            Err(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn others_share_what_the_first_has_made() {
        let flights = Flights::<&str, u8>::default();
        let Entered::First(flight) = flights.enter(&"a") else { panic!("somebody is before the first") };
        let Entered::Behind(landing) = flights.enter(&"a") else { panic!("it is asked twice") };
        assert!(matches!(flights.enter(&"b"), Entered::First(_)));
        let waits = tokio::spawn(landing.wait());
        flight.land(Some(7));
        assert_eq!(waits.await.unwrap(), Some(Some(7)));
        assert!(matches!(flights.enter(&"a"), Entered::First(_)));
    }

    #[tokio::test]
    async fn who_waits_for_somebody_that_goes_away_is_told() {
        let flights = Flights::<&str, u8>::default();
        let Entered::First(flight) = flights.enter(&"a") else { panic!("somebody is before the first") };
        let Entered::Behind(landing) = flights.enter(&"a") else { panic!("it is asked twice") };
        drop(flight);
        assert_eq!(landing.wait().await, None);
        assert!(matches!(flights.enter(&"a"), Entered::First(_)));
    }
}
