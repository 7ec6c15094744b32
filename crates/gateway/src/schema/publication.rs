//! What articles and decrees have in common.

#![expect(clippy::duplicated_attributes, reason = "fields of an interface have types in common")]

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
    task,
};

use async_graphql::{Context, ID, Interface, ScalarType, SimpleObject, Value};
use courant_domain::{
    address,
    entry::EntryKind,
    id::CategoryId,
    locale::Locale as Tag,
    publication::{self, Details, History, Parts},
};
use courant_persistence::ListRequest;

use super::{
    article::Article,
    category::{Category, Crumb},
    context::request,
    decree::Decree,
    id::{NodeId, NodeKind},
    in_place::{InPlace, Many, One, Place, Plans, Step},
    parts,
    scalar::{DateTime, Locale},
    tag::Tag as TagObject,
};
use crate::{
    error::{Error, ErrorCode},
    loader::{EditionOf, ListOf, TranslationsOf},
};

/// Something a reader can open, in one language: an article or a decree. Everything below it is in its language, too.
#[derive(Interface, Clone)]
#[graphql(
    field(
        name = "id",
        ty = "ID",
        desc = "Its global id. It names the language, too: another language of the same entry is another object."
    ),
    field(name = "entry_id", ty = "ID", desc = "The entry it is one language of; the same in all languages."),
    field(
        name = "locale",
        ty = "Locale",
        desc = "The language it is in. Where that is a fallback, this is the real one."
    ),
    field(name = "slug", ty = "String", desc = "Its name in addresses, unique among those of its type and language."),
    field(name = "path", ty = "String", desc = "Its path on the site."),
    field(name = "title", ty = "String", desc = "The headline, or a decree's official title."),
    field(name = "summary", ty = "Option<Result<String, Error>>", desc = "The standfirst: one or two sentences."),
    field(name = "published_at", ty = "DateTime", desc = "The date it carries, and is sorted by."),
    field(name = "first_published_at", ty = "DateTime", desc = "When it went live for the first time."),
    field(name = "updated_at", ty = "DateTime", desc = "When what readers see last changed."),
    field(name = "category", ty = "One<Category>", desc = "Where it is filed."),
    field(
        name = "breadcrumbs",
        ty = "Many<Crumb>",
        desc = "The way to it: the front page, then the categories from the top."
    ),
    field(name = "tags", ty = "Many<TagObject>", desc = "Its subjects, the most important first."),
    field(name = "view_count", ty = "i32", desc = "How often the entry was read, in all its languages."),
    field(
        name = "translations",
        ty = "Many<Publication>",
        desc = "The same entry in the other languages it is live in."
    ),
    field(
        name = "related",
        ty = "Many<Publication>",
        arg(name = "first", ty = "i32", default = 5, desc = "How many at the most; up to 100."),
        desc = "What its editors chose to go with it, then what else is filed in its category or shares a tag, newest first."
    ),
    field(
        name = "change_notes",
        ty = "Vec<ChangeNote>",
        desc = "What was changed since it was first published, oldest first."
    ),
    field(
        name = "withdrawal",
        ty = "Option<Result<Withdrawal, Error>>",
        desc = "Set when it was taken back but can still be read."
    )
)]
pub(crate) enum Publication {
    /// An article.
    Article(Article),
    /// A decree.
    Decree(Decree),
}

impl Publication {
    /// The object for an edition.
    pub(super) fn of(edition: Arc<publication::Publication>) -> Self {
        match edition.kind {
            EntryKind::Article => Self::Article(Article(edition)),
            EntryKind::Decree => Self::Decree(Decree(edition)),
        }
    }
}

impl InPlace for Publication {
    fn begin<'a>(&'a self, place: Place<'a>, plans: &mut Plans<'a>, task: &mut task::Context<'_>) -> Step<'a> {
        match self {
            Self::Article(article) => article.begin(place, plans, task),
            Self::Decree(decree) => decree.begin(place, plans, task),
        }
    }
}

/// A public note on a change.
#[derive(SimpleObject)]
pub(crate) struct ChangeNote {
    /// When the change went live.
    at: DateTime,
    /// What changed.
    note: String,
}

impl From<courant_domain::edition::ChangeNote> for ChangeNote {
    fn from(note: courant_domain::edition::ChangeNote) -> Self {
        Self { at: DateTime(note.at), note: note.note }
    }
}

/// Why something was taken back.
#[derive(SimpleObject)]
pub(crate) struct Withdrawal {
    /// Since when.
    at: DateTime,
    /// What readers are told, in words alone.
    notice: String,
    /// What readers are told, as sanitised HTML, safe to put into a page.
    html: String,
}

impl From<&courant_domain::edition::Withdrawal> for Withdrawal {
    fn from(withdrawal: &courant_domain::edition::Withdrawal) -> Self {
        let text = withdrawal.text();
        Self { at: DateTime(withdrawal.at), notice: text.text().to_owned(), html: text.html().to_owned() }
    }
}

/// An edition that has at least these parts: the one at hand, or, when the look-ahead did not foresee them,
/// loaded now.
pub(super) async fn with(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
    parts: Parts,
) -> Result<Arc<publication::Publication>, Error> {
    if edition.parts.contains(parts) {
        return Ok(edition.clone());
    }
    let key = EditionOf { entry: edition.entry, locale: edition.locale, parts };
    let found = request(ctx).loaders.load_one(key).await?;
    // Taken back since the page was read: the reader gets what the page already shows.
    Ok(found.unwrap_or_else(|| edition.clone()))
}

/// What every list of editions shows, if the page has brought it. What has no value here has its resolver.
pub(super) fn at_hand(edition: &publication::Publication, field: &str) -> Option<Value> {
    Some(match field {
        "title" => Value::String(edition.title.clone()?),
        "slug" => Value::String(edition.slug.clone()?),
        "path" => Value::String(address::entry_path(edition.locale, edition.kind, edition.slug.as_deref()?)),
        "publishedAt" => DateTime(edition.published_at?).to_value(),
        _ => return None,
    })
}

/// What a client is told of a part that cannot be had any more.
pub(super) fn taken_back() -> Error {
    Error::new(ErrorCode::Internal, "internal error")
}

/// A text that every edition has; borrowed from the edition at hand where that has it.
async fn text<'a>(
    ctx: &Context<'_>,
    edition: &'a Arc<publication::Publication>,
    part: Parts,
    of: impl Fn(&publication::Publication) -> &Option<String>,
) -> Result<Cow<'a, str>, Error> {
    if let Some(text) = of(edition) {
        return Ok(Cow::Borrowed(text));
    }
    of(&*with(ctx, edition, part).await?).clone().map(Cow::Owned).ok_or_else(taken_back)
}

pub(super) async fn title<'a>(
    ctx: &Context<'_>,
    edition: &'a Arc<publication::Publication>,
) -> Result<Cow<'a, str>, Error> {
    text(ctx, edition, Parts::TITLE, |edition| &edition.title).await
}

pub(super) async fn slug<'a>(
    ctx: &Context<'_>,
    edition: &'a Arc<publication::Publication>,
) -> Result<Cow<'a, str>, Error> {
    text(ctx, edition, Parts::SLUG, |edition| &edition.slug).await
}

pub(super) async fn path(ctx: &Context<'_>, edition: &Arc<publication::Publication>) -> Result<String, Error> {
    Ok(address::entry_path(edition.locale, edition.kind, &slug(ctx, edition).await?))
}

pub(super) async fn published_at(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<DateTime, Error> {
    with(ctx, edition, Parts::PUBLISHED_AT).await?.published_at.map(DateTime).ok_or_else(taken_back)
}

pub(super) async fn category_id(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<CategoryId, Error> {
    with(ctx, edition, Parts::CATEGORY).await?.category.ok_or_else(taken_back)
}

pub(super) async fn category(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<One<Category>, Error> {
    let id = category_id(ctx, edition).await?;
    request(ctx).named(request(ctx).reference().categories.get(id));
    Ok(One(Category { id, locale: edition.locale }))
}

pub(super) async fn breadcrumbs(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<Many<Crumb>, Error> {
    let category = category_id(ctx, edition).await?;
    let mut crumbs = vec![Crumb::home(ctx, edition.locale)];
    let tree = &request(ctx).reference().categories;
    crumbs.extend(tree.ancestors(category).map(|above| Crumb::category(ctx, above, edition.locale)));
    crumbs.extend(request(ctx).named(tree.get(category)).map(|own| Crumb::category(ctx, own, edition.locale)));
    Ok(Many(crumbs))
}

/// An edition whose details are at hand.
pub(super) struct WithDetails(Arc<publication::Publication>);

impl std::ops::Deref for WithDetails {
    type Target = Details;

    fn deref(&self) -> &Details {
        static NONE: LazyLock<Details> = LazyLock::new(Details::default);
        self.0.details.as_deref().unwrap_or(&NONE)
    }
}

pub(super) async fn details(ctx: &Context<'_>, edition: &Arc<publication::Publication>) -> Result<WithDetails, Error> {
    with(ctx, edition, Parts::DETAILS).await.map(WithDetails)
}

pub(super) fn id(edition: &publication::Publication) -> ID {
    let kind = match edition.kind {
        EntryKind::Article => NodeKind::Article,
        EntryKind::Decree => NodeKind::Decree,
    };
    let id = NodeId { kind, id: edition.entry.uuid(), locale: edition.locale }.encode();
    match edition.preview {
        // Another object than the live one, for a client that keeps objects by their ids; no field finds it.
        Some(revision) => ID(format!("{}.{revision}", id.as_str())),
        None => id,
    }
}

pub(super) async fn summary(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<Option<String>, Error> {
    Ok(with(ctx, edition, Parts::SUMMARY).await?.summary.clone())
}

pub(super) async fn history(ctx: &Context<'_>, edition: &Arc<publication::Publication>) -> Result<History, Error> {
    with(ctx, edition, Parts::HISTORY).await?.history.ok_or_else(taken_back)
}

pub(super) async fn view_count(ctx: &Context<'_>, edition: &Arc<publication::Publication>) -> Result<i32, Error> {
    // GraphQL's Int has 32 bits.
    Ok(i32::try_from(with(ctx, edition, Parts::VIEWS).await?.views.unwrap_or(0)).unwrap_or(i32::MAX))
}

pub(super) async fn tags(ctx: &Context<'_>, edition: &Arc<publication::Publication>) -> Result<Many<TagObject>, Error> {
    let details = details(ctx, edition).await?;
    let known = |id: &_| request(ctx).named(request(ctx).reference().tag(*id)).is_some();
    Ok(details.tags.iter().copied().filter(known).map(|id| TagObject { id, locale: edition.locale }).collect())
}

pub(super) async fn translations(
    ctx: &Context<'_>,
    edition: &publication::Publication,
) -> Result<Many<Publication>, Error> {
    let key = TranslationsOf { entry: edition.entry, parts: parts::below(ctx) };
    let editions = request(ctx).loaders.load_one(key).await?.unwrap_or_default();
    Ok(editions.into_iter().filter(|other| other.locale != edition.locale).map(Publication::of).collect())
}

pub(super) async fn change_notes(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<Vec<ChangeNote>, Error> {
    let details = details(ctx, edition).await?;
    let notes = details.change_notes.iter();
    Ok(notes.cloned().map(ChangeNote::from).collect())
}

pub(super) async fn withdrawal(
    ctx: &Context<'_>,
    edition: &Arc<publication::Publication>,
) -> Result<Option<Withdrawal>, Error> {
    Ok(details(ctx, edition).await?.withdrawal.as_ref().map(Withdrawal::from))
}

/// The first page of a list, for fields that are plain lists.
pub(super) async fn top(ctx: &Context<'_>, wanted: ListRequest) -> Result<Vec<Arc<publication::Publication>>, Error> {
    let key = ListOf::new(Arc::new(wanted), parts::below(ctx));
    let page = request(ctx).loaders.load_one(key).await?.unwrap_or_default();
    Ok(page.items.iter().map(|(_, edition)| edition.clone()).collect())
}

/// The size of a list that a client asks for.
pub(super) fn list_size(first: i32) -> Result<u32, Error> {
    match u32::try_from(first) {
        Ok(size) if size <= super::connection::MAX_PAGE => Ok(size),
        Ok(size) => Err(Error::new(
            ErrorCode::PageTooLarge,
            format!("first is {size}; at most {} can be had at once", super::connection::MAX_PAGE),
        )),
        Err(_) => Err(Error::new(ErrorCode::BadUserInput, "first cannot be negative")),
    }
}

/// The tag of the language an object is in.
pub(super) const fn locale(tag: Tag) -> Locale {
    Locale(tag)
}

/// The fields of [`Publication`] on an object that wraps an edition, and the object's own behind them.
macro_rules! publication_object {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub(crate) struct $name(pub(crate) std::sync::Arc<courant_domain::publication::Publication>);

        impl $crate::schema::in_place::InPlace for $name {
            fn at_hand(&self, field: &str) -> Option<async_graphql::Value> {
                $crate::schema::publication::at_hand(&self.0, field)
            }
        }

        $(#[$doc])*
        #[async_graphql::Object]
        impl $name {
            /// Its global id. It names the language, too: another language of the same entry is another object.
            pub(crate) async fn id(&self) -> async_graphql::ID {
                $crate::schema::publication::id(&self.0)
            }

            /// The entry it is one language of; the same in all languages.
            pub(crate) async fn entry_id(&self) -> async_graphql::ID {
                async_graphql::ID(self.0.entry.to_string())
            }

            /// The language it is in. Where that is a fallback, this is the real one.
            pub(crate) async fn locale(&self) -> $crate::schema::scalar::Locale {
                $crate::schema::publication::locale(self.0.locale)
            }

            /// Its name in addresses, unique among those of its type and language.
            pub(crate) async fn slug(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<std::borrow::Cow<'_, str>, $crate::error::Error> {
                $crate::schema::publication::slug(ctx, &self.0).await
            }

            /// Its path on the site.
            pub(crate) async fn path(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<String, $crate::error::Error> {
                $crate::schema::publication::path(ctx, &self.0).await
            }

            /// The headline, or a decree's official title.
            pub(crate) async fn title(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<std::borrow::Cow<'_, str>, $crate::error::Error> {
                $crate::schema::publication::title(ctx, &self.0).await
            }

            /// The standfirst: one or two sentences.
            pub(crate) async fn summary(&self, ctx: &async_graphql::Context<'_>) -> Option<Result<String, $crate::error::Error>> {
                $crate::schema::publication::summary(ctx, &self.0).await.transpose()
            }

            /// The date it carries, and is sorted by.
            pub(crate) async fn published_at(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::schema::scalar::DateTime, $crate::error::Error> {
                $crate::schema::publication::published_at(ctx, &self.0).await
            }

            /// When it went live for the first time.
            pub(crate) async fn first_published_at(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::schema::scalar::DateTime, $crate::error::Error> {
                let history = $crate::schema::publication::history(ctx, &self.0).await?;
                Ok($crate::schema::scalar::DateTime(history.first_published_at))
            }

            /// When what readers see last changed.
            pub(crate) async fn updated_at(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::schema::scalar::DateTime, $crate::error::Error> {
                let history = $crate::schema::publication::history(ctx, &self.0).await?;
                Ok($crate::schema::scalar::DateTime(history.updated_at))
            }

            /// Where it is filed.
            pub(crate) async fn category(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::schema::in_place::One<$crate::schema::category::Category>, $crate::error::Error> {
                $crate::schema::publication::category(ctx, &self.0).await
            }

            /// The way to it: the front page, then the categories from the top.
            pub(crate) async fn breadcrumbs(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::schema::in_place::Many<$crate::schema::category::Crumb>, $crate::error::Error> {
                $crate::schema::publication::breadcrumbs(ctx, &self.0).await
            }

            /// Its subjects, the most important first.
            pub(crate) async fn tags(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::schema::in_place::Many<$crate::schema::tag::Tag>, $crate::error::Error> {
                $crate::schema::publication::tags(ctx, &self.0).await
            }

            /// How often the entry was read, in all its languages.
            pub(crate) async fn view_count(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<i32, $crate::error::Error> {
                $crate::schema::publication::view_count(ctx, &self.0).await
            }

            /// The same entry in the other languages it is live in.
            pub(crate) async fn translations(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<$crate::schema::in_place::Many<$crate::schema::publication::Publication>, $crate::error::Error> {
                $crate::schema::publication::translations(ctx, &self.0).await
            }

            /// What its editors chose to go with it, then what else is filed in its category or shares a tag, newest first.
            pub(crate) async fn related(
                &self,
                ctx: &async_graphql::Context<'_>,
                #[graphql(default = 5, desc = "How many at the most; up to 100.")] first: i32,
            ) -> Result<$crate::schema::in_place::Many<$crate::schema::publication::Publication>, $crate::error::Error> {
                $crate::schema::related::related(ctx, &self.0, first).await
            }

            /// What was changed since it was first published, oldest first.
            pub(crate) async fn change_notes(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<Vec<$crate::schema::publication::ChangeNote>, $crate::error::Error> {
                $crate::schema::publication::change_notes(ctx, &self.0).await
            }

            /// Set when it was taken back but can still be read.
            pub(crate) async fn withdrawal(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Option<Result<$crate::schema::publication::Withdrawal, $crate::error::Error>> {
                $crate::schema::publication::withdrawal(ctx, &self.0).await.transpose()
            }

            $($own)*
        }
    };
}

pub(super) use publication_object;
