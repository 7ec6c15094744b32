//! Subscribers who ask for the same with the same rights: what happens is executed once for all of them, and written once.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use bytes::Bytes;
use courant_domain::change::ChangeCursor;
use courant_gateway::{Caller, Event, Topic};
use jiff::Timestamp;
use tokio::{
    sync::{Notify, watch},
    time::sleep,
};

use super::{
    Subscriptions,
    journal::{Entry, Gap, Journal},
    mailbox::{Ending, Mailbox, Message},
};
use crate::{
    cache::MadeOf,
    graphql::{
        handler::{GraphqlState, Prepared},
        subscribe::{Postponed, Told},
    },
    middleware::{address::network, auth::Unknown},
};

/// How often it is asked whether whoever has shown who they are still is.
const ASKED_AGAIN: Duration = Duration::from_secs(2);

/// How soon what could not be executed is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// What somebody has shown who they are by.
pub(crate) type Token = Option<Arc<str>>;

/// What is asked, and with whose rights.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) document: u64,
    pub(super) name: Option<Box<str>>,
    pub(super) variables: Box<str>,
    pub(super) token: Token,
    /// What it follows: the names among the variables may mean something else by now.
    pub(super) topic: Topic,
}

/// Those who ask for the same.
pub(super) struct Group {
    pub(super) key: Key,
    prepared: Prepared,
    /// Who they are; as a request came from the first of them.
    caller: Caller,
    state: Mutex<State>,
    /// Somebody has come to see what is there now, or the last one has gone.
    stirred: Notify,
}

struct State {
    /// Up to where in the log everything was given to the members.
    at: ChangeCursor,
    members: Vec<Member>,
    /// What there is now, where that is what is asked for.
    now: Option<Message>,
    /// Nobody is to come any more.
    is_over: bool,
}

struct Member {
    mailbox: Arc<Mailbox>,
    /// They have everything up to here.
    has: ChangeCursor,
}

impl Group {
    pub(super) fn new(key: Key, prepared: Prepared, caller: Caller, at: ChangeCursor) -> Self {
        let state = State { at, members: Vec::new(), now: None, is_over: false };
        Self { key, prepared, caller, state: Mutex::new(state), stirred: Notify::new() }
    }

    /// From which network whoever came first is.
    pub(super) fn network(&self) -> Option<IpAddr> {
        self.caller.address.map(network)
    }

    /// Adds a member who has everything up to a place; they are given what is after it, and after the place that is returned. None if it
    /// has come to its end.
    pub(super) fn join(&self, mailbox: &Arc<Mailbox>, has: Option<ChangeCursor>) -> Option<ChangeCursor> {
        let mut state = self.lock();
        if state.is_over {
            return None;
        }
        if let Some(now) = &state.now {
            mailbox.replace(now.clone());
        }
        let at = state.at;
        state.members.push(Member { mailbox: Arc::clone(mailbox), has: has.unwrap_or(at) });
        drop(state);
        self.stirred.notify_one();
        Some(at)
    }

    /// Takes a member out; says whether it was the last one, after which nobody can come.
    pub(super) fn leave(&self, mailbox: &Arc<Mailbox>) -> bool {
        let mut state = self.lock();
        if let Some(index) = state.members.iter().position(|member| Arc::ptr_eq(&member.mailbox, mailbox)) {
            state.members.swap_remove(index);
        }
        state.is_over |= state.members.is_empty();
        let is_over = state.is_over;
        drop(state);
        if is_over {
            self.stirred.notify_one();
        }
        is_over
    }

    fn is_over(&self) -> bool {
        self.lock().is_over
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a message for one entry of the log to all who do not have it.
    fn give(&self, place: ChangeCursor, payload: &Bytes) {
        let mut state = self.lock();
        state.at = place;
        for member in state.members.iter().filter(|member| member.has.seq < place.seq) {
            member.mailbox.put(Message { payload: payload.clone(), cursor: Some(place) });
        }
    }

    /// There is nothing for them up to this entry.
    fn pass(&self, place: ChangeCursor) {
        self.lock().at = place;
    }

    /// Has all of them told that what was up to this entry is to be read anew.
    fn miss(&self, place: ChangeCursor) {
        let mut state = self.lock();
        state.at = place;
        for member in &mut state.members {
            member.has = member.has.min(place);
            member.mailbox.miss(place);
        }
    }

    /// Gives what there is now, if it is something else than before.
    fn show(&self, payload: Bytes) {
        let mut state = self.lock();
        if state.now.as_ref().is_some_and(|now| now.payload == payload) {
            return;
        }
        let message = Message { payload, cursor: None };
        for member in &state.members {
            member.mailbox.replace(message.clone());
        }
        state.now = Some(message);
    }

    /// Executes the operation for something that happened. It is tried until it can be done: the database may be away.
    pub(super) async fn execute(&self, graphql: &GraphqlState, event: Event) -> Result<Told, Over> {
        loop {
            let caller = self.caller(graphql).await?;
            let place = graphql.subscriptions.places.acquire().await.map_err(|_| Over)?;
            let told = self.prepared.execute_event(graphql, caller, event.clone()).await;
            // Others go on while this one waits.
            drop(place);
            match told {
                Ok(told) => return Ok(told),
                Err(Postponed) if self.is_over() => return Err(Over),
                Err(Postponed) => sleep(AGAIN).await,
            }
        }
    }

    /// Who the members are by now. If they are nobody any more, that is the end.
    async fn caller(&self, graphql: &GraphqlState) -> Result<Caller, Over> {
        let Some(token) = &self.key.token else { return Ok(self.caller.clone()) };
        loop {
            match graphql.authentication.again(token, &self.caller).await {
                // Of who may do more or less than before, it is not known what they were told of and what they missed.
                Ok(caller) if caller.viewer == self.caller.viewer => return Ok(caller),
                Ok(_) | Err(Unknown::Refused(_)) => {
                    self.end(Ending::Unauthorised);
                    return Err(Over);
                }
                Err(Unknown::Failed(_)) if self.is_over() => return Err(Over),
                Err(Unknown::Failed(_)) => sleep(AGAIN).await,
            }
        }
    }

    fn end(&self, ending: Ending) {
        let mut state = self.lock();
        state.is_over = true;
        for member in std::mem::take(&mut state.members) {
            member.mailbox.end(ending);
        }
    }
}

/// Follows the log for a group until its last member is gone.
pub(super) async fn drive(group: Arc<Group>, graphql: Weak<GraphqlState>) {
    let Some(subscriptions) = graphql.upgrade().map(|graphql| Arc::clone(&graphql.subscriptions)) else { return };
    let driver = Driver { group, graphql, subscriptions };
    match &driver.group.key.topic {
        Topic::Changes(_) => driver.follow(&driver.subscriptions.changes, Event::Changed).await,
        Topic::Audit(_) => driver.follow(&driver.subscriptions.audit, Event::Audited).await,
        Topic::Now => driver.watch().await,
    }
    driver.subscriptions.forget(&driver.group);
}

struct Driver {
    group: Arc<Group>,
    graphql: Weak<GraphqlState>,
    subscriptions: Arc<Subscriptions>,
}

/// The group has come to its end.
pub(super) struct Over;

impl Driver {
    /// Gives the members each entry of a log that concerns them.
    async fn follow<T>(&self, journal: &Journal<T>, event: fn(Arc<T>) -> Event) {
        let mut head = journal.head();
        while !self.group.is_over() {
            head.mark_unchanged();
            let at = self.group.lock().at;
            let step = match journal.after(at) {
                Ok(entries) => self.tell(entries, event).await,
                Err(Gap) => {
                    self.group.miss(journal.last());
                    Ok(())
                }
            };
            if step.is_err() || self.rest(&mut head, None).await.is_err() {
                return;
            }
        }
    }

    async fn tell<T>(&self, entries: Vec<Entry<T>>, event: fn(Arc<T>) -> Event) -> Result<(), Over> {
        for (place, entry) in entries {
            let event = event(entry);
            let graphql = self.graphql.upgrade().ok_or(Over)?;
            if !self.group.key.topic.takes(&event, &graphql.store.reference()) {
                self.group.pass(place);
                continue;
            }
            match self.group.execute(&graphql, event).await?.payload {
                Some(payload) => self.group.give(place, &payload),
                None => self.group.pass(place),
            }
            if self.group.is_over() {
                return Err(Over);
            }
        }
        Ok(())
    }

    /// Gives the members what there is whenever it may be something else.
    async fn watch(&self) {
        let mut head = self.subscriptions.changes.head();
        let mut made_of: Option<MadeOf> = None;
        while !self.group.is_over() {
            head.mark_unchanged();
            let Some(graphql) = self.graphql.upgrade() else { return };
            if !made_of.as_ref().is_some_and(|(stamp, reads)| graphql.store.holds(stamp, reads)) {
                let begun = graphql.store.now();
                let Ok(told) = self.group.execute(&graphql, Event::Now).await else { return };
                made_of = told.made_of.map(|(stamp, reads)| (stamp, graphql.answers.reads(begun, reads)));
                told.payload.into_iter().for_each(|payload| self.group.show(payload));
            }
            let until = made_of.as_ref().and_then(|(_, reads)| reads.until());
            drop(graphql);
            if self.rest(&mut head, until).await.is_err() {
                return;
            }
        }
    }

    /// Waits until there may be something to do.
    async fn rest(&self, head: &mut watch::Receiver<ChangeCursor>, until: Option<Timestamp>) -> Result<(), Over> {
        let now = self.graphql.upgrade().ok_or(Over)?.store.now();
        let left = until.map(|until| Duration::try_from(until.duration_since(now)).unwrap_or(AGAIN).max(AGAIN));
        let again = self.group.key.token.as_ref().map(|_| ASKED_AGAIN);
        let pause = left.into_iter().chain(again).min();
        tokio::select! {
            changed = head.changed() => changed.map_err(|_| Over),
            () = self.group.stirred.notified() => Ok(()),
            () = async { sleep(pause.unwrap_or(Duration::MAX)).await }, if pause.is_some() => {
                if again.is_some() {
                    self.group.caller(&*self.graphql.upgrade().ok_or(Over)?).await.map(drop)
                } else {
                    Ok(())
                }
            }
        }
    }
}
