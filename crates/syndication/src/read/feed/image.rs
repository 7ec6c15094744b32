//! Pictures of items: Media RSS (version 1.5.1), enclosures of RSS and Atom, attachments of JSON Feed.

use std::collections::HashSet;

use courant_domain::article::LeadImage;
use url::Url;

use super::{
    Attached,
    fallback::{self, FallbackElements},
    said::{Said, What},
    unknown::unknown,
};
use crate::read::{
    collect::Collector,
    media::{self, is_picture_address},
    text::{Markup, plain, web_address},
    xml::{Element, Namespace},
};

/// Nobody hangs more on one item.
const MOST_FILES: usize = 100;

/// Gathers an item's pictures, of which the first becomes its lead image, and other files.
#[derive(Default)]
pub(super) struct Images {
    pictures: Vec<LeadImage>,
    thumbnails: Vec<LeadImage>,
    /// One that is named in another way.
    named: Option<LeadImage>,
    files: Vec<Attached>,
    said: Vec<Said>,
    /// How many there are that are not taken.
    beyond: u64,
}

impl Images {
    /// Takes what an element of Media RSS holds.
    pub(super) fn media(
        &mut self,
        element: &Element<'_>,
        base: Option<&Url>,
        fallbacks: &FallbackElements<'_>,
        collector: &mut Collector,
    ) {
        let is_picture = is_picture(element);
        // Who made them is said of what is around it, where nothing else is.
        let mut takes_credit = false;
        match element.name() {
            "group" => {}
            _ if fallbacks.has(element) => {}
            "content" if is_picture => {
                if let Some(picture) = picture(element, base) {
                    takes_credit = true;
                    if !is_portrait(&picture.url) {
                        self.picture(picture);
                    }
                }
            }
            "thumbnail" if self.thumbnails.len() < MOST_FILES => {
                let picture = picture(element, base);
                takes_credit = picture.is_some();
                self.thumbnails.extend(picture);
            }
            "thumbnail" => self.beyond += 1,
            // A page with a player is as good as the film; of several files of one film, the first is.
            "content" | "player" | "embed" => {
                let name = element.child_text(Namespace::Media, "title").and_then(plain);
                let url = element.attribute("url");
                let is_taken = self.other(url, name.as_deref().or(element.attribute("type")), base);
                if !is_taken && element.children.is_empty() {
                    collector.lost(&format!("{} without an address", element.label));
                }
            }
            // They are tags.
            "keywords" | "category" => {}
            // What is for programs.
            "adult" | "hash" | "param" | "rating" | "restriction" => collector.unmapped(element.label),
            // A picture's own words were taken with it; what others say again that the item says is found out in the end.
            name @ ("title" | "description" | "text") if element.value().is_some() || !element.children.is_empty() => {
                let what = if name == "title" { What::Title } else { What::Description };
                self.say(Said { text: fallback::markup(element), what }, element, collector);
            }
            "credit" | "copyright" | "license" => {
                if let Some(words) = credit(element) {
                    let what = if element.name() == "credit" { What::Credit } else { What::Rights };
                    self.say(Said { text: Markup::Plain(words), what }, element, collector);
                }
            }
            _ => collector.unknown(element.label, element.value()),
        }
        let (before, pictures) = (self.files.len(), self.pictures.len());
        let has_name = matches!(element.name(), "content" | "player");
        let has_pictures = |child: &Element<'_>| child.name() == "content" && self::is_picture(child);
        let is_group = element.name() == "group" && element.children.iter().any(has_pictures);
        for child in &element.children {
            let is_credit = matches!(child.name(), "credit" | "copyright" | "license") && !fallbacks.has(child);
            let own_words = takes_credit && matches!(child.name(), "title" | "description" | "text")
                || (takes_credit || is_group) && is_credit
                || has_name && !is_picture && child.name() == "title";
            if child.namespace != Namespace::Media {
                unknown(child, collector);
            } else if !own_words {
                self.media(child, base, fallbacks, collector);
            }
        }
        // What is in a group is one thing in several forms.
        if element.name() == "group" {
            self.files.truncate(before + 1);
            let mut forms = self.pictures.split_off(pictures.min(self.pictures.len()));
            let credits: Vec<String> = credits(element, |child| !fallbacks.has(child)).collect();
            for form in &mut forms {
                form.caption = credited(form.caption.take(), &credits);
            }
            let captions: HashSet<_> = forms.iter().map(|form| form.caption.clone()).collect();
            self.pictures.extend(if captions.len() < 2 { largest(forms).into_iter().collect() } else { forms });
        }
    }

    fn say(&mut self, said: Said, element: &Element<'_>, collector: &mut Collector) {
        if self.said.len() < MOST_FILES { self.said.push(said) } else { collector.lost(element.label) }
    }

    fn picture(&mut self, picture: LeadImage) {
        if self.pictures.len() < MOST_FILES { self.pictures.push(picture) } else { self.beyond += 1 }
    }

    /// Takes a picture that an item names in a way of its own, in the place of a better one.
    pub(super) fn named(&mut self, element: &Element<'_>, base: Option<&Url>) -> bool {
        let within = element.children.iter().find(|child| child.name() == "url").and_then(Element::value);
        let attribute = || ["href", "url", "src"].into_iter().find_map(|name| element.attribute(name));
        let address = within.or_else(attribute).or_else(|| element.value());
        let address = address.filter(|address| address.contains('/') && !address.contains(char::is_whitespace));
        let picture = address.and_then(|address| web_address(address, base)).map(bare);
        let is_one = picture.is_some();
        self.named = self.named.take().or(picture);
        is_one
    }

    /// Takes a file that hangs on an item; whether it has an address of the web.
    pub(super) fn file(
        &mut self,
        url: Option<&str>,
        name: Option<&str>,
        media_type: Option<&str>,
        base: Option<&Url>,
    ) -> bool {
        let Some(address) = url.and_then(|url| web_address(url, base)) else { return false };
        if !shows(media_type, url) {
            return self.other(url, name.or(media_type), base);
        }
        let picture = LeadImage { alt: name.and_then(plain), ..bare(address) };
        // A lead image and what stands below the text.
        if self.pictures.is_empty() {
            self.picture(picture);
        } else if self.files.len() >= MOST_FILES {
            self.beyond += 1;
        } else if let Some(known) = self.pictures.iter_mut().find(|known| known.url == picture.url) {
            learn(known, picture);
        } else {
            self.files.push(Attached::Picture(picture));
        }
        true
    }

    /// Takes a file that is no picture.
    fn other(&mut self, url: Option<&str>, name: Option<&str>, base: Option<&Url>) -> bool {
        let Some(url) = url.and_then(|url| web_address(url, base)) else { return false };
        if self.files.len() >= MOST_FILES {
            self.beyond += 1;
            return true;
        }
        let name = name.map_or_else(|| url.clone(), str::to_owned);
        let known = self.files.iter_mut().find_map(|file| match file {
            Attached::Other(known, called) if *known == url => Some(called),
            _ => None,
        });
        match known {
            None => self.files.push(Attached::Other(url, name)),
            // What it is called may be said by another element than the one that has named it first.
            Some(called) if is_bare(called, &url) => *called = name,
            Some(called) if is_bare(&name, &url) || called.contains(&name) => {}
            Some(_) if self.said.len() < MOST_FILES => {
                self.said.push(Said { text: Markup::Plain(name), what: What::Description });
            }
            Some(_) => self.beyond += 1,
        }
        true
    }

    /// Whether it has pictures already.
    pub(super) const fn has_pictures(&self) -> bool {
        !self.pictures.is_empty() || self.named.is_some()
    }

    /// Whether it has something already that is no picture.
    pub(super) fn has_others(&self) -> bool {
        self.files.iter().any(|file| matches!(file, Attached::Other(..)))
    }

    /// What is no picture, and further pictures.
    pub(super) fn files(&mut self) -> Vec<Attached> {
        std::mem::take(&mut self.files)
    }

    /// What is said of them.
    pub(super) fn said(&mut self) -> Vec<Said> {
        std::mem::take(&mut self.said)
    }

    /// The lead image, and what else is a picture: one with a caption of its own is another, and so is one without whose address is not
    /// another size of the same. A thumbnail is one where there is no larger picture.
    pub(super) fn lead(mut self, files: &mut Vec<Attached>, collector: &mut Collector) -> Option<LeadImage> {
        collector.lost_times(&format!("files beyond the first {MOST_FILES} of an item"), self.beyond);
        if self.pictures.is_empty() && self.named.is_none() {
            self.pictures.extend(largest(std::mem::take(&mut self.thumbnails)));
        }
        // One that is not shown takes its words along.
        let said = self.thumbnails.iter().filter_map(|thumbnail| thumbnail.caption.as_ref());
        let unsaid = said.filter(|said| self.pictures.iter().all(|shown| shown.caption.as_ref() != Some(said))).count();
        collector.lost_times("words of thumbnails", unsaid as u64);
        if self.pictures.is_empty() {
            self.pictures.extend(self.named);
        }
        let pictures = self.pictures.into_iter();
        // One file may be named by several elements, and each say something of it.
        let mut once: Vec<LeadImage> = Vec::new();
        for picture in pictures {
            match once.iter_mut().find(|known| is_same(known, &picture)) {
                Some(known) => learn(known, picture),
                None => once.push(picture),
            }
        }
        let mut pictures = once.into_iter();
        let mut lead = pictures.next()?;
        for file in files.iter() {
            match file {
                Attached::Picture(picture) if is_same(&lead, picture) => learn(&mut lead, picture.clone()),
                _ => {}
            }
        }
        files.retain(|file| !matches!(file, Attached::Picture(picture) if is_same(&lead, picture)));
        let mut captions = HashSet::from([lead.caption.clone()]);
        let mut shown = vec![lead.clone()];
        for picture in pictures {
            let form = shown.iter().position(|shown| is_form_of(&picture, shown));
            let is_another = match &picture.caption {
                // One size of it may lack the credit.
                Some(caption)
                    if form.is_some_and(|at| shown[at].caption.as_ref().is_some_and(|it| it.contains(caption))) =>
                {
                    false
                }
                Some(_) => captions.insert(picture.caption.clone()),
                None => form.is_none(),
            };
            if form == Some(0) && !is_another && picture.width > lead.width && lead.width.is_some() {
                (lead.url, lead.width, lead.height) = (picture.url.clone(), picture.width, picture.height);
            }
            shown.push(picture.clone());
            match (is_another, files.len() < MOST_FILES) {
                (true, true) => files.push(Attached::Picture(picture)),
                (true, false) => collector.lost("further image"),
                (false, _) => collector.unmapped("further image (the same in another size)"),
            }
        }
        Some(lead)
    }
}

/// Whether two pictures are one: by their address, or by all but the size in it where one of them has no words.
fn is_same(known: &LeadImage, other: &LeadImage) -> bool {
    let is_wordless = |picture: &LeadImage| picture.alt.is_none() && picture.caption.is_none();
    let is_sized = known.width.is_some() && other.width.is_some();
    known.url == other.url
        || !is_sized
            && is_wordless(known) != is_wordless(other)
            && media::address_of_picture(&known.url) == media::address_of_picture(&other.url)
}

/// Takes over what is said of the same picture elsewhere. What shows it says something else again is another line of its caption.
pub(super) fn learn(known: &mut LeadImage, other: LeadImage) {
    let says = |text: &Option<String>, words: &str| text.as_ref().is_some_and(|text| text.contains(words));
    (known.width, known.height) = (known.width.or(other.width), known.height.or(other.height));
    if known.alt.is_none() {
        known.alt = other.alt;
    } else if let Some(alt) = other.alt.filter(|alt| !says(&known.alt, alt) && !says(&known.caption, alt)) {
        known.caption = known.caption.take().map(|caption| format!("{caption} · {alt}")).or(Some(alt));
    }
    if let Some(caption) = other.caption.filter(|caption| !says(&known.caption, caption)) {
        known.caption = match known.caption.take() {
            // One of them may lack who is credited.
            Some(own) if !caption.contains(&own) => Some(format!("{own} · {caption}")),
            _ => Some(caption),
        };
    }
}

/// Whether what a file is called is its type or its address.
fn is_bare(name: &str, url: &str) -> bool {
    name == url || name.contains('/') && !name.contains(char::is_whitespace)
}

/// The largest of some pictures; of equals the first.
fn largest(pictures: Vec<LeadImage>) -> Option<LeadImage> {
    pictures.into_iter().rev().max_by_key(|picture| picture.width.unwrap_or_default())
}

/// A picture of which only the address is known.
pub(super) fn bare(url: String) -> LeadImage {
    LeadImage { url, alt: None, caption: None, width: None, height: None }
}

fn picture(element: &Element<'_>, base: Option<&Url>) -> Option<LeadImage> {
    let size = |name| element.attribute(name).and_then(|text| text.parse().ok());
    let words = |name| element.child_text(Namespace::Media, name).and_then(crate::read::text::plain);
    Some(LeadImage {
        url: web_address(element.attribute("url")?, base)?,
        alt: words("title"),
        caption: credited(
            words("description").or_else(|| words("text")),
            &credits(element, |_| true).collect::<Vec<_>>(),
        ),
        width: size("width"),
        height: size("height"),
    })
}

/// Who is credited by an element of Media RSS, or who has the rights by one.
fn credit(element: &Element<'_>) -> Option<String> {
    let address = || element.attribute("url").or_else(|| element.attribute("href")).map(str::to_owned);
    let is_rights = matches!(element.name(), "copyright" | "license");
    let words = element.value().and_then(plain).or_else(|| address().filter(|_| is_rights))?;
    let is_marked =
        words.contains('©') || words.to_lowercase().contains("copyright") || words.to_lowercase().starts_with("(c)");
    Some(if element.name() == "copyright" && !is_marked { format!("© {words}") } else { words })
}

/// Those that an element says of itself.
fn credits<'a>(
    element: &'a Element<'_>,
    is_own: impl Fn(&Element<'_>) -> bool + 'a,
) -> impl Iterator<Item = String> + 'a {
    let children = element.children.iter().filter(|child| child.namespace == Namespace::Media);
    children
        .filter(move |child| matches!(child.name(), "credit" | "copyright" | "license") && is_own(child))
        .filter_map(credit)
}

/// A caption with those who are credited behind it in brackets, unless it names them.
pub(super) fn credited(caption: Option<String>, credits: &[String]) -> Option<String> {
    let mut unnamed: Vec<&str> = Vec::new();
    for credit in credits {
        let is_known =
            caption.as_ref().is_some_and(|caption| caption.contains(credit)) || unnamed.contains(&credit.as_str());
        if !is_known {
            unnamed.push(credit);
        }
    }
    match (caption, unnamed.join("; ")) {
        (caption, credit) if credit.is_empty() => caption,
        (Some(caption), credit) => Some(format!("{caption} ({credit})")),
        (None, credit) => Some(credit),
    }
}

/// Whether an element of Media RSS is a picture.
pub(super) fn is_picture(element: &Element<'_>) -> bool {
    let kind = element.attribute("medium").or(element.attribute("type"));
    match element.name() {
        "content" => shows(kind, element.attribute("url")),
        name => name == "thumbnail",
    }
}

/// Whether one picture is another in another size, as far as their addresses say so. What both say of their size tells them apart from
/// two of the same.
fn is_form_of(picture: &LeadImage, other: &LeadImage) -> bool {
    if picture.width.is_some() && other.width.is_some() && picture.width != other.width {
        let without_digits = |url: &str| url.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
        return without_digits(media::address_of_picture(&picture.url).as_str())
            == without_digits(media::address_of_picture(&other.url).as_str());
    }
    media::address_of_picture(&picture.url) == media::address_of_picture(&other.url)
}

/// Whether a picture shows the author: some programs put that in front of the text's own picture.
fn is_portrait(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest).split('/').next().unwrap_or_default();
    host == "gravatar.com" || host.ends_with(".gravatar.com")
}

/// Whether a file is a picture: by what it says it is, else by the ending of its address.
fn shows(kind: Option<&str>, url: Option<&str>) -> bool {
    // What is said of anything says nothing.
    match kind.filter(|kind| !kind.ends_with("/octet-stream") && !kind.ends_with("/force-download")) {
        Some(kind) => kind == "image" || kind.starts_with("image/"),
        None => url.is_some_and(is_picture_address),
    }
}
