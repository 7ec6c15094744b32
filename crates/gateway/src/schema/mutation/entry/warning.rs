//! What did not stand in the way of a change, and may be wrong.

use async_graphql::{Context, Enum, SimpleObject};
use courant_domain::{
    address::{self, Address, Place},
    content::Content,
    rich_text::RichText,
};
use courant_persistence::{RevisionParts, VersionKey, publication::Parts};

use crate::{
    error::Error,
    loader::{RedirectOf, RevisionOf, SlugOf, StandingsOf},
    schema::context::request,
};

/// How many links of a text are looked at.
const MOST: usize = 200;

/// What may be wrong.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum WarningCode {
    /// A link in the text leads to an address of the site where nothing is.
    DeadLink,
}

/// Something that did not stand in the way of a change, and may be wrong.
#[derive(SimpleObject)]
pub(crate) struct Warning {
    /// What may be wrong.
    code: WarningCode,
    /// Where in the content, from the outside in.
    field: Vec<String>,
    /// In words, for people.
    message: String,
    /// The link's target, as it stands in the text.
    target: String,
}

/// What may be wrong with the newest revision of a language.
pub(super) async fn warnings(ctx: &Context<'_>, key: VersionKey) -> Result<Vec<Warning>, Error> {
    let newsroom = &request(ctx).newsroom;
    let standings = newsroom.load_one(StandingsOf(key.entry)).await?.unwrap_or_default();
    let Some(number) = standings.iter().find(|it| it.locale == key.locale).map(|it| it.standing.newest) else {
        return Ok(Vec::new());
    };
    let parts = RevisionParts { title: false, content: true };
    let row = newsroom.load_one(RevisionOf { entry: key.entry, locale: key.locale, number, parts }).await?;
    let links = row.as_ref().and_then(|row| row.content.as_ref()).and_then(Content::body).map(RichText::links);
    let links: Vec<String> = links.unwrap_or_default().into_iter().take(MOST).collect();
    let dead = futures_util::future::try_join_all(links.iter().map(|target| is_dead(ctx, target))).await?;
    let of = |target: String| {
        let message = format!("nothing is at {target}");
        let field = vec!["content".to_owned(), "body".to_owned()];
        Warning { code: WarningCode::DeadLink, field, message, target }
    };
    Ok(links.into_iter().zip(dead).filter(|(_, dead)| *dead).map(|(target, _)| of(target)).collect())
}

/// Whether a link leads to an address of the site where nothing is, nor anything leads on from there.
async fn is_dead(ctx: &Context<'_>, target: &str) -> Result<bool, Error> {
    let context = request(ctx);
    let Some(Address { locale, place }) = Address::parse(target) else { return Ok(false) };
    let reference = context.reference();
    let is_there = match place {
        Place::Entry(kind, slug) => {
            let key = SlugOf { kind, locale, slug: slug.to_string(), parts: Parts::NONE };
            reference.site.has(locale) && context.live.load_one(key).await?.is_some()
        }
        place => reference.shows(locale, &place),
    };
    if is_there {
        return Ok(false);
    }
    let path = address::normalise(target).map(address::decoded).unwrap_or_default().into_owned();
    let led = context.live.load_one(RedirectOf(path)).await?;
    Ok(led.is_none_or(|rule| rule.target.is_none()))
}
