//! What is shown of a shortcode in its place.

use super::{begins_line, ends_line, settings::Said, start::Start};
use crate::read::{
    collect::Collector,
    media,
    text::escape,
    wordpress::{blocks::ShownWords, content::About, files},
};

/// Where a shortcode stands.
pub(super) struct Place<'p, 't> {
    pub(super) start: &'p Start<'t>,
    /// Whether it encloses what follows on its start.
    pub(super) is_ended: bool,
    /// That.
    pub(super) inner: &'t str,
    pub(super) about: &'p About<'p>,
}

impl<'t> Place<'_, 't> {
    /// Shows what it says in its settings: its pictures and words in front of what it encloses, its button behind that. Whether there
    /// is anything.
    pub(super) fn say(
        &self,
        said: &Said,
        out: &mut String,
        behind: &mut Vec<(&'t str, String)>,
        collector: &mut Collector,
    ) -> bool {
        let Self { start, is_ended, inner, about } = *self;
        let link = said
            .link
            .clone()
            .or_else(|| start.address().filter(|_| said.is_without_address() && said.words.is_empty()));
        if !is_ended && link.is_none() && said.pictures.is_empty() && !start.speaks_alone() {
            return false;
        }
        // Where there is no button, its title leads there, else its picture.
        let mut title_link = link.as_deref().filter(|_| said.button.is_none());
        let picture_link = title_link.filter(|_| said.words.is_empty());
        let mut pictures = 0;
        for picture in &said.pictures {
            match picture.bytes().all(|byte| byte.is_ascii_digit()) {
                false => out.push_str(&media::linked_figure(picture, start.attribute("alt"), None, picture_link)),
                true => match about.files.get(picture) {
                    Some(file) => out.push_str(&files::shown(file)),
                    // One sign alone is a switch.
                    None if picture.len() == 1 => continue,
                    None => {
                        collector.lost("pictures of shortcodes");
                        continue;
                    }
                },
            }
            pictures += 1;
        }
        if pictures > 0 && picture_link.is_some() {
            title_link = None;
        }
        let is_shown = pictures > 0 || !said.words.is_empty() || said.button.is_some() || title_link.is_some();
        for words in &said.words {
            let html = match title_link.take() {
                Some(address) if start.is_button() => media::link(address, Some(words)),
                Some(address) => format!("<strong>{}</strong>", media::link(address, Some(words))),
                None => strong(words),
            };
            put(&html, is_ended, inner, out);
        }
        if let Some(address) = title_link {
            put(&media::link(address, None), false, inner, out);
        }
        if let Some(button) = &said.button {
            let html = link.as_deref().map_or_else(|| strong(button), |address| media::link(address, Some(button)));
            match is_ended {
                true => behind.push((start.name, html)),
                false => put(&html, false, inner, out),
            }
        }
        if is_shown {
            let place = if link.is_some() { " (a link is in its place)" } else { "" };
            collector.unmapped(&format!("shortcode {}{place}", start.name));
        }
        is_shown
    }

    /// Shows a picture or what is embedded, and the words that say more of it. Whether there is anything.
    pub(super) fn show(&self, said: &Said, out: &mut String, collector: &mut Collector) -> bool {
        let Self { start, is_ended, inner, about } = *self;
        let Some(html) = start.shown(said, about, collector) else { return false };
        if start.is_picture() {
            out.push_str(&html);
        } else {
            collector.unmapped(&format!("shortcode {} (a link is in its place)", start.name));
            put(&html, false, inner, out);
        }
        if start.embeds() && said.link.is_some() {
            collector.unmapped_times("picture in front of a film", said.pictures.len() as u64);
        }
        let shown = ShownWords::of(&html);
        for words in shown.lacks(&said.words) {
            put(&strong(words), is_ended || start.is_picture(), inner, out);
        }
        true
    }
}

pub(super) fn strong(words: &str) -> String {
    format!("<strong>{}</strong>", escape(words))
}

/// Puts something in its place: into a paragraph of its own where it stands in none, in front of what else begins a line too if it
/// `begins` something.
pub(super) fn put(html: &str, begins: bool, after: &str, out: &mut String) {
    match begins_line(out) && (begins && !after.is_empty() || ends_line(after)) {
        true => out.push_str(&format!("<p>{html}</p>\n")),
        false if begins => out.push_str(&format!(" {html} ")),
        false => out.push_str(html),
    }
}
