//! From what was found to what is written.

use courant_domain::rich_text::{Format as TextFormat, RichText};
use courant_syndication::write::{
    Act, Content, Departure, Feed, Instead, Item, Link, Note, Notice, Person, Picture, Rel, Term, absolute_html,
};
use url::Url;
use uuid::Uuid;

use super::{
    address::{Asked, Of},
    found::{self, Departed, Found, Text},
    words,
};

/// What ids are made in: the id of a text in one language, or of a feed in one, is made of its global id, which stays when it is
/// called otherwise or the site moves.
const IDS: Uuid = Uuid::from_u128(0x6f1d_7c3e_2a0b_5c84_9a57_4f6d_9f0e_51b2);

/// Where the site is, and what tells of its feeds.
pub(super) struct Surroundings<'a> {
    pub(super) origin: &'a Url,
    pub(super) hub: Option<&'a Url>,
    pub(super) has_icon: bool,
}

/// Makes the page of a feed; none of a feed that is not there.
pub(super) fn feed(
    asked: &Asked,
    found: Found,
    around: &Surroundings<'_>,
    time: impl Fn(jiff::Timestamp) -> jiff::civil::Date,
) -> Option<Feed> {
    let Found { site, list, earlier, of, departures, withdrawn } = found;
    let (id, title, description, order, list, earlier) = match (of, list) {
        (Some(of), _) => {
            let title = if site.name.is_empty() { of.title } else { format!("{} · {}", of.title, site.name) };
            (of.id, title, of.description, of.order, of.list, of.earlier)
        }
        (None, Some(list)) if asked.of == Of::Site => {
            (format!("site {}", asked.locale), site.name.clone(), site.description.clone(), None, list, earlier)
        }
        (None, _) => return None,
    };
    let at = |path: &str| around.origin.join(path).ok();
    let words = words::of(asked.locale);
    let own = at(&asked.own())?;
    let mut links = Vec::new();
    let mut link = |rel: Rel, url: Option<Url>| links.extend(url.map(|url| Link { rel, url }));
    if asked.is_first() {
        link(Rel::Hub, around.hub.cloned());
    } else {
        link(if asked.day.is_some() { Rel::Current } else { Rel::First }, at(&asked.at(asked.format, None, None)));
    }
    let after = list.page_info.end_cursor.as_deref().filter(|_| list.page_info.has_next_page);
    let next = after.map(|after| asked.at(asked.format, asked.day, Some(after)));
    // What editors or readers order has no past.
    let is_in_time = order.as_deref().is_none_or(|order| order == "LATEST");
    match (asked.day, &next) {
        (None, Some(next)) => {
            link(Rel::Next, at(next));
            let last = list.nodes.iter().map(|item| item.published_at).min();
            let day = last.filter(|_| is_in_time && asked.is_first()).map(&time);
            link(Rel::PrevArchive, day.and_then(|day| at(&asked.at(asked.format, Some(day), None))));
        }
        (None, None) => {}
        // A day may take several documents.
        (Some(_), Some(next)) => link(Rel::PrevArchive, at(next)),
        (Some(_), None) => {
            let before = earlier.and_then(|earlier| earlier.nodes.first().map(|first| time(first.published_at)));
            link(Rel::PrevArchive, before.and_then(|day| at(&asked.at(asked.format, Some(day), None))));
        }
    }
    let live: Vec<String> = list.nodes.iter().map(|item| urn(&item.id)).collect();
    // What has a notice is told of behind the list, where it is not in the list itself.
    let notices = withdrawn.into_iter().filter_map(|told| match told.node {
        Some(Text::Article(item) | Text::Decree(item)) => item.withdrawal.is_some().then_some(*item),
        _ => None,
    });
    let notices: Vec<_> = notices.filter(|item| !live.contains(&urn(&item.id))).collect();
    let departed = departures.into_iter().filter_map(|gone| departure(gone, around.origin));
    Some(Feed {
        id: urn(&id),
        title,
        description,
        locale: asked.locale,
        site: if site.name.is_empty() { around.origin.host_str().unwrap_or_default().to_owned() } else { site.name },
        site_url: around.origin.clone(),
        page: at(&asked.path)?,
        own,
        links,
        icon: around.has_icon.then(|| at("/favicon.ico")).flatten(),
        is_archive: asked.day.is_some(),
        // Whoever pins something may have it in the list twice over.
        departed: departed.filter(|gone| !live.contains(&gone.id)).collect(),
        items: list.nodes.into_iter().chain(notices).filter_map(|of| item(of, around.origin)).collect(),
        words: words.written(),
    })
}

fn urn(id: &str) -> String {
    format!("urn:uuid:{}", Uuid::new_v5(&IDS, id.as_bytes()))
}

fn departure(gone: Departed, origin: &Url) -> Option<Departure> {
    let Departed { node_id, at, path, replaced_by, is_gone } = gone;
    let url = |path: &str| origin.join(path).ok();
    let instead = match (replaced_by.as_deref().and_then(url), path.as_deref().and_then(url)) {
        (Some(target), _) => Instead::At(target),
        (None, Some(path)) if is_gone => Instead::Gone(path),
        _ => Instead::Nothing,
    };
    Some(Departure { id: urn(&node_id?), at, instead })
}

/// Makes an item; none whose address is none.
pub(super) fn item(of: found::Item, origin: &Url) -> Option<Item> {
    let url = origin.join(&of.path).ok()?;
    let at = |path: &str| origin.join(path).ok();
    let person = |name: String, path: Option<&str>| Person { name, url: path.and_then(at) };
    let mut authors: Vec<Person> =
        of.authors.into_iter().map(|author| person(author.name, Some(&author.path))).collect();
    authors.extend(of.signatory.and_then(|by| {
        let page = by.person.map(|page| page.path);
        by.name.map(|name| person(name, page.as_deref()))
    }));
    let terms = [(of.category, true)].into_iter().chain(of.tags.into_iter().map(|tag| (tag, false)));
    let terms = terms.filter_map(|(term, is_category)| {
        Some(Term { name: term.name, url: origin.join(&term.path).ok()?, is_category })
    });
    let picture = of.lead_image.and_then(|image| {
        let found::Image { url, alt, caption, width, height } = image;
        let url = at(&url).filter(|url| matches!(url.scheme(), "https" | "http"))?;
        Some(Picture { url, alt, caption, width, height })
    });
    let genre = of.genre.or(of.document_type);
    Some(Item {
        id: urn(&of.id),
        entry: format!("urn:uuid:{}", of.entry_id),
        slug: of.slug,
        locale: of.locale,
        kicker: of.kicker,
        title: of.title,
        summary: of.summary,
        content: of.body.html.map_or(Content::Summary, |html| Content::Full(absolute_html(&html, &url))),
        word_count: Some(of.body.word_count),
        authors,
        terms: terms.collect(),
        picture,
        dateline: of.dateline,
        genre: genre.map(|code| (code.clone(), code.replace('_', " ").to_lowercase())),
        source: of.source.map(|source| (source.name, source.url.and_then(|url| Url::parse(&url).ok()))),
        rights: of.rights,
        act: of.number.zip(of.signed_on).map(|(number, signed_on)| Act { number, signed_on }),
        published_at: of.published_at,
        first_published_at: of.first_published_at,
        updated_at: of.updated_at,
        changes: of.change_notes.into_iter().map(|note| Note { at: note.at, note: note.note }).collect(),
        withdrawn: of.withdrawal.map(|withdrawal| {
            let found::Withdrawal { at, html } = withdrawal;
            let text = RichText::new(TextFormat::Html, html.as_str()).text().trim().to_owned();
            Notice { at, html: absolute_html(&html, &url), text }
        }),
        url,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_back_is_known_by_the_id_that_it_had() {
        let origin = Url::parse("https://news.example").unwrap();
        let gone = |replaced_by: Option<&str>, is_gone| {
            let gone = Departed {
                node_id: Some("QQ".to_owned()),
                at: jiff::Timestamp::UNIX_EPOCH,
                path: Some("/en/articles/rain".to_owned()),
                replaced_by: replaced_by.map(str::to_owned),
                is_gone,
            };
            departure(gone, &origin).unwrap()
        };
        assert_eq!(gone(None, false).id, urn("QQ"));
        assert_eq!(gone(None, false).instead, Instead::Nothing);
        assert_eq!(gone(None, true).instead, Instead::Gone(origin.join("/en/articles/rain").unwrap()));
        assert_eq!(gone(Some("/en/tags/a"), false).instead, Instead::At(origin.join("/en/tags/a").unwrap()));
    }
}
