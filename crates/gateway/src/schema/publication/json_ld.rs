//! What an article or decree is, in the terms of schema.org, as JSON-LD 1.1.

use std::sync::Arc;

use async_graphql::Context;
use courant_domain::{
    address,
    article::Genre,
    decree::{DocumentType, LegalStatus, RelationKind},
    entry::EntryKind,
    id::PersonId,
    locale::Locale,
};
use courant_persistence::{
    RelationRow,
    publication::{Parts, Publication},
};
use serde_json::{Map, Value as Json, json};

use super::fields::{breadcrumbs, taken_back, with};
use crate::{
    error::Error,
    loader::{RelationsOf, TranslationsOf},
    schema::context::{RequestContext, request, today},
};

/// What it is made of.
pub(in crate::schema) const PARTS: Parts = Parts::CATEGORY
    .union(Parts::SLUG)
    .union(Parts::TITLE)
    .union(Parts::SUMMARY)
    .union(Parts::PUBLISHED_AT)
    .union(Parts::HISTORY)
    .union(Parts::DETAILS)
    .union(Parts::DECREE)
    .union(Parts::WORD_COUNT);

/// An object under way.
struct Data<'a> {
    context: &'a RequestContext,
    locale: Locale,
    data: Map<String, Json>,
}

/// Writes it as a text that can stand in a script element of a page as it is.
pub(in crate::schema) async fn json_ld(ctx: &Context<'_>, edition: &Arc<Publication>) -> Result<String, Error> {
    let context = request(ctx);
    let edition = with(ctx, edition, PARTS).await?;
    let path = path_of(&edition).ok_or_else(taken_back)?;
    let mut data = Data { context, locale: edition.locale, data: Map::new() };
    match edition.kind {
        EntryKind::Article => data.article(&edition),
        EntryKind::Decree => data.decree(ctx, &edition).await?,
    }
    data.publication(&edition, &path);
    data.translations(&edition).await?;
    let crumbs = breadcrumbs(ctx, &edition).await?;
    let crumbs = crumbs.0.iter().enumerate().map(|(place, crumb)| {
        let (title, path) = crumb.parts();
        json!({ "@type": "ListItem", "position": place + 1, "name": title, "item": context.absolute(path) })
    });
    let crumbs = json!({
        "@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": crumbs.collect::<Vec<_>>(),
    });
    // HTML Living Standard, "Restrictions for contents of script elements".
    Ok(Json::Array(vec![data.data.into(), crumbs]).to_string().replace('<', "\\u003c"))
}

const CONTEXT: &str = "https://schema.org";

fn path_of(edition: &Publication) -> Option<String> {
    Some(address::entry_path(edition.locale, edition.kind, edition.slug.as_deref()?))
}

impl Data<'_> {
    fn set(&mut self, name: &str, value: impl Into<Json>) {
        self.data.insert(name.to_owned(), value.into());
    }

    fn set_some(&mut self, name: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    fn set_list(&mut self, name: &str, list: Vec<Json>) {
        if !list.is_empty() {
            self.set(name, list);
        }
    }

    fn person(&self, id: PersonId) -> Option<Json> {
        let person = self.context.named(self.context.known().person(id))?;
        let site = self.context.site();
        let name = person.name.resolve(site, self.locale).unwrap_or(person.slug.as_str());
        let url = self.context.absolute(&address::person_path(self.locale, &person.slug));
        Some(json!({ "@type": "Person", "name": name, "url": url }))
    }

    fn article(&mut self, edition: &Publication) {
        let details = edition.details.clone().unwrap_or_default();
        let genre = details.genre.unwrap_or_default();
        self.set("@context", CONTEXT);
        self.set(
            "@type",
            match genre {
                Genre::Analysis => "AnalysisNewsArticle",
                Genre::Opinion => "OpinionNewsArticle",
                Genre::Report => "ReportageNewsArticle",
                Genre::Speech | Genre::Statement => "Article",
                Genre::News | Genre::Interview | Genre::PressRelease => "NewsArticle",
            },
        );
        self.set_some("headline", edition.title.as_deref());
        let words = match genre {
            Genre::News => "news",
            Genre::Analysis => "analysis",
            Genre::Interview => "interview",
            Genre::Speech => "speech",
            Genre::Statement => "statement",
            Genre::PressRelease => "press release",
            Genre::Opinion => "opinion",
            Genre::Report => "report",
        };
        self.set("genre", words);
        self.set_list("author", details.authors.iter().filter_map(|author| self.person(*author)).collect());
        // News alone have one there.
        if !matches!(genre, Genre::Speech | Genre::Statement) {
            self.set_some("dateline", details.dateline.as_deref());
        }
        self.set_some("copyrightNotice", details.rights.as_deref());
        if let Some(image) = &details.lead_image {
            let mut picture = json!({ "@type": "ImageObject", "url": self.context.absolute(&image.url) });
            let texts = [("caption", &image.caption), ("description", &image.alt)];
            for (name, text) in texts.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?))) {
                picture[name] = text.into();
            }
            let sizes = [("width", image.width), ("height", image.height)];
            for (name, size) in sizes.into_iter().filter_map(|(name, size)| Some((name, size?))) {
                // A number alone says no length; E37 is UN/CEFACT's code for pixels.
                picture[name] = json!({ "@type": "QuantitativeValue", "value": size, "unitCode": "E37" });
            }
            self.set("image", picture);
        }
        if let Some(source) = &details.source {
            let mut original =
                json!({ "@type": "CreativeWork", "publisher": { "@type": "Organization", "name": source.name } });
            if let Some(url) = &source.url {
                original["url"] = url.as_str().into();
            }
            self.set("isBasedOn", original);
        }
    }

    async fn decree(&mut self, ctx: &Context<'_>, edition: &Publication) -> Result<(), Error> {
        let details = edition.details.clone().unwrap_or_default();
        self.set("@context", CONTEXT);
        self.set("@type", "Legislation");
        self.set_some("name", edition.title.as_deref());
        let kind = match details.document_type.unwrap_or_default() {
            DocumentType::Decree => "decree",
            DocumentType::Resolution => "resolution",
            DocumentType::Order => "order",
            DocumentType::Law => "law",
            DocumentType::Regulation => "regulation",
        };
        self.set("legislationType", kind);
        if let Some(facts) = &edition.decree {
            self.set("legislationIdentifier", facts.number.as_str());
            self.set("legislationDate", facts.signed_on.to_string());
            self.set_some("legislationDateOfApplicability", facts.force.from.map(|day| day.to_string()));
            let force = match facts.force.status(today(ctx)) {
                LegalStatus::InForce => "InForce",
                LegalStatus::PartiallyInForce => "PartiallyInForce",
                LegalStatus::NotYetInForce | LegalStatus::Repealed => "NotInForce",
            };
            self.set("legislationLegalForce", format!("https://schema.org/{force}"));
        }
        self.set_some("legislationPassedBy", details.signatory.as_ref().and_then(|by| self.person(by.person)));
        let parts = Parts::SLUG.union(Parts::TITLE).union(Parts::DECREE);
        let key = RelationsOf { entry: edition.entry, locale: edition.locale, parts };
        let relations = self.context.live.load_one(key).await?.unwrap_or_default();
        let is_preview = edition.preview.is_some();
        let mut by_others = Map::new();
        for row in relations.iter().filter(|row| row.inverse || !is_preview) {
            let Some(act) = self.act(row) else { continue };
            for name in names(row.kind) {
                let list = if row.inverse { &mut by_others } else { &mut self.data };
                match list.entry((*name).to_owned()).or_insert_with(|| json!([])) {
                    Json::Array(list) => list.push(act.clone()),
                    _ => continue,
                }
            }
        }
        if !by_others.is_empty() {
            // What other acts do to it is theirs (JSON-LD 1.1 §4.8).
            self.set("@reverse", by_others);
        }
        Ok(())
    }

    /// An act that this one does something to, or that does something to it.
    fn act(&self, row: &RelationRow) -> Option<Json> {
        let url = self.context.absolute(&path_of(&row.other)?);
        let mut act = json!({ "@type": "Legislation", "@id": url, "url": url, "name": row.other.title.as_deref()? });
        if let Some(facts) = &row.other.decree {
            act["legislationIdentifier"] = facts.number.as_str().into();
        }
        Some(act)
    }

    fn publication(&mut self, edition: &Publication, path: &str) {
        let details = edition.details.clone().unwrap_or_default();
        let context = self.context;
        let own = context.absolute(path);
        // Where it was published first, if that is elsewhere.
        let canonical = details.canonical_url.clone().unwrap_or_else(|| own.clone());
        self.set("@id", own);
        self.set("url", canonical.as_str());
        self.set("mainEntityOfPage", canonical);
        self.set("inLanguage", edition.locale.as_str());
        self.set_some("datePublished", edition.published_at.map(|at| at.to_string()));
        self.set_some("dateModified", edition.history.map(|history| history.updated_at.to_string()));
        self.set_some("description", edition.summary.as_deref());
        self.set_some("creativeWorkStatus", details.withdrawal.as_ref().map(|_| "Withdrawn"));
        if let Some(note) = details.change_notes.last() {
            self.set(
                "correction",
                json!({
                    "@type": "CorrectionComment", "text": note.note, "datePublished": note.at.to_string(),
                }),
            );
        }
        let words = edition.body.as_ref().and_then(|body| body.word_count).filter(|words| *words > 0);
        self.set_some("wordCount", words);
        let site = context.site();
        if let (Some(category), EntryKind::Article) = (edition.category, edition.kind) {
            let category = context.named(context.known().categories().get(category));
            let title = category.and_then(|category| category.title.resolve(site, edition.locale));
            self.set_some("articleSection", title);
        }
        let tags = details.tags.iter().filter_map(|tag| context.named(context.known().tag(*tag)));
        let tags = tags.filter_map(|tag| tag.name.resolve(site, edition.locale).map(Json::from));
        self.set_list("keywords", tags.collect());
        let name = site.name.resolve(site, edition.locale).unwrap_or_default();
        let mut publisher = json!({
            "@type": "Organization", "@id": context.absolute("/#publisher"), "name": name, "url": context.absolute("/"),
        });
        if !site.profiles.is_empty() {
            publisher["sameAs"] = site.profiles.as_slice().into();
        }
        self.set("publisher", publisher);
    }

    async fn translations(&mut self, edition: &Publication) -> Result<(), Error> {
        let key = TranslationsOf { entry: edition.entry, parts: Parts::SLUG };
        let editions = self.context.live.load_one(key).await?.unwrap_or_default();
        let others = editions.iter().filter(|other| other.locale != edition.locale);
        let others = others.filter(|other| self.context.site().has(other.locale));
        let work = self.data.get("@type").cloned().unwrap_or_default();
        let translation = |other: &Arc<Publication>| {
            let url = self.context.absolute(&path_of(other)?);
            Some(json!({ "@type": work, "@id": url, "url": url, "inLanguage": other.locale.as_str() }))
        };
        let others = others.filter_map(translation).collect();
        self.set_list("workTranslation", others);
        Ok(())
    }
}

/// What schema.org calls what an act does to another.
const fn names(kind: RelationKind) -> &'static [&'static str] {
    match kind {
        RelationKind::Amends => &["legislationChanges", "legislationAmends"],
        RelationKind::Repeals => &["legislationChanges", "legislationRepeals"],
        RelationKind::Corrects => &["legislationChanges", "legislationCorrects"],
        RelationKind::Commences => &["legislationChanges", "legislationCommences"],
        RelationKind::Cites => &["citation"],
        RelationKind::BasedOn => &["isBasedOn"],
    }
}
