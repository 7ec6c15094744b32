//! WordPress eXtended RSS, versions 1.0 to 1.2: the export of WordPress.
//!
//! Posts become items, and what else of types the options name: pages, and those a site has made itself. Others are
//! counted. An attachment that is a post's featured image becomes its lead image, and those of a gallery stand in the text.

mod content;
mod files;
mod multilingual;
mod notes;
mod paragraphs;
mod post;
mod shortcode;
mod terms;

use courant_domain::slug::Slug;
use url::Url;

use crate::read::{
    collect::Collector,
    detect::SourceFormat,
    error::{Position, ReadError},
    import::{Import, ImportedCategory, ReadOptions},
    library::Library,
    text::{name, web_address},
    xml::{self, Element, Namespace},
};

use files::Files;
use terms::Terms;

/// Reads an export.
pub(crate) fn read(text: &str, options: &ReadOptions) -> Result<Import, ReadError> {
    let root = xml::parse(text, SourceFormat::Wxr)?;
    let channel = channel(&root, text)?;
    let mut collector = Collector::new(SourceFormat::Wxr, options);
    let base = address(channel);
    let site = base.as_deref().and_then(|base| Url::parse(base).ok());
    let title = channel.child_text(Namespace::Rss, "title").and_then(name);
    collector.identity([base.as_deref(), title.as_deref()]);
    collector.about(title, channel.child_text(Namespace::Rss, "language"), base.clone());

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
    let mut own = Library::default();
    files::gather(channel, &mut own);
    let files = Files { own: &own, others: &options.library, site: base.as_deref().unwrap_or_default() };
    // A page of a site is no news: it is found in a category of its own.
    let pages = Slug::parse("pages").ok().filter(|_| posts.iter().any(|(_, item)| post::kind(item) == "page"));
    let pages = pages.filter(|_| options.takes("page"));
    for (index, item) in &posts {
        let kind = post::kind(item);
        if options.takes(kind) && !matches!(kind, "attachment" | "guest-author") {
            let default = pages.as_ref().filter(|_| kind == "page");
            post::read(index + 1, item, &terms, files, default, site.as_ref(), &mut collector);
        } else {
            other(item, files, &mut collector);
        }
    }
    let mut categories = terms.tree(&mut collector);
    if let Some(slug) = pages.filter(|slug| categories.iter().all(|category| category.slug != *slug)) {
        categories.push(ImportedCategory { slug, parent: None, title: "Pages".to_owned(), description: None });
    }
    Ok(collector.finish(categories))
}

/// Gathers the files of an export's media library, and what its posts show of them.
pub(crate) fn look_through(text: &str, library: &mut Library) -> Result<(), ReadError> {
    let root = xml::parse(text, SourceFormat::Wxr)?;
    files::gather(channel(&root, text)?, library);
    Ok(())
}

fn channel<'a>(root: &'a Element<'a>, text: &str) -> Result<&'a Element<'a>, ReadError> {
    root.child(Namespace::Rss, "channel").ok_or_else(|| ReadError::Malformed {
        format: SourceFormat::Wxr,
        position: Position::of(text, 0),
        reason: "it has no channel".to_owned(),
    })
}

/// The address of the site.
fn address(channel: &Element<'_>) -> Option<String> {
    let base = channel.child_text(Namespace::Wordpress, "base_blog_url");
    base.or_else(|| channel.child_text(Namespace::Rss, "link")).and_then(|url| web_address(url, None))
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

/// Types of post that hold no text for readers: menus, styles, older states, what plugins keep.
const SETTINGS: [&str; 25] = [
    "nav_menu_item",
    "revision",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_template",
    "wp_template_part",
    "wp_global_styles",
    "wp_navigation",
    "wp_font_family",
    "wp_font_face",
    "acf-field",
    "acf-field-group",
    "acf",
    "elementor_library",
    "wpcf7_contact_form",
    "amp_validated_url",
    "jp_pay_order",
    "shop_order",
    "scheduled-action",
    "mc4wp-form",
    "wp_block_pattern",
    "feedback",
    // It stands in the posts that name it.
    "wp_block",
];

/// Counts what is not taken in.
fn other(item: &Element<'_>, files: Files<'_>, collector: &mut Collector) {
    match post::kind(item) {
        // They are authors.
        "guest-author" => {}
        "attachment" => {
            let id = item.child_text(Namespace::Wordpress, "post_id").unwrap_or_default();
            if !files.is_shown(id) {
                collector.unmapped("attachments");
            }
        }
        kind if SETTINGS.contains(&kind) => collector.unmapped(&format!("post type {kind}")),
        kind => collector.post_type(kind),
    }
    for _ in item.children.iter().filter(|child| child.namespace == Namespace::Wordpress && child.name() == "comment") {
        collector.lost("comments");
    }
}
