//! What is at an address, in short: for the status, the head, and the text for those who run no script.

mod answer;

use courant_domain::address;
use courant_gateway::Caller;
use serde_json::{Map, Value as Json, json};

use self::answer::{Answer, Article, Crumb, Decree, Image, Link, Named, Publication, Route};
use super::{
    Failed, SiteState,
    bundle::Kind,
    html::{Head, push},
    place::{Asked, Standing},
    run,
};
use crate::graphql::response::look;

/// The operations that ask for it.
const DOCUMENT: &str = include_str!("summary.graphql");

/// What was found at an address.
pub(super) enum Found {
    Page(Box<Summary>),
    /// Somewhere else, for good.
    Elsewhere(String),
    Gone,
    Nothing,
}

/// A page, in short.
#[derive(Default)]
pub(super) struct Summary {
    site: String,
    title: String,
    description: Option<String>,
    /// Its own address: a path, or, for what was published elsewhere first, an address there.
    canonical: String,
    /// The same in the languages there are, its own included.
    alternates: Vec<Link>,
    /// `og:type`.
    sort: &'static str,
    image: Option<Image>,
    published: Option<(String, String)>,
    crumbs: Vec<Crumb>,
    /// The front page and the sections.
    sections: Vec<Crumb>,
    linked_data: Map<String, Json>,
    body: String,
}

/// Asks what is there. An error is in the log already.
pub(super) async fn read(state: &SiteState, asked: &Asked<'_>, caller: Caller) -> Result<Found, Failed> {
    // A language that the site is not in has no front page and no register.
    let has_language = asked.locale.is_some_and(|locale| state.store.reference().site.has(locale));
    if asked.kind() != Kind::Route && !has_language {
        return Ok(Found::Nothing);
    }
    let mut variables = Map::new();
    if let Some(locale) = asked.locale.filter(|_| has_language) {
        variables.insert("locale".to_owned(), locale.as_str().into());
    }
    let operation = match asked.kind() {
        Kind::Front => "Front",
        Kind::Register => "Register",
        Kind::Feeds => "Feeds",
        Kind::Route => {
            variables.insert("path".to_owned(), asked.path.into());
            variables.extend(asked.preview().map(|token| ("preview".to_owned(), token.into())));
            "Route"
        }
    };
    let (executed, _ticket) = run(&state.graphql, DOCUMENT, operation, variables, caller).await?;
    if let Some(error) = executed.errors.first() {
        tracing::warn!(path = asked.path, error = error.message, "it cannot be said what is at an address");
        return Err(Failed::Unavailable);
    }
    let answer =
        look(&executed).and_then(|mut answer| serde_json::from_value(answer["data"].take())).map_err(|error| {
            tracing::error!(%error, "the summary of a page cannot be read");
            Failed::Unavailable
        })?;
    Ok(found(asked, answer))
}

fn found(asked: &Asked<'_>, answer: Answer) -> Found {
    let Answer { site, categories: mut sections, route, feed, decrees, feeds } = answer;
    let home = asked.locale.map_or("/".to_owned(), address::home_path);
    sections.insert(0, Crumb { title: site.name.clone(), path: home });
    let mut summary = Summary { site: site.name, sort: "website", sections, ..Summary::default() };
    let languages = || site.locales.iter().map(|locale| locale.tag.as_str());
    match asked.kind() {
        Kind::Route => match route {
            None => return Found::Nothing,
            Some(Route::Gone) => return Found::Gone,
            Some(Route::FrontPage { path: target } | Route::Redirect { target }) => return Found::Elsewhere(target),
            Some(Route::Article(article)) => summary.article(*article),
            Some(Route::Decree(decree)) => summary.decree(*decree),
            Some(Route::Category(list) | Route::Tag(list) | Route::Feed(list)) => {
                summary.canonical = list.path;
                summary.title = list.title;
                summary.description = list.description;
                summary.crumbs = list.breadcrumbs;
                summary.lines(&list.publications.nodes);
            }
        },
        Kind::Front => {
            summary.title.clone_from(&summary.site);
            summary.description = site.description;
            summary.lines(feed.map(|feed| feed.items.nodes).as_deref().unwrap_or_default());
        }
        Kind::Register => summary.lines(decrees.map(|list| list.nodes).as_deref().unwrap_or_default()),
        Kind::Feeds => summary.lines(feeds.as_deref().unwrap_or_default()),
    }
    // Lists and fixed pages have one path for all languages.
    if summary.canonical.is_empty() {
        asked.path.clone_into(&mut summary.canonical);
    }
    if summary.alternates.is_empty() && asked.locale.is_some() {
        // Behind the language, which need not be spelt as it was asked for.
        let rest = summary.canonical[1..].find('/').map_or("", |at| &summary.canonical[1 + at..]);
        let alternate = |tag: &str| Link { locale: tag.to_owned(), path: format!("/{tag}{rest}") };
        summary.alternates = languages().map(alternate).collect();
    }
    Found::Page(Box::new(summary))
}

impl Summary {
    fn article(&mut self, article: Article) {
        let Article { publication, authors, lead_image, canonical_url } = article;
        self.set("@type", "NewsArticle");
        self.set("headline", publication.title.as_str());
        self.set("articleSection", publication.category.title.as_str());
        let authors: Vec<Json> = authors.into_iter().filter_map(person).collect();
        if !authors.is_empty() {
            self.set("author", authors);
        }
        self.image = lead_image;
        self.publication(publication);
        if let Some(url) = canonical_url {
            self.canonical = url;
        }
    }

    fn decree(&mut self, decree: Decree) {
        let Decree { publication, number, decree_kind, signed_on, status, signatory } = decree;
        self.set("@type", "Legislation");
        self.set("name", publication.title.as_str());
        self.set("legislationIdentifier", number);
        self.set("legislationType", decree_kind);
        self.set("legislationDate", signed_on);
        let force = match status.as_str() {
            "IN_FORCE" => "InForce",
            "PARTIALLY_IN_FORCE" => "PartiallyInForce",
            _ => "NotInForce",
        };
        self.set("legislationLegalForce", format!("https://schema.org/{force}"));
        if let Some(person) = signatory.and_then(person) {
            self.set("legislationPassedBy", person);
        }
        self.publication(publication);
    }

    fn publication(&mut self, publication: Publication) {
        let Publication { locale, path, title, summary, published_at, updated_at, .. } = publication;
        self.set("inLanguage", locale.as_str());
        self.set("datePublished", published_at.as_str());
        self.set("dateModified", updated_at.as_str());
        let keywords: Vec<String> = publication.tags.into_iter().filter_map(|tag| tag.name).collect();
        if !keywords.is_empty() {
            self.set("keywords", keywords);
        }
        if let Some(summary) = &summary {
            self.set("description", summary.as_str());
            push(&mut self.body, "<p class=\"summary\">", summary, "</p>");
        }
        if let Some(withdrawal) = publication.withdrawal {
            self.body.push_str(&withdrawal.html);
        }
        self.body.push_str("<div>");
        self.body.push_str(&publication.body.html);
        self.body.push_str("</div>");
        self.sort = "article";
        self.published = Some((published_at, updated_at));
        self.crumbs = publication.breadcrumbs;
        self.alternates = publication.translations;
        self.alternates.insert(0, Link { locale, path: path.clone() });
        (self.canonical, self.title, self.description) = (path, title, summary);
    }

    fn lines(&mut self, lines: &[Crumb]) {
        self.body.push_str("<ul>");
        for line in lines {
            push(&mut self.body, "<li><a href=\"", &line.path, "\">");
            push(&mut self.body, "", &line.title, "</a></li>");
        }
        self.body.push_str("</ul>");
    }

    fn set(&mut self, name: &str, value: impl Into<Json>) {
        self.linked_data.insert(name.to_owned(), value.into());
    }

    /// The elements of the document's head. Each is marked, for the app to put its own in their place.
    pub(super) fn head(&self, origin: &str, standing: Standing) -> String {
        let mut head = Head::default();
        let absolute = |path: &str| if path.starts_with('/') { format!("{origin}{path}") } else { path.to_owned() };
        let canonical = absolute(&self.canonical);
        head.title(&match self.title.as_str() {
            "" => self.site.clone(),
            title if title == self.site => title.to_owned(),
            title => format!("{title} · {}", self.site),
        });
        if let Some(description) = &self.description {
            head.meta("name", "description", description);
        }
        if standing != Standing::Own {
            head.meta("name", "robots", "noindex");
        }
        if standing == Standing::Preview {
            return head.0;
        }
        head.link("canonical", None, &canonical);
        for link in &self.alternates {
            head.link("alternate", Some(&link.locale), &absolute(&link.path));
        }
        head.meta("property", "og:title", if self.title.is_empty() { &self.site } else { &self.title });
        head.meta("property", "og:type", self.sort);
        head.meta("property", "og:url", &canonical);
        head.meta("property", "og:site_name", &self.site);
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
        for data in self.linked_data(&canonical, &absolute) {
            head.linked_data(&data);
        }
        head.0
    }

    /// What the page is, in the terms of schema.org.
    fn linked_data(&self, canonical: &str, absolute: &impl Fn(&str) -> String) -> Vec<Json> {
        let mut all = Vec::new();
        if !self.linked_data.is_empty() {
            let mut data = self.linked_data.clone();
            data.insert("@context".to_owned(), "https://schema.org".into());
            data.insert("url".to_owned(), canonical.into());
            data.insert("mainEntityOfPage".to_owned(), canonical.into());
            data.insert("publisher".to_owned(), json!({ "@type": "Organization", "name": self.site }));
            data.extend(self.image.as_ref().map(|image| ("image".to_owned(), absolute(&image.url).into())));
            all.push(data.into());
        }
        if !self.crumbs.is_empty() {
            let item = |(place, crumb): (usize, &Crumb)| json!({ "@type": "ListItem", "position": place + 1, "name": crumb.title, "item": absolute(&crumb.path) });
            let items: Vec<Json> = self.crumbs.iter().enumerate().map(item).collect();
            all.push(json!({ "@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items }));
        }
        all
    }

    /// The page's text, for those who run no script.
    pub(super) fn body(&self) -> String {
        let mut body = String::from("<div class=\"plain\"><nav>");
        for link in &self.sections {
            push(&mut body, "<a href=\"", &link.path, "\">");
            push(&mut body, "", &link.title, "</a> ");
        }
        body.push_str("</nav><article>");
        push(&mut body, "<h1>", if self.title.is_empty() { &self.site } else { &self.title }, "</h1>");
        body.push_str(&self.body);
        body.push_str("</article></div>");
        body
    }
}

fn person(named: Named) -> Option<Json> {
    named.name.map(|name| json!({ "@type": "Person", "name": name }))
}
