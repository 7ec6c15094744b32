//! What did not stand in the way of a change, and may be wrong.

use async_graphql::{Context, Enum, SimpleObject};
use courant_domain::{
    address::{self, Address, Place},
    canonical::link_here,
    locale::Locale,
    redirect::Redirect,
    reserved,
    rich_text::RichText,
    slug::Slug,
};
use courant_persistence::{RevisionParts, VersionKey, publication::Parts};

use crate::{
    error::Error,
    loader::{RedirectOf, RevisionOf, SlugOf, StandingsOf},
    schema::context::{RequestContext, request},
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
    let Some(content) = row.as_ref().and_then(|row| row.content.as_ref()) else { return Ok(Vec::new()) };
    // What has no name yet is going to be beside the others of its kind.
    let slug = content.slug().map_or("-", Slug::as_str);
    let page = address::entry_path(key.locale, content.kind(), slug);
    let links: Vec<String> = content.body().map(RichText::links).unwrap_or_default().into_iter().take(MOST).collect();
    let dead = futures_util::future::try_join_all(links.iter().map(|link| is_dead(ctx, link, &page))).await?;
    let of = |target: String| {
        let message = format!("nothing is at {target}");
        let field = vec!["content".to_owned(), "body".to_owned()];
        Warning { code: WarningCode::DeadLink, field, message, target }
    };
    Ok(links.into_iter().zip(dead).filter(|(_, dead)| *dead).map(|(target, _)| of(target)).collect())
}

/// Whether a link in the text at `page` leads to an address of the site where nothing is, nor anything leads on from there.
async fn is_dead(ctx: &Context<'_>, link: &str, page: &str) -> Result<bool, Error> {
    let context = request(ctx);
    let reference = context.reference();
    let Some(asked) = link_here(link, page, reference.site.address.as_deref()) else { return Ok(false) };
    // A query that means nothing is passed over, and it may be in any spelling.
    let path = asked.split('?').next().unwrap_or_default();
    let Some(path) = address::normalise(path) else { return Ok(address::is_of_site(path, &reference.site)) };
    let path = address::decoded(path).into_owned();
    let is_there = path == page || reserved::is_served(&path, &reference.site) || is_page(context, &path).await?;
    // A front page has old addresses beneath it, which are told by their query.
    let is_numbered = address::normalise(&asked).is_some_and(|asked| asked.contains('?'));
    if is_there && !is_numbered {
        return Ok(false);
    }
    let mut addresses = address::queried(&asked);
    if !is_there {
        addresses.extend(address::leading(&path));
        addresses.push(address::page_of(&path).to_owned());
    }
    let rules = context.live.load_many(addresses.into_iter().map(RedirectOf)).await?;
    let is_led = |rule: &Redirect| rule.target.as_deref().is_some_and(|target| reference.leads_to(target));
    // Of what is in none of the site's languages, only a rule knows: files and pages of others may be there.
    Ok(!rules.values().any(is_led) && (is_numbered || !rules.is_empty() || address::is_of_site(&path, &reference.site)))
}

/// Whether readers find a page of the site at a path, or a feed of one.
async fn is_page(context: &RequestContext, path: &str) -> Result<bool, Error> {
    let reference = context.reference();
    let page = address::page_of(path);
    if page == "/" || Locale::parse(&page[1..]).is_ok_and(|locale| reference.site.has(locale)) {
        return Ok(true);
    }
    Ok(match Address::parse(page) {
        Some(Address { locale, place: Place::Entry(kind, slug) }) => {
            let key = SlugOf { kind, locale, slug: slug.to_string(), parts: Parts::NONE };
            reference.site.has(locale) && context.live.load_one(key).await?.is_some()
        }
        Some(Address { locale, place }) => reference.shows(locale, &place),
        // Front ends put what is at the top right behind the language.
        None => page[1..].split_once('/').is_some_and(|(locale, slugs)| {
            let is_locale = Locale::parse(locale).is_ok_and(|locale| reference.site.has(locale));
            is_locale && reference.categories.by_path(slugs).is_some()
        }),
    })
}
