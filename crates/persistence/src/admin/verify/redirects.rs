//! Redirects.

use std::collections::{HashMap, HashSet};

use courant_domain::{
    address::{self, Address, Place},
    entry::EntryKind,
    locale::Locale,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Check, Rule, or_none};
use crate::{
    db::entity::{edition, redirect},
    error::Result,
    reference::Reference,
};

const ROWS: u64 = 1000;

type EntryAddress = (EntryKind, Locale, String);

/// Where rules lead, and whether they are hidden, by path.
type Next = HashMap<String, (Option<String>, bool)>;

impl Check<'_> {
    /// Sees that redirects lead somewhere, at once, and not away from what is there.
    pub(super) async fn redirects(&mut self, reference: &Reference) -> Result<()> {
        let mut after = String::new();
        loop {
            let rules = redirect::Entity::find()
                .filter(redirect::Column::Path.gt(after.as_str()))
                .order_by_asc(redirect::Column::Path)
                .limit(ROWS)
                .all(self.db)
                .await?;
            let Some(last) = rules.last() else { return Ok(()) };
            after.clone_from(&last.path);
            self.checked.redirects += rules.len() as u64;
            let next = self.next(&rules).await?;
            let live = self.live_at(&rules).await?;
            for rule in &rules {
                self.redirect(reference, rule, &next, &live);
            }
        }
    }

    fn redirect(&mut self, reference: &Reference, rule: &redirect::Model, next: &Next, live: &HashSet<EntryAddress>) {
        let path = &rule.path;
        let what = || format!("the redirect from {path:?}");
        if !address::is_kept(path) {
            let normal = address::kept(path).unwrap_or_else(|| "a path of the site".to_owned());
            self.broken(Rule::RedirectPaths, what(), format!("{normal:?}"), format!("{path:?}"));
        }
        if let Some(target) = &rule.target {
            if !address::is_target(target) {
                let expected = "a path of the site, or a URL, as its target";
                self.broken(Rule::RedirectPaths, what(), expected, format!("{target:?}"));
            }
            if address::normalise(target) == Some(path) {
                self.broken(Rule::RedirectChains, what(), "another place", "itself");
            } else if address::normalise(target).is_some_and(|target| next.contains_key(target)) {
                let found = format!("{target:?}, which is a redirect or gone itself");
                self.broken(Rule::RedirectChains, what(), "the end of the way", found);
            }
        }
        if let Some(meant) = rule.meant.as_ref().filter(|meant| Some(*meant) != rule.target.as_ref()) {
            let found = or_none(rule.target.as_ref());
            match next.get(meant.as_str()) {
                Some((target, hidden)) if (target, *hidden) == (&rule.target, rule.hidden) => {}
                Some((target, _)) => self.broken(Rule::RedirectsMeant, what(), or_none(target.as_ref()), found),
                None => self.broken(Rule::RedirectsMeant, what(), meant, found),
            }
        }
        // A page is there whatever is asked of it: readers never come to a rule for its path with a query.
        let Some(Address { locale, place }) = Address::parse(path).filter(|_| !path.contains('?')) else { return };
        let there = match place {
            Place::Entry(kind, slug) => live.contains(&(kind, locale, slug.to_string())),
            place => reference.has(locale, &place),
        };
        if there {
            self.broken(Rule::RedirectsFromLive, what(), "nothing there to lead away from", "something live");
        }
    }

    /// The rules of the places that these rules lead to, or are meant to.
    async fn next(&self, rules: &[redirect::Model]) -> Result<Next> {
        let targets = rules.iter().flat_map(|rule| [&rule.target, &rule.meant]).flatten();
        let targets: HashSet<&str> = targets.filter_map(|target| address::normalise(target)).collect();
        let found: Vec<(String, Option<String>, bool)> = redirect::Entity::find()
            .filter(redirect::Column::Path.is_in(targets))
            .select_only()
            .columns([redirect::Column::Path, redirect::Column::Target, redirect::Column::Hidden])
            .into_tuple()
            .all(self.db)
            .await?;
        Ok(found.into_iter().map(|(path, target, hidden)| (path, (target, hidden))).collect())
    }

    /// The live editions at the slugs of these paths.
    async fn live_at(&self, rules: &[redirect::Model]) -> Result<HashSet<EntryAddress>> {
        use edition::Column::{Kind, Locale as Language, Slug};
        let slugs = rules.iter().filter_map(|rule| match Address::parse(&rule.path)?.place {
            Place::Entry(_, slug) => Some(slug.to_string()),
            _ => None,
        });
        let rows: Vec<(String, String, String)> = edition::Entity::find()
            .filter(Slug.is_in(slugs))
            .select_only()
            .columns([Kind, Language, Slug])
            .into_tuple()
            .all(self.db)
            .await?;
        // What cannot be read is told where the editions themselves are checked.
        Ok(rows
            .into_iter()
            .filter_map(|(kind, language, slug)| {
                Some((crate::db::convert::from_word(&kind).ok()?, crate::db::convert::locale(&language).ok()?, slug))
            })
            .collect())
    }
}
