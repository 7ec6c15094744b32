//! What a revision holds. A draft may miss anything, which is why it is another type than what readers see.

mod text;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject, Union};
use courant_domain::{
    article::ArticleContent,
    content::{self, Content},
    decree::{self, DecreeContent},
    id::{EntryId, PersonId},
    locale::Locale,
};
use courant_persistence::RevisionRow;

pub(crate) use self::text::DraftText;
use super::{EditorialEntry, EditorialPerson};
use crate::{
    error::Error,
    loader::ReaderEditionOf,
    schema::{
        article::{Delivery, Genre, LeadImage, Source},
        context::request,
        decree::DocumentType,
        mutation::RelationKind,
        projection,
        publication::Publication,
        scalar::Date,
    },
};

/// What a revision holds: an article's or a decree's content, possibly incomplete.
#[derive(Union)]
pub(crate) enum DraftContent {
    /// An article's.
    Article(ArticleDraft),
    /// A decree's.
    Decree(DecreeDraft),
}

impl DraftContent {
    /// The content of a revision that was read with it.
    pub(super) fn of(row: &Arc<RevisionRow>) -> Option<Self> {
        let draft = Draft(row.clone());
        Some(match row.content.as_ref()? {
            Content::Article(_) => Self::Article(ArticleDraft(draft)),
            Content::Decree(_) => Self::Decree(DecreeDraft(draft)),
        })
    }
}

struct Draft(Arc<RevisionRow>);

fn person(ctx: &Context<'_>, id: PersonId) -> Option<EditorialPerson> {
    request(ctx).named(request(ctx).reference().person(id)).map(|person| EditorialPerson(person.id))
}

impl Draft {
    fn text(&self) -> Option<DraftText> {
        self.0.content.as_ref().and_then(Content::body).map(|_| DraftText::Kept(self.0.clone()))
    }

    fn related(&self) -> Vec<EntryReference> {
        let related = self.0.content.as_ref().map(Content::related).unwrap_or_default();
        related.iter().map(|id| EntryReference { id: *id, locale: self.0.locale }).collect()
    }
}

/// An article in one language as its author left it; anything may still be missing.
pub(crate) struct ArticleDraft(Draft);

impl ArticleDraft {
    fn content(&self) -> Option<&ArticleContent> {
        match &self.0.0.content {
            Some(Content::Article(article)) => Some(article),
            _ => None,
        }
    }
}

/// An article in one language as its author left it; anything may still be missing.
#[Object]
impl ArticleDraft {
    /// Its name in addresses, unique among the articles of its language.
    async fn slug(&self) -> Option<&str> {
        Some(self.content()?.slug.as_ref()?.as_str())
    }

    /// What sort of article it is.
    async fn genre(&self) -> Genre {
        self.content().map(|content| content.genre).unwrap_or_default().into()
    }

    /// The line above the title.
    async fn kicker(&self) -> Option<&str> {
        self.content()?.kicker.as_deref()
    }

    /// The headline.
    async fn title(&self) -> Option<&str> {
        self.content()?.title.as_deref()
    }

    /// The standfirst.
    async fn summary(&self) -> Option<&str> {
        self.content()?.summary.as_deref()
    }

    /// Where it was written.
    async fn dateline(&self) -> Option<&str> {
        self.content()?.dateline.as_deref()
    }

    /// The text.
    async fn body(&self) -> Option<DraftText> {
        self.0.text()
    }

    /// Who wrote it, in the order of the byline.
    async fn authors(&self, ctx: &Context<'_>) -> Vec<EditorialPerson> {
        let authors = self.content().map(|content| content.authors.as_slice()).unwrap_or_default();
        authors.iter().filter_map(|id| person(ctx, *id)).collect()
    }

    /// The picture on top.
    async fn lead_image(&self) -> Option<LeadImage> {
        self.content()?.lead_image.clone().map(LeadImage::from)
    }

    /// Who published it first, if not this site.
    async fn source(&self) -> Option<Source> {
        self.content()?.source.clone().map(Source::from)
    }

    /// The address that search engines are to take for the original.
    async fn canonical_url(&self) -> Option<&str> {
        self.content()?.canonical_url.as_deref()
    }

    /// Under which terms it may be used again.
    async fn rights(&self) -> Option<&str> {
        self.content()?.rights.as_deref()
    }

    /// The decrees it reports on.
    async fn covers(&self) -> Vec<EntryReference> {
        let covers = self.content().map(|content| content.covers.as_slice()).unwrap_or_default();
        covers.iter().map(|id| EntryReference { id: *id, locale: self.0.0.locale }).collect()
    }

    /// When and where its words were said, of a speech, a statement or an interview.
    async fn delivery(&self) -> Option<Delivery> {
        self.content()?.delivery.as_deref().map(Delivery::from)
    }

    /// What its editors chose to stand first in what is related to it, in their order.
    async fn related(&self) -> Vec<EntryReference> {
        self.0.related()
    }
}

/// A decree in one language as its drafter left it; anything may still be missing.
pub(crate) struct DecreeDraft(Draft);

impl DecreeDraft {
    fn content(&self) -> Option<&DecreeContent> {
        match &self.0.0.content {
            Some(Content::Decree(decree)) => Some(decree),
            _ => None,
        }
    }
}

/// A decree in one language as its drafter left it; anything may still be missing.
#[Object]
impl DecreeDraft {
    /// Its name in addresses, unique among the decrees of its language.
    async fn slug(&self) -> Option<&str> {
        Some(self.content()?.slug.as_ref()?.as_str())
    }

    /// The number it is registered under, as printed.
    async fn number(&self) -> Option<&str> {
        self.content()?.number.as_deref()
    }

    /// What sort of act it is.
    async fn document_type(&self) -> DocumentType {
        self.content().map(|content| content.document_type).unwrap_or_default().into()
    }

    /// Its official title.
    async fn title(&self) -> Option<&str> {
        self.content()?.title.as_deref()
    }

    /// What it does, in a sentence.
    async fn summary(&self) -> Option<&str> {
        self.content()?.summary.as_deref()
    }

    /// The day it was signed.
    async fn signed_on(&self) -> Option<Date> {
        self.content()?.signed_on.map(Date)
    }

    /// The day it comes into force by its own words; null when another act is to commence it.
    async fn effective_on(&self) -> Option<Date> {
        self.content()?.effective_on.map(Date)
    }

    /// The first day it is no longer in force by its own words.
    async fn repealed_on(&self) -> Option<Date> {
        self.content()?.repealed_on.map(Date)
    }

    /// Who signed it.
    async fn signatory(&self, ctx: &Context<'_>) -> Option<DraftSignatory> {
        let signatory = self.content()?.signatory.as_ref()?;
        Some(DraftSignatory { person: person(ctx, signatory.person), office: signatory.office.clone() })
    }

    /// Its text.
    async fn body(&self) -> Option<DraftText> {
        self.0.text()
    }

    /// What it does to other acts.
    async fn relations(&self) -> Vec<DraftRelation> {
        let relations = self.content().map(|content| content.relations.as_slice()).unwrap_or_default();
        relations.iter().map(|relation| DraftRelation::of(relation, self.0.0.locale)).collect()
    }

    /// What its editors chose to stand first in what is related to it, in their order.
    async fn related(&self) -> Vec<EntryReference> {
        self.0.related()
    }
}

/// Who is to be named as having signed a decree, and as what.
#[derive(SimpleObject)]
pub(crate) struct DraftSignatory {
    /// The person; null when they are no longer known.
    person: Option<EditorialPerson>,
    /// The office held when signing.
    office: Option<String>,
}

/// What a draft of a decree says it does to another act.
#[derive(SimpleObject)]
pub(crate) struct DraftRelation {
    /// What it does.
    kind: RelationKind,
    /// To which act.
    target: EntryReference,
    /// From which day; when none is given, the day the acting one comes into force.
    on: Option<Date>,
    /// Whether only a part is affected.
    partial: bool,
    /// Which part, in words.
    note: Option<String>,
}

impl DraftRelation {
    fn of(relation: &decree::Relation, locale: Locale) -> Self {
        Self {
            kind: relation.kind.into(),
            target: EntryReference { id: relation.target, locale },
            on: relation.on.map(Date),
            partial: relation.partial,
            note: relation.note.clone(),
        }
    }
}

/// Another entry that a draft names.
pub(crate) struct EntryReference {
    id: EntryId,
    locale: Locale,
}

/// Another entry that a draft names.
#[Object]
impl EntryReference {
    /// The entry's id, the same in all languages: what `node` takes for the entry in work.
    async fn entry_id(&self) -> ID {
        ID(self.id.to_string())
    }

    /// The entry in work; null when it is not there, or the viewer may not read its drafts.
    async fn entry(&self, ctx: &Context<'_>) -> Option<Result<EditorialEntry, Error>> {
        EditorialEntry::find(ctx, self.id).await.transpose()
    }

    /// The entry as readers of the draft's language see it, fallback included; null when it is not live.
    async fn publication(&self, ctx: &Context<'_>) -> Option<Result<Publication, Error>> {
        let key = ReaderEditionOf { entry: self.id, reader: self.locale, parts: projection::below(ctx) };
        request(ctx).live.load_one(key).await.map(|found| found.map(Publication::of)).transpose()
    }
}

/// Something readers need before a draft can be published.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "content::RequiredField")]
pub(crate) enum MissingField {
    /// The name in addresses.
    Slug,
    /// The headline or official title.
    Title,
    /// The text.
    Body,
    /// A decree's number.
    Number,
    /// The day a decree was signed.
    SignedOn,
}
