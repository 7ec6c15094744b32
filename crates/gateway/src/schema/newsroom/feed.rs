//! Feeds, as the newsroom keeps them.

use async_graphql::{Context, ID, Object};
use courant_domain::{
    access::Permission,
    feed as domain,
    id::{EntryId, FeedId},
};
use courant_persistence::publication::Parts;
use futures_util::future::try_join_all;

use super::{
    EditorialCategory, EditorialEntry, EditorialTag,
    text::{LocalizedText, texts},
    words::EntryKind,
};
use crate::{
    error::Error,
    loader::TranslationsOf,
    schema::{
        context::request,
        feed::{Feed, FeedOrder},
        scalar::Locale,
    },
};

/// A feed with its definition, and its texts in all languages.
pub(crate) struct EditorialFeed(pub(crate) FeedId);

impl EditorialFeed {
    /// The feed with this id, if there is one.
    pub(crate) fn find(ctx: &Context<'_>, id: FeedId) -> Option<Self> {
        request(ctx).reference().feed(id).map(|feed| Self(feed.id))
    }

    fn known<'a>(&self, ctx: &Context<'a>) -> Result<&'a domain::Feed, Error> {
        request(ctx).reference().feed(self.0).ok_or_else(|| Error::missing("a feed"))
    }
}

/// A feed with its definition, and its texts in all languages.
#[Object]
impl EditorialFeed {
    /// Its id, the same in all languages: what mutations and `node` take.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.to_string())
    }

    /// Its name in addresses, unique among feeds.
    async fn slug(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(self.known(ctx)?.slug.to_string())
    }

    /// Its name in words, in each language that has one.
    async fn titles(&self, ctx: &Context<'_>) -> Result<Vec<LocalizedText>, Error> {
        Ok(texts(&self.known(ctx)?.title))
    }

    /// What it carries, in each language that says so.
    async fn descriptions(&self, ctx: &Context<'_>) -> Result<Vec<LocalizedText>, Error> {
        Ok(texts(&self.known(ctx)?.description))
    }

    /// The kinds of entries in it; none means all.
    async fn kinds(&self, ctx: &Context<'_>) -> Result<Vec<EntryKind>, Error> {
        Ok(self.known(ctx)?.kinds.iter().copied().map(Into::into).collect())
    }

    /// The categories it draws from; none means all.
    async fn categories(&self, ctx: &Context<'_>) -> Result<Vec<EditorialCategory>, Error> {
        Ok(self.known(ctx)?.categories.iter().filter_map(|id| EditorialCategory::find(ctx, *id)).collect())
    }

    /// Whether what is filed below those categories belongs to it, too.
    async fn include_descendants(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(self.known(ctx)?.include_descendants)
    }

    /// The tags it draws from, any of them; none means all. Viewers without the permission `CREATE_ENTRY` anywhere are told of those
    /// alone that readers see.
    #[graphql(name = "fromTags")]
    async fn tags(&self, ctx: &Context<'_>) -> Result<Vec<EditorialTag>, Error> {
        Ok(self.known(ctx)?.tags.iter().filter_map(|id| EditorialTag::find(ctx, *id)).collect())
    }

    /// The order of the items that follow the pinned ones.
    async fn order(&self, ctx: &Context<'_>) -> Result<FeedOrder, Error> {
        Ok(self.known(ctx)?.order.into())
    }

    /// What is pinned on top, in its order; what of it is not live is not shown to readers, and here only to those
    /// who may read its drafts or pin entries to this feed.
    async fn pins(&self, ctx: &Context<'_>) -> Result<Vec<EditorialPin>, Error> {
        let feed = self.known(ctx)?;
        let tree = &request(ctx).reference().categories;
        let keeps = request(ctx).viewer()?.may_in_all(Permission::PinEntries, &feed.categories, tree);
        let seen = feed.pinned.iter().map(async |id| {
            let seen = keeps || is_live(ctx, *id).await? || EditorialEntry::find(ctx, *id).await?.is_some();
            Ok(seen.then_some(EditorialPin(*id)))
        });
        Ok(try_join_all(seen).await?.into_iter().flatten().collect())
    }

    /// The feed as readers of a locale see it; null only with an error, in a locale that the site has not.
    async fn reader_feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<Feed, Error>> {
        let locale = request(ctx).locale(locale.map(|locale| locale.0));
        Some(locale.map(|locale| Feed { id: self.0, locale }))
    }
}

async fn is_live(ctx: &Context<'_>, entry: EntryId) -> Result<bool, Error> {
    let live = request(ctx).live.load_one(TranslationsOf { entry, parts: Parts::NONE }).await?;
    Ok(live.is_some_and(|live| !live.is_empty()))
}

/// An entry on top of a feed.
pub(crate) struct EditorialPin(EntryId);

/// An entry on top of a feed.
#[Object]
impl EditorialPin {
    /// The entry's id, the same in all languages.
    async fn entry_id(&self) -> ID {
        ID(self.0.to_string())
    }

    /// The entry; null when the viewer may not read its drafts.
    async fn entry(&self, ctx: &Context<'_>) -> Option<Result<EditorialEntry, Error>> {
        EditorialEntry::find(ctx, self.0).await.transpose()
    }
}
