//! What names say of the values under them.

use crate::read::text::squeezed;

/// What words for readers are called, or the last part of what they are called: `subtitle`, `buttonText`.
const TEXTS: [&str; 36] = [
    "title",
    "heading",
    "headline",
    "text",
    "content",
    "body",
    "label",
    "caption",
    "description",
    "desc",
    "summary",
    "excerpt",
    "quote",
    "citation",
    "cite",
    "author",
    "authorname",
    "byline",
    "credit",
    "kicker",
    "standfirst",
    "dek",
    "lead",
    "lede",
    "teaser",
    "intro",
    "introduction",
    "question",
    "answer",
    "message",
    "note",
    "footnote",
    "deck",
    "correction",
    "copyright",
    "strapline",
];

/// Words in the names of settings, of WordPress' plugins and programs for building pages most of all, that hold words of any kind. Of others
/// (`type`, `position`) the value says what it is.
const SETTINGS: [&str; 37] = [
    "animation",
    "aria",
    "bindings",
    "classes",
    "color",
    "colors",
    "colour",
    "cursor",
    "easing",
    "family",
    "gradient",
    "icon",
    "icons",
    "id",
    "ids",
    "justify",
    "lock",
    "metadata",
    "namespace",
    "palette",
    "preset",
    "provider",
    "responsive",
    "selector",
    "sidebar",
    "skin",
    "slug",
    "svg",
    "taxonomy",
    "template",
    "theme",
    "transition",
    "typography",
    "uid",
    "uuid",
    "variant",
    "variation",
];

/// Those that hold no words for readers, however many.
const NEVER: [&str; 15] = [
    "aioseo", "class", "classes", "css", "font", "hash", "js", "rank", "script", "scripts", "selector", "seo", "style",
    "svg", "yoast",
];

/// Those of them that are names of things, too, which other settings say more of.
const THINGS: [&str; 12] = [
    "family",
    "id",
    "palette",
    "preset",
    "provider",
    "sidebar",
    "skin",
    "slug",
    "template",
    "theme",
    "variant",
    "variation",
];

/// Words in the names of what says how something looks, under which values of settings stand with a capital: `layout: Right Sidebar`.
const LOOKS: [&str; 20] = [
    "align",
    "anchor",
    "background",
    "border",
    "display",
    "footer",
    "format",
    "header",
    "height",
    "layout",
    "margin",
    "meta",
    "mode",
    "order",
    "padding",
    "position",
    "shadow",
    "sidebar",
    "size",
    "width",
];

/// Words in the names of switches: `show_title`, `hideAuthor`.
const SWITCHES: [&str; 10] = ["disable", "display", "enable", "has", "hide", "is", "off", "on", "show", "use"];

/// What people and places are called by, or the last part of that: of these, one word in small letters is one, too.
const PEOPLE_AND_PLACES: [&str; 30] = [
    "address",
    "agency",
    "artist",
    "city",
    "company",
    "contributor",
    "correspondent",
    "country",
    "county",
    "district",
    "firstname",
    "fullname",
    "guest",
    "illustrator",
    "interviewee",
    "lastname",
    "location",
    "nickname",
    "photographer",
    "place",
    "province",
    "region",
    "reporter",
    "speaker",
    "street",
    "surname",
    "town",
    "translator",
    "venue",
    "village",
];

/// Whether a name is one of words for readers.
pub(crate) fn is_named_for_text(name: &str) -> bool {
    let name = squeezed(name);
    TEXTS.iter().any(|text| name.ends_with(text))
}

/// Whether a name is one of a person or a place.
pub(super) fn is_named_for_someone(name: &str) -> bool {
    let name = squeezed(name);
    PEOPLE_AND_PLACES.iter().any(|text| name.ends_with(text))
}

/// Whether a name is known for a setting's.
pub(crate) fn is_setting(name: &str) -> bool {
    // Of a site's sidebar there are names with more in them, and beside a text stands a sidebar of that.
    has_one_of(&SETTINGS, name) && name != "sidebar" || holds_no_words(name)
}

/// Whether settings of this name are in an object that says nothing to readers.
pub(super) fn is_of_settings(name: &str) -> bool {
    name == "layout" || is_setting(name) && !has_one_of(&THINGS, name)
}

/// Whether a name is one of a setting that holds no words for readers, however many.
pub(super) fn holds_no_words(name: &str) -> bool {
    has_one_of(&NEVER, name)
}

pub(super) fn is_of_looks(name: &str) -> bool {
    has_one_of(&LOOKS, name)
}

pub(super) fn is_switch(name: &str) -> bool {
    has_one_of(&SWITCHES, name)
}

/// Whether a name has one of these words in it, as `className` and `text_color` have.
fn has_one_of(known: &[&str], name: &str) -> bool {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.iter().any(|word| known.contains(&word.as_str()))
}
