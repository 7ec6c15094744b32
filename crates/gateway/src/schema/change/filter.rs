//! Which changes a list of them holds.

use async_graphql::{Context, InputObject};
use courant_domain::{change::Subject, id::FeedId, slug::Slug};
use courant_persistence as store;
use uuid::Uuid;

use super::ChangeSubject;
use crate::{
    error::{Error, ErrorCode},
    schema::{
        context::request,
        filter::{Names, values},
        newsroom::EntryKind,
        scalar::Locale,
    },
};

/// Which changes are told. What is not given does not matter; what is given must all be true. Changes of the site are told whatever else
/// is asked for, unless `subjects` leaves them out.
///
/// Categories, tags and feeds are meant as they are now, and what is no longer called so by a change is told of once more. What a change from before this was written down was filed under is not known:
/// such changes are told too often rather than too seldom.
#[derive(InputObject, Default)]
pub(crate) struct ChangeFilter {
    /// Of one of these sorts of things.
    pub(in crate::schema) subjects: Option<Vec<ChangeSubject>>,
    /// Of articles or decrees, and of nothing else.
    pub(in crate::schema) kinds: Option<Vec<EntryKind>>,
    /// Of what readers of this locale get, or got before the change, be it in a language that they fall back to.
    pub(in crate::schema) locale: Option<Locale>,
    /// Of articles and decrees that are filed in one of these categories, or were before the change; and of these categories. They are
    /// given by path: `politics/parliament`.
    pub(in crate::schema) categories: Option<Vec<String>>,
    /// Whether what is below those categories counts, too.
    #[graphql(default = true)]
    pub(in crate::schema) include_descendants: bool,
    /// Of articles and decrees that have at least one of these tags, or had before the change; and of these tags. They are given by slug.
    pub(in crate::schema) tags: Option<Vec<String>>,
    /// Of articles and decrees that are in this feed, or were before the change; and of the feed. It is given by slug.
    pub(in crate::schema) feed: Option<String>,
}

impl ChangeFilter {
    /// Sees that what it names is there, for whoever would wait in vain otherwise.
    pub(in crate::schema) fn names_what_is_there(&self, ctx: &Context<'_>) -> Result<(), Error> {
        let known = request(ctx).known();
        let slug = |name: &str| Slug::parse(name).ok();
        let category = |path: &&String| known.categories().by_path(path).is_none();
        let feed = |name: &&String| slug(name).and_then(|slug| known.feed_by_slug(&slug)).is_none();
        let tag = |name: &&String| slug(name).and_then(|slug| known.live_tag_by_slug(&slug)).is_none();
        let categories = self.categories.iter().flatten().filter(category).map(|name| ("category", name));
        let feeds = self.feed.iter().filter(feed).map(|name| ("feed", name));
        let tags = self.tags.iter().flatten().filter(tag).map(|name| ("tag", name));
        match categories.chain(feeds).chain(tags).next() {
            Some((what, name)) => Err(Error::new(ErrorCode::BadUserInput, format!("there is no {what} {name:?}"))),
            None => Ok(()),
        }
    }

    /// The filter in the store's terms, with ids in the place of names.
    pub(crate) fn resolve(self, ctx: &Context<'_>) -> Result<store::ChangeFilter, Error> {
        let context = request(ctx);
        let locale = self.locale.map(|locale| context.locale(Some(locale.0))).transpose()?;
        // A feed that is not there stands for the nil id: nothing is in it.
        let names = |subject, names: &Option<Vec<String>>| {
            names.iter().flatten().map(move |name| (subject, name.clone())).collect::<Vec<_>>()
        };
        let named = [
            names(Subject::Category, &self.categories),
            names(Subject::Tag, &self.tags),
            names(Subject::Feed, &self.feed.clone().map(|feed| vec![feed])),
        ]
        .concat();
        let names = Names { ctx };
        let feed = self.feed.map(|slug| {
            let feed = Slug::parse(&slug).ok().and_then(|slug| context.known().feed_by_slug(&slug));
            feed.map_or(FeedId::from(Uuid::nil()), |feed| feed.id)
        });
        Ok(store::ChangeFilter {
            subjects: values("subjects", self.subjects)?.into_iter().map(Into::into).collect(),
            kinds: values("kinds", self.kinds)?.into_iter().map(Into::into).collect(),
            locale,
            categories: names.categories(self.categories)?,
            include_descendants: self.include_descendants,
            tags: names.tags("tags", self.tags)?,
            feed,
            names: named,
        })
    }
}
