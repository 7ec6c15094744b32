//! WordPress eXtended RSS, versions 1.0 to 1.2: the export of WordPress.
//!
//! Posts become items; pages, attachments and other types of post are counted. An attachment that is a post's
//! featured image becomes its lead image.

mod content;
mod paragraphs;
mod post;
mod shortcode;
mod terms;
mod tongues;

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::{
    collect::Collector,
    detect::SourceFormat,
    error::{Position, ReadError},
    import::{Import, ReadOptions},
    text::{name, web_address},
    xml::{self, Element, Namespace},
};

use terms::Terms;

/// Reads an export.
pub(crate) fn read(text: &str, options: &ReadOptions) -> Result<Import, ReadError> {
    let root = xml::parse(text, SourceFormat::Wxr)?;
    let Some(channel) = root.child(Namespace::Rss, "channel") else {
        return Err(ReadError::Malformed {
            format: SourceFormat::Wxr,
            position: Position::of(text, 0),
            reason: "it has no channel".to_owned(),
        });
    };
    let mut collector = Collector::new(SourceFormat::Wxr, options);
    let base = channel
        .child_text(Namespace::Wordpress, "base_blog_url")
        .or_else(|| channel.child_text(Namespace::Rss, "link"))
        .and_then(|url| web_address(url, None));
    let site = base.as_deref().and_then(|base| Url::parse(base).ok());
    let title = channel.child_text(Namespace::Rss, "title").and_then(name);
    collector.identity([base.as_deref(), title.as_deref()]);
    collector.about(title, channel.child_text(Namespace::Rss, "language"), base);

    let mut terms = Terms::default();
    for child in &channel.children {
        declaration(child, &mut terms, &mut collector);
    }
    // Items may name categories the channel does not declare; parents are known when all are.
    let posts: Vec<(usize, &Element<'_>)> =
        channel.children.iter().filter(|child| child.name() == "item").enumerate().collect();
    for (_, item) in &posts {
        terms.named_on(item);
        if post::kind(item) == "guest-author" {
            guest(item, &mut collector);
        }
    }
    let attachments = attachments(&posts);
    let mut used = HashSet::new();
    for (index, item) in &posts {
        if post::kind(item) == "post" {
            used.extend(post::read(index + 1, item, &terms, &attachments, site.as_ref(), &mut collector));
        }
    }
    for (_, item) in &posts {
        other(item, &used, &mut collector);
    }
    let categories = terms.tree(&mut collector);
    Ok(collector.finish(categories))
}

/// Takes what the channel declares in front of its items.
fn declaration(child: &Element<'_>, terms: &mut Terms, collector: &mut Collector) {
    use Namespace::{Rss, Wordpress};
    match (child.namespace, child.name()) {
        (Rss, "title" | "link" | "language" | "item") | (Wordpress, "base_blog_url") => {}
        // When, by what and for what the export was made: not content.
        (Rss, "pubDate" | "generator") | (Wordpress, "wxr_version" | "base_site_url") => {}
        (Wordpress, "author") => author(child, collector),
        (Wordpress, "category" | "tag" | "term") => terms.declared(child, collector),
        (Rss, "description") if child.value().is_none() => {}
        _ => collector.unmapped(&format!("site {}", child.label)),
    }
}

fn author(element: &Element<'_>, collector: &mut Collector) {
    let part = |name| element.child_text(Namespace::Wordpress, name);
    if part("author_email").is_some() {
        collector.unmapped("author email");
    }
    let full =
        [part("author_first_name"), part("author_last_name")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let login = part("author_login");
    // Who never chose a name is shown by the login, which may be an address of mail.
    let names = [part("author_display_name"), Some(full.as_str()), login].into_iter().flatten();
    if let Some(byline) = names.filter(|name| !name.contains('@')).find_map(name) {
        collector.person(login.unwrap_or(&byline), &byline);
    }
}

/// Takes in an author without an account, whom a plugin keeps as a post.
fn guest(item: &Element<'_>, collector: &mut Collector) {
    let title = item.child_text(Namespace::Rss, "title").and_then(name);
    if let Some(title) = title.filter(|title| !title.contains('@')) {
        let login = item.child_text(Namespace::Wordpress, "post_name").map(post::author_key);
        collector.person(login.unwrap_or(&title), &title);
    }
}

/// The attachments by the ids posts name them by.
fn attachments<'a>(posts: &[(usize, &'a Element<'a>)]) -> HashMap<&'a str, &'a Element<'a>> {
    posts
        .iter()
        .filter(|(_, item)| post::kind(item) == "attachment")
        .filter_map(|(_, item)| Some((item.child_text(Namespace::Wordpress, "post_id")?, *item)))
        .collect()
}

/// Counts what is no post.
fn other(item: &Element<'_>, used: &HashSet<String>, collector: &mut Collector) {
    match post::kind(item) {
        "post" => return,
        // They are authors.
        "guest-author" => {}
        "page" => collector.unmapped("pages"),
        "attachment" => {
            let id = item.child_text(Namespace::Wordpress, "post_id").unwrap_or_default();
            if !used.contains(id) {
                collector.unmapped("attachments");
            }
        }
        kind => collector.unmapped(&format!("post type {kind}")),
    }
    for _ in item.children.iter().filter(|child| child.namespace == Namespace::Wordpress && child.name() == "comment") {
        collector.unmapped("comments");
    }
}
