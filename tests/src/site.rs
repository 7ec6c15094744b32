//! A small reader app for the server to serve.

use courant_server::Reader;
use serde_json::{Value, json};

/// The app, read.
#[must_use]
pub fn reader() -> Reader {
    let folder = tempfile::tempdir().unwrap();
    for inner in ["assets", "plain"] {
        std::fs::create_dir(folder.path().join(inner)).unwrap();
    }
    let (operations, words) = (operations(), words());
    for (name, text) in
        [("index.html", PAGE), ("operations.json", &operations), ("words.json", &words), ("assets/app-1.js", "go()")]
    {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    for (name, text) in TEMPLATES {
        std::fs::write(folder.path().join("plain").join(name), text).unwrap();
    }
    Reader::load(folder.path()).unwrap()
}

const PAGE: &str = "<!doctype html><html lang=\"{{courant:lang}}\" dir=\"{{courant:dir}}\"><head><!--courant:head--></head><body>\
                    <div id=\"root\"><!--courant:body--></div><!--courant:data--></body></html>";

/// An app that asks little.
fn operations() -> String {
    let locale = json!({ "from": "locale" });
    let page = |kind: &str, address: &str, operation: &str, variables: Value, document: &str| json!({ "kind": kind, "address": address, "operation": operation, "variables": variables, "document": document });
    let types = json!({ "from": "query", "parameter": "kind", "accept": ["LAW", "DECREE"], "list": true });
    let after = json!({ "from": "query", "parameter": "after", "accept": "text" });
    let preview = json!({ "from": "query", "parameter": "preview", "accept": "text" });
    json!({ "pages": [
        page("front", "/{locale}", "Front", json!({ "locale": locale }), "query Front($locale: Locale) { site { name(locale: $locale) } }"),
        page("register", "/{locale}/decrees", "Register", json!({ "locale": locale, "documentTypes": types, "after": after }),
            "query Register($locale: Locale, $documentTypes: [DocumentType!], $after: String) {
                decrees(locale: $locale, filter: { documentTypes: $documentTypes }, first: 2, after: $after) { nodes { title documentType } } }"),
        page("feeds", "/{locale}/feeds", "Feeds", json!({ "locale": locale }), "query Feeds($locale: Locale) { feeds(locale: $locale) { title } }"),
        page("search", "/{locale}/search", "Search", json!({
                "locale": locale,
                "query": { "from": "query", "parameter": "q", "accept": "words" },
                "years": { "from": "query", "parameter": "year", "accept": "year", "list": true },
                "after": after,
            }),
            "query Search($locale: Locale, $query: String! = \"\", $years: [Int!], $after: String) {
                hits: search(query: $query, locale: $locale, filter: { years: $years }, first: 2, after: $after) {
                    totalCount didYouMean edges { highlightedTitle { html } fragments { html } } pageInfo { endCursor }
                    facets { years { year count } categories { count category { title } } tags { count tag { name } } } } }"),
        page("route", "/*", "Page", json!({ "path": { "from": "path" }, "preview": preview, "after": after }),
            "query Page($path: String!, $preview: String, $after: String) {
                route(path: $path, preview: $preview) { ... on Publication { title } ... on Article { body { html } }
                    ... on Tag { publications(first: 2, after: $after) { nodes { title } pageInfo { endCursor } } } } }"),
    ] })
    .to_string()
}

/// What it shows of a page before any script runs.
const TEMPLATES: [(&str, &str); 15] = [
    (
        "frame.html",
        "<nav>{% for section in frame.sections %}<a href=\"{{ section.path }}\">{{ section.title }}</a>{% endfor %}</nav>\
                    <main>{% block main %}{% endblock %}</main>",
    ),
    ("front.html", "{% extends 'frame.html' %}{% block main %}<h1>{{ data.site.name }}</h1>{% endblock %}"),
    ("register.html", "{% for act in data.decrees.nodes %}<li>{{ act.title }}</li>{% endfor %}"),
    ("feeds.html", "feeds"),
    (
        "search.html",
        "{% extends 'frame.html' %}{% block main %}<p>{{ data.hits.totalCount }} of {{ variables.query }}</p>\
                     {% if data.hits.didYouMean %}<i>{{ data.hits.didYouMean }}</i>{% endif %}\
                     {% for edge in data.hits.edges %}<h2>{{ edge.highlightedTitle.html | safe }}</h2>\
                     {% for part in edge.fragments %}<p>{{ part.html | safe }}</p>{% endfor %}{% endfor %}\
                     {% for one in data.hits.facets.years %}<a href=\"{{ 'year' | with_value(one.year) }}\">{{ one.count }}</a>{% endfor %}\
                     {% endblock %}",
    ),
    (
        "article.html",
        "{% extends 'frame.html' %}{% block main %}<h1>{{ data.route.title }}</h1>\
                      {{ data.route.body.html | safe }}{% endblock %}",
    ),
    ("decree.html", "<h1>{{ data.route.title }}</h1>"),
    ("category.html", "<h1>{{ data.route.title }}</h1>"),
    ("tag.html", "<h1>{{ data.route.title }}</h1>"),
    ("person.html", "<h1>{{ data.route.name }}</h1>"),
    ("feed.html", "<h1>{{ data.route.title }}</h1>"),
    ("not-found.html", "{% extends 'frame.html' %}{% block main %}<h1>{{ t.notFoundTitle }}</h1>{% endblock %}"),
    ("gone.html", "{% extends 'frame.html' %}{% block main %}<h1>{{ t.goneTitle }}</h1>{% endblock %}"),
    (
        "away.html",
        "{% extends 'frame.html' %}{% block main %}<h1>{{ t.failureTitle }}</h1>\
                   <a href=\"{{ address }}\">{{ t.retry }}</a>{% endblock %}",
    ),
    ("unready.html", "{% extends 'frame.html' %}{% block main %}<h1>{{ t.unreadyTitle }}</h1>{% endblock %}"),
];

/// Its words, in English alone.
fn words() -> String {
    let written = json!({ "months": vec![""; 12], "pattern": "{day}" });
    json!({ "en": {
        "strings": {
            "registerTitle": "The register", "registerAbout": "All acts.", "feedsTitle": "Feeds", "feedsAbout": "All feeds.",
            "searchTitle": "Search", "searchAbout": "Find texts.", "searchFor": "Search: {query}",
            "searchForAbout": "Found for {query}.", "siteAbout": "News of {title}.", "continued": "{title}, continued", "continuedFrom": "From {first} on.",
            "categoryAbout": "In {title}.", "feedAbout": "Feed {title}.", "tag": "Subject", "feed": "Feed",
            "unreadyTitle": "Soon", "unreadyText": "In a moment.",
            "notFoundTitle": "Not here", "notFoundText": "Nothing is.", "goneTitle": "Gone", "goneText": "For good.",
            "failureTitle": "Not now", "failureService": "Later.", "retry": "Again", "number": "No. {number}",
            "tagAbout": "About {title}.", "personAbout": "By {title}.", "documentTypes": { "DECREE": "Decree", "LAW": "Law" }, "genres": { "NEWS": "News" },
        },
        "long": written, "short": written, "shortOfThisYear": written, "group": ",", "groupsFrom": 4, "plural": ["other"],
    } })
    .to_string()
}
