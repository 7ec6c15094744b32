//! WordPress eXtended RSS, versions 1.0 to 1.2: the export of WordPress.
//!
//! Posts become items, and what else of types the options name: pages, and those a site has made itself. Others are
//! counted. An attachment that is a post's featured image becomes its lead image, and those of a gallery stand in the text.

mod addresses;
mod blocks;
mod builders;
mod comments;
mod content;
mod enclosures;
mod fields;
mod files;
mod multilingual;
mod notes;
mod paragraphs;
mod post;
mod restricted;
mod shortcode;
mod terms;

use std::{collections::HashSet, sync::Arc};

use courant_domain::slug::Slug;
use url::Url;

use crate::read::{
    collect::Collector,
    import::{ImportedCategory, ReadOptions},
    library::{Library, SiteLibrary},
    reading::ReadParts,
    text::{name, web_address},
    xml::{Element, Namespace},
};

use addresses::Listed;
pub(crate) use comments::not_shown;
use files::Files;
use terms::{NamedCategory, Terms};

/// An export on its way in.
#[derive(Default)]
pub(crate) struct Wordpress {
    post_types: Vec<String>,
    /// What the other files of the import hold.
    library: Arc<Library>,
    /// What the export holds.
    own: SiteLibrary,
    /// The categories items name, which the channel may not declare, and the authors without an account, each once.
    named: Vec<NamedCategory>,
    known: HashSet<NamedCategory>,
    guests: Vec<(Option<String>, String)>,
    has_pages: bool,
    /// What has an address beside the posts.
    listed: Listed,
    /// What the channel says.
    address: String,
    site: Option<Url>,
    terms: Terms,
    /// Where pages go.
    pages: Option<Slug>,
}

impl Wordpress {
    pub(crate) fn new(options: &ReadOptions) -> Self {
        Self { post_types: options.post_types.clone(), library: Arc::clone(&options.library), ..Self::default() }
    }

    /// Tells the other files of an import what the posts of this one show, and returns whose site it is of.
    pub(crate) fn ask(self, root: &Element<'_>, library: &mut Library) -> String {
        let address = root.child(Namespace::Rss, "channel").and_then(address).unwrap_or_default();
        let mut site = library.take(&address);
        site.ask(self.own);
        library.give(&address, site);
        address
    }

    /// An export that is only gone through for the files that somebody asks for.
    pub(crate) fn of_library(own: SiteLibrary) -> Self {
        Self { own, ..Self::default() }
    }

    /// The files that were found, and what was asked for.
    pub(crate) fn into_library(self) -> SiteLibrary {
        self.own
    }

    /// Whether its posts show files, which may stand behind them.
    pub(crate) fn asks_for_files(&self) -> bool {
        self.own.is_asked()
    }

    /// Takes in an item that is such a file.
    pub(crate) fn gather(&mut self, item: &Element<'_>) {
        files::gather(item, &mut self.own);
    }

    pub(crate) fn has_nested_categories(&self) -> bool {
        self.terms.are_nested()
    }

    /// The categories, each behind its parent.
    pub(crate) fn categories(&self, collector: &mut Collector) -> Vec<ImportedCategory> {
        let mut categories = self.terms.tree(collector);
        let pages = self.pages.as_ref().filter(|slug| categories.iter().all(|category| category.slug != **slug));
        if let Some(slug) = pages.cloned() {
            categories.push(ImportedCategory { slug, parent: None, title: "Pages".to_owned(), description: None });
        }
        categories
    }

    /// Tells the addresses that categories, tags, authors and feeds had.
    pub(crate) fn old_terms(&self, collector: &mut Collector) {
        let Some(home) = self.site.as_ref().map(|site| site.as_str().trim_end_matches('/')) else { return };
        if !collector.is_own_site() {
            return;
        }
        let mut addresses = self.terms.addresses(home);
        addresses.extend(self.listed.addresses(home, collector));
        let authors = addresses::feeds(home, &mut addresses);
        if authors > 0 {
            let message =
                format!("{authors} old feeds of authors lead to the pages of their authors, who have no feeds here");
            collector.problem("site", message);
        }
        collector.problem("site", "the old feed of comments leads nowhere new: comments are not taken in".to_owned());
        collector.old_terms(addresses.into_iter());
        for (taxonomy, count) in self.terms.others() {
            let message =
                format!("{count} old addresses of the taxonomy {taxonomy} lead nowhere new: it is not taken in");
            collector.problem("site", message);
        }
    }

    fn takes(&self, kind: &str) -> bool {
        self.post_types.iter().any(|taken| taken == kind) && !matches!(kind, "attachment" | "guest-author")
    }
}

impl ReadParts for Wordpress {
    type Part<'p> = Element<'p>;

    fn look(&mut self, item: &Element<'_>) {
        for named in terms::named_on(item) {
            if self.known.insert(named.clone()) {
                self.named.push(named);
            }
        }
        for tag in item.children.iter().filter(|child| matches!(child.attribute("domain"), Some("post_tag" | "tag"))) {
            if let Some(name) = tag.attribute("nicename") {
                self.listed.tag(name);
            }
        }
        match post::kind(item) {
            "guest-author" => self.guests.extend(guest(item)),
            "page" => self.has_pages = true,
            _ => {}
        }
        files::ask(item, &mut self.own);
    }

    fn head(&mut self, root: &Element<'_>, collector: &mut Collector) -> Result<(), &'static str> {
        let channel = root.child(Namespace::Rss, "channel").ok_or("it has no channel")?;
        let base = address(channel);
        self.site = base.as_deref().and_then(|base| Url::parse(base).ok());
        self.address = base.clone().unwrap_or_default();
        let title = channel.child_text(Namespace::Rss, "title").and_then(name);
        collector.identity([base.as_deref(), title.as_deref()]);
        collector.about(title, channel.child_text(Namespace::Rss, "language"), base);
        for child in &channel.children {
            declaration(child, &mut self.terms, &mut self.listed, collector);
        }
        // Items may name categories the channel does not declare; parents are known when all are.
        for named in std::mem::take(&mut self.named) {
            self.terms.named(&named);
        }
        for (login, name) in std::mem::take(&mut self.guests) {
            collector.person(login.as_deref().unwrap_or(&name), &name);
            if let Some(login) = login {
                self.listed.author(&login, None);
            }
        }
        // A page of a site is no news: it is found in a category of its own.
        self.pages = Slug::parse("pages").ok().filter(|_| self.has_pages && self.takes("page"));
        Ok(())
    }

    fn item(&mut self, number: usize, item: &Element<'_>, collector: &mut Collector) {
        let kind = post::kind(item);
        let files = Files { own: &self.own, others: self.library.site(&self.address) };
        if self.takes(kind) {
            let default = self.pages.as_ref().filter(|_| kind == "page");
            post::read(number, item, &self.terms, files, default, self.site.as_ref(), collector);
        } else {
            other(item, files, collector);
        }
    }
}

/// The address of the site.
fn address(channel: &Element<'_>) -> Option<String> {
    let base = channel.child_text(Namespace::Wordpress, "base_blog_url");
    base.or_else(|| channel.child_text(Namespace::Rss, "link")).and_then(|url| web_address(url, None))
}

/// Takes what the channel declares in front of its items.
fn declaration(child: &Element<'_>, terms: &mut Terms, listed: &mut Listed, collector: &mut Collector) {
    use Namespace::{Rss, Wordpress};
    match (child.namespace, child.name()) {
        (Rss, "title" | "link" | "language" | "item") | (Wordpress, "base_blog_url") => {}
        // When, by what and for what the export was made: not content.
        (Rss, "pubDate" | "generator") | (Wordpress, "wxr_version" | "base_site_url") => {}
        (Wordpress, "author") => author(child, listed, collector),
        (Wordpress, "category" | "tag" | "term") => {
            if let Some(name) = child.child_text(Wordpress, "tag_slug") {
                listed.tag(name);
            }
            terms.declared(child, collector);
        }
        (Rss, "description") if child.value().is_none() => {}
        _ => collector.unmapped(&format!("site {}", child.label)),
    }
}

fn author(element: &Element<'_>, listed: &mut Listed, collector: &mut Collector) {
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
        if let Some(login) = login {
            listed.author(login, part("author_id"));
        }
    }
}

/// An author without an account, whom a plugin keeps as a post: the login, and the name.
fn guest(item: &Element<'_>) -> Option<(Option<String>, String)> {
    let title = item.child_text(Namespace::Rss, "title").and_then(name)?;
    let login = item.child_text(Namespace::Wordpress, "post_name").map(post::author_key);
    (!title.contains('@')).then(|| (login.map(str::to_owned), title))
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
    for comment in
        item.children.iter().filter(|child| child.namespace == Namespace::Wordpress && child.name() == "comment")
    {
        comments::count(comment, collector);
    }
}
