//! From the sample files' words to the domain's.

use std::collections::{BTreeMap, HashSet};

use anyhow::{Context, Result, ensure};
use courant_domain::{
    article::{ArticleContent, LeadImage, Source},
    category::{Category, CategoryTree},
    content::Content,
    decree::{DecreeContent, Relation, Signatory},
    edition::{ChangeNote, Withdrawal},
    entry::EntryKind,
    feed::Feed,
    id::{CategoryId, EntryId, FeedId, PersonId, TagId},
    locale::Locale,
    person::Person,
    rich_text::{Format, RichText},
    site::{Site, SiteLocale},
    slug::Slug,
    tag::Tag,
    workflow::State,
};
use courant_persistence::{Incoming, IncomingVersion};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    file::{self, EntryFile, Key},
    load::Files,
};

/// The namespace of the samples' ids (RFC 9562, version 5): the same sample has the same id everywhere.
const NAMESPACE: Uuid = Uuid::from_u128(0x8c53_1d0e_5b0f_5c0a_9a57_6d1c_0e2b_7f41);

fn id<T: From<Uuid>>(kind: &str, name: &str) -> T {
    Uuid::new_v5(&NAMESPACE, format!("{kind}:{name}").as_bytes()).into()
}

/// What the files may refer to.
pub(super) struct Names {
    categories: HashSet<Slug>,
    tags: HashSet<Slug>,
    persons: HashSet<Slug>,
    articles: HashSet<Key>,
    decrees: HashSet<Key>,
}

impl Names {
    pub(super) fn of(files: &Files) -> Self {
        Self {
            categories: files.categories.category.iter().map(|item| item.slug.clone()).collect(),
            tags: files.tags.tag.iter().map(|item| item.slug.clone()).collect(),
            persons: files.persons.person.iter().map(|item| item.slug.clone()).collect(),
            articles: files.articles.keys().cloned().collect(),
            decrees: files.decrees.keys().cloned().collect(),
        }
    }

    fn category(&self, slug: &Slug) -> Result<CategoryId> {
        ensure!(self.categories.contains(slug), "there is no category {slug}");
        Ok(id("category", slug.as_str()))
    }

    fn tag(&self, slug: &Slug) -> Result<TagId> {
        ensure!(self.tags.contains(slug), "there is no tag {slug}");
        Ok(id("tag", slug.as_str()))
    }

    fn person(&self, slug: &Slug) -> Result<PersonId> {
        ensure!(self.persons.contains(slug), "there is no person {slug}");
        Ok(id("person", slug.as_str()))
    }

    fn decree_id(&self, key: &str) -> Result<EntryId> {
        ensure!(self.decrees.contains(key), "there is no decree {key}");
        Ok(id("entry", key))
    }

    fn entry_id(&self, key: &str) -> Result<EntryId> {
        ensure!(self.decrees.contains(key) || self.articles.contains(key), "there is no article or decree {key}");
        Ok(id("entry", key))
    }

    pub(super) fn categories(&self, files: &[file::Category]) -> Result<Vec<Category>> {
        let categories = files
            .iter()
            .map(|file| {
                Ok(Category {
                    id: id("category", file.slug.as_str()),
                    parent: file.parent.as_ref().map(|parent| self.category(parent)).transpose()?,
                    position: file.position,
                    slug: file.slug.clone(),
                    title: file.title.clone(),
                    description: file.description.clone(),
                })
            })
            .collect::<Result<Vec<_>>>()?;
        ensure!(self.categories.len() == files.len(), "a slug stands twice");
        // Parents come before their children in the tree's order.
        Ok(CategoryTree::build(categories)?.iter().cloned().collect())
    }

    pub(super) fn tags(&self, files: &[file::Tag]) -> Result<Vec<Tag>> {
        ensure!(self.tags.len() == files.len(), "a slug stands twice");
        let tag = |file: &file::Tag| Tag {
            id: id("tag", file.slug.as_str()),
            slug: file.slug.clone(),
            name: file.name.clone(),
        };
        Ok(files.iter().map(tag).collect())
    }

    pub(super) fn persons(&self, files: &[file::Person]) -> Result<Vec<Person>> {
        ensure!(self.persons.len() == files.len(), "a slug stands twice");
        let person = |file: &file::Person| Person {
            id: id("person", file.slug.as_str()),
            slug: file.slug.clone(),
            name: file.name.clone(),
            role: file.role.clone(),
        };
        Ok(files.iter().map(person).collect())
    }

    pub(super) fn feeds(&self, files: &[file::Feed]) -> Result<Vec<Feed>> {
        files
            .iter()
            .map(|file| {
                Ok(Feed {
                    id: FeedId::of_slug(&file.slug),
                    slug: file.slug.clone(),
                    title: file.title.clone(),
                    description: file.description.clone(),
                    kinds: file.kinds.clone(),
                    categories: file.categories.iter().map(|slug| self.category(slug)).collect::<Result<_>>()?,
                    include_descendants: file.include_descendants,
                    tags: file.tags.iter().map(|slug| self.tag(slug)).collect::<Result<_>>()?,
                    order: file.order,
                    pinned: file.pinned.iter().map(|key| self.entry_id(key)).collect::<Result<_>>()?,
                })
            })
            .collect()
    }

    pub(super) fn article(&self, key: &str, file: EntryFile<file::Article, file::ArticleVersion>) -> Result<Incoming> {
        let EntryFile { shared, versions } = file;
        let authors: Vec<PersonId> = shared.authors.iter().map(|slug| self.person(slug)).collect::<Result<_>>()?;
        let covers: Vec<EntryId> = shared.covers.iter().map(|key| self.decree_id(key)).collect::<Result<_>>()?;
        let source = shared.source.map(|source| Source { name: source.name, url: source.url });
        let version = |(locale, version): (Locale, file::ArticleVersion)| {
            let alt = version.lead_image_alt;
            ensure!(alt.is_some() == shared.lead_image.is_some(), "[{locale}] lead_image_alt comes with a lead_image");
            let content = ArticleContent {
                slug: Some(version.slug),
                kind: shared.kind,
                kicker: version.kicker,
                title: Some(version.title),
                summary: version.summary,
                dateline: version.dateline,
                body: Some(RichText::new(Format::Markdown, version.body)),
                authors: authors.clone(),
                lead_image: shared.lead_image.as_ref().map(|image| LeadImage {
                    url: image.url.clone(),
                    alt,
                    caption: None,
                    width: Some(image.width),
                    height: Some(image.height),
                }),
                source: source.clone(),
                canonical_url: None,
                rights: None,
                covers: covers.clone(),
                delivery: None,
                related: Vec::new(),
            };
            let notes =
                version.changes.into_iter().map(|change| ChangeNote { at: change.at, note: change.note }).collect();
            let withdrawal = version.withdrawal.map(|withdrawal| Withdrawal {
                at: withdrawal.at,
                notice: withdrawal.notice,
                format: Format::Markdown,
            });
            Ok(published(locale, Content::Article(content), shared.published_at, notes, withdrawal))
        };
        Ok(Incoming {
            id: id("entry", key),
            origin: format!("sample:{key}"),
            kind: EntryKind::Article,
            category: self.category(&shared.category)?,
            tags: shared.tags.iter().map(|slug| self.tag(slug)).collect::<Result<_>>()?,
            views: shared.views,
            versions: versions.into_iter().map(version).collect::<Result<_>>()?,
        })
    }

    pub(super) fn decree(&self, key: &str, file: EntryFile<file::Decree, file::DecreeVersion>) -> Result<Incoming> {
        let EntryFile { shared, versions } = file;
        let person = self.person(&shared.signatory)?;
        let relations: Vec<Relation> =
            shared.relations.into_iter().map(|file| self.relation(file)).collect::<Result<_>>()?;
        let version = |(locale, version): (Locale, file::DecreeVersion)| {
            let content = DecreeContent {
                slug: Some(version.slug),
                number: Some(shared.number.clone()),
                kind: shared.kind,
                title: Some(version.title),
                summary: version.summary,
                signed_on: Some(shared.signed_on),
                effective_on: shared.effective_on,
                repealed_on: shared.repealed_on,
                signatory: Some(Signatory { person, office: version.office }),
                body: Some(RichText::new(Format::Markdown, version.body)),
                relations: relations.clone(),
                related: Vec::new(),
            };
            published(locale, Content::Decree(content), shared.published_at, Vec::new(), None)
        };
        Ok(Incoming {
            id: id("entry", key),
            origin: format!("sample:{key}"),
            kind: EntryKind::Decree,
            category: self.category(&shared.category)?,
            tags: shared.tags.iter().map(|slug| self.tag(slug)).collect::<Result<_>>()?,
            views: shared.views,
            versions: versions.into_iter().map(version).collect(),
        })
    }

    fn relation(&self, file: file::Relation) -> Result<Relation> {
        Ok(Relation {
            kind: file.kind,
            target: self.decree_id(&file.target)?,
            on: file.on,
            partial: file.partial,
            note: file.note,
        })
    }
}

fn published(
    locale: Locale,
    content: Content,
    at: Timestamp,
    change_notes: Vec<ChangeNote>,
    withdrawal: Option<Withdrawal>,
) -> IncomingVersion {
    let state = if withdrawal.is_some() { State::Withdrawn } else { State::Published };
    IncomingVersion {
        locale,
        content,
        state,
        published_at: Some(at),
        updated_at: None,
        change_notes,
        withdrawal,
        held: false,
    }
}

pub(super) fn site(file: &file::SiteFile) -> Result<Site> {
    let site = Site {
        name: file.name.clone(),
        description: file.description.clone(),
        default_locale: file.default_locale,
        locales: file
            .locales
            .iter()
            .map(|locale| SiteLocale {
                tag: locale.tag,
                name: locale.name.clone(),
                fallbacks: locale.fallbacks.clone(),
            })
            .collect(),
        four_eyes: false,
    };
    site.validate()?;
    Ok(site)
}

pub(super) fn redirects(file: file::RedirectsFile) -> Result<Vec<(String, Option<String>)>> {
    let rules: BTreeMap<String, Option<String>> = file
        .redirect
        .into_iter()
        .map(|rule| (rule.from, Some(rule.to)))
        .chain(file.gone.into_iter().map(|rule| (rule.path, None)))
        .collect();
    for path in rules.iter().flat_map(|(path, target)| target.iter().chain([path])) {
        courant_domain::address::Address::parse(path).with_context(|| format!("{path} is no path of the portal"))?;
    }
    Ok(rules.into_iter().collect())
}
