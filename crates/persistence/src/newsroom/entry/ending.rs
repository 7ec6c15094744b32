//! What readers can be given instead of what was live.

use courant_domain::{
    address::{self, Address, Place},
    edition::Ending,
    locale::Locale,
    problem::ProblemCode,
    text::is_blank,
};
use sea_orm::EntityTrait;

use crate::{
    command::{Work, WriteError, Written},
    db::entity::redirect,
    reference::Reference,
};

impl Work<'_> {
    /// Sees that readers of a path can be given this instead of what is there.
    pub(super) async fn require_ending(&self, ending: &Ending, path: &str) -> Written<()> {
        match ending {
            Ending::Notice(notice) if is_blank(notice) => {
                let message = "say to readers why it was withdrawn";
                Err(WriteError::refused(ProblemCode::Required, "ending.notice", message))
            }
            Ending::Redirect(target) => match self.leads_nowhere(target, path).await? {
                Some(why) => Err(WriteError::refused(ProblemCode::Invalid, "ending.redirect", why)),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// What readers of a path are given when the planned end has come: where its redirect no longer leads anywhere, it
    /// is gone.
    pub(super) async fn ending_now(&self, planned: &Ending, path: &str) -> Written<Ending> {
        match planned {
            Ending::Redirect(target) if self.leads_nowhere(target, path).await?.is_some() => Ok(Ending::Gone),
            planned => Ok(planned.clone()),
        }
    }

    /// Why readers of a path cannot be led to a target, if they cannot.
    pub(in crate::newsroom) async fn leads_nowhere(&self, target: &str, path: &str) -> Written<Option<&'static str>> {
        if target.starts_with('/') && address::is_never_asked_for(target) {
            return Ok(Some("no browser asks for that: it has an empty part, a backslash, . or .. in it"));
        }
        if !address::is_target(target) {
            return Ok(Some("neither a path of the site nor an http or https URL"));
        }
        let rule = redirect::Entity::find_by_id(target.to_owned()).one(self.tx.connection()).await?;
        let end = match &rule {
            Some(rule) if rule.hidden => return Ok(Some("nothing is there")),
            Some(rule) => match &rule.target {
                Some(end) => end,
                None => return Ok(Some("what was there is gone")),
            },
            None => target,
        };
        if end == path {
            return Ok(Some("it would lead to itself"));
        }
        let there = address::normalise(end).is_none() || self.is_shown(end).await?;
        Ok((!there).then_some("nothing is there"))
    }

    /// Whether something has a path of the site, be it that readers find it there or not yet.
    pub(in crate::newsroom) async fn is_there(&self, path: &str) -> Written<bool> {
        self.is_at(path, Reference::has).await
    }

    /// Whether readers find something at a path of the site.
    async fn is_shown(&self, path: &str) -> Written<bool> {
        self.is_at(path, Reference::shows).await
    }

    async fn is_at(&self, path: &str, known: impl Fn(&Reference, Locale, &Place) -> bool) -> Written<bool> {
        // A feed is where the page is that it follows.
        let path = address::followed(path).unwrap_or(path);
        let Some(Address { locale, place }) = Address::parse(path) else { return Ok(self.is_home(path)) };
        match place {
            Place::Entry(kind, slug) => Ok(self.slug_holder(kind, locale, &slug).await?.is_some()),
            place => Ok(known(&self.tx.reference, locale, &place)),
        }
    }

    fn is_home(&self, path: &str) -> bool {
        let locale = path.strip_prefix('/').map(Locale::parse);
        path == "/" || locale.is_some_and(|locale| locale.is_ok_and(|locale| self.tx.reference.site.has(locale)))
    }
}
