//! What a page is, in the terms of schema.org.

use serde_json::{Value as Json, json};

use super::{
    super::{place::Standing, plain::Page},
    Summary,
    answer::Crumb,
};

/// What is said of an article or a decree; nothing of other pages.
#[derive(Default)]
pub(super) struct LinkedData(Vec<Json>);

impl LinkedData {
    /// What the schema says of it. A word of the app's says in its language what sort of text it is.
    pub(super) fn of(json_ld: &str, word: Option<&str>) -> Self {
        let mut all: Vec<Json> = serde_json::from_str(json_ld).unwrap_or_default();
        if let (Some(word), Some(text)) = (word, all.first_mut()) {
            let name = if text["@type"] == "Legislation" { "legislationType" } else { "genre" };
            text[name] = word.into();
        }
        Self(all)
    }
}

/// Makes addresses of the paths in what is said: where it is not configured where the site is, a request says so.
fn with_addresses(data: &mut Json, absolute: &impl Fn(&str) -> String) {
    match data {
        Json::Array(all) => all.iter_mut().for_each(|one| with_addresses(one, absolute)),
        Json::Object(object) => {
            for (name, value) in object {
                match (name.as_str(), value.as_str()) {
                    ("@id" | "url" | "item" | "mainEntityOfPage", Some(path)) => *value = absolute(path).into(),
                    _ => with_addresses(value, absolute),
                }
            }
        }
        _ => {}
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
            let mut said = of.linked_data.0.clone();
            said.iter_mut().for_each(|data| with_addresses(data, absolute));
            // The way to it among them.
            return said;
        }
        Page::Front => {
            let languages: Vec<&str> = of.alternates.iter().map(|link| link.locale.as_str()).collect();
            let mut website = json!({ "@type": "WebSite", "@id": site, "url": canonical, "name": of.site, "inLanguage": languages, "publisher": { "@id": publisher["@id"] } });
            if let Some(description) = &of.description {
                website["description"] = description.as_str().into();
            }
            if of.has_search {
                let template = format!("{}?q={{search_term_string}}", absolute(&format!("/{}/search", of.locale)));
                website["potentialAction"] = json!({ "@type": "SearchAction", "target": { "@type": "EntryPoint", "urlTemplate": template }, "query-input": "required name=search_term_string" });
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
