//! What makes a revision live and takes it back: shared by what is done now and what was scheduled.

use courant_domain::{
    address,
    content::Content,
    edition::{Edition, Ending},
    revision::{Revision, RevisionNumber},
    text::is_blank,
};
use jiff::Timestamp;

use super::{InWork, VersionKey};
use crate::{
    command::{Allowed, Work, Written},
    db::{entries::touch, transaction::Transaction},
    error::StoreError,
    live::{
        publish::{self, Put},
        redirect::{self, Instead},
    },
};

/// With what a revision goes live.
pub(super) struct GoLive {
    /// When: now, or the time it was scheduled for.
    pub(super) at: Timestamp,
    /// The date it shall carry.
    pub(super) published_at: Option<Timestamp>,
    /// The public note of a major publish.
    pub(super) note: Option<String>,
}

/// A public note as it was given; what cannot be seen says nothing.
pub(super) fn note(given: Option<&str>) -> Option<String> {
    given.filter(|note| !is_blank(note)).map(str::to_owned)
}

impl Work<'_> {
    /// Makes a revision what readers see of its entry in its language.
    pub(super) async fn go_live(&mut self, found: &Allowed<InWork>, revision: &Revision, with: GoLive) -> Written<()> {
        let before = found.live(revision.locale);
        self.require_publishable(found, revision).await?;
        let live = Edition::publish(&found.entry, before, revision, with.at, with.published_at, with.note)?;
        publish::put_editions(&mut self.tx, &[Put { edition: &live, content: &revision.content }], false).await?;
        let key = VersionKey { entry: found.entry.id, locale: revision.locale };
        self.tx.previews_end(key, revision.number).await?;
        Ok(touch(&self.tx, found.entry.id, Some(revision.locale), true).await?)
    }

    /// Takes back what is live of one language, and leaves readers what they shall get instead.
    pub(super) async fn take_back(
        &mut self,
        found: &Allowed<InWork>,
        live: &Edition,
        ending: &Ending,
        at: Timestamp,
    ) -> Written<()> {
        let key = VersionKey { entry: live.entry, locale: live.locale };
        self.tx.previews_end(key, live.revision).await?;
        let made_from = self.tx.revision(key, live.revision).await?;
        let made_from = made_from.ok_or_else(|| crate::error::corrupt("a live edition without its revision"))?;
        let instead = match ending {
            Ending::Notice(notice) => {
                let live = live.clone().withdraw(at, notice.clone());
                let put = Put { edition: &live, content: &made_from.content };
                publish::put_editions(&mut self.tx, &[put], false).await?;
                return Ok(touch(&self.tx, found.entry.id, Some(live.locale), false).await?);
            }
            Ending::Redirect(target) => Instead::To(target.clone()),
            Ending::Gone => Instead::Gone,
            Ending::Vanish => Instead::Nothing,
        };
        publish::remove_editions(&mut self.tx, &[(live.entry, live.locale)]).await?;
        let path = path(&made_from).unwrap_or_default();
        redirect::put_in_tx(&mut self.tx, &path, instead, Some(live.entry)).await?;
        Ok(touch(&self.tx, found.entry.id, Some(live.locale), false).await?)
    }
}

impl Transaction {
    /// Where readers find a revision when it is live; the empty path when it has no slug yet.
    pub(super) async fn path(&self, key: VersionKey, number: RevisionNumber) -> Result<String, StoreError> {
        let revision = self.revision(key, number).await?;
        Ok(revision.as_ref().and_then(path).unwrap_or_default())
    }
}

fn path(revision: &Revision) -> Option<String> {
    let content: &Content = &revision.content;
    Some(address::entry_path(revision.locale, content.kind(), content.slug()?.as_str()))
}
