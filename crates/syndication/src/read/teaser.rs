//! Pictures, links and what is embedded in a teaser, of which the words alone become a summary.

use courant_domain::article::LeadImage;
use url::Url;

use super::{
    collect::Collector,
    html::{Piece, Tag, pieces},
    media::{self, address_of_picture},
    text::{escape, plain, web_address},
};

/// Nobody has more in a teaser.
const MOST: usize = 100;

/// What a teaser shows beside its words, and its text does not.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Further {
    /// Its first picture, if one was looked for.
    pub(crate) lead: Option<LeadImage>,
    /// All else, for below the text.
    pub(crate) below: String,
    /// How much more there is.
    pub(crate) beyond: u64,
}

impl Further {
    /// Puts it in its place; the lead image then.
    pub(crate) fn put(
        self,
        lead: Option<LeadImage>,
        body: &mut String,
        collector: &mut Collector,
    ) -> Option<LeadImage> {
        collector.lost_times("pictures and links of summaries", self.beyond);
        body.push_str(&self.below);
        lead.or(self.lead)
    }
}

/// What a text is, for its teaser.
pub(crate) struct Beside<'a> {
    pub(crate) body: &'a str,
    pub(crate) lead: Option<&'a LeadImage>,
    /// Addresses of the page it is on, and of its site: a link there leads on to it.
    pub(crate) own: &'a [&'a str],
    pub(crate) base: Option<&'a Url>,
}

impl Beside<'_> {
    /// What of a teaser is not in the text.
    pub(crate) fn further(&self, teaser: &str) -> Further {
        let mut further = Further::default();
        if !teaser.contains('<') {
            return further;
        }
        let mut shown: Vec<String> =
            pictures(self.body).chain(self.lead.map(|lead| address_of_picture(&lead.url))).collect();
        let wants_lead = shown.is_empty();
        let mut parts = 0;
        let mut link: Option<Link<'_>> = None;
        for piece in pieces(teaser) {
            let html = match &piece {
                Piece::Text(text) => {
                    if let Some(link) = &mut link {
                        link.words.push_str(text);
                    }
                    continue;
                }
                Piece::Comment(_) => continue,
                Piece::Tag(tag) if tag.is("a") => {
                    let before = std::mem::take(&mut link);
                    if !tag.is_end {
                        link = self.link(tag);
                    }
                    before.and_then(Link::shown)
                }
                Piece::Tag(tag) if tag.is("img") && !is_sign(tag) => {
                    let Some(source) = tag.attribute("src") else { continue };
                    let address = address_of_picture(&source);
                    if shown.iter().any(|known| is_same(known, &address)) {
                        continue;
                    }
                    shown.push(address);
                    let is_linked = link.is_some();
                    if wants_lead && !is_linked && further.lead.is_none() {
                        further.lead = self.picture(tag);
                        if further.lead.is_some() {
                            continue;
                        }
                    }
                    let picture = match &mut link {
                        Some(link) => {
                            link.has_picture = true;
                            format!("{}{}</a>", link.tag, tag.source)
                        }
                        None => tag.source.to_owned(),
                    };
                    Some(format!("<figure>{picture}</figure>"))
                }
                Piece::Tag(tag) if !tag.is_end && EMBEDS.iter().any(|name| tag.is(name)) => {
                    let source = tag.attribute("src").filter(|source| !self.says(source));
                    source
                        .map(|source| format!("<p>{}</p>", media::embedded(&source, tag.attribute("title").as_deref())))
                }
                Piece::Tag(_) => continue,
            };
            let Some(html) = html else { continue };
            parts += 1;
            if parts > MOST {
                further.beyond += 1;
            } else {
                further.below.push_str(&format!("\n{html}"));
            }
        }
        further
    }

    /// A link that leads elsewhere, and is not in the text.
    fn link<'t>(&self, tag: &Tag<'t>) -> Option<Link<'t>> {
        let href = tag.attribute("href")?;
        let address = href.trim();
        let is_own = self.own.iter().any(|own| page(own) == page(address));
        let is_one = !address.is_empty() && !address.starts_with('#') && !is_own && !self.says(address);
        is_one.then(|| Link { tag: tag.source, words: String::new(), has_picture: false })
    }

    fn says(&self, address: &str) -> bool {
        self.body.contains(address) || self.body.contains(&escape(address))
    }

    fn picture(&self, tag: &Tag<'_>) -> Option<LeadImage> {
        let words = |name| tag.attribute(name).and_then(|words| plain(&words));
        let (alt, title) = (words("alt"), words("title"));
        let caption = title.filter(|title| Some(title) != alt.as_ref());
        let url = web_address(&tag.attribute("src")?, self.base)?;
        Some(LeadImage { url, alt, caption, width: None, height: None })
    }
}

/// What is embedded.
const EMBEDS: [&str; 4] = ["audio", "iframe", "source", "video"];

/// A link that has begun.
struct Link<'a> {
    tag: &'a str,
    words: String,
    has_picture: bool,
}

impl Link<'_> {
    fn shown(self) -> Option<String> {
        plain(&self.words).filter(|_| !self.has_picture)?;
        Some(format!("<p>{}{}</a></p>", self.tag, self.words.trim()))
    }
}

/// The pictures of a text.
fn pictures(html: &str) -> impl Iterator<Item = String> {
    pieces(html).filter_map(|piece| match piece {
        Piece::Tag(tag) if tag.is("img") => tag.attribute("src").map(|source| address_of_picture(&source)),
        _ => None,
    })
}

/// Whether two addresses are of one picture; one of them may lack the site.
fn is_same(known: &str, other: &str) -> bool {
    known == other
        || other.starts_with('/') && known.ends_with(other)
        || known.starts_with('/') && other.ends_with(known)
}

/// Whether a picture is a sign in a line, or one that counts readers.
fn is_sign(tag: &Tag<'_>) -> bool {
    let is_small = |name| tag.attribute(name).is_some_and(|size| matches!(size.trim(), "0" | "1" | "0px" | "1px"));
    let class = tag.attribute("class").unwrap_or_default().to_lowercase();
    is_small("width") || is_small("height") || class.contains("emoji") || class.contains("smiley")
}

/// What the addresses of a page have in common.
fn page(address: &str) -> &str {
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest).split('#').next().unwrap_or_default();
    rest.split("?utm_").next().unwrap_or_default().trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn further(teaser: &str, body: &str) -> Further {
        let own = ["https://hill.example/owls", "https://hill.example/"];
        let base = Url::parse("https://hill.example/").unwrap();
        Beside { body, lead: None, own: &own, base: Some(&base) }.further(teaser)
    }

    #[test]
    fn what_the_text_does_not_show_is_found() {
        for (teaser, below) in [
            ("Owls.", ""),
            ("<p>See <a href=\"/b\">the <b>map</b></a></p>", "\n<p><a href=\"/b\">the map</a></p>"),
            (
                "<p>Owls … <a href='http://www.hill.example/owls/?utm_source=x#more'>more</a> at <a href='https://hill.example'>Hill</a></p>",
                "",
            ),
            ("<a href='https://quay.example/a'>a</a><a href='#b'>b</a>", ""),
            ("<img src='/p-300x200.jpg'><img src='/c.gif' width=1><img src='/s.png' class='wp-smiley'>", ""),
            ("<img src='/n.jpg' alt='Owl'>", "\n<figure><img src='/n.jpg' alt='Owl'></figure>"),
            ("<a href='/b'><img src='/n.jpg'></a>", "\n<figure><a href='/b'><img src='/n.jpg'></a></figure>"),
            (
                "<iframe src='https://film.example/9'></iframe>",
                "\n<p><iframe src=\"https://film.example/9\"></iframe></p>",
            ),
        ] {
            let body = "<p><img src=\"https://hill.example/p.jpg\"> <a href=\"https://quay.example/a\">a</a></p>";
            assert_eq!(further(teaser, body), Further { below: below.to_owned(), ..Further::default() }, "{teaser}");
        }
    }

    #[test]
    fn the_first_picture_leads_where_there_is_none() {
        let found = further("<img src='/n.jpg' alt='Owl' title='At six'><img src='/m.jpg'>", "<p>Owls.</p>");
        let lead = found.lead.unwrap();
        assert_eq!((lead.url.as_str(), lead.alt.as_deref()), ("https://hill.example/n.jpg", Some("Owl")));
        assert_eq!(lead.caption.as_deref(), Some("At six"));
        assert_eq!(found.below, "\n<figure><img src='/m.jpg'></figure>");
        assert_eq!(further(&"<img src='/a'>".repeat(200), "").beyond, 0);
        let many: String = (0..200).map(|number| format!("<img src='/{number}.jpg'>")).collect();
        assert_eq!(further(&many, "").beyond, 99);
    }
}
