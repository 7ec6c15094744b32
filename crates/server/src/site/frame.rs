//! What stands around a page that has no answer: what is known of the site without asking, in the form of the delivery schema.

use courant_domain::{address, locale::Locale};
use courant_persistence::Reference;
use serde_json::{Value as Json, json};

/// The site and its sections, in a language.
pub(super) fn of(reference: &Reference, locale: Locale) -> Json {
    let Reference { site, categories, .. } = reference;
    let section = |category: &courant_domain::category::Category| {
        let slugs = categories.path(category.id)?;
        let title = category.title.resolve(site, locale)?;
        Some(json!({ "title": title, "path": address::category_path(locale, slugs) }))
    };
    let sections: Vec<Json> = categories.children(None).filter_map(section).collect();
    let locales = site.locales.iter().map(|language| {
        let direction = language.tag.direction().as_str().to_ascii_uppercase();
        json!({ "tag": language.tag.as_str(), "name": language.name, "direction": direction })
    });
    let locales: Vec<Json> = locales.collect();
    json!({
        "site": {
            "name": site.name.resolve(site, locale),
            "description": site.description.resolve(site, locale),
            "timeZone": site.time_zone.to_string(),
            "profiles": site.profiles,
            "locales": locales,
        },
        "sections": sections,
    })
}
