//! What is at an address, in short: for the status and the head.

mod answer;
mod called;
mod linked_data;

use courant_domain::{address, locale::Locale};
use courant_gateway::Caller;
use courant_persistence::Reference;
use serde_json::Map;

pub(super) use self::answer::Link;
use self::{
    answer::{Answer, Article, Crumb, Decree, Image, Publication, Route},
    linked_data::LinkedData,
};
use super::{
    Failed, SiteState,
    bundle::{Kind, Reader},
    html::Head,
    opensearch,
    place::{self, Asked, Standing, from_the_beginning},
    plain::{self, Page},
    run,
};
use crate::{cache::MadeOf, graphql::response::look};

/// The operations that ask for it.
const DOCUMENT: &str = include_str!("summary.graphql");

/// How many characters of a text stand in for a summary, at most.
const DESCRIPTION: usize = 200;

/// What was found at an address.
pub(super) enum Found {
    Page(Box<Summary>),
    /// Somewhere else, for good.
    Elsewhere(String),
    Gone,
    Nothing,
}

/// A page, in short.
pub(super) struct Summary {
    pub(super) page: Page,
    site: String,
    site_description: Option<String>,
    /// Its own pages elsewhere.
    profiles: Vec<String>,
    default_locale: String,
    locale: String,
    title: String,
    /// The document's title, where it says more than the page's own.
    full_title: Option<String>,
    description: Option<String>,
    /// What somebody is, whose page it is.
    role: Option<String>,
    /// Its own address: a path, or, for what was published elsewhere first, an address there.
    canonical: String,
    /// The same in the languages there are, its own included.
    pub(super) alternates: Vec<Link>,
    image: Option<Image>,
    published: Option<(String, String)>,
    crumbs: Vec<Crumb>,
    lines: Vec<Crumb>,
    linked_data: LinkedData,
    /// Whether the app has a page for what is looked for.
    has_search: bool,
}

/// Asks what is there. An error is in the log already.
pub(super) async fn read(
    state: &SiteState,
    asked: &Asked<'_>,
    caller: Caller,
    is_kept: bool,
) -> Result<(Found, Option<MadeOf>), Failed> {
    // A language that the site is not in has no front page and no register.
    let has_language = asked.locale.is_some_and(|locale| state.store.reference().site.has(locale));
    // What looks like one may be an old address: `/faq`, `/our-team`.
    let kind = if has_language { asked.kind() } else { Kind::Route };
    let mut variables = Map::new();
    if let Some(locale) = asked.locale.filter(|_| has_language) {
        variables.insert("locale".to_owned(), locale.as_str().into());
    }
    let operation = match kind {
        Kind::Front => "Front",
        Kind::Register => "Register",
        Kind::Feeds => "Feeds",
        Kind::Search => "Search",
        Kind::Route => {
            // An old address may say by its query what it leads to.
            let whole = place::with_query(asked.path, asked.query);
            let path = if address::queried(&whole).is_empty() { asked.path.into() } else { whole };
            variables.insert("path".to_owned(), path.into());
            variables.extend(asked.preview().map(|token| ("preview".to_owned(), token.into())));
            "Route"
        }
    };
    // A cursor is of the list as it is filtered and ordered, which is the app's to know.
    let after =
        asked.variables.get("after").filter(|_| matches!(kind, Kind::Route | Kind::Register) && !asked.is_filtered());
    let mut further = variables.clone();
    further.extend(after.map(|after| ("after".to_owned(), after.clone())));
    let mut ran = run(&state.graphql, DOCUMENT, operation, further, caller.clone(), is_kept).await?;
    let goes_on = after.is_some() && ran.response.errors.is_empty();
    if after.is_some() && !goes_on {
        // What is no place in the list leads to its beginning: what is wrong with it the app's own operation says.
        ran = run(&state.graphql, DOCUMENT, operation, variables, caller, is_kept).await?;
    }
    if let Some(error) = ran.response.errors.first() {
        tracing::warn!(path = asked.path, error = error.message, "it cannot be said what is at an address");
        return Err(Failed::Unavailable);
    }
    let answer =
        look(&ran.response).and_then(|mut answer| serde_json::from_value(answer["data"].take())).map_err(|error| {
            tracing::error!(%error, "the summary of a page cannot be read");
            Failed::Unavailable
        })?;
    let reference = state.store.reference();
    let locale = asked.locale.filter(|_| has_language).unwrap_or(reference.site.default_locale);
    let mut found = found(asked, kind, locale, answer, &reference, &state.reader);
    if let Found::Page(summary) = &mut found
        && asked.variables.contains_key("after")
    {
        summary.further(goes_on, locale, state.reader.pages());
    }
    Ok((found, ran.kept))
}

fn found(
    asked: &Asked<'_>,
    kind: Kind,
    locale: Locale,
    answer: Answer,
    reference: &Reference,
    reader: &Reader,
) -> Found {
    let words = reader.pages();
    let Answer { site, route, feed, decrees, feeds } = answer;
    let mut summary = Summary {
        page: Page::Front,
        site: site.name,
        site_description: site.description,
        profiles: site.profiles,
        default_locale: site.default_locale,
        locale: locale.to_string(),
        title: String::new(),
        full_title: None,
        description: None,
        role: None,
        canonical: String::new(),
        alternates: Vec::new(),
        image: None,
        published: None,
        crumbs: Vec::new(),
        lines: Vec::new(),
        linked_data: LinkedData::default(),
        has_search: reader.has_search(),
    };
    match kind {
        Kind::Route => match route {
            None => return Found::Nothing,
            Some(Route::Gone) => return Found::Gone,
            Some(Route::FrontPage { path: target } | Route::Redirect { target }) => return Found::Elsewhere(target),
            Some(Route::Article(article)) => summary.article(*article, words),
            Some(Route::Decree(decree)) => summary.decree(*decree, words),
            Some(Route::Category(list)) => summary.list(Page::Category, list, locale, reference, words),
            Some(Route::Tag(list)) => summary.list(Page::Tag, list, locale, reference, words),
            Some(Route::Person(list)) => {
                summary.role.clone_from(&list.role);
                summary.list(Page::Person, list, locale, reference, words);
            }
            Some(Route::Feed(list)) => summary.list(Page::Feed, list, locale, reference, words),
        },
        Kind::Front => {
            summary.title.clone_from(&summary.site);
            let about = || words.text("siteAbout", locale, "title", &summary.site);
            summary.description = summary.site_description.clone().or_else(about);
            summary.lines = feed.map(|feed| feed.items.nodes).unwrap_or_default();
        }
        Kind::Register => summary.fixed(Page::Register, decrees.map(|list| list.nodes), locale, words),
        Kind::Feeds => summary.fixed(Page::Feeds, feeds, locale, words),
        Kind::Search => {
            summary.fixed(Page::Search, None, locale, words);
            if let Some(sought) = asked.sought() {
                summary.full_title = words.text("searchFor", locale, "query", sought);
                let about = words.text("searchForAbout", locale, "query", sought);
                summary.description = about.or(summary.description);
            }
        }
    }
    // Lists and fixed pages have one path for all languages.
    if summary.canonical.is_empty() {
        asked.path.clone_into(&mut summary.canonical);
    }
    if summary.crumbs.is_empty() && summary.page != Page::Front {
        let home = Crumb { title: summary.site.clone(), path: address::home_path(locale) };
        let here = Crumb { title: summary.title.clone(), path: summary.canonical.clone() };
        summary.crumbs = vec![home, here];
    }
    if summary.alternates.is_empty() && asked.locale.is_some() {
        // Behind the language, which need not be spelt as it was asked for.
        let rest = summary.canonical[1..].find('/').map_or("", |at| &summary.canonical[1 + at..]);
        // What is looked for in one language may be looked for in another.
        let query = if kind == Kind::Search { from_the_beginning(asked.query) } else { Vec::new() };
        let path = |tag: &str| place::address(&format!("/{tag}{rest}"), query.iter().cloned());
        let alternate = |tag: &str| Link { locale: tag.to_owned(), path: path(tag) };
        summary.alternates = site.locales.iter().map(|locale| alternate(&locale.tag)).collect();
    }
    Found::Page(Box::new(summary))
}

impl Summary {
    fn article(&mut self, article: Article, words: &plain::Pages) {
        let Article { publication, genre, lead_image, canonical_url } = article;
        self.page = Page::Article;
        let locale = Locale::parse(&publication.locale).ok();
        let genre = locale.and_then(|locale| words.word("genres", &genre, locale));
        self.linked_data = LinkedData::of(&publication.json_ld, genre);
        self.image = lead_image;
        self.publication(publication);
        if let Some(url) = canonical_url {
            self.canonical = url;
        }
    }

    fn decree(&mut self, decree: Decree, words: &plain::Pages) {
        self.page = Page::Decree;
        let locale = Locale::parse(&decree.publication.locale).ok();
        let kind = locale.and_then(|locale| words.word("documentTypes", &decree.document_type, locale));
        let number = locale.and_then(|locale| words.text("number", locale, "number", &decree.number));
        let title = &decree.publication.title;
        self.full_title = kind.zip(number).map(|(kind, number)| format!("{kind} {number}: {title}"));
        self.linked_data = LinkedData::of(&decree.publication.json_ld, kind);
        self.publication(decree.publication);
    }

    fn publication(&mut self, publication: Publication) {
        let Publication { locale, path, title, summary, published_at, updated_at, body, .. } = publication;
        // A picture alone has its title.
        self.description = summary.or_else(|| beginning(&body.text)).or_else(|| Some(title.clone()));
        self.published = Some((published_at, updated_at));
        self.crumbs = publication.breadcrumbs;
        self.alternates = publication.translations;
        self.alternates.insert(0, Link { locale: locale.clone(), path: path.clone() });
        (self.locale, self.canonical, self.title) = (locale, path, title);
    }

    /// A page that is there on every site.
    fn fixed(&mut self, page: Page, lines: Option<Vec<Crumb>>, locale: Locale, words: &plain::Pages) {
        self.page = page;
        if let Some((title, about)) = words.about(page, locale) {
            (self.title, self.description) = (title.to_owned(), Some(about.to_owned()));
        }
        self.lines = lines.unwrap_or_default();
    }

    /// The elements of the document's head. Each is marked, for the app to put its own in their place.
    pub(super) fn head(&self, origin: &str, standing: Standing) -> String {
        let mut head = Head::default();
        let absolute = |path: &str| if path.starts_with('/') { format!("{origin}{path}") } else { path.to_owned() };
        let canonical = absolute(&self.canonical);
        head.title(&titled(self.full_title.as_ref().unwrap_or(&self.title), &self.site));
        if let Some(description) = &self.description {
            head.meta("name", "description", description);
        }
        if standing != Standing::Own {
            head.meta("name", "robots", "noindex");
        }
        if self.has_search {
            head.search(&self.site, &absolute(&opensearch::path(&self.locale)));
        }
        if matches!(standing, Standing::Preview | Standing::Results) {
            return head.0;
        }
        head.link("canonical", None, &canonical);
        for link in &self.alternates {
            head.link("alternate", Some(&link.locale), &absolute(&link.path));
        }
        // For those whose language is not there: the site's own, or the one that is.
        let standard = self.alternates.iter().find(|link| link.locale == self.default_locale);
        if let Some(standard) = standard.or(self.alternates.first()) {
            head.link("alternate", Some("x-default"), &absolute(&standard.path));
        }
        self.feeds(&mut head, &absolute);
        self.preview_of_links(&mut head, &canonical, &absolute);
        for data in linked_data::all(self, origin, standing, &canonical, &absolute) {
            head.linked_data(&data);
        }
        head.0
    }

    /// Where what the page lists can be followed, and everything on the site; of texts, their section.
    fn feeds(&self, head: &mut Head, absolute: &impl Fn(&str) -> String) {
        let own = match self.page {
            Page::Category | Page::Tag | Page::Feed => Some((self.title.as_str(), self.canonical.as_str())),
            Page::Article | Page::Decree => {
                self.crumbs.iter().skip(1).last().map(|section| (section.title.as_str(), section.path.as_str()))
            }
            _ => None,
        };
        let own = own.map(|(title, path)| (titled(title, &self.site), path.to_owned()));
        let all = (self.site.clone(), format!("/{}/feed", self.locale));
        for (title, path) in own.into_iter().chain([all]) {
            for (media_type, end) in
                [("application/rss+xml", "rss"), ("application/atom+xml", "atom"), ("application/feed+json", "json")]
            {
                head.feed(media_type, &title, &absolute(&format!("{path}.{end}")));
            }
        }
    }

    /// What others show of a link to the page (Open Graph).
    fn preview_of_links(&self, head: &mut Head, canonical: &str, absolute: &impl Fn(&str) -> String) {
        head.meta("property", "og:title", if self.title.is_empty() { &self.site } else { &self.title });
        head.meta("property", "og:type", if self.published.is_some() { "article" } else { "website" });
        head.meta("property", "og:url", canonical);
        head.meta("property", "og:site_name", &self.site);
        head.meta("property", "og:locale", &self.locale.replace('-', "_"));
        if let Some(description) = &self.description {
            head.meta("property", "og:description", description);
        }
        if let Some((published, updated)) = &self.published {
            head.meta("property", "article:published_time", published);
            head.meta("property", "article:modified_time", updated);
        }
        head.meta("name", "twitter:card", if self.image.is_some() { "summary_large_image" } else { "summary" });
        if let Some(image) = &self.image {
            head.meta("property", "og:image", &absolute(&image.url));
            let sizes = [("og:image:width", image.width), ("og:image:height", image.height)];
            for (name, size) in sizes.into_iter().filter_map(|(name, size)| Some((name, size?))) {
                head.meta("property", name, &size.to_string());
            }
            if let Some(alt) = &image.alt {
                head.meta("property", "og:image:alt", alt);
            }
        }
    }
}

/// The head of a page that says only why there is none.
pub(super) fn head_of_message(title: &str, about: &str, site: &str) -> String {
    let mut head = Head::default();
    head.title(&titled(title, site));
    head.meta("name", "description", about);
    head.meta("name", "robots", "noindex");
    head.0
}

/// A title with the site's name.
fn titled(title: &str, site: &str) -> String {
    match (title, site) {
        ("", _) => site.to_owned(),
        (title, "") => title.to_owned(),
        (title, site) if title == site => title.to_owned(),
        (title, site) => format!("{title} · {site}"),
    }
}

/// The beginning of a text, up to the end of a word.
fn beginning(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(DESCRIPTION) else {
        return Some(text).filter(|text| !text.is_empty());
    };
    let kept = &text[..end];
    Some(format!("{}…", kept.rfind(' ').map_or(kept, |at| &kept[..at])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_summary_is_described_by_its_beginning() {
        assert_eq!(beginning(" Rain\n\nfell. "), Some("Rain fell.".to_owned()));
        assert_eq!(beginning(" \n"), None);
        let long = beginning(&"слово ".repeat(100)).unwrap();
        assert!(long.ends_with("слово…") && long.chars().count() <= DESCRIPTION + 1, "{long}");
        assert_eq!(beginning(&"w".repeat(300)).unwrap().chars().count(), DESCRIPTION + 1);
    }

    #[test]
    fn a_title_names_the_site_once() {
        assert_eq!(titled("Rain", "News"), "Rain · News");
        assert_eq!(titled("News", "News"), "News");
        assert_eq!(titled("Rain", ""), "Rain");
    }
}
