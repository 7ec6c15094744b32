//! Who gets a path that something had elsewhere.
//!
//! What is at a path has it, and a rule that leads somewhere keeps it. Of a path that leads nowhere (any more), the entry that had it last
//! comes first, and then those that wait for it, in their order: the first that is live has it.

use std::collections::{BTreeSet, HashMap};

use courant_domain::id::EntryId;
use uuid::Uuid;

use super::{
    Moves,
    here::{Occupied, is_there},
    put_moves,
    shown::rules_of,
    waiting::{Homes, Led, Waiting, put_waiting, take, waiting_for, waiting_of},
};
use crate::{
    db::{convert::micros, entity::redirect, transaction::Transaction},
    error::Result,
    live::publish::canonical_led,
};

/// What there is of some paths, and who had them elsewhere.
pub(crate) struct Claims {
    paths: BTreeSet<String>,
    rules: HashMap<String, redirect::Model>,
    occupied: Occupied,
    homes: Homes,
    /// Who waited already.
    known: BTreeSet<Waiting>,
    /// Those, and who comes now.
    waiting: BTreeSet<Waiting>,
}

/// What became of an entry's old path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The entry is there.
    Home,
    /// It leads to the entry.
    Led,
    /// It will lead to the entry once that is live.
    Kept,
    /// The same, if no other one that waits for it is live before.
    Shared,
    /// It does not, for this reason.
    Taken(String),
}

impl Claims {
    /// What there is of these paths. `entries` may come to wait for them.
    pub(crate) async fn of(tx: &Transaction, paths: BTreeSet<String>, entries: BTreeSet<Uuid>) -> Result<Self> {
        let known = waiting_for(tx, &paths).await?;
        let rules = rules_of(tx, paths.iter().cloned().collect()).await?;
        let owners = rules.iter().filter(|rule| rule.target.is_none()).filter_map(|rule| rule.entry_id);
        let entries = entries.into_iter().chain(known.iter().map(|it| it.entry)).chain(owners).collect();
        Ok(Self {
            occupied: Occupied::of(tx, paths.iter()).await?,
            homes: Homes::of(tx, &entries).await?,
            rules: rules.into_iter().map(|rule| (rule.path.clone(), rule)).collect(),
            waiting: known.clone(),
            known,
            paths,
        })
    }

    /// An entry had a path elsewhere. It waits for it, unless it has it already, or never can.
    pub(crate) fn add(&mut self, tx: &Transaction, entry: EntryId, path: &str) {
        let has_it = self.rules.get(path).is_some_and(|rule| self.is_of(rule, entry.uuid()));
        let waits = at(&self.waiting, path).any(|it| it.entry == entry.uuid());
        if !has_it && !waits && !is_there(tx, path) && !self.homes.is_at(entry.uuid(), path) {
            let created_at = micros(tx.now);
            self.waiting.insert(Waiting { path: path.to_owned(), created_at, entry: entry.uuid() });
        }
    }

    /// Gives the paths that lead nowhere to those that are live. Says which.
    pub(crate) async fn settle(&self, tx: &mut Transaction) -> Result<Led> {
        let mut led = Led::new();
        for path in &self.paths {
            if let Some((entry, target)) = self.heir(tx, path) {
                led.insert(path.clone(), (entry.into(), target.to_owned()));
            }
        }
        let has_it = |it: &Waiting| led.get(&it.path).is_some_and(|(entry, _)| entry.uuid() == it.entry);
        let is_said_to_be_gone =
            |path: &String| self.rules.get(path).is_some_and(|rule| rule.target.is_none() && rule.entry_id.is_none());
        let stays = |it: &&Waiting| !has_it(it) && (led.contains_key(&it.path) || !is_said_to_be_gone(&it.path));
        // Who had it last waits for it from now on.
        let last = led.iter().filter_map(|(path, (heir, _))| {
            let rule = self.rules.get(path)?;
            let entry = rule.entry_id.filter(|entry| *entry != heir.uuid())?;
            Some(Waiting { path: path.clone(), created_at: rule.created_at, entry })
        });
        put_waiting(tx, self.waiting.difference(&self.known).filter(stays).cloned().chain(last).collect()).await?;
        let has_come = |it: &&Waiting| has_it(it) || self.homes.is_at(it.entry, &it.path);
        take(tx, self.known.iter().filter(has_come).map(|it| (&it.path, it.entry))).await?;
        let moves = Moves {
            moved: led.iter().map(|(path, (_, target))| (path.clone(), target.clone())).collect(),
            entries: led.iter().map(|(path, (entry, _))| (path.clone(), *entry)).collect(),
            ..Moves::default()
        };
        put_moves(tx, &moves).await?;
        canonical_led(tx, moves.moved.into_keys().collect()).await?;
        Ok(led)
    }

    /// What became of an entry's path when they were settled.
    pub(crate) fn verdict(&self, tx: &Transaction, entry: EntryId, path: &str, led: &Led) -> Verdict {
        let leads = |target: &str| Verdict::Taken(format!("it leads to {target} already"));
        if self.homes.is_at(entry.uuid(), path) {
            return Verdict::Home;
        }
        if let Some((heir, target)) = led.get(path) {
            return if *heir == entry { Verdict::Led } else { leads(target) };
        }
        if self.occupied.is_taken(tx, path) {
            return Verdict::Taken("there is a page of this site".to_owned());
        }
        if let Some(rule) = self.rules.get(path) {
            match &rule.target {
                Some(_) if self.is_of(rule, entry.uuid()) => return Verdict::Led,
                Some(target) => return leads(rule.meant.as_ref().unwrap_or(target)),
                None if rule.entry_id == Some(entry.uuid()) => return Verdict::Kept,
                None if rule.entry_id.is_none() => {
                    return Verdict::Taken("it says that something is gone".to_owned());
                }
                None => {}
            }
        }
        let first = at(&self.waiting, path).next().map(|it| it.entry);
        if first == Some(entry.uuid()) { Verdict::Kept } else { Verdict::Shared }
    }

    /// Who waited for a path, or had it last, before this.
    pub(crate) fn before(&self, path: &str) -> impl Iterator<Item = EntryId> {
        let last = self.rules.get(path).and_then(|rule| rule.entry_id);
        last.into_iter().chain(at(&self.known, path).map(|it| it.entry)).map(EntryId::from)
    }

    /// To whom a path is given, and where that is live.
    fn heir(&self, tx: &Transaction, path: &str) -> Option<(Uuid, &str)> {
        let rule = self.rules.get(path);
        if rule.is_some_and(|rule| rule.target.is_some()) || self.occupied.is_taken(tx, path) {
            return None;
        }
        let waiting = at(&self.waiting, path).map(|it| it.entry);
        let mut heirs = rule.and_then(|rule| rule.entry_id).into_iter().chain(waiting);
        heirs.find_map(|entry| Some((entry, self.homes.target(entry, path)?)))
    }

    /// Whether a rule is an entry's.
    fn is_of(&self, rule: &redirect::Model, entry: Uuid) -> bool {
        rule.entry_id == Some(entry) || rule.target.as_ref().is_some_and(|target| self.homes.is_at(entry, target))
    }
}

/// Those that wait for a path, in their order.
fn at<'a>(waiting: &'a BTreeSet<Waiting>, path: &str) -> impl Iterator<Item = &'a Waiting> {
    let first = Waiting { path: path.to_owned(), created_at: i64::MIN, entry: Uuid::nil() };
    let path = first.path.clone();
    waiting.range(first..).take_while(move |it| it.path == path)
}

/// Gives the paths that these entries wait for, and the given ones that lead nowhere, to the first entry waiting for each that is live.
pub(crate) async fn arrived(tx: &mut Transaction, entries: Vec<Uuid>, mut paths: BTreeSet<String>) -> Result<()> {
    paths.extend(waiting_of(tx.connection(), entries).await?.into_iter().map(|it| it.path));
    if !paths.is_empty() {
        Claims::of(tx, paths, BTreeSet::new()).await?.settle(tx).await?;
    }
    Ok(())
}

/// Gives each of these paths that no longer leads anywhere to the first entry waiting for it that is live.
pub(super) async fn give(tx: &mut Transaction, paths: BTreeSet<String>) -> Result<()> {
    let waited: BTreeSet<String> = waiting_for(tx, &paths).await?.into_iter().map(|it| it.path).collect();
    if !waited.is_empty() {
        Claims::of(tx, waited, BTreeSet::new()).await?.settle(tx).await?;
    }
    Ok(())
}
