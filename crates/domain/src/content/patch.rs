//! What a save says of a content. What it does not name stays as it is in the revision before.

use serde::Serialize;

use super::Content;
use crate::{
    article::{ArticleContent, ArticlePatch},
    decree::{DecreeContent, DecreePatch},
    entry::EntryKind,
};

/// What shall be different about an article's or a decree's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum ContentPatch {
    /// About an article's.
    Article(Box<ArticlePatch>),
    /// About a decree's.
    Decree(Box<DecreePatch>),
}

impl ContentPatch {
    /// Of which kind of entry it is.
    #[must_use]
    pub const fn kind(&self) -> EntryKind {
        match self {
            Self::Article(_) => EntryKind::Article,
            Self::Decree(_) => EntryKind::Decree,
        }
    }

    /// What somebody has changed of a content; everything, where there was none of the kind before.
    #[must_use]
    pub fn between(before: Option<Content>, after: Content) -> Self {
        match (before, after) {
            (Some(Content::Article(before)), Content::Article(after)) => {
                Self::Article(Box::new(ArticlePatch::between(before, after)))
            }
            (Some(Content::Decree(before)), Content::Decree(after)) => {
                Self::Decree(Box::new(DecreePatch::between(before, after)))
            }
            (_, after) => after.into(),
        }
    }

    /// The content that comes of it; of what is of the other kind, or not there yet, nothing stays.
    #[must_use]
    pub fn applied_to(self, before: Option<Content>) -> Content {
        match self {
            Self::Article(patch) => {
                let mut article = match before {
                    Some(Content::Article(article)) => article,
                    _ => ArticleContent::default(),
                };
                patch.apply(&mut article);
                Content::Article(article)
            }
            Self::Decree(patch) => {
                let mut decree = match before {
                    Some(Content::Decree(decree)) => decree,
                    _ => DecreeContent::default(),
                };
                patch.apply(&mut decree);
                Content::Decree(decree)
            }
        }
    }
}

impl From<Content> for ContentPatch {
    /// The patch that makes any content this one.
    fn from(content: Content) -> Self {
        match content {
            Content::Article(article) => Self::Article(Box::new(article.into())),
            Content::Decree(decree) => Self::Decree(Box::new(decree.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        article::{Delivery, Genre, LeadImage, Source},
        patch::Patch,
        rich_text::{Format, RichText},
        slug::Slug,
    };

    fn text() -> impl Strategy<Value = Option<String>> {
        prop::option::of("[a-z]{1,6}")
    }

    prop_compose! {
        fn article()(
            kicker in text(), title in text(), summary in text(), dateline in text(), rights in text(),
            canonical_url in text(), body in text(), is_html: bool, image in text(), source in text(), place in text(),
            slug in text(), genre in prop::sample::select(Genre::ALL.to_vec()),
            ids in prop::collection::vec(1u128..9, 0..3),
        ) -> Content {
            let format = if is_html { Format::Html } else { Format::Markdown };
            let mut content = ArticleContent {
                slug: slug.map(|slug| Slug::parse(&slug).unwrap()),
                genre,
                kicker,
                title,
                summary,
                dateline,
                body: body.map(|body| RichText::new(format, body)),
                authors: ids.iter().map(|id| uuid::Uuid::from_u128(*id).into()).collect(),
                lead_image: image.map(|url| LeadImage { url, alt: None, caption: None, width: None, height: None }),
                source: source.map(|name| Source { name, url: None }),
                canonical_url,
                rights,
                covers: ids.iter().map(|id| uuid::Uuid::from_u128(*id).into()).collect(),
                delivery: place.map(|place| Box::new(Delivery { place: Some(place), ..Delivery::default() })),
                // All fields are treated alike, by `content!`: a new one need not be here.
                ..ArticleContent::default()
            };
            content.related = ids.iter().map(|id| uuid::Uuid::from_u128(*id).into()).collect();
            Content::Article(content)
        }
    }

    fn fields(content: &Content) -> serde_json::Map<String, serde_json::Value> {
        let Ok(serde_json::Value::Object(mut content)) = serde_json::to_value(content) else { panic!("an object") };
        let Some((_, serde_json::Value::Object(fields))) = content.iter_mut().next().map(|(k, v)| (k, v.take())) else {
            panic!("fields")
        };
        fields
    }

    /// What says something of one field alone, field by field, with the field's name.
    macro_rules! one_by_one {
        ($whole:expr, $($field:ident),+) => {
            [$((stringify!($field), ArticlePatch { $field: $whole.$field.clone(), ..ArticlePatch::default() })),+]
        };
    }

    proptest! {
        #[test]
        fn what_says_nothing_changes_nothing(before in article()) {
            let nothing = ContentPatch::Article(Box::default());
            prop_assert_eq!(nothing.applied_to(Some(before.clone())), before);
        }

        #[test]
        fn what_says_all_leaves_nothing_of_what_was_there(before in article(), after in article()) {
            prop_assert_eq!(ContentPatch::from(after.clone()).applied_to(Some(before)), after.clone());
            prop_assert_eq!(ContentPatch::from(after.clone()).applied_to(None), after);
        }

        #[test]
        fn what_says_something_of_one_field_leaves_the_others(before in article(), after in article()) {
            let Content::Article(whole) = after.clone() else { unreachable!() };
            let whole = ArticlePatch::from(whole);
            let patches = one_by_one!(
                whole, slug, genre, kicker, title, summary, dateline, body, authors, lead_image, source, canonical_url, rights,
                covers, delivery, related
            );
            let (old, new) = (fields(&before), fields(&after));
            for (name, patch) in patches {
                let now = fields(&ContentPatch::Article(Box::new(patch)).applied_to(Some(before.clone())));
                for field in old.keys().chain(new.keys()) {
                    let expected = if field == name { new.get(field) } else { old.get(field) };
                    prop_assert_eq!(now.get(field), expected, "{} after {}", field, name);
                }
            }
        }
    }

    #[test]
    fn a_text_without_a_format_stays_in_the_one_it_has() {
        let before = ArticleContent { body: Some(RichText::new(Format::Html, "<p>One</p>")), ..Default::default() };
        let text = Patch::Set(Some(RichText::new(Format::Markdown, "<p>Two</p>")));
        let patch = ArticlePatch { body: text, keeps_format: true, ..Default::default() };
        let apply = |before| ContentPatch::Article(Box::new(patch.clone())).applied_to(before);
        let format = |content: Content| content.body().map(RichText::format);
        assert_eq!(format(apply(Some(Content::Article(before)))), Some(Format::Html));
        assert_eq!(format(apply(None)), Some(Format::Markdown));
    }
}
