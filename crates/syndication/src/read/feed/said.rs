//! What feeds say beside a text: the words of Media RSS and of podcasts.

use courant_domain::article::LeadImage;

use super::{Entry, image::credited, placed::is_standfirst};
use crate::read::{
    collect::Collector,
    places::{Place, placed},
    text::{Markup, escape, plain},
    xml::Element,
};

/// Words of Media RSS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) text: Markup,
    pub(super) what: What,
}

/// What words of Media RSS are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Title,
    Description,
    /// Who made it.
    Credit,
    /// Who has the rights.
    Rights,
}

impl What {
    const fn is_credit(self) -> bool {
        matches!(self, Self::Credit | Self::Rights)
    }
}

impl Entry {
    /// Takes what is said of an item beside its text, as podcasts do; what says the same once more is no loss.
    pub(super) fn beside(&mut self, elements: &[&Element<'_>], collector: &mut Collector) {
        /// Nobody says it more often.
        const MOST: usize = 20;
        let mut known: Option<Vec<String>> = None;
        for (index, element) in elements.iter().enumerate() {
            if index >= MOST {
                collector.unknown(element.label, element.value());
                continue;
            }
            let is_said = matches!(element.name(), "description" | "subtitle" | "summary" | "title");
            let words = (is_said || is_standfirst(element)).then(|| element.markup());
            let Some(words) = words.and_then(|words| plain(&words)) else {
                collector.unmapped(element.label);
                continue;
            };
            let known = known.get_or_insert_with(|| {
                let texts = [&self.content, &self.summary].into_iter().flatten().filter_map(Markup::plain);
                self.title.iter().cloned().chain(texts).collect()
            });
            // What is cut says the same as far as it goes.
            let beginning = words.trim_end_matches(['…', '.']).trim_end();
            if known.iter().any(|known| known.contains(beginning)) {
                collector.unmapped(element.label);
                continue;
            }
            match element.name() {
                "title" if self.title.is_none() => self.title = Some(words.clone()),
                "title" => collector.unknown(element.label, Some(&words)),
                _ => self.also(&words),
            }
            known.push(words);
        }
    }

    /// Takes a value of this name if that is one of a standfirst; what the item says already it says.
    pub(super) fn stands_first(&mut self, name: &str, value: &str) -> bool {
        let Some((Place::Summary, words)) = placed(name, value) else { return false };
        let texts = [&self.content, &self.summary].into_iter().flatten().filter_map(Markup::plain);
        let is_known = self.title.iter().cloned().chain(texts).any(|known| known.contains(&words));
        if !is_known {
            self.also(&words);
        }
        true
    }

    /// Takes words beside its text: they are its summary, or stand below the text where there is one.
    fn also(&mut self, words: &str) {
        match (self.content.take(), self.summary.take()) {
            (None, None) => self.content = Some(Markup::Plain(words.to_owned())),
            (Some(text), None) | (None, Some(text)) => {
                self.content = Some(text);
                self.summary = Some(Markup::Plain(words.to_owned()));
            }
            (Some(text), summary) => {
                self.content = Some(Markup::Html(format!("{}\n<p>{}</p>", text.into_html(), escape(words))));
                self.summary = summary;
            }
        }
    }
}

/// What is said of pictures where there is none.
#[derive(Default)]
pub(super) struct Unsaid {
    /// Who has the rights.
    pub(super) rights: Vec<String>,
    /// The elements that say who made it.
    pub(super) credits: Vec<&'static str>,
}

/// Puts what is said of an item's files where nothing says it yet: titles where there is none, descriptions below the lead image
/// if it has no caption, else below the text; who is credited, below the lead image, else below a picture of the text, or the film that hangs
/// on the item. Says who is credited without a picture or a film, and who has rights without a picture.
pub(super) fn say(
    mut said: Vec<Said>,
    title: &mut Option<String>,
    image: &mut Option<LeadImage>,
    summary: Option<&str>,
    body: &mut String,
    has_film: bool,
) -> Unsaid {
    let mut unsaid = Unsaid::default();
    if said.is_empty() {
        return unsaid;
    }
    let mut known: Vec<String> = [plain(body), summary.map(str::to_owned)].into_iter().flatten().collect();
    known.extend(image.iter().flat_map(|image| [&image.alt, &image.caption]).flatten().cloned());
    // A caption has who is credited behind it.
    said.sort_by_key(|said| said.what.is_credit());
    for Said { text, what } in said {
        let Some(words) = text.plain() else { continue };
        let is_known =
            |known: &Vec<String>, title: &Option<String>| title.iter().chain(known).any(|known| known.contains(&words));
        if is_known(&known, title) {
            continue;
        }
        known.push(words.clone());
        match image {
            _ if what == What::Title && title.is_none() => *title = text.name(),
            Some(image) if what == What::Title && image.alt.is_none() => image.alt = Some(words),
            Some(image) if what.is_credit() => image.caption = credited(image.caption.take(), &[words]),
            Some(image) if image.caption.is_none() => image.caption = Some(words),
            None if what == What::Rights && !body.contains("<img") => unsaid.rights.push(words),
            None if what == What::Credit && !body.contains("<img") && !has_film => unsaid.credits.push("media:credit"),
            None if what.is_credit() && below_figure(body, &words) => {}
            _ => {
                if !body.is_empty() && !body.ends_with('\n') {
                    body.push('\n');
                }
                body.push_str(&format!("<p>{}</p>\n", escape(&words)));
            }
        }
    }
    unsaid
}

/// Puts who is credited below the only picture of a text, if it stands in a figure.
fn below_figure(body: &mut String, words: &str) -> bool {
    const END: &str = "</figure>";
    const END_OF_CAPTION: &str = "</figcaption>";
    let (Some(start), Some(end)) = (body.find("<figure"), body.find(END)) else { return false };
    let pictures: Vec<usize> = body.match_indices("<img").map(|(at, _)| at).collect();
    if pictures.len() != 1 || !pictures.iter().all(|at| (start..end).contains(at)) {
        return false;
    }
    let words = escape(words);
    match body[..end].find(END_OF_CAPTION) {
        Some(at) => body.insert_str(at, &format!(" ({words})")),
        None => body.insert_str(end, &format!("<figcaption>{words}</figcaption>")),
    }
    true
}
