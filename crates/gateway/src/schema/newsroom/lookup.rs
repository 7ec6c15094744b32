//! What is found by a few words, to link to it or to name it.

use async_graphql::{Context, Enum, ID, Object};
use courant_domain::{access::Permission, lookup as domain};
use courant_persistence::{LookupRequest, LookupRow};

use crate::{
    error::{Error, ErrorCode},
    loader::EditionOf,
    schema::{
        context::request,
        projection,
        publication::Publication,
        scalar::{DateTime, Locale},
    },
};

/// The most that is found at once.
const MOST: u32 = 50;

/// The most characters of what is looked up: a URL.
const MAX_TEXT: usize = 2_000;

/// What can be looked up.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::LookupKind")]
pub(crate) enum LookupKind {
    /// A live article.
    Article,
    /// A live decree.
    Decree,
    /// A category.
    Category,
    /// A tag.
    Tag,
    /// A person.
    Person,
    /// A feed.
    Feed,
}

/// By what something was found; what is named first comes first.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "domain::LookupMatch")]
pub(crate) enum LookupMatch {
    /// The text is its path, or a URL with it.
    Path,
    /// The text is its number.
    Number,
    /// The text is its slug, of a category its path.
    Slug,
    /// The text is its title or name.
    Title,
    /// Its title or name begins with the text.
    TitleBegins,
    /// A word of its title or name begins with the text.
    WordBegins,
    /// Its title or name contains the text.
    TitleContains,
    /// It is by, or signed by, a person whose name contains the text.
    Person,
}

/// Something that was found, in one language.
pub(crate) struct LookupHit(LookupRow);

/// Something that was found, in one language.
#[Object]
impl LookupHit {
    /// What it is.
    async fn kind(&self) -> LookupKind {
        self.0.kind.into()
    }

    /// Its id, which mutations take; of an article or decree the entry's.
    async fn target_id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The language it was found in.
    async fn locale(&self) -> Locale {
        Locale(self.0.locale)
    }

    /// Its title or name in that language.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Where readers find it; null for what has no page, and for tags and persons that nothing live names.
    async fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The number of a decree.
    async fn number(&self) -> Option<&str> {
        self.0.number.as_deref()
    }

    /// The date it carries; null for all but articles and decrees.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.published_at.map(DateTime)
    }

    /// By what it was found.
    async fn matched(&self) -> LookupMatch {
        self.0.matched.into()
    }

    /// The article or decree as readers get it; null for all else.
    async fn publication(&self, ctx: &Context<'_>) -> Option<Result<Publication, Error>> {
        if !matches!(self.0.kind, domain::LookupKind::Article | domain::LookupKind::Decree) {
            return None;
        }
        let key = EditionOf { entry: self.0.id.into(), locale: self.0.locale, parts: projection::below(ctx) };
        request(ctx).live.load_one(key).await.map(|found| found.map(Publication::of)).transpose()
    }
}

/// Looks a text up for somebody who writes.
pub(super) async fn lookup(
    ctx: &Context<'_>,
    text: String,
    kinds: Option<Vec<LookupKind>>,
    locale: Option<Locale>,
    first: i32,
) -> Result<Vec<LookupHit>, Error> {
    let context = request(ctx);
    if !context.viewer()?.may_somewhere(Permission::CreateEntry) {
        let permission = Permission::CreateEntry.as_str();
        return Err(Error::new(ErrorCode::Forbidden, format!("this needs the permission {permission}")));
    }
    if text.chars().count() > MAX_TEXT {
        return Err(Error::new(ErrorCode::BadUserInput, format!("text has more than {MAX_TEXT} characters")));
    }
    let size = u32::try_from(first).map_err(|_| Error::new(ErrorCode::BadUserInput, "first is not negative"))?;
    if size > MOST {
        return Err(Error::new(ErrorCode::PageTooLarge, format!("at most {MOST} can be had at once")));
    }
    let kinds = match super::filter::values("kinds", kinds)? {
        all if all.is_empty() => domain::LookupKind::ALL.to_vec(),
        kinds => kinds,
    };
    let locale = locale.map(|locale| context.locale(Some(locale.0))).transpose()?;
    let wanted = LookupRequest { text, kinds, locale, size };
    let found = context.store.newsroom().lookup(&wanted).await.map_err(|error| Error::of_store(&error))?;
    Ok(found.into_iter().map(LookupHit).collect())
}
