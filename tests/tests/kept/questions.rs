//! What is asked: every sort of read that the delivery schema has, of what is there, of what was, and of what will be.

use crate::{chance::Chance, changes::World};

/// The languages of the samples.
pub(crate) const LOCALES: [&str; 3] = ["en", "ru", "tk"];

/// A few of what there may be, so that the same is asked again and again.
pub(crate) fn question(chance: &mut Chance, world: &World) -> String {
    let locale = *chance.one(&LOCALES).unwrap();
    let name = |chance: &mut Chance, all: &[(String, String)]| {
        chance.one(all).map_or_else(|| "none".to_owned(), |(_, slug)| slug.clone())
    };
    let story = format!("story-{}", chance.below(world.made + 6));
    let act = format!("act-{}", chance.below(world.made + 6));
    let category = name(chance, &world.categories);
    let tag = name(chance, &world.tags);
    let person = name(chance, &world.persons);
    let feed = name(chance, &world.feeds);
    let entry = chance.one(&world.entries).map(|entry| entry.id.clone()).unwrap_or_default();
    let size = 1 + chance.below(4);
    let first = format!("first: {size}");
    match chance.below(33) {
        0 | 1 => format!(
            "{{ article(by: {{ slug: \"{story}\" }}, locale: \"{locale}\") {{ title summary viewCount updatedAt body {{ html }} \
             tags {{ name }} authors {{ name role }} category {{ title path related({first}) {{ title }} }} }} \
             feed(slug: \"last-news\", locale: \"{locale}\") {{ items(first: 5) {{ nodes {{ title path }} }} }} }}"
        ),
        2 => format!(
            "{{ article(by: {{ slug: \"{story}\" }}, locale: \"{locale}\") {{ related({first}) {{ title publishedAt }} \
             translations {{ locale title }} covers {{ number title }} withdrawal {{ notice }} changeNotes {{ note }} }} }}"
        ),
        3 => format!("{{ article(by: {{ entryId: \"{entry}\" }}, locale: \"{locale}\") {{ title locale slug }} }}"),
        4 => format!(
            "{{ route(path: \"/{locale}/articles/{story}\") {{ __typename ... on Article {{ title }} ... on Redirect {{ target }} }} }}"
        ),
        5 => format!(
            "{{ route(path: \"/{locale}/decrees/{act}\") {{ __typename ... on Decree {{ title number }} ... on Redirect {{ target }} }} }}"
        ),
        6 => format!(
            "{{ route(path: \"/{locale}/categories/{category}\") {{ __typename ... on Category {{ title children {{ title }} articles({first}) {{ totalCount nodes {{ title }} }} }} ... on Redirect {{ target }} }} }}"
        ),
        7 => format!(
            "{{ route(path: \"/{locale}/tags/{tag}\") {{ __typename ... on Tag {{ name publications({first}) {{ totalCount nodes {{ title }} }} }} ... on Redirect {{ target }} }} }}"
        ),
        8 => format!(
            "{{ route(path: \"/{locale}/people/{person}\") {{ __typename ... on Person {{ name role publications({first}) {{ nodes {{ title }} }} }} ... on Redirect {{ target }} }} }}"
        ),
        9 => format!(
            "{{ route(path: \"/{locale}/feeds/{feed}\") {{ __typename ... on Feed {{ title items({first}) {{ totalCount pageInfo {{ hasNextPage }} nodes {{ title }} }} }} }} }}"
        ),
        10 => format!("{{ route(path: \"/old/{}\") {{ __typename ... on Redirect {{ target }} }} }}", chance.below(8)),
        11 => format!(
            "{{ articles(locale: \"{locale}\", {first}) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ title slug }} }} }}"
        ),
        12 => format!(
            "{{ articles(locale: \"{locale}\", last: {size}) {{ pageInfo {{ hasPreviousPage }} nodes {{ title }} }} }}"
        ),
        13 => format!(
            "{{ articles(locale: \"{locale}\", {first}, filter: {{ categories: [\"{category}\"], includeDescendants: {} }}) {{ totalCount nodes {{ title }} }} }}",
            chance.happens(50)
        ),
        14 => format!(
            "{{ articles(locale: \"{locale}\", {first}, filter: {{ tags: [\"{tag}\"], authors: [\"{person}\"] }}) {{ totalCount nodes {{ title }} }} }}"
        ),
        15 => format!(
            "{{ articles(locale: \"{locale}\", {first}, orderBy: PUBLISHED_AT_ASC, filter: {{ genres: [NEWS, INTERVIEW], exactLocale: {} }}) {{ totalCount nodes {{ title }} }} }}",
            chance.happens(50)
        ),
        16 => format!(
            "{{ articles(locale: \"{locale}\", {first}, filter: {{ includeWithdrawn: true, publishedAt: {{ from: \"2026-01-{:02}T00:00:00Z\", before: \"2026-01-{:02}T00:00:00Z\" }} }}) {{ totalCount nodes {{ title withdrawal {{ notice }} }} }} }}",
            1 + chance.below(10),
            12 + chance.below(10)
        ),
        17 => format!(
            "{{ decrees(locale: \"{locale}\", {first}, filter: {{ status: [IN_FORCE], statusAsOf: \"2026-0{}-01\" }}) {{ totalCount nodes {{ title status }} }} }}",
            1 + chance.below(6)
        ),
        18 => format!(
            "{{ decrees(locale: \"{locale}\", {first}, orderBy: SIGNED_ON_DESC, filter: {{ documentTypes: [LAW] }}) {{ nodes {{ number signedOn }} }} }}"
        ),
        19 | 20 => format!(
            "{{ decree(by: {{ slug: \"{act}\" }}, locale: \"{locale}\") {{ title status inForceFrom inForceUntil signatory {{ office person {{ name }} }} \
             relations {{ kind decree {{ title number }} }} coverage({first}) {{ totalCount nodes {{ title }} }} }} }}"
        ),
        21 => format!(
            "{{ decrees(locale: \"{locale}\", filter: {{ number: \"{}\" }}) {{ nodes {{ title }} }} }}",
            chance.below(6)
        ),
        22 => format!(
            "{{ tags(locale: \"{locale}\", first: 50) {{ totalCount nodes {{ name slug }} }} persons(locale: \"{locale}\", first: 50) {{ nodes {{ name }} }} }}"
        ),
        23 => format!(
            "{{ tag(by: {{ slug: \"{tag}\" }}, locale: \"{locale}\") {{ name articles({first}) {{ totalCount nodes {{ title }} }} }} person(by: {{ slug: \"{person}\" }}) {{ name }} }}"
        ),
        24 => format!(
            "{{ categories(locale: \"{locale}\") {{ title path children {{ title path }} related({first}) {{ title }} }} }}"
        ),
        25 => format!("{{ feeds(locale: \"{locale}\") {{ title slug items({first}) {{ nodes {{ title }} }} }} }}"),
        26 => "{ site { name description timeZone locales { tag name direction fallbacks } } }".to_owned(),
        27 => format!(
            "{{ category(by: {{ path: \"{category}\" }}, locale: \"{locale}\") {{ breadcrumbs {{ title path }} publications({first}) {{ totalCount pageInfo {{ hasNextPage }} nodes {{ __typename title tags {{ name }} }} }} decrees({first}) {{ nodes {{ title }} }} }} }}"
        ),
        28 => match chance.one(&world.cursors) {
            Some((locale, cursor)) => format!(
                "{{ articles(locale: \"{locale}\", {first}, after: \"{cursor}\") {{ pageInfo {{ hasNextPage hasPreviousPage }} nodes {{ title }} }} }}"
            ),
            None => format!("{{ articles(locale: \"{locale}\", {first}) {{ pageInfo {{ endCursor }} }} }}"),
        },
        29..32 => {
            let list = match chance.below(4) {
                0 => format!("tags: [\"{tag}\"]"),
                1 => format!("categories: [\"{category}\"]"),
                2 => format!("feed: \"{feed}\""),
                _ => "kinds: [ARTICLE]".to_owned(),
            };
            format!(
                "{{ departures(filter: {{ locale: \"{locale}\", {list} }}, withNotice: {}, {first}) {{ action nodeIds path replacedBy isGone }} }}",
                chance.happens(40)
            )
        }
        _ => format!(
            "{{ decree(by: {{ entryId: \"{entry}\" }}, locale: \"{locale}\") {{ title tags {{ slug }} category {{ path }} }} article(by: {{ entryId: \"{entry}\" }}, locale: \"{locale}\") {{ path tags {{ slug }} }} }}"
        ),
    }
}
