//! Drafts as they are given.

use async_graphql::{Enum, ID, InputObject, MaybeUndefined};
use courant_domain::{
    article,
    bounds::Bound,
    content::{ArticlePatch, ContentPatch, DecreePatch},
    decree,
    id::EntryId,
    patch::Patch,
    rich_text::{Format, RichText},
    slug::Slug,
    text::{self, is_blank},
};

use crate::{
    error::{Error, ErrorCode},
    schema::{
        article::Genre,
        decree::DocumentType,
        id::NodeKind,
        mutation::input::{Reader, patch},
        rich_text::TextFormat,
        scalar::Date,
    },
};

/// A text with its formatting.
#[derive(InputObject)]
pub(crate) struct RichTextInput {
    /// The language the source is written in. When it is not given, that of the text in whose place this comes; Markdown
    /// where there is none.
    format: Option<TextFormat>,
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

/// An article's content in one language. In a save, what is not given stays, and null empties; what is new is empty first.
/// What is within a field comes as a whole. Only publishing asks for more.
#[derive(InputObject)]
pub(crate) struct ArticleContentInput {
    /// The name in addresses; while it is empty, it is made of the title.
    slug: MaybeUndefined<String>,
    /// What sort of article it is; `NEWS` when nothing is said.
    genre: MaybeUndefined<Genre>,
    /// The line above the title.
    kicker: MaybeUndefined<String>,
    /// The headline.
    title: MaybeUndefined<String>,
    /// The standfirst.
    summary: MaybeUndefined<String>,
    /// Where it was written.
    dateline: MaybeUndefined<String>,
    /// The text.
    body: MaybeUndefined<RichTextInput>,
    /// The persons who wrote it, in the order of the byline: each once, at most 50.
    authors: MaybeUndefined<Vec<ID>>,
    /// The picture on top.
    lead_image: MaybeUndefined<LeadImageInput>,
    /// Who published it first, if not this site.
    source: MaybeUndefined<SourceInput>,
    /// The address that search engines are to take for the original: an http or https URL.
    canonical_url: MaybeUndefined<String>,
    /// Under which terms it may be used again.
    rights: MaybeUndefined<String>,
    /// The decrees it reports on: each once, at most 100.
    covers: MaybeUndefined<Vec<ID>>,
    /// When and where its words were said, of a speech, a statement or an interview.
    delivery: MaybeUndefined<DeliveryInput>,
    /// The articles and decrees that are to stand first in what is related to it, in their order: each
    /// once, at most 100.
    related: MaybeUndefined<Vec<ID>>,
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

/// A decree's content in one language. In a save, what is not given stays, and null empties; what is new is empty first.
/// What is within a field comes as a whole. Only publishing asks for more.
#[derive(InputObject)]
pub(crate) struct DecreeContentInput {
    /// The name in addresses; while it is empty, it is made of the title.
    slug: MaybeUndefined<String>,
    /// The number it is registered under, as printed.
    number: MaybeUndefined<String>,
    /// What sort of act it is; `DECREE` when nothing is said.
    document_type: MaybeUndefined<DocumentType>,
    /// The official title.
    title: MaybeUndefined<String>,
    /// What it does, in a sentence.
    summary: MaybeUndefined<String>,
    /// The day it was signed.
    signed_on: MaybeUndefined<Date>,
    /// The day it comes into force by its own words; empty when another act is to commence it.
    effective_on: MaybeUndefined<Date>,
    /// The first day it is no longer in force by its own words.
    repealed_on: MaybeUndefined<Date>,
    /// Who signed it.
    signatory: MaybeUndefined<SignatoryInput>,
    /// The text.
    body: MaybeUndefined<RichTextInput>,
    /// What it does to other decrees: the same to one of them once, nothing to itself, at most 500.
    relations: MaybeUndefined<Vec<RelationInput>>,
    /// The articles and decrees that are to stand first in what is related to it, in their order: each
    /// once, at most 100.
    related: MaybeUndefined<Vec<ID>>,
}

/// What cannot be seen says nothing.
fn text(given: Option<String>) -> Option<String> {
    given.filter(|text| !is_blank(text))
}

/// The same of a field.
fn line(given: MaybeUndefined<String>) -> Patch<Option<String>> {
    patch(given, |given| text(Some(given)))
}

/// A field that is one line, whatever it was pasted from.
fn one_line(given: MaybeUndefined<String>) -> Patch<Option<String>> {
    patch(given, |given| text(Some(text::one_line(&given).into_owned())))
}

/// A text of which nothing is left is kept if there was something, for its author to see what became of it; and whether its
/// format was left open.
fn body(given: MaybeUndefined<RichTextInput>) -> (Patch<Option<RichText>>, bool) {
    let keeps_format = given.value().is_some_and(|body| body.format.is_none());
    let body = patch(given, |body| {
        let body = RichText::new(body.format(), body.source);
        (!body.is_blank() || !body.removed().is_empty()).then_some(body)
    });
    (body, keeps_format)
}

impl RichTextInput {
    fn format(&self) -> Format {
        self.format.unwrap_or(TextFormat::Markdown).into()
    }

    /// What readers would get of it.
    pub(in crate::schema) fn rendered(self) -> Result<RichText, Error> {
        let fits = Bound::BODY.check(&self.source);
        fits.map_err(|error| Error::new(ErrorCode::BadUserInput, format!("`source`: {error}")))?;
        Ok(RichText::new(self.format(), self.source))
    }
}

fn related(reader: &mut Reader, given: MaybeUndefined<Vec<ID>>) -> Patch<Vec<EntryId>> {
    patch(given, |ids| reader.ids("content.related", &ids, &[NodeKind::Article, NodeKind::Decree]))
}

impl DeliveryInput {
    /// What says nothing is none.
    fn read(self) -> Option<Box<article::Delivery>> {
        let delivery =
            article::Delivery { on: self.on.map(|date| date.0), place: text(self.place), note: text(self.note) };
        (delivery != article::Delivery::default()).then(|| Box::new(delivery))
    }
}

impl LeadImageInput {
    fn read(self, reader: &mut Reader) -> article::LeadImage {
        article::LeadImage {
            url: reader.url("content.leadImage.url", self.url),
            alt: text(self.alt),
            caption: text(self.caption),
            width: self.width.map(|width| reader.pixels("content.leadImage.width", width)),
            height: self.height.map(|height| reader.pixels("content.leadImage.height", height)),
        }
    }
}

impl SourceInput {
    fn read(self, reader: &mut Reader) -> article::Source {
        let url = text(self.url).map(|url| reader.url("content.source.url", url));
        article::Source { name: self.name, url }
    }
}

fn slug(reader: &mut Reader, given: MaybeUndefined<String>) -> Patch<Option<Slug>> {
    patch(given, |slug| reader.slug("content.slug", text(Some(slug)).as_ref()))
}

impl ArticleContentInput {
    pub(super) fn read(self, reader: &mut Reader) -> ContentPatch {
        let (body, keeps_format) = body(self.body);
        ContentPatch::Article(Box::new(ArticlePatch {
            slug: slug(reader, self.slug),
            genre: patch(self.genre, Into::into),
            kicker: one_line(self.kicker),
            title: one_line(self.title),
            summary: line(self.summary),
            dateline: one_line(self.dateline),
            body,
            authors: patch(self.authors, |ids| reader.ids("content.authors", &ids, &[NodeKind::Person])),
            lead_image: patch(self.lead_image, |image| Some(image.read(reader))),
            source: patch(self.source, |source| Some(source.read(reader))),
            canonical_url: patch(self.canonical_url, |url| {
                text(Some(url)).map(|url| reader.url("content.canonicalUrl", url))
            }),
            rights: line(self.rights),
            covers: patch(self.covers, |ids| reader.ids("content.covers", &ids, &[NodeKind::Decree])),
            delivery: patch(self.delivery, DeliveryInput::read),
            related: related(reader, self.related),
            keeps_format,
        }))
    }
}

impl DecreeContentInput {
    pub(super) fn read(self, reader: &mut Reader) -> ContentPatch {
        let (body, keeps_format) = body(self.body);
        let date = |given| patch(given, |date: Date| Some(date.0));
        ContentPatch::Decree(Box::new(DecreePatch {
            slug: slug(reader, self.slug),
            number: one_line(self.number),
            document_type: patch(self.document_type, Into::into),
            title: one_line(self.title),
            summary: line(self.summary),
            signed_on: date(self.signed_on),
            effective_on: date(self.effective_on),
            repealed_on: date(self.repealed_on),
            signatory: patch(self.signatory, |signatory| {
                Some(decree::Signatory {
                    person: reader.id("content.signatory.personId", &signatory.person_id, &[NodeKind::Person]),
                    office: text(signatory.office),
                })
            }),
            body,
            relations: patch(self.relations, |relations| {
                let field = |at| format!("content.relations.{at}.targetId");
                relations.into_iter().enumerate().map(|(at, one)| one.read(reader, &field(at))).collect()
            }),
            related: related(reader, self.related),
            keeps_format,
        }))
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

#[cfg(test)]
mod tests {
    use courant_domain::{article::ArticleContent, decree::DecreeContent, diff::camel_case};

    use super::*;
    use crate::schema::walk::fields_of;

    #[test]
    fn what_is_pasted_into_a_line_is_one_line() {
        let read = |text: &str| one_line(MaybeUndefined::Value(text.to_owned()));
        assert_eq!(read("Tab\tand\r\nnewline\u{7}"), Patch::Set(Some("Tab and newline".to_owned())));
        assert_eq!(read(" as  given "), Patch::Set(Some(" as  given ".to_owned())));
        assert_eq!(read("\n\t"), Patch::Set(None));
    }

    #[test]
    fn what_authors_write_is_read_by_them_and_by_readers_and_has_a_bound() {
        let article =
            (ArticleContent::FIELDS, ArticleContent::TEXTS, ["ArticleContentInput", "ArticleDraft", "Article"]);
        let decree = (DecreeContent::FIELDS, DecreeContent::TEXTS, ["DecreeContentInput", "DecreeDraft", "Decree"]);
        for (fields, texts, types) in [article, decree] {
            for ty in types {
                let shown = fields_of(ty);
                let forgotten = fields.iter().filter(|field| !shown.contains_key(&camel_case(field)));
                assert_eq!(forgotten.collect::<Vec<_>>(), [] as [&&str; 0], "{ty} has no such field");
            }
            let has_bound = |field: &str| texts.iter().any(|(text, _)| camel_case(text) == field);
            let written = fields_of(types[0]).into_iter();
            // A slug has its own rules.
            let texts = written.filter(|(name, ty)| ty == "String" && name != "slug").map(|(name, _)| name);
            assert_eq!(
                texts.filter(|name| !has_bound(name)).collect::<Vec<_>>(),
                [] as [&str; 0],
                "say how long it may be"
            );
        }
    }
}
