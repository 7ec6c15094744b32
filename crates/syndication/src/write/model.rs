//! What a feed is, whatever it is written as.

use courant_domain::locale::Locale;
use jiff::{Timestamp, civil::Date};
use url::Url;

/// A page of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// What it is known by for good: a URN, so that it stays when the site moves.
    pub id: String,
    /// Its name.
    pub title: String,
    /// What it carries.
    pub description: Option<String>,
    /// Its language.
    pub locale: Locale,
    /// The name of the site.
    pub site: String,
    /// Where the site is.
    pub site_url: Url,
    /// The page that shows the same to people.
    pub page: Url,
    /// Its own address.
    pub own: Url,
    /// Other pages of it, and the hub that tells of it.
    pub links: Vec<Link>,
    /// The site's icon.
    pub icon: Option<Url>,
    /// Whether this page is over and done, and changes by corrections alone (RFC 5005 §4).
    pub is_archive: bool,
    /// What is in it, in its order.
    pub items: Vec<Item>,
    /// What was in it and was taken back, the last first.
    pub departed: Vec<Departure>,
    /// What is said of what changed, in the feed's language.
    pub words: Words,
}

impl Feed {
    /// When anything in it last changed; the beginning of time in an empty one, so that the same feed gives the same bytes.
    #[must_use]
    pub fn updated_at(&self) -> Timestamp {
        let items = self.items.iter().map(Item::changed_at);
        items.chain(self.departed.iter().map(|gone| gone.at)).max().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Where a link of it leads.
    #[must_use]
    pub fn link(&self, rel: Rel) -> Option<&Url> {
        self.links.iter().find(|link| link.rel == rel).map(|link| &link.url)
    }
}

/// Words of the feed's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What stands before the notes of what changed: "What changed".
    pub changed: String,
    /// What stands in the place of a text that was taken back with a notice: "Withdrawn".
    pub withdrawn: String,
    /// That a text is gone for good.
    pub gone: String,
    /// That a text is found elsewhere now.
    pub moved: String,
}

/// Another address that belongs to a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it is to the feed.
    pub rel: Rel,
    /// Where it is.
    pub url: Url,
}

/// What an address is to a feed: relations of links that IANA has registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rel {
    /// The hub that tells of changes (WebSub §4).
    Hub,
    /// The first page (RFC 5005 §3).
    First,
    /// The page after this one.
    Next,
    /// The archive before this document (RFC 5005 §4).
    PrevArchive,
    /// The document that an archive belongs to.
    Current,
}

impl Rel {
    /// As it is registered.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::First => "first",
            Self::Next => "next",
            Self::PrevArchive => "prev-archive",
            Self::Current => "current",
        }
    }
}

/// One text, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is known by for good: a URN, so that it stays when its slug changes.
    pub id: String,
    /// The id of the text in all its languages: a URN.
    pub entry: String,
    /// Where it can be read.
    pub url: Url,
    /// Its name in addresses.
    pub slug: String,
    /// The language it is in.
    pub locale: Locale,
    /// The line above the title.
    pub kicker: Option<String>,
    /// The headline or official title.
    pub title: String,
    /// The standfirst.
    pub summary: Option<String>,
    /// Its text, as far as the feed gives it.
    pub content: Content,
    /// How many words the whole text has.
    pub word_count: Option<u32>,
    /// Who wrote it, or signed it.
    pub authors: Vec<Person>,
    /// What it is filed under: its category first, then its tags.
    pub terms: Vec<Term>,
    /// The picture on top.
    pub picture: Option<Picture>,
    /// Where it was written.
    pub dateline: Option<String>,
    /// What sort of text it is, as this site calls it and in words.
    pub genre: Option<(String, String)>,
    /// Who published it first, and where.
    pub source: Option<(String, Option<Url>)>,
    /// The terms of use.
    pub rights: Option<String>,
    /// What an act is.
    pub act: Option<Act>,
    /// The date it carries.
    pub published_at: Timestamp,
    /// When it went live for the first time.
    pub first_published_at: Timestamp,
    /// When what readers see of it last changed.
    pub updated_at: Timestamp,
    /// What readers were told of changes, oldest first.
    pub changes: Vec<Note>,
    /// Set while it is withdrawn with a notice.
    pub withdrawn: Option<Notice>,
}

impl Item {
    /// When it last changed; never before the date it carries.
    #[must_use]
    pub fn changed_at(&self) -> Timestamp {
        self.updated_at.max(self.published_at)
    }

    /// What readers of a feed get for its text: the notice in the place of what was withdrawn, and what changed after the text.
    pub(super) fn html(&self, words: &Words) -> Option<String> {
        use super::xml::escaped;
        if let Some(notice) = &self.withdrawn {
            return Some(format!("<p><strong>{}</strong></p>\n{}", escaped(&words.withdrawn), notice.html));
        }
        let Content::Full(html) = &self.content else { return None };
        let mut html = html.clone();
        if !self.changes.is_empty() {
            html += &format!("\n<p><strong>{}</strong></p>\n<ul>", escaped(&words.changed));
            for Note { at, note } in self.changes.iter().rev() {
                let at = at.to_string();
                let day = at.split('T').next().unwrap_or_default();
                html += &format!("<li><time datetime=\"{at}\">{day}</time> {}</li>", escaped(note));
            }
            html.push_str("</ul>");
        }
        Some(html)
    }

    /// What stands for its text where a feed gives summaries: the standfirst, or what changed in it last.
    pub(super) fn summary(&self, words: &Words) -> Option<String> {
        if let Some(notice) = &self.withdrawn {
            return Some(format!("{}: {}", words.withdrawn, notice.text));
        }
        let summary = self.summary.clone();
        match (&self.content, self.changes.last()) {
            (Content::Summary, Some(change)) => {
                let told = format!("{}: {}", words.changed, change.note);
                Some(summary.map_or_else(|| told.clone(), |summary| format!("{summary}\n\n{told}")))
            }
            _ => summary,
        }
    }
}

/// How much of a text a feed gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// All of it, as HTML with absolute addresses ([`absolute_html`](super::absolute_html)).
    Full(String),
    /// Its summary.
    Summary,
}

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// Their page.
    pub url: Option<Url>,
}

/// Something a text is filed under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its name in words.
    pub name: String,
    /// Its page, which stands for it among all terms there are.
    pub url: Url,
    /// Whether it is the category, and not a tag.
    pub is_category: bool,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it is.
    pub url: Url,
    /// What it shows.
    pub alt: Option<String>,
    /// The line under it.
    pub caption: Option<String>,
    /// Its width in pixels.
    pub width: Option<u32>,
    /// Its height in pixels.
    pub height: Option<u32>,
}

impl Picture {
    /// Its media type, as far as its address tells.
    pub(super) fn media_type(&self) -> Option<&'static str> {
        let name = self.url.path().rsplit('/').next()?;
        let (_, extension) = name.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" => "image/jpeg",
            "png" => "image/png",
            "gif" => "image/gif",
            "webp" => "image/webp",
            "avif" => "image/avif",
            "svg" => "image/svg+xml",
            _ => return None,
        })
    }
}

/// What an official act is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its number, as printed.
    pub number: String,
    /// The day it was signed.
    pub signed_on: Date,
}

/// What readers are told of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When it was made.
    pub at: Timestamp,
    /// What changed.
    pub note: String,
}

/// Why a text was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Since when it is.
    pub at: Timestamp,
    /// The notice as HTML.
    pub html: String,
    /// The notice as its words alone.
    pub text: String,
}

/// A text that was in a feed and is live no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// What it was known by.
    pub id: String,
    /// Since when it is gone.
    pub at: Timestamp,
    /// What readers get in its place.
    pub instead: Instead,
}

/// What readers get where a text was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// Something else.
    At(Url),
    /// That it is gone for good, at its address.
    Gone(Url),
    /// Nothing.
    Nothing,
}

impl Instead {
    /// What is said of it.
    pub(super) fn words<'a>(&self, words: &'a Words) -> &'a str {
        match self {
            Self::At(_) => &words.moved,
            Self::Gone(_) | Self::Nothing => &words.gone,
        }
    }

    /// What programs are told of it.
    pub(super) const fn state(&self) -> &'static str {
        match self {
            Self::At(_) => "MOVED",
            Self::Gone(_) | Self::Nothing => "GONE",
        }
    }

    /// Where more is said of it.
    pub(super) const fn url(&self) -> Option<&Url> {
        match self {
            Self::At(url) | Self::Gone(url) => Some(url),
            Self::Nothing => None,
        }
    }
}
