//! One subscription: what was before it was there, if it resumes, and then what its group gives it.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use courant_domain::{audit::AuditRecord, change::ChangeCursor};
use courant_gateway::{Caller, Event, Opened, Topic};
use courant_persistence::StoreError;

use super::{
    group::{Group, Key, Over, Token, drive},
    mailbox::{Ending, Found, Mailbox, Message},
};
use crate::{
    graphql::handler::{GraphqlState, Prepared},
    middleware::{flow::Crowd, refusal::Refusal},
};

/// How many entries of a log are looked through at once when a subscription resumes.
const PAGE: u64 = 1000;

/// How many events somebody who resumes is given one by one. Who has missed more reads anew.
const MOST_MISSED: usize = 1000;

/// What a subscription comes to next.
#[derive(Debug)]
pub(crate) enum Step {
    /// A message.
    Next(Message),
    /// Its end.
    Ended(Ending),
}

/// One subscription under way.
pub(crate) struct Subscription {
    graphql: Arc<GraphqlState>,
    group: Arc<Group>,
    mailbox: Arc<Mailbox>,
    behind: Option<Behind>,
    /// Up to where everything has to be read anew, which is not told yet.
    missed: Option<ChangeCursor>,
    _counted: Counted,
}

/// What was before the group gives anything.
struct Behind {
    at: ChangeCursor,
    /// From here on the group does.
    until: ChangeCursor,
    /// All that there is, before any of it is given: who has missed too much is told so at once.
    found: VecDeque<(ChangeCursor, Event)>,
}

impl Subscription {
    /// Begins one that was opened.
    pub(crate) async fn begin(
        graphql: &Arc<GraphqlState>,
        prepared: &Prepared,
        (caller, token): (Caller, Token),
        opened: Opened,
    ) -> Result<Self, Refusal> {
        let counted = Counted::new(graphql)?;
        let Opened { topic, after } = opened;
        if matches!(topic, Topic::Audit(_)) {
            let looked = graphql.subscriptions.look_at_audit(&graphql.store).await;
            looked.map_err(|error| Refusal::of_store(&error))?;
        }
        let mailbox = Arc::new(Mailbox::default());
        let (group, at) = join(graphql, prepared, (&caller, token), &topic, (&mailbox, after))?;
        let behind = after.filter(|after| after.seq < at.seq).map(|after| Behind {
            at: after,
            until: at,
            found: VecDeque::new(),
        });
        Ok(Self { graphql: Arc::clone(graphql), group, mailbox, behind, missed: None, _counted: counted })
    }

    /// What comes next. Nothing is lost if it is not waited for to the end. While nothing happens, which is nearly always, this is all there
    /// is of a subscription: what executes something is aside.
    pub(crate) async fn next(&mut self) -> Step {
        loop {
            if let Some(missed) = self.missed {
                let told = Box::pin(self.group.execute(&self.graphql, Event::Missed(missed))).await;
                self.missed = None;
                match told.map(|told| told.payload) {
                    Ok(Some(payload)) => return Step::Next(Message { payload, cursor: Some(missed) }),
                    Ok(None) => continue,
                    Err(Over) => return Step::Ended(Ending::Unauthorised),
                }
            }
            if self.behind.is_some() {
                match Box::pin(self.before()).await {
                    Before::Next(message) => return Step::Next(message),
                    Before::Nothing => self.behind = None,
                    Before::TooMuch => self.missed = self.behind.take().map(|behind| behind.until),
                    Before::Ended(ending) => return Step::Ended(ending),
                }
                continue;
            }
            match self.mailbox.take().await {
                Ok(message) => return Step::Next(message),
                Err(Found::Missed(missed)) => self.missed = Some(missed),
                Err(Found::Ended(ending)) => return Step::Ended(ending),
            }
        }
    }

    /// The next event of those that were before.
    async fn before(&mut self) -> Before {
        loop {
            let Some(behind) = &self.behind else { return Before::Nothing };
            if behind.found.len() > MOST_MISSED {
                return Before::TooMuch;
            }
            if behind.at.seq >= behind.until.seq {
                let Some((place, event)) = behind.found.front().cloned() else { return Before::Nothing };
                let told = self.group.execute(&self.graphql, event).await;
                if let Some(behind) = &mut self.behind {
                    behind.found.pop_front();
                }
                match told.map(|told| told.payload) {
                    Ok(Some(payload)) => return Before::Next(Message { payload, cursor: Some(place) }),
                    Ok(None) => continue,
                    // With a member in it, a group ends when its members are nobody any more.
                    Err(Over) => return Before::Ended(Ending::Unauthorised),
                }
            }
            match self.read(behind.at, behind.until).await {
                Ok(Some((found, at))) => {
                    if let Some(behind) = &mut self.behind {
                        behind.found.extend(found);
                        behind.at = at;
                    }
                }
                Ok(None) => return Before::TooMuch,
                Err(error) => {
                    tracing::warn!(%error, "cannot read what a subscription has missed");
                    return Before::Ended(Ending::Failed);
                }
            }
        }
    }

    /// The next events of the log between two places, and up to where they are all; none if some are missing there.
    async fn read(&self, at: ChangeCursor, until: ChangeCursor) -> Result<Option<Page>, StoreError> {
        let store = &self.graphql.store;
        let entries: Vec<(ChangeCursor, Event)> = match self.group.key.topic {
            Topic::Changes(_) => {
                let changes = store.changes(at.seq, PAGE).await?;
                if changes.first().is_none_or(|first| first.seq != at.seq + 1) {
                    return Ok(None);
                }
                changes
                    .into_iter()
                    .map(|change| (ChangeCursor::of(&change), Event::Changed(Arc::new(change))))
                    .collect()
            }
            Topic::Audit(_) => {
                let records = store.newsroom().audit_after(at.seq, PAGE).await?;
                let place = |record: &AuditRecord| ChangeCursor::at(record.seq, record.at);
                records.into_iter().map(|record| (place(&record), Event::Audited(record))).collect()
            }
            Topic::Now => Vec::new(),
        };
        let reference = store.reference();
        let last = entries.last().map_or(until, |(place, _)| *place);
        let wanted = entries
            .into_iter()
            .filter(|(place, event)| place.seq <= until.seq && self.group.key.topic.takes(event, &reference));
        Ok(Some((wanted.collect(), if last.seq < until.seq { last } else { until })))
    }
}

/// Events in the order of their log, and up to where they are all there are.
type Page = (Vec<(ChangeCursor, Event)>, ChangeCursor);

impl Drop for Subscription {
    fn drop(&mut self) {
        if self.group.leave(&self.mailbox) {
            self.graphql.subscriptions.forget(&self.group);
        }
    }
}

/// What there was before.
enum Before {
    Next(Message),
    Nothing,
    /// Nobody is told of so much one by one.
    TooMuch,
    Ended(Ending),
}

/// Puts a mailbox into the group of those who ask for the same, which is made if there is none. Says from where on it gives.
fn join(
    graphql: &Arc<GraphqlState>,
    prepared: &Prepared,
    (caller, token): (&Caller, Token),
    topic: &Topic,
    (mailbox, after): (&Arc<Mailbox>, Option<ChangeCursor>),
) -> Result<(Arc<Group>, ChangeCursor), Refusal> {
    let subscriptions = &graphql.subscriptions;
    let (document, name, variables) = prepared.identity()?;
    let key = Key { document, name, variables, token, topic: topic.clone() };
    let mut groups = subscriptions.lock();
    if let Some(group) = groups.find(&key)
        && let Some(at) = group.join(mailbox, after)
    {
        return Ok((group, at));
    }
    let at = match topic {
        Topic::Audit(_) => subscriptions.audit.last(),
        Topic::Changes(_) | Topic::Now => subscriptions.changes.last(),
    };
    let group = Arc::new(Group::new(key, prepared.clone(), caller.clone(), at));
    if !groups.insert(&group, subscriptions.settings.different_per_client) {
        return Err(Crowd::Client.refusal());
    }
    group.join(mailbox, after);
    drop(groups);
    tokio::spawn(drive(Arc::clone(&group), Arc::downgrade(graphql)));
    Ok((group, at))
}

/// One of all subscriptions, as long as it is there.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(graphql: &GraphqlState) -> Result<Self, Refusal> {
        let subscriptions = &graphql.subscriptions;
        let counted = Self(Arc::clone(&subscriptions.count));
        if counted.0.fetch_add(1, Ordering::Relaxed) >= subscriptions.settings.all {
            return Err(Crowd::Service.refusal());
        }
        Ok(counted)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
