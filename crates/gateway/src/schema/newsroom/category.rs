//! Categories, as the newsroom keeps them.

use async_graphql::{Context, ID, Object};
use courant_domain::{category as domain, id::CategoryId};

use super::text::{LocalizedText, texts};
use crate::{
    error::Error,
    schema::{category::Category, context::request, scalar::Locale},
};

/// A category with its texts in all languages.
pub(crate) struct EditorialCategory(CategoryId);

impl EditorialCategory {
    /// The category with this id, if there is one.
    pub(crate) fn find(ctx: &Context<'_>, id: CategoryId) -> Option<Self> {
        request(ctx).reference().categories.get(id).map(Self::of)
    }

    pub(super) const fn of(category: &domain::Category) -> Self {
        Self(category.id)
    }

    fn known<'a>(&self, ctx: &Context<'a>) -> Result<&'a domain::Category, Error> {
        let known = request(ctx).reference().categories.get(self.0);
        known.ok_or_else(|| Error::missing("a category"))
    }
}

/// A category with its texts in all languages.
#[Object]
impl EditorialCategory {
    /// Its id, the same in all languages: what mutations and `node` take.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.to_string())
    }

    /// Its part of the path, unique among its siblings.
    async fn slug(&self, ctx: &Context<'_>) -> Result<String, Error> {
        Ok(self.known(ctx)?.slug.to_string())
    }

    /// The slugs from the top, `politics/parliament`, the same in all languages.
    async fn path(&self, ctx: &Context<'_>) -> String {
        request(ctx).reference().categories.path(self.0).unwrap_or_default().to_owned()
    }

    /// Its name, in each language that has one.
    async fn titles(&self, ctx: &Context<'_>) -> Result<Vec<LocalizedText>, Error> {
        Ok(texts(&self.known(ctx)?.title))
    }

    /// What is filed under it, in each language that says so.
    async fn descriptions(&self, ctx: &Context<'_>) -> Result<Vec<LocalizedText>, Error> {
        Ok(texts(&self.known(ctx)?.description))
    }

    /// Its place among its siblings, smallest first.
    async fn position(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        Ok(self.known(ctx)?.position)
    }

    /// The category above it; null at the top.
    async fn above(&self, ctx: &Context<'_>) -> Option<Self> {
        Self::find(ctx, request(ctx).reference().categories.get(self.0)?.parent?)
    }

    /// The categories directly below it, in their order.
    async fn below(&self, ctx: &Context<'_>) -> Vec<Self> {
        request(ctx).reference().categories.children(Some(self.0)).map(Self::of).collect()
    }

    /// The category as readers of a locale see it; null only with an error, in a locale that the site has not.
    async fn reader_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The reader's locale; the site's default when none is given.")] locale: Option<Locale>,
    ) -> Option<Result<Category, Error>> {
        let seen = || Ok(Category::of(self.known(ctx)?, request(ctx).locale(locale.map(|locale| locale.0))?));
        Some(seen())
    }
}
