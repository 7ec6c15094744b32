//! Files that hang on an item.

use courant_domain::article::LeadImage;

use crate::read::{
    collect::Collector,
    html::unescape,
    media,
    text::{escape, plain},
};

/// A file that hangs on an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Attached {
    Picture(LeadImage),
    /// Its address and what it is called.
    Other(String, String),
}

/// Adds what hangs on an item to its text, unless that shows it already.
pub(super) fn attach(files: &[Attached], body: &mut String, collector: &mut Collector) {
    for file in files {
        let (url, html) = match file {
            Attached::Picture(picture) => {
                let LeadImage { url, alt, caption, .. } = picture;
                (url, media::figure(url, alt.as_deref(), caption.as_deref()))
            }
            Attached::Other(url, name) => (url, format!("<p>{}</p>\n", media::embedded(url, Some(name)))),
        };
        if body.contains(url.as_str()) || body.contains(&escape(url)) {
            further_words(file, body);
            continue;
        }
        if !body.is_empty() && !body.ends_with('\n') {
            body.push('\n');
        }
        body.push_str(&html);
        // What is no picture is counted with all that a text embeds.
        if matches!(file, Attached::Picture(_)) {
            collector.unmapped("further image (it is below the text)");
        }
    }
}

/// Adds what is said of a picture that a text shows already, unless it says that too.
fn further_words(file: &Attached, body: &mut String) {
    let Attached::Picture(LeadImage { alt, caption, .. }) = file else { return };
    for words in [caption, alt].into_iter().flatten() {
        if !plain(body).is_some_and(|text| text.contains(words.as_str())) && !unescape(body).contains(words.as_str()) {
            body.push_str(&format!("\n<p>{}</p>\n", escape(words)));
        }
    }
}
