//! The paths that what comes in had elsewhere, which are to lead to it.

use std::collections::{BTreeMap, HashMap, HashSet};

use courant_domain::{
    address::{self, Address, Place},
    id::EntryId,
    locale::Locale,
    reserved,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::SimpleExpr};
use uuid::Uuid;

use super::ImportTransaction;
use crate::{
    db::{
        convert::{from_word, locale},
        entity::{edition, redirect},
        transaction::chunks,
    },
    error::Result,
    live::{
        publish::{self, canonical_led},
        redirect::{Instead, Moves, is_waiting, put_in_tx, put_moves, put_waiting},
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
    /// How many will lead to it once it is live.
    pub waiting: u64,
    /// Those that do not, and why.
    pub taken: Vec<(String, String)>,
}

/// A rule that there is already.
struct Known {
    /// Where it leads.
    leads: String,
    /// Whose path it was.
    entry: Option<Uuid>,
    /// Whether it is kept for what is not live.
    waits: bool,
    /// Whether readers are led nowhere.
    is_dead: bool,
}

impl ImportTransaction {
    /// Has old paths lead to what is live of their entries. Those at which there is something, and those that lead elsewhere already,
    /// stay what they are. Those of what is not live are kept, hidden from readers, until it is: what is live comes before it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lead_old_paths(&mut self, old: &[OldPaths]) -> Result<HashMap<EntryId, LedPaths>> {
        let old: Vec<&OldPaths> = old.iter().filter(|old| !old.paths.is_empty()).collect();
        let mut led: HashMap<EntryId, LedPaths> = HashMap::new();
        let (mut moves, mut waiting) = (Moves::default(), BTreeMap::new());
        if old.is_empty() {
            return Ok(led);
        }
        let targets = self.live_paths(&old).await?;
        let paths = || old.iter().flat_map(|old| &old.paths);
        let known = self.known_rules(paths()).await?;
        let occupied = self.occupied(paths()).await?;
        // What is live comes first, so that the report is the same when the same is brought in again.
        let (live, others): (Vec<&OldPaths>, Vec<&OldPaths>) =
            old.iter().copied().partition(|old| targets.contains_key(&(old.entry, old.locale)));
        for OldPaths { entry, locale, paths } in live.into_iter().chain(others) {
            let target = targets.get(&(*entry, *locale));
            let led = led.entry(*entry).or_default();
            for path in paths.iter().filter(|path| Some(*path) != target) {
                let rule = known.get(path);
                let leads = rule.map(|rule| rule.leads.as_str()).or_else(|| Some(moves.moved.get(path)?.as_str()));
                let is_own = rule.is_some_and(|rule| rule.entry == Some(entry.uuid()));
                let is_kept_for_another =
                    !is_own && rule.is_some_and(|rule| rule.waits) || waiting.get(path).is_some_and(|of| of != entry);
                let why = if self.is_taken(path, &occupied) {
                    Some("there is a page of this site".to_owned())
                } else if is_kept_for_another {
                    target.is_none().then(|| "it is kept for another text that is not live".to_owned())
                } else if rule.is_some_and(|rule| rule.is_dead) && !is_own {
                    // What is live comes before what is gone.
                    target.is_none().then(|| "it says that something is gone".to_owned())
                } else {
                    leads
                        .filter(|leads| Some(*leads) != target.map(String::as_str) && !is_own)
                        .map(|leads| format!("it leads to {leads} already"))
                };
                match (why, target) {
                    (Some(why), _) => led.taken.push((path.clone(), why)),
                    (None, Some(target)) => {
                        led.led += 1;
                        if leads != Some(target.as_str()) {
                            moves.moved.insert(path.clone(), target.clone());
                            moves.entries.insert(path.clone(), *entry);
                        }
                    }
                    (None, None) => {
                        led.waiting += 1;
                        if leads.is_none() {
                            waiting.insert(path.clone(), *entry);
                        }
                    }
                }
            }
        }
        waiting.retain(|path, _| !moves.moved.contains_key(path));
        put_waiting(&mut self.tx, waiting).await?;
        put_moves(&mut self.tx, &moves).await?;
        canonical_led(&mut self.tx, moves.moved.into_keys().collect()).await?;
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
        let known = self.known_rules(paths.iter().copied()).await?;
        let occupied = self.occupied(paths.iter().copied()).await?;
        let mut moves = Moves::default();
        for (path, target) in old.iter().filter(|(path, target)| path != target) {
            let rule = known.get(path);
            let leads = rule.map(|rule| rule.leads.as_str()).or_else(|| Some(moves.moved.get(path)?.as_str()));
            // A word that is kept for pages of the site may lead to a feed: `/feed`.
            let is_free = address::followed(target).is_some()
                && reserved::RESERVED.contains(&path.trim_start_matches('/'))
                && !self.is_there(path);
            let why = match leads {
                _ if self.is_taken(path, &occupied) && !is_free => "there is a page of this site".to_owned(),
                _ if rule.is_some_and(|rule| rule.waits) => "it is kept for a text that is not live".to_owned(),
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

    /// Whether something of this site's is at a path, or an entry that is live.
    fn is_taken(&self, path: &str, occupied: &HashSet<String>) -> bool {
        // A page is there whatever is asked of it; a front page has no query that says which text is meant.
        let page = path.split('?').next().unwrap_or_default();
        let is_page = Address::parse(page).is_some() && (self.is_page(page) || occupied.contains(page));
        is_page || self.is_page(path) || occupied.contains(path)
    }

    /// Takes back what is live of an entry in these languages, as if it had never been: its old paths are hidden with it until it is
    /// live again.
    pub(super) async fn take_back(&mut self, entry: EntryId, away: &[(EntryId, Locale)]) -> Result<()> {
        let live = self.live(edition::Column::EntryId.eq(entry.uuid())).await?;
        publish::remove_editions(&mut self.tx, away).await?;
        for (_, _, path) in live.into_iter().filter(|(entry, locale, _)| away.contains(&(*entry, *locale))) {
            put_in_tx(&mut self.tx, &path, Instead::Nothing, Some(entry)).await?;
        }
        Ok(())
    }

    /// Where readers find these entries.
    async fn live_paths(&self, old: &[&OldPaths]) -> Result<HashMap<(EntryId, Locale), String>> {
        let mut paths = HashMap::new();
        for ids in chunks(old.iter().map(|old| old.entry.uuid()).collect()) {
            for (entry, locale, path) in self.live(edition::Column::EntryId.is_in(ids)).await? {
                paths.insert((entry, locale), path);
            }
        }
        Ok(paths)
    }

    /// What is known of these paths already, by path.
    async fn known_rules(&self, paths: impl Iterator<Item = &String>) -> Result<HashMap<String, Known>> {
        let mut known = HashMap::new();
        for paths in chunks(paths.cloned().collect()) {
            let rules = redirect::Entity::find().filter(redirect::Column::Path.is_in(paths));
            for rule in rules.all(self.tx.connection()).await? {
                let (waits, is_dead) = (is_waiting(&rule), rule.target.is_none());
                let leads = rule.meant.or(rule.target).unwrap_or_else(|| "nothing".to_owned());
                known.insert(rule.path, Known { leads, entry: rule.entry_id, waits, is_dead });
            }
        }
        Ok(known)
    }

    /// Those of these paths at which an entry is live.
    async fn occupied(&self, paths: impl Iterator<Item = &String>) -> Result<HashSet<String>> {
        let entries = paths.filter_map(|path| match Address::parse(path)?.place {
            Place::Entry(_, slug) => Some(slug.to_string()),
            _ => None,
        });
        let mut occupied = HashSet::new();
        for slugs in chunks(entries.collect()) {
            let live = self.live(edition::Column::Slug.is_in(slugs)).await?;
            occupied.extend(live.into_iter().map(|(.., path)| path));
        }
        Ok(occupied)
    }

    /// What of this is live, and under which path.
    async fn live(&self, which: SimpleExpr) -> Result<Vec<(EntryId, Locale, String)>> {
        use edition::Column::{EntryId as Entry, Kind, Locale as Language, Slug};
        let rows: Vec<(Uuid, String, String, String)> = edition::Entity::find()
            .filter(which)
            .select_only()
            .columns([Entry, Language, Kind, Slug])
            .into_tuple()
            .all(self.tx.connection())
            .await?;
        let read = |(entry, language, kind, slug): (Uuid, String, String, String)| {
            let language = locale(&language)?;
            Ok((entry.into(), language, address::entry_path(language, from_word(&kind)?, &slug)))
        };
        rows.into_iter().map(read).collect()
    }

    /// Whether a path is the server's own, one of the site's pages or feeds, or of what is in its reference data. A word that is kept for the
    /// site's pages is one by itself; below it there may be anything.
    fn is_page(&self, path: &str) -> bool {
        reserved::RESERVED.contains(&path.trim_start_matches('/')) || self.is_there(path)
    }

    /// Whether a path is the server's own, or something is there that is not an entry.
    fn is_there(&self, path: &str) -> bool {
        let reference = &self.tx.reference;
        let is_there = |page: &str| {
            let is_home = Locale::parse(page.trim_start_matches('/')).is_ok_and(|locale| reference.site.has(locale));
            is_home || Address::parse(page).is_some_and(|Address { locale, place }| reference.has(locale, &place))
        };
        reserved::is_served(path, &reference.site) || is_there(path) || address::followed(path).is_some_and(is_there)
    }
}
