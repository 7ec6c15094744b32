//! Tags, as the newsroom keeps them.

use async_graphql::{Context, ID, Object};
use courant_domain::{id::TagId, tag as domain};

use super::{
    text::{LocalizedText, texts},
    visibility,
};
use crate::{
    error::Error,
    schema::{context::request, scalar::Locale, tag::Tag},
};

/// A tag with its names in all languages.
pub(crate) struct EditorialTag(pub(crate) TagId);

impl EditorialTag {
    /// The tag with this id, if there is one and the viewer is told of it.
    pub(crate) fn find(ctx: &Context<'_>, id: TagId) -> Option<Self> {
        let known = request(ctx).reference().tag(id)?;
        visibility::knows_tag(ctx, known.id).then_some(Self(known.id))
    }

    fn known<'a>(&self, ctx: &Context<'a>) -> Result<&'a domain::Tag, Error> {
        request(ctx).reference().tag(self.0).ok_or_else(|| Error::missing("a tag"))
    }
}

/// A tag with its names in all languages.
#[Object]
impl EditorialTag {
    /// Its id, the same in all languages: what mutations and `node` take.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.to_string())
    }

    /// Its name in addresses, unique among tags.
    async fn slug(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(self.known(ctx)?.slug.to_string())
    }

    /// Its name in words, in each language that has one.
    async fn names(&self, ctx: &Context<'_>) -> Result<Vec<LocalizedText>, Error> {
        Ok(texts(&self.known(ctx)?.name))
    }

    /// The tag as readers of a locale see it; null while nothing live has it.
    async fn reader_tag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<Tag, Error>> {
        match request(ctx).locale(locale.map(|locale| locale.0)) {
            Ok(locale) => request(ctx).known().live_tag(self.0).map(|found| Ok(Tag { id: found.id, locale })),
            Err(error) => Some(Err(error)),
        }
    }
}
