//! Footnotes: those of the block editor, which WordPress keeps beside the text, and those of plugins, which stand in it.

use std::collections::HashMap;

use serde_json::Value;

use crate::read::text::escape;

/// The notes of one text.
#[derive(Default)]
pub(super) struct Notes {
    /// Those met in the text, in their order.
    inline: Vec<String>,
}

impl Notes {
    /// Takes a note that stands in the text, and gives the number that takes its place there.
    pub(super) fn take(&mut self, note: &str) -> String {
        self.inline.push(note.trim().to_owned());
        let number = self.inline.len();
        format!("<sup><a href=\"#note-{number}\" id=\"note-{number}-link\">{number}</a></sup>")
    }

    /// The list of those that stood in the text.
    pub(super) fn list(&self) -> String {
        let notes = self.inline.iter().enumerate().map(|(index, note)| (format!("note-{}", index + 1), note.as_str()));
        list(notes)
    }
}

/// The list of notes the block editor keeps as JSON, in the order in which a text leads to them; `None` for what is no such list.
pub(super) fn kept(json: &str, text: &str) -> Option<String> {
    let Ok(Value::Array(notes)) = serde_json::from_str(json) else { return None };
    let part = |note: &Value, name: &str| note.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut notes: Vec<(String, String)> =
        notes.iter().filter_map(|note| Some((part(note, "id")?, part(note, "content")?))).collect();
    let mut led_to: HashMap<&str, usize> = HashMap::new();
    for (number, link) in text.split("href=\"#").skip(1).enumerate() {
        led_to.entry(link.split('"').next().unwrap_or_default()).or_insert(number);
    }
    // Those that nothing leads to stand behind.
    notes.sort_by_key(|(id, _)| led_to.get(id.as_str()).copied().unwrap_or(usize::MAX));
    (!notes.is_empty()).then(|| list(notes.iter().map(|(id, note)| (id.clone(), note.as_str()))))
}

fn list<'a>(notes: impl Iterator<Item = (String, &'a str)>) -> String {
    let items: String = notes
        .map(|(id, note)| {
            let id = escape(&id);
            format!("<li id=\"{id}\">{note} <a href=\"#{id}-link\">↩</a></li>\n")
        })
        .collect();
    if items.is_empty() { items } else { format!("<ol>\n{items}</ol>\n") }
}
