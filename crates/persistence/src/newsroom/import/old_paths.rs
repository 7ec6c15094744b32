//! The paths that what comes in had elsewhere, which are to lead to it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use courant_domain::{id::EntryId, locale::Locale};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::ImportTransaction;
use crate::{
    db::{
        entity::{edition, redirect},
        transaction::chunks,
    },
    error::Result,
    live::{
        publish,
        redirect::{Claims, Instead, Moves, Occupied, Verdict, live_where, put_in_tx, put_moves},
    },
};

/// The paths that one language of an entry had elsewhere.
#[derive(Debug)]
pub struct OldPaths {
    /// The entry.
    pub entry: EntryId,
    /// The language.
    pub locale: Locale,
    /// The paths, normalised.
    pub paths: Vec<String>,
}

/// What became of an entry's old paths.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LedPaths {
    /// How many lead to it.
    pub led: u64,
    /// How many will lead to it once it is live, if nothing live has them by then.
    pub waiting: u64,
    /// Those for which another one waits, too, which comes before it.
    pub shared: Vec<String>,
    /// Those that do not, and why.
    pub taken: Vec<(String, String)>,
    /// Those that another one waited for, which came in before.
    pub overtaken: Vec<Overtaken>,
}

/// A path that an entry waits for, and that leads to another one by now.
#[derive(Debug, PartialEq, Eq)]
pub struct Overtaken {
    /// The path.
    pub path: String,
    /// Who waits for it.
    pub entry: EntryId,
    /// Where it leads.
    pub by: String,
}

impl ImportTransaction {
    /// Has old paths lead to what is live of their entries. Those at which there is something, and those that lead elsewhere already,
    /// stay what they are. For those that do not lead to it yet an entry waits, hidden from readers: what is live comes before what is not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lead_old_paths(&mut self, old: &[OldPaths]) -> Result<HashMap<EntryId, LedPaths>> {
        let mut wanted: BTreeMap<EntryId, BTreeSet<&String>> = BTreeMap::new();
        for OldPaths { entry, paths, .. } in old.iter().filter(|old| !old.paths.is_empty()) {
            wanted.entry(*entry).or_default().extend(paths);
        }
        if wanted.is_empty() {
            return Ok(HashMap::new());
        }
        let paths = wanted.values().flatten().map(|path| (*path).clone()).collect();
        let mut claims = Claims::of(&self.tx, paths, wanted.keys().map(|entry| entry.uuid()).collect()).await?;
        for (entry, paths) in &wanted {
            paths.iter().for_each(|path| claims.add(&self.tx, *entry, path));
        }
        let given = claims.settle(&mut self.tx).await?;
        let mut led: HashMap<EntryId, LedPaths> = HashMap::new();
        // In the order of what comes in, and of its addresses.
        for OldPaths { entry, paths, .. } in old {
            let Some(mut wanted) = wanted.remove(entry) else { continue };
            let led = led.entry(*entry).or_default();
            for path in paths.iter().filter(|path| wanted.remove(*path)) {
                match claims.verdict(&self.tx, *entry, path, &given) {
                    Verdict::Home => {}
                    Verdict::Led => led.led += 1,
                    Verdict::Kept => led.waiting += 1,
                    Verdict::Shared => led.shared.push(path.clone()),
                    Verdict::Taken(why) => led.taken.push((path.clone(), why)),
                }
            }
        }
        for (path, (heir, target)) in &given {
            let others = claims.before(path).filter(|entry| entry != heir && !led.contains_key(entry));
            let others: Vec<Overtaken> =
                others.map(|entry| Overtaken { path: path.clone(), entry, by: target.clone() }).collect();
            led.entry(*heir).and_modify(|led| led.overtaken.extend(others));
        }
        Ok(led)
    }

    /// Has the addresses that categories, tags, persons and feeds had elsewhere lead to theirs here. Those at which there is something, and
    /// those that lead elsewhere already, stay what they are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lead_old_terms(&mut self, old: &[(String, String)]) -> Result<LedPaths> {
        let mut led = LedPaths::default();
        let paths: Vec<&String> = old.iter().map(|(path, _)| path).collect();
        let mut known: HashMap<String, String> = HashMap::new();
        for paths in chunks(paths.iter().map(|path| (*path).clone()).collect()) {
            let rules = redirect::Entity::find().filter(redirect::Column::Path.is_in(paths));
            for rule in rules.all(self.tx.connection()).await? {
                known.insert(rule.path, rule.meant.or(rule.target).unwrap_or_else(|| "nothing".to_owned()));
            }
        }
        let occupied = Occupied::of(&self.tx, paths.iter().copied()).await?;
        let mut moves = Moves::default();
        for (path, target) in old.iter().filter(|(path, target)| path != target) {
            let leads = known.get(path).or_else(|| moves.moved.get(path)).map(String::as_str);
            let why = match leads {
                _ if occupied.is_taken(&self.tx, path) => "there is a page of this site".to_owned(),
                Some(leads) if leads != target => format!("it leads to {leads} already"),
                leads => {
                    led.led += 1;
                    if leads.is_none() {
                        moves.moved.insert(path.clone(), target.clone());
                    }
                    continue;
                }
            };
            led.taken.push((path.clone(), why));
        }
        put_moves(&mut self.tx, &moves).await?;
        Ok(led)
    }

    /// Takes back what is live of an entry in these languages, as if it had never been: its old paths are hidden with it until it is
    /// live again.
    pub(super) async fn take_back(&mut self, entry: EntryId, away: &[(EntryId, Locale)]) -> Result<()> {
        let live = live_where(&self.tx, edition::Column::EntryId.eq(entry.uuid())).await?;
        publish::remove_editions(&mut self.tx, away).await?;
        for (_, _, path) in live.into_iter().filter(|(entry, locale, _)| away.contains(&(*entry, *locale))) {
            put_in_tx(&mut self.tx, &path, Instead::Nothing, Some(entry)).await?;
        }
        Ok(())
    }
}
