//! Places for work that takes a core for some time: only so many at once, in two lanes, and nobody waits for long.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::oneshot;

/// Which lane to wait in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Those who are known: whenever a place is free they go before all others.
    First,
    /// Anybody else.
    Then,
}

/// The places, and who waits for one.
#[derive(Clone)]
pub(super) struct Lanes {
    inner: Arc<Inner>,
    /// How many may wait in each lane.
    most: usize,
    /// How long they wait.
    patience: Duration,
}

struct Inner {
    state: Mutex<State>,
}

struct State {
    free: usize,
    first: VecDeque<oneshot::Sender<Turn>>,
    then: VecDeque<oneshot::Sender<Turn>>,
}

/// A place that is held; dropped, it is the next one's.
pub(super) struct Turn(Arc<Inner>);

impl Lanes {
    pub(super) fn new(places: usize, most: usize, patience: Duration) -> Self {
        let state = State { free: places, first: VecDeque::new(), then: VecDeque::new() };
        Self { inner: Arc::new(Inner { state: Mutex::new(state) }), most, patience }
    }

    /// Waits for a place; none when as many wait already as may, or none comes free in time.
    pub(super) async fn turn(&self, lane: Lane) -> Option<Turn> {
        let waiting = {
            let mut state = self.inner.lock();
            if state.free > 0 {
                state.free -= 1;
                return Some(Turn(self.inner.clone()));
            }
            let queue = match lane {
                Lane::First => &mut state.first,
                Lane::Then => &mut state.then,
            };
            if queue.len() >= self.most {
                // Of those who gave up, some may stand there still.
                queue.retain(|waiting| !waiting.is_closed());
            }
            if queue.len() >= self.most {
                return None;
            }
            let (sender, waiting) = oneshot::channel();
            queue.push_back(sender);
            waiting
        };
        // A place that is given at the moment somebody gives up is dropped with what it came by, and so goes on.
        tokio::time::timeout(self.patience, waiting).await.ok()?.ok()
    }
}

impl Inner {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let next = {
            let mut state = self.0.lock();
            let next = state.first.pop_front().or_else(|| state.then.pop_front());
            if next.is_none() {
                state.free += 1;
            }
            next
        };
        // To somebody who has given up it cannot be given: dropped here, it goes to the one behind them.
        if let Some(next) = next {
            drop(next.send(Self(self.0.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn who_is_known_goes_before_all_who_are_not() {
        let lanes = Lanes::new(1, 64, LONG);
        let held = lanes.turn(Lane::Then).await.unwrap();
        let mut flood: Vec<_> = (0..64).map(|_| Box::pin(lanes.turn(Lane::Then))).collect();
        for waiting in &mut flood {
            assert!(waiting.as_mut().now_or_never().is_none());
        }
        assert!(lanes.turn(Lane::Then).await.is_none(), "no more than that wait");
        let mut owner = Box::pin(lanes.turn(Lane::First));
        assert!(owner.as_mut().now_or_never().is_none());
        drop(held);
        assert!(flood[0].as_mut().now_or_never().is_none(), "the owner goes first");
        let turn = owner.as_mut().now_or_never().expect("it is the owner's turn").unwrap();
        drop(turn);
        let turn = flood[0].as_mut().now_or_never().expect("then it is the first's of the others").unwrap();
        drop((turn, flood));
        assert!(lanes.turn(Lane::Then).await.is_some(), "the place is not lost with those who gave up");
    }

    #[tokio::test]
    async fn nobody_waits_for_longer_than_they_may() {
        let lanes = Lanes::new(1, 64, Duration::ZERO);
        let held = lanes.turn(Lane::First).await.unwrap();
        assert!(lanes.turn(Lane::First).await.is_none());
        drop(held);
        assert!(lanes.turn(Lane::First).await.is_some());
        assert_eq!(lanes.inner.lock().free, 1);
    }

    #[tokio::test]
    async fn only_so_many_have_a_place_at_once() {
        let lanes = Lanes::new(2, 64, LONG);
        let (one, two) = (lanes.turn(Lane::Then).await, lanes.turn(Lane::First).await);
        let mut three = Box::pin(lanes.turn(Lane::First));
        assert!(one.is_some() && two.is_some() && three.as_mut().now_or_never().is_none());
        drop(one);
        assert!(three.as_mut().now_or_never().flatten().is_some());
    }
}
