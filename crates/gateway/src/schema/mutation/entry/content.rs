//! Drafts as they are given.

use async_graphql::{Enum, ID, InputObject};
use courant_domain::{
    article::{self, ArticleContent},
    bounds::Bound,
    content::Content,
    decree::{self, DecreeContent},
    id::EntryId,
    rich_text::{Format, RichText},
    text::is_blank,
};

use crate::{
    error::{Error, ErrorCode},
    schema::{
        article::ArticleKind, decree::DecreeKind, id::NodeKind, mutation::input::Reader, rich_text::TextFormat,
        scalar::Date,
    },
};

/// A text with its formatting.
#[derive(InputObject)]
pub(crate) struct RichTextInput {
    /// The language the source is written in.
    #[graphql(default_with = "TextFormat::Markdown")]
    format: TextFormat,
    /// The text as its author writes it. What HTML may not hold is left out of what readers get.
    source: String,
}

/// A picture on top of an article.
#[derive(InputObject)]
pub(crate) struct LeadImageInput {
    /// Where it is: an http or https URL.
    url: String,
    /// What it shows, for people who cannot see it.
    alt: Option<String>,
    /// The line under it.
    caption: Option<String>,
    /// Its width in pixels.
    width: Option<i32>,
    /// Its height in pixels.
    height: Option<i32>,
}

/// When and where the words of an article were said.
#[derive(InputObject)]
pub(crate) struct DeliveryInput {
    /// The day.
    on: Option<Date>,
    /// The place: a hall, a parliament, a town.
    place: Option<String>,
    /// How the text stands to what was said: a transcript, the speaker's notes.
    note: Option<String>,
}

/// Who published an article first.
#[derive(InputObject)]
pub(crate) struct SourceInput {
    /// The publisher's name.
    name: String,
    /// The article there: an http or https URL.
    url: Option<String>,
}

/// An article's content in one language, whole: what is left out is empty. Only publishing asks for more.
#[derive(InputObject)]
pub(crate) struct ArticleContentInput {
    /// The name in addresses; made of the title when none is given.
    slug: Option<String>,
    /// What sort of article it is.
    #[graphql(default_with = "ArticleKind::News")]
    kind: ArticleKind,
    /// The line above the title.
    kicker: Option<String>,
    /// The headline.
    title: Option<String>,
    /// The standfirst.
    summary: Option<String>,
    /// Where it was written.
    dateline: Option<String>,
    /// The text.
    body: Option<RichTextInput>,
    /// The persons who wrote it, in the order of the byline: each once, at most 50.
    #[graphql(default)]
    authors: Vec<ID>,
    /// The picture on top.
    lead_image: Option<LeadImageInput>,
    /// Who published it first, if not this site.
    source: Option<SourceInput>,
    /// The address that search engines shall take for the original: an http or https URL.
    canonical_url: Option<String>,
    /// Under which terms it may be used again.
    rights: Option<String>,
    /// The decrees it reports on: each once, at most 100.
    #[graphql(default)]
    covers: Vec<ID>,
    /// When and where its words were said, of a speech, a statement or an interview.
    delivery: Option<DeliveryInput>,
    /// The articles and decrees that shall stand first in what is related to it, in their order: each
    /// once, at most 100.
    #[graphql(default)]
    related: Vec<ID>,
}

/// Who signed a decree, and as what.
#[derive(InputObject)]
pub(crate) struct SignatoryInput {
    /// The person.
    person_id: ID,
    /// The office held when signing.
    office: Option<String>,
}

/// What one decree does to another, as the acting one states it. The terms follow ELI.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "decree::RelationKind")]
pub(crate) enum RelationKind {
    /// Changes its text.
    Amends,
    /// Ends it.
    Repeals,
    /// Mends an error of it.
    Corrects,
    /// Brings it into force.
    Commences,
    /// Mentions it.
    Cites,
    /// Has its authority from it.
    BasedOn,
}

/// What a decree does to another.
#[derive(InputObject)]
pub(crate) struct RelationInput {
    /// What it does.
    kind: RelationKind,
    /// To which decree.
    target_id: ID,
    /// From which day; the day the acting decree comes into force when none is given.
    on: Option<Date>,
    /// Whether only to a part of it.
    #[graphql(default)]
    partial: bool,
    /// Which part, in words.
    note: Option<String>,
}

/// A decree's content in one language, whole: what is left out is empty. Only publishing asks for more.
#[derive(InputObject)]
pub(crate) struct DecreeContentInput {
    /// The name in addresses; made of the title when none is given.
    slug: Option<String>,
    /// The number it is registered under, as printed.
    number: Option<String>,
    /// What sort of act it is.
    #[graphql(default_with = "DecreeKind::Decree")]
    kind: DecreeKind,
    /// The official title.
    title: Option<String>,
    /// What it does, in a sentence.
    summary: Option<String>,
    /// The day it was signed.
    signed_on: Option<Date>,
    /// The day it comes into force by its own words; empty when another act shall commence it.
    effective_on: Option<Date>,
    /// The first day it is no longer in force by its own words.
    repealed_on: Option<Date>,
    /// Who signed it.
    signatory: Option<SignatoryInput>,
    /// The text.
    body: Option<RichTextInput>,
    /// What it does to other decrees: the same to one of them once, nothing to itself, at most 500.
    #[graphql(default)]
    relations: Vec<RelationInput>,
    /// The articles and decrees that shall stand first in what is related to it, in their order: each
    /// once, at most 100.
    #[graphql(default)]
    related: Vec<ID>,
}

/// What cannot be seen says nothing.
fn text(given: Option<String>) -> Option<String> {
    given.filter(|text| !is_blank(text))
}

/// A text of which nothing is left is kept if there was something, for its author to see what became of it.
fn body(given: Option<RichTextInput>) -> Option<RichText> {
    let body = given.map(|body| RichText::new(Format::from(body.format), body.source))?;
    (!body.is_blank() || !body.removed().is_empty()).then_some(body)
}

impl RichTextInput {
    /// What readers would get of it.
    pub(in crate::schema) fn rendered(self) -> Result<RichText, Error> {
        let fits = Bound::BODY.check(&self.source);
        fits.map_err(|error| Error::new(ErrorCode::BadUserInput, format!("`source`: {error}")))?;
        Ok(RichText::new(Format::from(self.format), self.source))
    }
}

fn related(reader: &mut Reader, ids: &[ID]) -> Vec<EntryId> {
    reader.ids("content.related", ids, &[NodeKind::Article, NodeKind::Decree])
}

impl DeliveryInput {
    /// What says nothing is none.
    fn read(self) -> Option<article::Delivery> {
        let delivery =
            article::Delivery { on: self.on.map(|date| date.0), place: text(self.place), note: text(self.note) };
        (delivery != article::Delivery::default()).then_some(delivery)
    }
}

impl ArticleContentInput {
    pub(super) fn read(self, reader: &mut Reader) -> Content {
        let lead_image = self.lead_image.map(|image| article::LeadImage {
            url: reader.url("content.leadImage.url", image.url),
            alt: text(image.alt),
            caption: text(image.caption),
            width: image.width.map(|width| reader.pixels("content.leadImage.width", width)),
            height: image.height.map(|height| reader.pixels("content.leadImage.height", height)),
        });
        let source = self.source.map(|source| article::Source {
            name: source.name,
            url: text(source.url).map(|url| reader.url("content.source.url", url)),
        });
        Content::Article(ArticleContent {
            slug: reader.slug("content.slug", text(self.slug).as_ref()),
            kind: self.kind.into(),
            kicker: text(self.kicker),
            title: text(self.title),
            summary: text(self.summary),
            dateline: text(self.dateline),
            body: body(self.body),
            authors: reader.ids("content.authors", &self.authors, &[NodeKind::Person]),
            lead_image,
            source,
            canonical_url: text(self.canonical_url).map(|url| reader.url("content.canonicalUrl", url)),
            rights: text(self.rights),
            covers: reader.ids("content.covers", &self.covers, &[NodeKind::Decree]),
            delivery: self.delivery.and_then(DeliveryInput::read).map(Box::new),
            related: related(reader, &self.related),
        })
    }
}

impl DecreeContentInput {
    pub(super) fn read(self, reader: &mut Reader) -> Content {
        if let (Some(from), Some(until)) = (&self.effective_on, &self.repealed_on)
            && until.0 < from.0
        {
            reader.invalid("content.repealedOn", "it would end before it comes into force");
        }
        let signatory = self.signatory.map(|signatory| decree::Signatory {
            person: reader.id("content.signatory.personId", &signatory.person_id, &[NodeKind::Person]),
            office: text(signatory.office),
        });
        let relations = self.relations.into_iter().map(|relation| relation.read(reader, "content.relations.targetId"));
        let relations = relations.collect();
        Content::Decree(DecreeContent {
            slug: reader.slug("content.slug", text(self.slug).as_ref()),
            number: text(self.number),
            kind: self.kind.into(),
            title: text(self.title),
            summary: text(self.summary),
            signed_on: self.signed_on.map(|date| date.0),
            effective_on: self.effective_on.map(|date| date.0),
            repealed_on: self.repealed_on.map(|date| date.0),
            signatory,
            body: body(self.body),
            relations,
            related: related(reader, &self.related),
        })
    }
}

impl RelationInput {
    pub(super) fn read(self, reader: &mut Reader, field: &str) -> decree::Relation {
        decree::Relation {
            kind: self.kind.into(),
            target: reader.id(field, &self.target_id, &[NodeKind::Decree]),
            on: self.on.map(|date| date.0),
            partial: self.partial,
            note: text(self.note),
        }
    }
}
