//! One post of an export.

use courant_domain::{article::ArticleContent, article::LeadImage, slug::Slug};
use jiff::Timestamp;
use url::Url;

use super::{
    addresses, builders, comments,
    content::{self, About},
    enclosures,
    fields::Said,
    files::Files,
    multilingual::{self, Multilingual},
    restricted::{self, FieldSign},
    terms::{Terms, is_category, key},
};
use crate::read::{
    collect::{Collector, RawItem, add},
    date,
    import::{ItemStatus, Shown},
    language,
    library::MediaFile,
    teaser::Beside,
    text::{self, Markup, plain, web_address},
    xml::{Element, Namespace},
};

/// The type of a post: `post`, `page`, `attachment` or another's. Exports of version 1.0 may leave it out.
pub(super) fn kind<'a>(item: &'a Element<'_>) -> &'a str {
    item.child_text(Namespace::Wordpress, "post_type").unwrap_or("post")
}

/// Reads a post, which goes into the default category if it is in none.
pub(super) fn read(
    number: usize,
    item: &Element<'_>,
    terms: &Terms,
    files: Files<'_>,
    default: Option<&Slug>,
    site: Option<&Url>,
    collector: &mut Collector,
) {
    let wp = |name| item.child_text(Namespace::Wordpress, name);
    let rss = |name| item.child_text(Namespace::Rss, name);
    let id = wp("post_id");
    let place = match id {
        Some(id) => format!("item {number} (post {id})"),
        None => format!("item {number}"),
    };
    let guid = rss("guid").or_else(|| rss("link")).map(str::to_owned);
    let mut status = status(wp("status"), &place, collector);
    if wp("post_password").is_some() {
        collector.unmapped("password-protected post");
        collector.problem(&place, "it is protected by a password, which nothing here is; it is taken as private");
        status = ItemStatus::Private;
    }
    let published_at = published(item, &mut status, &place, collector);
    let moment = |name| wp(name).and_then(|text| date::parse(text, collector.time_zone()));
    let updated_at = ["post_modified_gmt", "post_modified"].into_iter().find_map(moment);
    let mut post = Post::default();
    for child in &item.children {
        post.take(child, terms, collector);
    }
    if let Some(index) = post.main.as_ref().and_then(|main| post.categories.iter().position(|slug| slug == main)) {
        post.categories[..=index].rotate_right(1);
    }
    let lead_image = post.thumbnail.and_then(|id| files.get(id)).map(lead_image).or_else(|| post.outside_image(site));
    if post.thumbnail.is_some_and(|id| !matches!(id, "0" | "-1")) && lead_image.is_none() {
        collector.problem(&place, "its featured image is not in the export");
        collector.lost("featured images");
    }
    if let Some(default) = default.filter(|_| post.categories.is_empty()) {
        post.categories.push(default.clone());
    }
    let language = post.language.as_deref().or_else(|| item.attribute("xml:lang")).map(str::to_owned);
    let mut multilingual = Multilingual::of(language.as_deref().and_then(language::known).or(collector.locale()));
    let encoded = |namespace| item.child(namespace, "encoded").map(Element::markup).unwrap_or_default();
    let title =
        item.child(Namespace::Rss, "title").and_then(|title| text::name(&multilingual.read(&title.commented())));
    let about = About { place: &place, post: id, files, notes: post.notes };
    let body = match collector.wants_text(title.as_deref()) {
        true => {
            let text = builders::text(encoded(Namespace::Content), &post.builders);
            let html = content::html(&multilingual.read(&text), &about, &mut post.sign, collector);
            builders::count(&html, title.as_deref(), &post.builders, collector);
            enclosures::shown(html, &post.enclosures)
        }
        false => String::new(),
    };
    let about = About { notes: None, ..about };
    let excerpt = encoded(Namespace::Excerpt);
    let teaser = content::html(&multilingual.read(&excerpt), &about, &mut post.sign, collector);
    let (mut body, summary) = with_description(item, body, plain(&teaser), collector);
    let said = std::mem::take(&mut post.said);
    let (kicker, dateline, rights) = (said.kicker.clone(), said.dateline.clone(), said.rights.clone());
    let summary = said.summary(summary, title.as_deref(), &body, collector);
    if !multilingual.skipped.is_empty() {
        let skipped = multilingual.skipped.into_iter().collect::<Vec<_>>().join(" and ");
        collector.problem(&place, format!("what is in {skipped} of it is for an import in that language"));
    }
    if let Some(sign) = post.sign.take().filter(|_| matches!(status, ItemStatus::Published | ItemStatus::Scheduled)) {
        collector.problem(
            &place,
            format!("it has the sign of a text that is not for everybody ({sign}); it is taken as private"),
        );
        status = ItemStatus::Private;
    }
    let address = rss("link").and_then(|link| web_address(link, site));
    let own = [rss("link"), guid.as_deref(), site.map(Url::as_str)];
    let own: Vec<&str> = own.into_iter().flatten().collect();
    let beside = Beside { body: &body, lead: lead_image.as_ref(), own: &own, base: site };
    let lead_image = beside.further(&teaser).put(lead_image, &mut body, collector);
    let authors = post.byline(collector);
    let named = guid.as_deref().into_iter().chain(address.as_deref());
    let addresses = addresses::of_post(item, id, named, (&post.old_slugs, &post.old_days), site);
    collector.item(RawItem {
        addresses,
        has_id: guid.is_some() || id.is_some(),
        id: guid.or_else(|| id.map(|id| format!("post {id}"))).unwrap_or_else(|| place.clone()),
        place,
        slug: wp("post_name").map(str::to_owned),
        language,
        title,
        body,
        base: address.as_deref().and_then(|address| Url::parse(address).ok()).or_else(|| site.cloned()),
        content: ArticleContent {
            summary,
            // A draft's link leads to a preview.
            canonical_url: address.filter(|_| matches!(status, ItemStatus::Published | ItemStatus::Private)),
            lead_image,
            kicker,
            dateline,
            rights,
            ..ArticleContent::default()
        },
        status,
        published_at,
        updated_at,
        shown: post.shown,
        categories: post.categories,
        tags: post.tags,
        authors,
    });
}

/// Exports leave an item's description empty, and programs that change them do not: it takes the place of a text or a summary that
/// is not there.
fn with_description(
    item: &Element<'_>,
    body: String,
    summary: Option<String>,
    collector: &mut Collector,
) -> (String, Option<String>) {
    let description =
        item.child(Namespace::Rss, "description").map(Element::markup).filter(|text| !text.trim().is_empty());
    let Some(description) = description else { return (body, summary) };
    if body.trim().is_empty() {
        return (Markup::Html(description).into_html(), summary);
    }
    let Some(words) = plain(&description) else { return (body, summary) };
    if plain(&body).is_some_and(|body| body.contains(&words)) {
        return (body, summary);
    }
    if summary.as_ref().is_some_and(|summary| !summary.contains(&words)) {
        collector.lost("item descriptions");
    }
    (body, summary.or(Some(words)))
}

/// What the parts of a post say that come more than once.
#[derive(Default)]
struct Post<'a> {
    categories: Vec<Slug>,
    tags: Vec<Slug>,
    /// The login of who made it in WordPress.
    creator: Option<&'a str>,
    /// Whom a plugin for bylines names.
    authors: Vec<Slug>,
    /// The language a plugin says it is in.
    language: Option<String>,
    /// The category an SEO plugin calls the main one.
    main: Option<Slug>,
    thumbnail: Option<&'a str>,
    /// A lead image by its address, and what it shows.
    image: Option<&'a str>,
    image_alt: Option<&'a str>,
    /// The footnotes of the block editor.
    notes: Option<&'a str>,
    /// What it was called in addresses before.
    old_slugs: Vec<&'a str>,
    /// The days it had in addresses before.
    old_days: Vec<&'a str>,
    /// What programs for building pages keep beside its text.
    builders: Vec<(&'a str, &'a str)>,
    /// Files that hang on it.
    enclosures: Vec<&'a str>,
    /// What says that not everybody may read it.
    sign: Option<String>,
    shown: Shown,
    /// What its other fields say.
    said: Said<'a>,
}

impl<'a> Post<'a> {
    fn take(&mut self, child: &'a Element<'_>, terms: &Terms, collector: &mut Collector) {
        use Namespace::{Content, DublinCore, Excerpt, Rss, Wordpress};
        match (child.namespace, child.name()) {
            (Rss, "title" | "link" | "guid" | "pubDate") | (Content | Excerpt, "encoded") => {}
            (Rss, "description") => {}
            (Rss, "category") if is_category(child) => {
                if collector.has_room(&self.categories, "categories") {
                    add(&mut self.categories, terms.of(child));
                }
            }
            (Rss, "category") => self.term(child, terms, collector),
            (DublinCore, "language") => self.language = child.value().map(str::to_owned).or(self.language.take()),
            (DublinCore, "creator") => self.creator = child.value().or(self.creator),
            // What the post is, and how it is shown in the admin pages of WordPress.
            (
                Wordpress,
                "post_id" | "post_date" | "post_date_gmt" | "post_modified" | "post_modified_gmt" | "post_name"
                | "post_type" | "status" | "post_password" | "comment_status" | "ping_status",
            ) => {}
            (Wordpress, "is_sticky") if child.value() == Some("1") => collector.unmapped("sticky"),
            (Wordpress, "is_sticky" | "menu_order" | "post_parent") if matches!(child.value(), None | Some("0")) => {}
            (Wordpress, "comment") => comments::count(child, collector),
            (Wordpress, "postmeta") => self.field(child, terms, collector),
            _ => collector.unknown(child.label, child.value()),
        }
    }

    fn term(&mut self, element: &Element<'_>, terms: &Terms, collector: &mut Collector) {
        let nicename = element.attribute("nicename");
        let Some(name) = element.value().or(nicename).and_then(text::name) else { return };
        match element.attribute("domain").unwrap_or_default() {
            "post_tag" | "tag" if !collector.has_room(&self.tags, "tags") => {}
            "post_tag" | "tag" => {
                let tag = collector.tag(&key(nicename.unwrap_or(&name)), nicename, &name);
                add(&mut self.tags, tag);
            }
            "post_format" => {
                let format = nicename.unwrap_or(&name);
                collector.unmapped(&format!("post format {}", format.trim_start_matches("post-format-")));
            }
            "author" if !collector.has_room(&self.authors, "authors") => {}
            "author" => {
                let login = author_key(nicename.unwrap_or(&name));
                let known = [login, &name].into_iter().find_map(|key| collector.known_person(key));
                add(&mut self.authors, known.or_else(|| person(login, &name, collector)));
            }
            "language" => self.language = Some(terms.language(nicename.unwrap_or(&name)).to_owned()),
            // They tie translations to each other, which go in each by itself.
            "post_translations" => collector.unmapped("taxonomy post_translations"),
            taxonomy if restricted::in_term(taxonomy, nicename.unwrap_or(&name)) => {
                self.sign.get_or_insert_with(|| format!("taxonomy {taxonomy}"));
            }
            taxonomy => collector.lost(&format!("taxonomy {taxonomy}")),
        }
    }

    /// A lead image that is in no library.
    fn outside_image(&self, site: Option<&Url>) -> Option<LeadImage> {
        let url = web_address(self.image?, site)?;
        Some(LeadImage { url, alt: self.image_alt.and_then(plain), caption: None, width: None, height: None })
    }

    /// The byline: whom a plugin names, else who made it.
    fn byline(&mut self, collector: &mut Collector) -> Vec<Slug> {
        if !self.authors.is_empty() {
            return std::mem::take(&mut self.authors);
        }
        self.creator.and_then(|login| person(login, login, collector)).into_iter().collect()
    }

    fn field(&mut self, element: &'a Element<'_>, terms: &Terms, collector: &mut Collector) {
        let key = element.child_text(Namespace::Wordpress, "meta_key").unwrap_or_default();
        let value = element.child_text(Namespace::Wordpress, "meta_value");
        match restricted::in_field(key, value, collector.time_zone()) {
            Some(FieldSign::Hides) => {
                self.sign.get_or_insert_with(|| format!("custom field {key}"));
            }
            Some(FieldSign::Expires(at)) => self.shown.not_after(at),
            None => {}
        }
        match (key, value) {
            (key, Some(value)) if multilingual::is_language_field(key, value) => {
                self.language.get_or_insert_with(|| value.to_owned());
            }
            (key, Some(value)) if builders::is_field(key) => self.builders.push((key, value)),
            ("_thumbnail_id", Some(value)) => self.thumbnail = Some(value),
            // A plugin's, for pictures that are in no library.
            ("fifu_image_url", Some(value)) => self.image = Some(value),
            ("fifu_image_alt", Some(value)) => self.image_alt = Some(value),
            ("_yoast_wpseo_primary_category" | "rank_math_primary_category", Some(value)) => {
                self.main = terms.by_number(value).or_else(|| self.main.take());
            }
            ("footnotes", Some(value)) => self.notes = Some(value),
            ("_wp_old_slug", Some(value)) => self.old_slugs.push(value),
            ("_wp_old_date", Some(value)) => self.old_days.push(value),
            (key, Some(value)) if enclosures::is_one(key, value) => {
                enclosures::take(&mut self.enclosures, key, value, collector);
            }
            // Its key ends in a hash, so that each would be a name of its own.
            (key, _) if key.starts_with("_oembed_") => collector.unmapped("custom field _oembed_*"),
            (key, Some(value)) => self.said.take(key, value, collector),
            (key, None) => collector.unmapped(&format!("custom field {key}")),
        }
    }
}

/// What plugins for bylines know an author by, who is a term with a prefix to them.
pub(super) fn author_key(nicename: &str) -> &str {
    nicename.strip_prefix("cap-").unwrap_or(nicename)
}

/// The person of a login, with this name if the export declares nobody of it. An address of mail is no name.
fn person(login: &str, name: &str, collector: &mut Collector) -> Option<Slug> {
    let known = collector.known_person(login);
    if let Some(slug) = &known {
        collector.spell(slug, name);
    }
    if known.is_none() && name.contains('@') {
        collector.unmapped("author email");
        return None;
    }
    known.or_else(|| collector.person(login, name))
}

/// What its source shows of a post. What it does not say so of is not public.
fn status(text: Option<&str>, place: &str, collector: &mut Collector) -> ItemStatus {
    match text {
        Some("publish") => ItemStatus::Published,
        None => {
            collector.problem(place, "it has no status; it is taken as a draft");
            ItemStatus::Draft
        }
        Some("draft" | "auto-draft") => ItemStatus::Draft,
        Some("pending") => ItemStatus::Pending,
        Some("future") => ItemStatus::Scheduled,
        Some("private") => ItemStatus::Private,
        Some("trash") => ItemStatus::Trash,
        Some(other) => {
            collector.problem(place, format!("its status is {other:?}; it is taken as a draft"));
            collector.unmapped(&format!("status {other}"));
            ItemStatus::Draft
        }
    }
}

/// The date of a post: in UTC, else that of the feed, which names its offset, else the local one. A post that readers
/// are to see at a date and that has none becomes a draft.
fn published(item: &Element<'_>, status: &mut ItemStatus, place: &str, collector: &mut Collector) -> Option<Timestamp> {
    let wp = |name| item.child_text(Namespace::Wordpress, name);
    let dates = [wp("post_date_gmt"), item.child_text(Namespace::Rss, "pubDate"), wp("post_date")];
    let found = dates.into_iter().enumerate().find_map(|(index, text)| {
        let moment = date::parse(text?, collector.time_zone())?;
        // For the feed's date, WordPress takes zeros in the place of one in UTC for the first second of 1970.
        (index != 1 || moment != Timestamp::UNIX_EPOCH).then_some((index, moment))
    });
    let is_public = matches!(status, ItemStatus::Published | ItemStatus::Scheduled | ItemStatus::Private);
    match found {
        Some((index, _)) if index == 2 && is_public => {
            collector.problem(place, "it has no date in UTC; its local one is taken as if it were");
        }
        None if is_public => {
            collector.problem(place, "none of its dates is one; it is taken as a draft");
            *status = ItemStatus::Draft;
        }
        _ => {}
    }
    found.map(|(_, moment)| moment)
}

fn lead_image(file: &MediaFile) -> LeadImage {
    let MediaFile { url, alt, caption, .. } = file.clone();
    LeadImage { url: url.into(), alt: alt.map(Into::into), caption: caption.map(Into::into), width: None, height: None }
}
