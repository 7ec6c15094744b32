//! The media library of a site: what the export declares, and what posts show of it.

use courant_domain::bounds::Bound;

use crate::read::{
    library::{MediaFile, SiteLibrary},
    media,
    text::{name, plain, web_address},
    xml::{Element, Namespace},
};

use super::{blocks, builders, post, shortcode};

/// The files a post may refer to: those of its own export, then those of the other files of the import.
#[derive(Clone, Copy)]
pub(super) struct Files<'a> {
    pub(super) own: &'a SiteLibrary,
    pub(super) others: Option<&'a SiteLibrary>,
}

impl<'a> Files<'a> {
    pub(super) fn get(&self, number: &str) -> Option<&'a MediaFile> {
        self.own.get(number).or_else(|| self.others?.get(number))
    }

    /// The pictures that came with a post.
    pub(super) fn of_post(&self, post: &str) -> Vec<(&'a str, &'a MediaFile)> {
        let mut files = self.own.of_post(post);
        let others = self.others.map(|others| others.of_post(post)).unwrap_or_default();
        files.extend(others.into_iter().filter(|(number, _)| self.own.get(number).is_none()));
        files
    }

    /// Whether a reusable block or a post is one of which WordPress shows nothing elsewhere.
    pub(super) fn withholds(&self, number: &str) -> bool {
        self.own.withholds(number) || self.others.is_some_and(|others| others.withholds(number))
    }

    /// The text of a reusable block.
    pub(super) fn block(&self, number: &str) -> Option<&'a str> {
        self.own.block(number).or_else(|| self.others?.block(number))
    }

    pub(super) fn is_shown(&self, number: &str) -> bool {
        self.own.is_shown(number) || self.others.is_some_and(|others| others.is_shown(number))
    }
}

/// What is shown of a file: a figure of a picture, a link to anything else.
pub(super) fn shown(file: &MediaFile) -> String {
    match file.is_picture() {
        true => media::figure(&file.url, file.alt.as_deref(), file.caption.as_deref()),
        false => format!("<p>{}</p>\n", media::link(&file.url, file.title.as_deref())),
    }
}

/// Notes in a library what a post shows, and what texts others show.
pub(super) fn ask(item: &Element<'_>, library: &mut SiteLibrary) {
    let number = item.child_text(Namespace::Wordpress, "post_id");
    if post::kind(item) == "attachment" {
        return;
    }
    let text = item.child(Namespace::Content, "encoded").map(Element::markup).unwrap_or_default();
    if let Some(number) = number {
        match is_public(item) {
            true if post::kind(item) == "wp_block" => library.put_block(number, &text),
            true => {}
            false => library.withhold(number),
        }
    }
    if let Some(number) = field(item, "_thumbnail_id") {
        library.show(number);
    }
    for number in shortcode::numbers(&text) {
        library.show(number);
    }
    let fields = item.children.iter().filter(|child| child.name() == "postmeta");
    for field in fields {
        let part = |name| field.child_text(Namespace::Wordpress, name);
        let built = part("meta_value").filter(|_| part("meta_key").is_some_and(builders::is_field));
        shortcode::numbers(built.unwrap_or_default()).for_each(|number| library.show(number));
    }
    for block in blocks::empty(&text) {
        block.numbers().for_each(|number| library.show(&number));
    }
    for post in shortcode::galleries(&text) {
        if let Some(post) = post.or(number) {
            library.show_all_of(post);
        }
    }
}

/// Whether WordPress shows what is drawn into a post by its number: nothing that is not published, or has a password.
fn is_public(item: &Element<'_>) -> bool {
    let part = |name| item.child_text(Namespace::Wordpress, name);
    part("status") == Some("publish") && part("post_password").is_none()
}

/// Whether a file of the library is one that readers see: files have the status of the post they came with, unless they have their own.
fn is_shown(item: &Element<'_>) -> bool {
    let part = |name| item.child_text(Namespace::Wordpress, name);
    matches!(part("status"), None | Some("inherit" | "publish")) && part("post_password").is_none()
}

/// Puts an item into a library if it is a file that is asked for.
pub(super) fn gather(item: &Element<'_>, library: &mut SiteLibrary) {
    let part = |name| item.child_text(Namespace::Wordpress, name);
    let parent = part("post_parent").filter(|parent| *parent != "0");
    let number = part("post_id").filter(|number| library.asks_for(number, parent));
    if let Some(number) = number.filter(|_| post::kind(item) == "attachment" && is_shown(item))
        && let Some(file) = file(item)
    {
        library.put(number, parent, file);
    }
}

fn file(item: &Element<'_>) -> Option<MediaFile> {
    let part = |name| item.child_text(Namespace::Wordpress, name);
    // Longer words are cut where they are shown, too.
    let words = |text: Option<String>| text.map(|text| Bound::CAPTION.cut(&text).unwrap_or(text).into_boxed_str());
    let url = web_address(part("attachment_url").or_else(|| item.child_text(Namespace::Rss, "guid"))?, None)?;
    Some(MediaFile {
        url: url.into_boxed_str(),
        title: words(item.child_text(Namespace::Rss, "title").and_then(name)),
        alt: words(field(item, "_wp_attachment_image_alt").and_then(plain)),
        caption: words(item.child(Namespace::Excerpt, "encoded").and_then(|text| plain(&text.markup()))),
        order: part("menu_order").and_then(|order| order.parse().ok()).unwrap_or_default(),
    })
}

/// The value of a custom field.
fn field<'a>(item: &'a Element<'_>, key: &str) -> Option<&'a str> {
    let fields = item.children.iter().filter(|child| child.name() == "postmeta");
    let mut fields = fields.filter(|field| field.child_text(Namespace::Wordpress, "meta_key") == Some(key));
    fields.next()?.child_text(Namespace::Wordpress, "meta_value")
}
