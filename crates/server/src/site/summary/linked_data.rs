//! What a page is, in the terms of schema.org.

use serde_json::{Map, Value as Json, json};

use super::{
    super::{place::Standing, plain::Page},
    Summary,
    answer::{Crumb, Decree, Named, Publication},
};

/// What is said of an article or a decree; nothing of other pages.
#[derive(Default)]
pub(super) struct LinkedData(Map<String, Json>);

impl LinkedData {
    /// An article, as schema.org knows its genre.
    pub(super) fn article(&mut self, of: &Publication, kind: &str, genre: Option<&str>, authors: Vec<Named>) {
        let sort = match kind {
            "ANALYSIS" => "AnalysisNewsArticle",
            "OPINION" => "OpinionNewsArticle",
            "REPORT" => "ReportageNewsArticle",
            "SPEECH" | "STATEMENT" => "Article",
            _ => "NewsArticle",
        };
        self.set("@type", sort);
        self.set("headline", of.title.as_str());
        self.set("articleSection", of.category.title.as_str());
        self.set_some("genre", genre);
        let authors: Vec<Json> = authors.into_iter().filter_map(|author| person(author.name, author.path)).collect();
        if !authors.is_empty() {
            self.set("author", authors);
        }
        self.publication(of);
    }

    /// A decree; `kind` is the word for what it is.
    pub(super) fn decree(&mut self, of: &Decree, kind: Option<&str>) {
        self.set("@type", "Legislation");
        self.set("name", of.publication.title.as_str());
        self.set("legislationIdentifier", of.number.as_str());
        self.set("legislationType", kind.unwrap_or(&of.document_type));
        self.set("legislationDate", of.signed_on.as_str());
        self.set_some("legislationDateOfApplicability", of.in_force_from.as_deref());
        let force = match of.status.as_str() {
            "IN_FORCE" => "InForce",
            "PARTIALLY_IN_FORCE" => "PartiallyInForce",
            _ => "NotInForce",
        };
        self.set("legislationLegalForce", format!("https://schema.org/{force}"));
        let signatory = of.signatory.as_ref().and_then(|signatory| {
            person(signatory.name.clone(), signatory.person.as_ref().map(|person| person.path.clone()))
        });
        if let Some(person) = signatory {
            self.set("legislationPassedBy", person);
        }
        self.publication(&of.publication);
    }

    fn publication(&mut self, of: &Publication) {
        self.set("inLanguage", of.locale.as_str());
        self.set("datePublished", of.published_at.as_str());
        self.set("dateModified", of.updated_at.as_str());
        self.set_some("description", of.summary.as_deref());
        self.set_some("creativeWorkStatus", of.withdrawal.as_ref().map(|_| "Withdrawn"));
        if of.body.word_count > 0 {
            self.set("wordCount", of.body.word_count);
        }
        let keywords: Vec<&str> = of.tags.iter().filter_map(|tag| tag.name.as_deref()).collect();
        if !keywords.is_empty() {
            self.set("keywords", keywords);
        }
    }

    fn set(&mut self, name: &str, value: impl Into<Json>) {
        self.0.insert(name.to_owned(), value.into());
    }

    fn set_some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }
}

/// All that is said of a page.
pub(super) fn all(
    of: &Summary,
    origin: &str,
    standing: Standing,
    canonical: &str,
    absolute: &impl Fn(&str) -> String,
) -> Vec<Json> {
    let mut all = Vec::new();
    let site = format!("{origin}/#site");
    let mut publisher = json!({ "@type": "Organization", "@id": format!("{origin}/#publisher"), "name": of.site, "url": format!("{origin}/") });
    if !of.profiles.is_empty() {
        publisher["sameAs"] = of.profiles.as_slice().into();
    }
    // A further page has another part of the list than was asked for here.
    let lines = Some(&of.lines).filter(|lines| standing == Standing::Own && !lines.is_empty());
    let list = lines.map(|lines| {
        json!({ "@type": "ItemList", "numberOfItems": lines.len(), "itemListElement": items(lines, absolute, "url") })
    });
    match of.page {
        Page::Article | Page::Decree => {
            let mut data = of.linked_data.0.clone();
            for name in ["author", "legislationPassedBy"] {
                if let Some(persons) = data.get_mut(name) {
                    with_addresses(persons, absolute);
                }
            }
            data.insert("url".to_owned(), canonical.into());
            data.insert("mainEntityOfPage".to_owned(), canonical.into());
            data.insert("publisher".to_owned(), publisher);
            if let Some(image) = &of.image {
                let mut picture = json!({ "@type": "ImageObject", "url": absolute(&image.url) });
                let sizes = [("width", image.width), ("height", image.height)];
                for (name, size) in sizes.into_iter().filter_map(|(name, size)| Some((name, size?))) {
                    picture[name] = size.into();
                }
                data.insert("image".to_owned(), picture);
            }
            all.push(data.into());
        }
        Page::Front => {
            let languages: Vec<&str> = of.alternates.iter().map(|link| link.locale.as_str()).collect();
            let mut website = json!({ "@type": "WebSite", "@id": site, "url": canonical, "name": of.site, "inLanguage": languages, "publisher": { "@id": publisher["@id"] } });
            if let Some(description) = &of.description {
                website["description"] = description.as_str().into();
            }
            all.push(website);
            all.push(publisher);
            all.extend(list);
        }
        Page::Person => {
            let mut somebody = json!({ "@type": "Person", "name": of.title, "url": canonical });
            if let Some(role) = &of.role {
                somebody["jobTitle"] = role.as_str().into();
            }
            all.push(json!({ "@type": "ProfilePage", "url": canonical, "name": of.title, "inLanguage": of.locale, "mainEntity": somebody }));
            all.extend(list);
        }
        _ => {
            let mut page = json!({ "@type": "CollectionPage", "url": canonical, "name": of.title, "inLanguage": of.locale, "isPartOf": { "@type": "WebSite", "@id": site, "name": of.site, "url": format!("{origin}/") } });
            if let Some(description) = &of.description {
                page["description"] = description.as_str().into();
            }
            if let Some(list) = list {
                page["mainEntity"] = list;
            }
            all.push(page);
        }
    }
    if !of.crumbs.is_empty() {
        all.push(json!({ "@type": "BreadcrumbList", "itemListElement": items(&of.crumbs, absolute, "item") }));
    }
    for data in &mut all {
        data["@context"] = "https://schema.org".into();
    }
    all
}

/// Places in a list, each with its address under this name.
fn items(crumbs: &[Crumb], absolute: &impl Fn(&str) -> String, address: &str) -> Vec<Json> {
    let item = |(place, crumb): (usize, &Crumb)| json!({ "@type": "ListItem", "position": place + 1, "name": crumb.title, (address): absolute(&crumb.path) });
    crumbs.iter().enumerate().map(item).collect()
}

/// Makes addresses of the paths of persons' pages.
fn with_addresses(persons: &mut Json, absolute: &impl Fn(&str) -> String) {
    match persons {
        Json::Array(persons) => persons.iter_mut().for_each(|person| with_addresses(person, absolute)),
        person => {
            if let Some(path) = person["url"].as_str().map(absolute) {
                person["url"] = path.into();
            }
        }
    }
}

/// Somebody, with the path of their page; it becomes an address in [`all`].
fn person(name: Option<String>, path: Option<String>) -> Option<Json> {
    let mut person = json!({ "@type": "Person", "name": name? });
    if let Some(path) = path {
        person["url"] = path.into();
    }
    Some(person)
}
