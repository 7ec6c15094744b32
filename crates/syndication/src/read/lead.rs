//! A lead image that a text begins with once more.

use std::{borrow::Cow, ops::RangeInclusive};

use courant_domain::article::LeadImage;

use crate::read::{
    html::{Piece, Tag, pieces},
    media::address_of_picture,
    text::{escape, plain},
};

/// What may be around a picture that stands alone.
const AROUND: [&str; 13] =
    ["a", "article", "b", "center", "div", "em", "figure", "header", "p", "picture", "section", "span", "strong"];

/// A text without the picture that it begins with, if that is its lead image, which has the picture's words then. Where the picture leads, if
/// not to itself or to the page that the text is of, its words lead then. None where something
/// else stands in front of it, where its words would be lost, or where there would be nothing left.
pub(crate) fn without_lead(html: &str, lead: &mut LeadImage, own: Option<&str>) -> Option<String> {
    let parts: Vec<Piece<'_>> = pieces(html).collect();
    let at = parts.iter().position(|part| matches!(part, Piece::Tag(tag) if tag.is("img") && !tag.is_end))?;
    let (before, img) = (&parts[..at], tag(&parts, at)?);
    let is_in_front = |part: &Piece<'_>| is_nothing(part) || matches!(part, Piece::Tag(tag) if is_around(tag));
    let is_lead = |source: &str| address_of_picture(source) == address_of_picture(&lead.url);
    if !before.iter().all(is_in_front) || !img.attribute("src").is_some_and(|source| is_lead(&source)) {
        return None;
    }
    let alt = img.attribute("alt").and_then(|alt| plain(&alt));
    let (mut range, caption) = match before.iter().rposition(|part| matches!(part, Piece::Tag(tag) if tag.is("figure")))
    {
        Some(figure) if !tag(&parts, figure)?.is_end => of_figure(&parts, figure, at)?,
        _ => (at..=at, None),
    };
    while let Some(wider) = widened(&parts, &range) {
        range = wider;
    }
    let title = img.attribute("title").and_then(|title| plain(&title));
    let title = title.filter(|title| Some(title) != alt.as_ref() && Some(title) != caption.as_ref());
    let link = link(&parts[range.clone()], lead, own).map(|link| {
        let words = [&alt, &title, &caption].into_iter().flatten().next();
        let words = words.cloned().or_else(|| link.attribute("href").map(Cow::into_owned)).unwrap_or_default();
        let link = format!("{}{}</a>", link.source, escape(&words));
        // What stands alone was in a paragraph.
        let is_block =
            ["p", "div", "figure"].iter().any(|name| tag(&parts, *range.start()).is_some_and(|tag| tag.is(name)));
        if is_block || is_alone(&parts, &range) { format!("<p>{link}</p>") } else { link }
    });
    let (before, after) = (&parts[..*range.start()], &parts[range.end() + 1..]);
    let rest: String = before.iter().chain(after).map(Piece::source).collect();
    let is_left = plain(&rest).is_some() || rest.contains("<img");
    if !is_left || caption.is_some() && lead.caption.is_some() && lead.caption != caption {
        return None;
    }
    lead.alt = lead.alt.take().or(alt);
    lead.caption = lead.caption.take().or(caption).or(title);
    let before: String = before.iter().map(Piece::source).collect();
    Some(format!("{before}{}{}", link.unwrap_or_default(), &rest[before.len()..]))
}

/// Where a picture leads.
fn link<'p, 'a>(parts: &'p [Piece<'a>], lead: &LeadImage, own: Option<&str>) -> Option<&'p Tag<'a>> {
    parts.iter().find_map(|part| match part {
        Piece::Tag(tag) if tag.is("a") && !tag.is_end => {
            let href = tag.attribute("href")?;
            let is_itself = address_of_picture(&href) == address_of_picture(&lead.url);
            let is_own = own.is_some_and(|own| href.trim_end_matches('/') == own.trim_end_matches('/'));
            (!is_itself && !is_own && !href.is_empty() && !href.starts_with('#')).then_some(tag)
        }
        _ => None,
    })
}

/// Whether what stands around it is no element, or one of blocks.
fn is_alone(parts: &[Piece<'_>], range: &RangeInclusive<usize>) -> bool {
    let before = parts[..*range.start()].iter().rposition(|part| !is_nothing(part));
    before
        .and_then(|at| tag(parts, at))
        .is_none_or(|tag| tag.is_end || ["article", "div", "section"].iter().any(|name| tag.is(name)))
}

fn tag<'p, 'a>(parts: &'p [Piece<'a>], at: usize) -> Option<&'p Tag<'a>> {
    match parts.get(at)? {
        Piece::Tag(tag) => Some(tag),
        _ => None,
    }
}

fn is_around(tag: &Tag<'_>) -> bool {
    AROUND.iter().any(|name| tag.is(name))
}

/// Whether nothing is to be seen of a part.
fn is_nothing(part: &Piece<'_>) -> bool {
    match part {
        Piece::Text(text) => text.replace("&nbsp;", " ").trim().is_empty(),
        Piece::Comment(_) => true,
        Piece::Tag(tag) => tag.is("source") || tag.is("br"),
    }
}

/// A figure of one picture, and its caption; none where more stands in it.
fn of_figure(parts: &[Piece<'_>], from: usize, at: usize) -> Option<(RangeInclusive<usize>, Option<String>)> {
    let end = parts.iter().skip(at).position(|part| matches!(part, Piece::Tag(tag) if tag.is("figure")))? + at;
    let mut caption = String::new();
    let mut is_caption = false;
    for part in &parts[at + 1..end] {
        match part {
            Piece::Tag(tag) if tag.is("figcaption") => is_caption = !tag.is_end,
            part if is_caption => caption.push_str(part.source()),
            Piece::Tag(tag) if is_around(tag) => {}
            part if is_nothing(part) => {}
            _ => return None,
        }
    }
    if caption.contains("<img") || !tag(parts, end)?.is_end {
        return None;
    }
    Some((from..=end, plain(&caption)))
}

/// The same with the element around it, if there is nothing else in that.
fn widened(parts: &[Piece<'_>], range: &RangeInclusive<usize>) -> Option<RangeInclusive<usize>> {
    let start = parts[..*range.start()].iter().rposition(|part| !is_nothing(part))?;
    let end = range.end() + 1 + parts.get(range.end() + 1..)?.iter().position(|part| !is_nothing(part))?;
    let (first, last) = (tag(parts, start)?, tag(parts, end)?);
    (is_around(first) && !first.is_end && last.is_end && last.is(first.name)).then_some(start..=end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: &str, caption: Option<&str>) -> (Option<String>, LeadImage) {
        let mut lead = LeadImage {
            url: "https://hill.example/pier.jpg".to_owned(),
            alt: None,
            caption: caption.map(str::to_owned),
            width: None,
            height: None,
        };
        (without_lead(html, &mut lead, Some("https://hill.example/owls/")), lead)
    }

    #[test]
    fn the_lead_image_is_taken_out_of_the_beginning() {
        for html in [
            "<img src=\"https://hill.example/pier.jpg\" alt=\"A pier\"><p>Words.</p>",
            "<p><a href=\"https://hill.example/owls\"><img src=\"http://hill.example/pier-300x200.jpg?w=1\" alt=\"A pier\"></a> </p><p>Words.</p>",
            "<figure><picture><source srcset=\"x\"><img src=\"https://hill.example/pier.jpg\" alt=\"A pier\"></picture></figure><p>Words.</p>",
        ] {
            let (rest, lead) = of(html, None);
            assert_eq!(rest.as_deref(), Some("<p>Words.</p>"), "{html}");
            assert_eq!((lead.alt.as_deref(), lead.caption), (Some("A pier"), None), "{html}");
        }
        let figure = "<div><figure><img src=\"https://hill.example/pier.jpg\"><figcaption>At <b>noon</b></figcaption></figure>Words.</div>";
        let (rest, lead) = of(figure, None);
        assert_eq!((rest.as_deref(), lead.caption.as_deref()), (Some("<div>Words.</div>"), Some("At noon")));
        assert_eq!(of(figure, Some("At noon")).0.as_deref(), Some("<div>Words.</div>"));
    }

    #[test]
    fn a_picture_that_leads_elsewhere_leaves_its_link() {
        for (html, rest) in [
            (
                "<p><a href=\"/map\"><img src=\"https://hill.example/pier.jpg\" alt=\"A pier\"></a></p><p>Words.</p>",
                "<p><a href=\"/map\">A pier</a></p><p>Words.</p>",
            ),
            (
                "<p><a href=\"/map\"><img src=\"https://hill.example/pier.jpg\" alt=\"A pier\"></a> Words.</p>",
                "<p><a href=\"/map\">A pier</a> Words.</p>",
            ),
            (
                "<a href=\"/map\"><img src=\"https://hill.example/pier.jpg\"></a><p>Words.</p>",
                "<p><a href=\"/map\">/map</a></p><p>Words.</p>",
            ),
            ("<a href=\"/pier.jpg\"><img src=\"/pier.jpg\"></a><p>Words.</p>", ""),
            (
                "<a href=\"https://hill.example/pier-900x600.jpg\"><img src=\"https://hill.example/pier.jpg\"></a><p>Words.</p>",
                "<p>Words.</p>",
            ),
        ] {
            assert_eq!(of(html, None).0.unwrap_or_default(), rest, "{html}");
        }
        let titled = "<img src=\"https://hill.example/pier.jpg\" alt=\"A pier\" title=\"At noon\"><p>Words.</p>";
        assert_eq!(of(titled, None).1.caption.as_deref(), Some("At noon"));
    }

    #[test]
    fn what_is_not_at_the_beginning_or_says_more_stays() {
        for html in [
            "<img src=\"https://hill.example/pier.jpg\">",
            "<p>Words.</p><img src=\"https://hill.example/pier.jpg\">",
            "<img src=\"https://hill.example/other.jpg\"><p>Words.</p>",
            "<iframe src=\"/x\"></iframe><img src=\"https://hill.example/pier.jpg\"><p>Words.</p>",
            "<figure><img src=\"https://hill.example/pier.jpg\"><img src=\"/b.jpg\"></figure><p>Words.</p>",
            "<figure><img src=\"https://hill.example/pier.jpg\">",
            "<p>Words.</p>",
        ] {
            assert_eq!(of(html, None).0, None, "{html}");
        }
        let figure =
            "<figure><img src=\"https://hill.example/pier.jpg\"><figcaption>At noon</figcaption></figure>Words.";
        assert_eq!(of(figure, Some("By night")).0, None);
    }
}
