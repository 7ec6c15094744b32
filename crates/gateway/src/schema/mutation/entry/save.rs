//! Making entries and saving revisions.

use async_graphql::{Context, ID, InputObject, Object};
use courant_domain::{bounds::Bound, workflow::TranslationSource};
use courant_persistence::{DecreeRelate, DecreeUnrelate, EntryCreate, EntrySave, RevisionRestore};
use macro_rules_attribute::apply;

use super::{
    change_version,
    content::{ArticleContentInput, DecreeContentInput, RelationInput, RelationKind},
    payload::VersionPayload,
    version_key,
};
use crate::{
    error::Error,
    schema::{
        context::request,
        id::NodeKind,
        mutation::{input::Reader, perform},
        scalar::Locale,
    },
};

/// An article to make, as a draft in its first language.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct CreateArticleInput {
    /// The category it is filed under.
    category_id: ID,
    /// Its subjects, the most important first: each once, at most 50.
    #[graphql(default)]
    tags: Vec<ID>,
    /// The language it is written in first.
    locale: Locale,
    /// What is there of it so far.
    content: ArticleContentInput,
    /// Why, for those who read its history.
    comment: Option<String>,
}

/// A revision of an article to save.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct SaveArticleInput {
    /// The entry.
    entry_id: ID,
    /// The language; one that the entry has not yet begins with it.
    locale: Locale,
    /// The newest revision, as its author had it before them; null for a language's first.
    based_on: Option<i32>,
    /// What changes of its content: what is not given stays, and null empties.
    content: ArticleContentInput,
    /// Why, for those who read its history.
    comment: Option<String>,
    /// The revision of another language that it says the same as. When this is not given, what was said before stays, and a language
    /// that begins is taken for a translation of what is live.
    translated_from: Option<TranslationSourceInput>,
}

/// A revision of another language of the entry.
#[derive(InputObject)]
pub(crate) struct TranslationSourceInput {
    /// The language.
    locale: Locale,
    /// The number of its revision.
    revision: i32,
}

impl TranslationSourceInput {
    fn read(self, reader: &mut Reader) -> TranslationSource {
        let revision = reader.revision("translatedFrom.revision", self.revision);
        TranslationSource { locale: self.locale.0, revision }
    }
}

/// A decree to make, as a draft in its first language.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct CreateDecreeInput {
    /// The category it is filed under.
    category_id: ID,
    /// Its subjects, the most important first: each once, at most 50.
    #[graphql(default)]
    tags: Vec<ID>,
    /// The language it is written in first.
    locale: Locale,
    /// What is there of it so far.
    content: DecreeContentInput,
    /// Why, for those who read its history.
    comment: Option<String>,
}

/// A revision of a decree to save.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct SaveDecreeInput {
    /// The entry.
    entry_id: ID,
    /// The language; one that the entry has not yet begins with it.
    locale: Locale,
    /// The newest revision, as its author had it before them; null for a language's first.
    based_on: Option<i32>,
    /// What changes of its content: what is not given stays, and null empties.
    content: DecreeContentInput,
    /// Why, for those who read its history.
    comment: Option<String>,
    /// The revision of another language that it says the same as. When this is not given, what was said before stays, and a language
    /// that begins is taken for a translation of what is live.
    translated_from: Option<TranslationSourceInput>,
}

/// An old revision to append again.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct RestoreRevisionInput {
    /// The entry.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// The revision to append again.
    revision: i32,
    /// The newest revision, as the editor knows it.
    based_on: i32,
}

/// A relation to add to a decree's draft.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct RelateDecreeInput {
    /// The acting decree.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// Its newest revision, as the editor knows it.
    based_on: i32,
    /// What it does, and to which decree.
    relation: RelationInput,
}

/// A relation to take out of a decree's draft.
#[apply(with_idempotency_key)]
#[derive(InputObject)]
pub(crate) struct UnrelateDecreeInput {
    /// The acting decree.
    entry_id: ID,
    /// The language.
    locale: Locale,
    /// Its newest revision, as the editor knows it.
    based_on: i32,
    /// What it would do.
    kind: RelationKind,
    /// To which decree.
    target_id: ID,
}

#[derive(Default)]
pub(crate) struct ContentMutations;

#[Object]
impl ContentMutations {
    /// Makes an article, as a draft in its first language.
    async fn create_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The article.")] input: CreateArticleInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let create = EntryCreate {
            category: reader.id("categoryId", &input.category_id, &[NodeKind::Category]),
            tags: reader.ids("tags", &input.tags, &[NodeKind::Tag]),
            locale: input.locale.0,
            content: input.content.read(&mut reader).applied_to(None),
            comment: input.comment.map(|comment| reader.text("comment", comment, Bound::NOTE)),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().entry_create(command, &create).await).await)
    }

    /// Saves a revision of an article, if anything is different. What is live stays as it is until it is published again.
    async fn save_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The revision.")] input: SaveArticleInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let content = input.content.read(&mut reader);
        let based_on = input.based_on.map(|number| reader.revision("basedOn", number));
        let comment = input.comment.map(|comment| reader.text("comment", comment, Bound::NOTE));
        let (entry, locale) = (version.entry, version.locale);
        let translated_from = input.translated_from.map(|source| source.read(&mut reader));
        let save = EntrySave { entry, locale, based_on, content, comment, translated_from };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| store.newsroom().entry_save(command, &save).await)
            .await
    }

    /// Makes a decree, as a draft in its first language.
    async fn create_decree(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decree.")] input: CreateDecreeInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let create = EntryCreate {
            category: reader.id("categoryId", &input.category_id, &[NodeKind::Category]),
            tags: reader.ids("tags", &input.tags, &[NodeKind::Tag]),
            locale: input.locale.0,
            content: input.content.read(&mut reader).applied_to(None),
            comment: input.comment.map(|comment| reader.text("comment", comment, Bound::NOTE)),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        Some(perform(ctx, key, reader, async |command| store.newsroom().entry_create(command, &create).await).await)
    }

    /// Saves a revision of a decree, if anything is different. What is live stays as it is until it is published again.
    async fn save_decree(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The revision.")] input: SaveDecreeInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let content = input.content.read(&mut reader);
        let based_on = input.based_on.map(|number| reader.revision("basedOn", number));
        let comment = input.comment.map(|comment| reader.text("comment", comment, Bound::NOTE));
        let (entry, locale) = (version.entry, version.locale);
        let translated_from = input.translated_from.map(|source| source.read(&mut reader));
        let save = EntrySave { entry, locale, based_on, content, comment, translated_from };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| store.newsroom().entry_save(command, &save).await)
            .await
    }

    /// Appends an old revision again, as a new one, if anything is different.
    async fn restore_revision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which revision.")] input: RestoreRevisionInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let restore = RevisionRestore {
            entry: version.entry,
            locale: version.locale,
            revision: reader.revision("revision", input.revision),
            based_on: reader.revision("basedOn", input.based_on),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().revision_restore(command, &restore).await
        })
        .await
    }

    /// Saves a revision of a decree that does something more to another one. It takes effect when it is published.
    async fn relate_decree(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which decree does what.")] input: RelateDecreeInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let relation = input.relation.read(&mut reader, "relation.targetId");
        let based_on = reader.revision("basedOn", input.based_on);
        let relate = DecreeRelate { entry: version.entry, locale: version.locale, based_on, relation };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().decree_relate(command, &relate).await
        })
        .await
    }

    /// Saves a revision of a decree without one of its relations.
    async fn unrelate_decree(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which relation.")] input: UnrelateDecreeInput,
    ) -> Option<Result<VersionPayload, Error>> {
        let mut reader = Reader::default();
        let version = version_key(&mut reader, &input.entry_id, input.locale);
        let unrelate = DecreeUnrelate {
            entry: version.entry,
            locale: version.locale,
            based_on: reader.revision("basedOn", input.based_on),
            kind: input.kind.into(),
            target: reader.id("targetId", &input.target_id, &[NodeKind::Decree]),
        };
        let (store, key) = (&request(ctx).store, input.idempotency_key.as_deref());
        change_version(ctx, version, key, reader, async |command| {
            store.newsroom().decree_unrelate(command, &unrelate).await
        })
        .await
    }
}
