//! Articles.

use async_graphql::{Context, Enum, SimpleObject};
use courant_domain::article as domain;

use super::{
    context::request,
    decree::Decree,
    person::Person,
    publication::{
        fields::{details, with},
        publication_object,
        table::parts_of_body,
    },
    related::for_reader,
    rich_text::RichText,
    scalar::Date,
};
use crate::error::Error;
use crate::executor::{Eager, EagerList};

publication_object! {
    /// A piece of journalism or an announcement, in one language.
    Article {
        /// What sort of article it is.
        async fn genre(&self, ctx: &Context<'_>) -> Result<Genre, Error> {
            Ok(details(ctx, &self.0).await?.genre.unwrap_or_default().into())
        }

        /// The line above the title.
        async fn kicker(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
            details(ctx, &self.0).await.map(|details| details.kicker.clone()).transpose()
        }

        /// Where it was written.
        async fn dateline(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
            details(ctx, &self.0).await.map(|details| details.dateline.clone()).transpose()
        }

        /// The text.
        async fn body(&self, ctx: &Context<'_>) -> Result<Eager<RichText>, Error> {
            let edition = with(ctx, &self.0, parts_of_body(ctx.field())).await?;
            Ok(Eager(RichText(edition)))
        }

        /// Who wrote it, in the order of the byline.
        async fn authors(&self, ctx: &Context<'_>) -> Result<EagerList<Person>, Error> {
            let details = details(ctx, &self.0).await?;
            let known = |id: &_| request(ctx).named(request(ctx).known().person(*id)).is_some();
            Ok(details.authors.iter().copied().filter(known).map(|id| Person { id, locale: self.0.locale }).collect())
        }

        /// The picture on top.
        async fn lead_image(&self, ctx: &Context<'_>) -> Option<Result<LeadImage, Error>> {
            details(ctx, &self.0).await.map(|details| details.lead_image.clone().map(LeadImage::from)).transpose()
        }

        /// Who published it first, if not this site.
        async fn source(&self, ctx: &Context<'_>) -> Option<Result<Source, Error>> {
            details(ctx, &self.0).await.map(|details| details.source.clone().map(Source::from)).transpose()
        }

        /// The address that search engines are to take for the original.
        async fn canonical_url(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
            details(ctx, &self.0).await.map(|details| details.canonical_url.clone()).transpose()
        }

        /// Under which terms it may be used again.
        async fn rights(&self, ctx: &Context<'_>) -> Option<Result<String, Error>> {
            details(ctx, &self.0).await.map(|details| details.rights.clone()).transpose()
        }

        /// When and where its words were said, of a speech, a statement or an interview.
        async fn delivery(&self, ctx: &Context<'_>) -> Option<Result<Delivery, Error>> {
            details(ctx, &self.0).await.map(|details| details.delivery.as_deref().map(Delivery::from)).transpose()
        }

        /// The decrees it reports on.
        async fn covers(&self, ctx: &Context<'_>) -> Result<EagerList<Decree>, Error> {
            let covers = details(ctx, &self.0).await?.covers.clone();
            Ok(for_reader(ctx, covers, self.0.locale).await?.into_iter().map(Decree).collect())
        }
    }
}

/// What sort of article it is; the terms follow schema.org's subtypes of `Article` where it has one.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::Genre")]
pub(crate) enum Genre {
    /// What happened.
    News,
    /// What it means.
    Analysis,
    /// A conversation.
    Interview,
    /// Words as spoken.
    Speech,
    /// A position, in writing.
    Statement,
    /// What an institution sends to the press.
    PressRelease,
    /// An author's view.
    Opinion,
    /// An account in depth, or of a body's work.
    Report,
}

/// A picture on top of an article.
#[derive(SimpleObject)]
pub(crate) struct LeadImage {
    /// Where it is.
    url: String,
    /// What it shows, for people who cannot see it.
    alt: Option<String>,
    /// The line under it.
    caption: Option<String>,
    /// Its width in pixels.
    width: Option<u32>,
    /// Its height in pixels.
    height: Option<u32>,
}

impl From<domain::LeadImage> for LeadImage {
    fn from(image: domain::LeadImage) -> Self {
        let domain::LeadImage { url, alt, caption, width, height } = image;
        Self { url, alt, caption, width, height }
    }
}

/// When and where the words of an article were said.
#[derive(SimpleObject)]
pub(crate) struct Delivery {
    /// The day.
    on: Option<Date>,
    /// The place: a hall, a parliament, a town.
    place: Option<String>,
    /// How the text stands to what was said: a transcript, the speaker's notes.
    note: Option<String>,
}

impl From<&domain::Delivery> for Delivery {
    fn from(delivery: &domain::Delivery) -> Self {
        let domain::Delivery { on, place, note } = delivery.clone();
        Self { on: on.map(Date), place, note }
    }
}

/// Who published an article first.
#[derive(SimpleObject)]
pub(crate) struct Source {
    /// The publisher's name.
    name: String,
    /// The article there.
    url: Option<String>,
}

impl From<domain::Source> for Source {
    fn from(source: domain::Source) -> Self {
        Self { name: source.name, url: source.url }
    }
}
