//! Blocks that name their pictures and files in their settings alone. The block editor writes what it shows out beside them; what
//! programs write leaves that to WordPress.

use serde_json::Value;

use super::{
    content::About,
    files::{self, Files},
};
use crate::read::{
    collect::{Collector, content_in},
    html::{Piece, pieces, unescape},
    media,
    text::{escape, is_address, plain},
};

/// A block in which there is nothing to see.
pub(super) struct EmptyBlock {
    name: String,
    settings: Value,
    /// Where it begins and ends in its text.
    at: usize,
    end: usize,
}

/// So much of a block is looked at for what it shows.
const LONGEST: usize = 8_000;

/// Blocks that show files of the media library.
const SHOWS: [&str; 9] = ["audio", "carousel", "cover", "file", "gallery", "image", "media", "slideshow", "video"];

/// The blocks of a text that show files and have none in their markup.
pub(super) fn empty(text: &str) -> impl Iterator<Item = EmptyBlock> + '_ {
    const START: &str = "<!--";
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + text.get(from..)?.find(START)?;
            let block = &text[at + START.len()..];
            from = at + START.len();
            let length = block.find("-->")?;
            let Some(comment) = block.get(..length).and_then(|comment| comment.trim().strip_prefix("wp:")) else {
                continue;
            };
            let (comment, is_closed) = comment.strip_suffix('/').map_or((comment, false), |comment| (comment, true));
            let (name, settings) = comment.split_once(char::is_whitespace).unwrap_or((comment, ""));
            if !SHOWS.iter().any(|word| name.contains(word)) || !settings.contains(['"']) {
                continue;
            }
            let behind = at + START.len() + length + 3;
            let end = if is_closed { Some(behind) } else { end_of_empty(text, behind, name) };
            if let Some(end) = end
                && let Ok(settings) = serde_json::from_str(settings.trim())
            {
                from = end;
                return Some(EmptyBlock { name: name.to_owned(), settings, at, end });
            }
        }
    })
}

/// How far a block reaches that begins here, if it shows nothing: to its end, or no further than this where there are words in it,
/// which stay.
fn end_of_empty(text: &str, from: usize, name: &str) -> Option<usize> {
    let inner = near(&text[from..]);
    let end = format!("<!-- /wp:{name} -->");
    let length = inner.find(&end)?;
    let mut has_words = false;
    for piece in pieces(&inner[..length]) {
        match piece {
            Piece::Text(text) => has_words |= !text.trim().is_empty(),
            Piece::Comment(comment) if SHOWS.iter().any(|word| comment.contains(word)) => return None,
            Piece::Comment(_) => has_words = true,
            Piece::Tag(tag) if tag.is("img") || tag.attribute("src").is_some() || tag.attribute("href").is_some() => {
                return None;
            }
            Piece::Tag(_) => {}
        }
    }
    Some(if has_words { from } else { from + length + end.len() })
}

/// What is near on a text.
fn near(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Something that a block names.
enum Named {
    /// A file, by its number, and the caption that it has here.
    Number(String, Option<String>),
    /// A file, by its address, what it shows, and its caption.
    Address(String, Option<String>, Option<String>),
}

impl EmptyBlock {
    /// The numbers of the files that it names.
    pub(super) fn numbers(&self) -> impl Iterator<Item = String> {
        self.named().into_iter().filter_map(|named| match named {
            Named::Number(number, _) => Some(number),
            Named::Address(..) => None,
        })
    }

    fn named(&self) -> Vec<Named> {
        /// Nobody shows more in one place.
        const MOST: usize = 1_000;
        let list = ["ids", "images", "mediaIds"].into_iter().find_map(|name| self.settings.get(name)?.as_array());
        match list {
            Some(list) => list.iter().take(MOST).filter_map(named).collect(),
            None => named(&self.settings).into_iter().collect(),
        }
    }

    /// What it shows, as far as the export has it, and how many of its files it has not.
    fn shown(&self, files: Files<'_>) -> (String, u64) {
        let (mut html, mut missing) = (String::new(), 0);
        for named in self.named() {
            match named {
                Named::Number(number, caption) => match (files.get(&number), caption) {
                    (Some(file), Some(caption)) if file.is_picture() => {
                        html.push_str(&media::figure(&file.url, file.alt.as_deref(), Some(&caption)));
                    }
                    (Some(file), _) => html.push_str(&files::shown(file)),
                    (None, _) => missing += 1,
                },
                Named::Address(url, alt, caption) if media::is_picture_address(&url) => {
                    html.push_str(&media::figure(&url, alt.as_deref(), caption.as_deref()));
                }
                Named::Address(url, alt, _) => {
                    html.push_str(&format!("<p>{}</p>\n", media::embedded(&url, alt.as_deref())));
                }
            }
        }
        (html, missing)
    }
}

fn named(value: &Value) -> Option<Named> {
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| value.get(name)?.as_str());
        found.filter(|text| !text.trim().is_empty()).map(str::to_owned)
    };
    let address = text(&["url", "mediaUrl", "src", "href"]).filter(|url| is_address(url));
    let caption = text(&["caption"]).and_then(|caption| plain(&caption));
    if let Some(address) = address {
        return Some(Named::Address(address, text(&["alt", "title", "fileName"]), caption));
    }
    let number = ["id", "mediaId"].into_iter().find_map(|name| value.get(name)).unwrap_or(value);
    let number = match number {
        Value::Number(number) => number.to_string(),
        Value::String(number) => number.trim().to_owned(),
        _ => return None,
    };
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(Named::Number(number, caption))
}

/// A text with the files of such blocks in their places.
pub(super) fn with_files(text: &str, about: &About<'_>, collector: &mut Collector) -> String {
    let mut out = String::new();
    let mut from = 0;
    for block in empty(text) {
        let (html, missing) = block.shown(about.files);
        if missing > 0 {
            collector
                .problem(about.place, format!("{missing} files of its block {} are not in the export", block.name));
            for _ in 0..missing {
                collector.lost("pictures of galleries");
            }
        }
        if html.is_empty() && missing == 0 {
            continue;
        }
        let is_shown = |words: &String| plain(words).is_none_or(|words| html.contains(&escape(&words)));
        if !content_in(&block.settings).iter().all(is_shown) {
            collector.lost(&format!("block {}", block.name));
        }
        out.push_str(&text[from..block.at]);
        out.push_str(&html);
        from = block.end;
    }
    out.push_str(&text[from..]);
    out
}

/// The picture behind the words of a block, which begins with this comment: it stands in a style.
pub(super) fn background(comment: &str, inner: &str) -> Option<String> {
    let settings = comment.strip_prefix("wp:cover ").filter(|settings| !settings.ends_with('/'))?;
    let settings: Value = serde_json::from_str(settings).ok()?;
    let url = settings.get("url")?.as_str().filter(|url| is_address(url) && media::is_picture_address(url))?;
    let is_shown = pieces(near(inner)).any(|piece| match piece {
        Piece::Tag(tag) => tag.attribute("src").is_some_and(|src| src == url),
        _ => false,
    });
    (!is_shown).then(|| media::figure(url, settings.get("alt").and_then(Value::as_str), None))
}

/// The start of the paragraph or heading that a block which begins with this comment holds, with the alignment that its settings alone say,
/// and what is behind that start.
pub(super) fn aligned<'t>(comment: &str, inner: &'t str) -> Option<(String, &'t str)> {
    let (name, settings) = comment.strip_prefix("wp:")?.split_once(' ')?;
    if !matches!(name, "heading" | "paragraph") || !settings.contains("lign\"") {
        return None;
    }
    let settings: Value = serde_json::from_str(settings).ok()?;
    let align = ["align", "textAlign"].into_iter().find_map(|name| settings.get(name)?.as_str())?;
    let tag = match pieces(near(inner.trim_start())).next()? {
        Piece::Tag(tag)
            if !tag.is_end && ["p", "h1", "h2", "h3", "h4", "h5", "h6"].into_iter().any(|name| tag.is(name)) =>
        {
            tag
        }
        _ => return None,
    };
    let is_said = ["align", "data-align"].into_iter().any(|name| tag.attribute(name).is_some())
        || ["class", "style"]
            .into_iter()
            .filter_map(|name| tag.attribute(name))
            .any(|said| said.contains("text-align"));
    if is_said || !["left", "right", "center", "justify"].contains(&align) {
        return None;
    }
    let behind = inner.trim_start().strip_prefix('<')?.strip_prefix(tag.name)?;
    let space = &inner[..inner.len() - inner.trim_start().len()];
    Some((format!("{space}<{} align=\"{align}\"", tag.name), behind))
}

/// The words among the settings of a block, which readers see where its plugin is.
pub(super) fn words(block: &str) -> Vec<String> {
    let settings = block.find('{').and_then(|at| serde_json::from_str(block.get(at..)?.trim()).ok());
    settings.map_or_else(Vec::new, |mut settings: Value| {
        // What WordPress' own blocks ask their writers for is nothing that readers see.
        let is_own = block.split_whitespace().next().is_some_and(|name| !name.contains('/') && name != "search");
        if let Some(settings) = settings.as_object_mut().filter(|_| is_own) {
            settings.remove("placeholder");
        }
        content_in(&settings)
    })
}

/// Whether some words stand in a text, as it is shown.
pub(super) struct ShownWords(String);

impl ShownWords {
    pub(super) fn of(html: &str) -> Self {
        // What stands in attributes is there, too.
        Self(format!("{}\n{}", flat(&plain(html).unwrap_or_default()), flat(&unescape(html))))
    }

    /// What of these it does not show.
    pub(super) fn lacks<'a>(&self, words: &'a [String]) -> impl Iterator<Item = &'a String> {
        let is_shown = |line: &str| self.0.contains(&flat(line));
        words.iter().filter(move |words| !plain(words).unwrap_or_default().lines().all(is_shown))
    }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
