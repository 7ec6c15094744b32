//! What makes a revision live and takes it back: shared by what is done now and what was scheduled.

use courant_domain::{
    address,
    content::Content,
    edition::{Edition, Ending},
    revision::Revision,
};
use jiff::Timestamp;

use super::{InWork, VersionKey};
use crate::{
    entries::touch,
    newsroom::{Work, Written},
    publish::{self, Put},
    redirect,
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

impl Work<'_> {
    /// Makes a revision what readers see of its entry in its language.
    pub(super) async fn go_live(&mut self, found: &InWork, revision: &Revision, with: GoLive) -> Written<()> {
        let before = found.live(revision.locale);
        let live = Edition::publish(&found.entry, before, revision, with.at, with.published_at, with.note)?;
        self.require_free_slug(revision).await?;
        publish::put_editions(&mut self.tx, &[Put { edition: &live, content: &revision.content }], false).await?;
        Ok(touch(&self.tx, found.entry.id, true).await?)
    }

    /// Takes back what is live of one language, and leaves readers what they shall get instead.
    pub(super) async fn take_back(
        &mut self,
        found: &InWork,
        live: &Edition,
        ending: &Ending,
        at: Timestamp,
    ) -> Written<()> {
        let key = VersionKey { entry: live.entry, locale: live.locale };
        let made_from = self.tx.revision(key, live.revision).await?;
        let made_from = made_from.ok_or_else(|| crate::error::corrupt("a live edition without its revision"))?;
        if let Ending::Notice(notice) = ending {
            let live = live.clone().withdraw(at, notice.clone());
            let put = Put { edition: &live, content: &made_from.content };
            publish::put_editions(&mut self.tx, &[put], false).await?;
        } else {
            publish::remove_editions(&mut self.tx, &[(live.entry, live.locale)]).await?;
            let path = path(&made_from).unwrap_or_default();
            match ending {
                Ending::Redirect(target) => redirect::put_in_tx(&mut self.tx, &path, Some(target)).await?,
                Ending::Gone => redirect::put_in_tx(&mut self.tx, &path, None).await?,
                // What it was called before led here, and would tell that it was.
                Ending::Vanish => redirect::remove_to_in_tx(&mut self.tx, &path).await?,
                Ending::Notice(_) => {}
            }
        }
        Ok(touch(&self.tx, found.entry.id, false).await?)
    }
}

fn path(revision: &Revision) -> Option<String> {
    let content: &Content = &revision.content;
    Some(address::entry_path(revision.locale, content.kind(), content.slug()?.as_str()))
}
