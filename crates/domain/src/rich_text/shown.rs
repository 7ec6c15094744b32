//! What of HTML is shown: made of the tree that a browser would build, before the sanitiser has the last word.
//!
//! *Invariant*: no word is lost in silence. The words of whatever cannot stand on a page stand in its place; what is left out with
//! its words (scripts, templates) is told as a [`Removed`]. Films, sound and frames of others become links, and are told as
//! [`Embed`]s; the words that browsers show where they cannot play them stand behind the link.

mod dom;
mod embeds;
mod formatting;
mod formulas;
mod fragments;
mod gone;
mod links;
mod meant;
mod pictures;
mod players;

use std::collections::HashSet;

use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use markup5ever_rcdom::{Handle, NodeData};

use self::{
    dom::{begins_with_break, is_address, is_copy_of_option, is_of_embeds, led_to, value, words},
    embeds::Instead,
    formatting::Formatting,
    fragments::Fragments,
    meant::Meant,
};
use super::{
    embed::Embed,
    removed::{Removals, Removed},
    sanitise,
    tags::tags,
};

pub(super) struct Shown {
    /// HTML for the sanitiser.
    pub(super) html: String,
    pub(super) removed: Vec<Removed>,
    pub(super) embeds: Vec<Embed>,
}

/// What becomes of an element of HTML that does not stand as it is.
enum Fate {
    /// Another stands in its place.
    Becomes(&'static str),
    /// The same, where there may be blocks; in a line it is set apart.
    Block,
    /// What is in it stands in its place, apart from what is around it.
    Apart,
    /// It is no markup to browsers; what was written as markup in it stands in its place, apart from what is around it.
    Raw,
    /// It is left out with all that is in it.
    Gone,
    /// What it brings from elsewhere is led to.
    Embed,
}

fn fate(name: &str) -> Option<Fate> {
    Some(match name {
        "area" | "base" | "bgsound" | "head" | "input" | "link" | "meta" | "param" | "script" | "selectedcontent"
        | "source" | "style" | "template" | "title" | "track" => Fate::Gone,
        "noembed" | "noframes" => Fate::Raw,
        "amp-audio" | "amp-iframe" | "amp-video" | "applet" | "audio" | "embed" | "frame" | "iframe" | "object"
        | "o-embed" | "oembed" | "video" => Fate::Embed,
        name if players::is_player(name) => Fate::Embed,
        "address" | "dialog" | "fieldset" | "form" | "frameset" | "legend" | "main" | "noscript" | "optgroup"
        | "search" | "section" => Fate::Block,
        "amp-anim" | "amp-img" => Fate::Becomes("img"),
        "dir" | "menu" => Fate::Becomes("ul"),
        "listing" | "plaintext" | "xmp" => Fate::Becomes("pre"),
        "button" | "datalist" | "option" | "select" | "textarea" => Fate::Apart,
        _ => return None,
    })
}

/// Elements that may hold whatever a text does. A link alone is put into a figure where all that is open is one of these.
const HOLDS_BLOCKS: [&str; 17] = [
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "del",
    "details",
    "div",
    "footer",
    "header",
    "hgroup",
    "ins",
    "li",
    "nav",
    "section",
    "td",
    "th",
];

/// How much of a text stands in one piece, in bytes: for each ampersand or no-break space the sanitiser looks through all that is
/// left of its piece, which in a long text takes minutes. Comments are between pieces, which it takes out again.
const PIECE: usize = 1024;

/// The longest value of an attribute, in bytes: for the same reason.
const LONGEST_VALUE: usize = 4096;

/// A step of the walk through the tree.
enum Step {
    Enter(Handle),
    End(LocalName),
    Space,
    EndNoscript,
    EndInstead(Instead),
    EndFragment,
    /// What is below an element whose parent has formatting for all of it.
    Formatted(Handle, Formatting),
    Begin(LocalName),
    Sign(String),
}

/// What was removed before is told first.
pub(super) fn shown(html: &str, removed: Removals) -> Shown {
    let mut walk = Walk { html: String::with_capacity(html.len() + html.len() / 8), removed, ..Walk::default() };
    walk.ended = tags(html).filter(|tag| tag.is_end).map(|tag| tag.name.to_ascii_lowercase()).collect();
    let mut steps = Vec::new();
    if let Some(root) = walk.fragments.read(html) {
        walk.named = links::named(&root);
        enter_all(&root, &mut steps);
    }
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) => match &node.data {
                NodeData::Text { contents } => walk.text(&contents.borrow()),
                NodeData::Element { name, attrs, .. } => walk.element(&node, name, &attrs.borrow(), &mut steps),
                NodeData::Comment { contents } => walk.comment(contents),
                _ => {}
            },
            Step::Formatted(node, formatting) => walk.enter_inheriting(&node, formatting, &mut steps),
            Step::Begin(name) => {
                walk.start(&name, &[], Meant::default());
                walk.open.push(name);
            }
            Step::Sign(sign) => walk.sign(&sign),
            Step::End(name) => walk.end(&name),
            Step::Space => walk.text(" "),
            Step::EndNoscript => walk.noscripts -= 1,
            Step::EndInstead(instead) => walk.end_instead(&instead),
            Step::EndFragment => walk.fragments.leave(),
        }
    }
    Shown { html: walk.html, removed: walk.removed.into_vec(), embeds: walk.embeds }
}

fn enter_all(node: &Handle, steps: &mut Vec<Step>) {
    steps.extend(node.children.borrow().iter().rev().cloned().map(Step::Enter));
}

#[derive(Default)]
struct Walk {
    html: String,
    /// The elements that are open in it.
    open: Vec<LocalName>,
    /// How much text there is behind the last tag or comment.
    piece: usize,
    removed: Removals,
    embeds: Vec<Embed>,
    /// How many elements are open that are for browsers without scripts.
    noscripts: usize,
    /// How many things that are embedded are open, of which what stands in their place is walked through.
    insteads: usize,
    fragments: Fragments,
    /// The address of the last picture.
    picture: Option<String>,
    /// The names of elements that are ended somewhere.
    ended: HashSet<String>,
    /// What links of the text lead to within it.
    named: HashSet<String>,
    /// The formatting that the element that is entered has from those it is in, and that is not written yet.
    inherited: Formatting,
}

impl Walk {
    fn element(&mut self, node: &Handle, name: &QualName, attributes: &[Attribute], steps: &mut Vec<Step>) {
        let element: &str = &name.local;
        if name.ns == ns!(svg) {
            self.place(attributes);
            return self.drawing(node, element, steps);
        }
        let is_in_formula = self.open.contains(&local_name!("math"));
        if name.ns == ns!(mathml) {
            return self.formula(node, &name.local, attributes, is_in_formula, steps);
        }
        if !is_in_formula && self.place_of_service(node, element, attributes, steps) {
            return;
        }
        if !sanitise::is_shown(element) && !matches!(fate(element), Some(Fate::Block | Fate::Becomes(_) | Fate::Gone)) {
            self.place(attributes);
        }
        match fate(element) {
            // A copy of the option that is selected, which stands with the others; other words are its writer's own.
            Some(Fate::Gone) if element == "selectedcontent" && !is_copy_of_option(node) => apart(node, steps),
            Some(Fate::Gone) => self.gone(node, element, attributes),
            Some(Fate::Embed) => self.embed(node, element, attributes, steps),
            Some(Fate::Raw) => {
                steps.push(Step::Space);
                self.enter_raw(node, None, steps);
                steps.push(Step::Space);
            }
            // In a formula there are words and no other elements than its own.
            _ if is_in_formula => apart(node, steps),
            Some(Fate::Apart) => {
                self.label_of_control(node, element, attributes);
                apart(node, steps);
            }
            Some(Fate::Block) => {
                if element == "noscript" {
                    self.noscripts += 1;
                    steps.push(Step::EndNoscript);
                }
                if self.may_hold_blocks() {
                    self.begin(local_name!("div"), node, attributes, steps);
                } else {
                    apart(node, steps);
                }
                if let Some(label) = value(attributes, "label").filter(|_| element == "optgroup") {
                    self.words_apart(label);
                }
            }
            // What is in it are pictures for whom does not see this one, and words.
            Some(Fate::Becomes("img")) => {
                self.picture = value(attributes, "src").map(str::to_owned);
                self.begin(local_name!("img"), node, attributes, steps);
                if !words(node).trim().is_empty() {
                    apart(node, steps);
                }
            }
            Some(Fate::Becomes(other)) => self.begin(other.into(), node, attributes, steps),
            // An editor's place for what it embeds, which a script fills.
            None if element == "div" && value(attributes, "data-oembed-url").is_some_and(is_address) => {
                self.embed(node, element, attributes, steps);
            }
            // What was embedded, and comes back as it is shown.
            None if element == "figure" && self.may_hold_blocks() && led_to(node, attributes).is_some() => {
                if let Some((url, title, words)) = led_to(node, attributes) {
                    let begins = self.lead_to(element, url, title);
                    self.begin_instead(begins, steps);
                    if let Some(words) = words {
                        enter_all(&words, steps);
                    }
                }
            }
            // A paragraph of nothing but a film is the film.
            None if element == "p" && self.may_hold_blocks() && is_of_embeds(node) => {
                self.place(attributes);
                enter_all(node, steps);
            }
            None if formatting::is_undone(element, attributes) => self.undone(node, element, attributes, steps),
            None if sanitise::is_shown(element) => {
                if element == "img" {
                    let address = value(attributes, "src").map(str::to_owned);
                    // Behind a picture that a script would have loaded stands the same one for browsers without scripts.
                    if self.noscripts > 0 && address == self.picture {
                        return;
                    }
                    self.picture = address;
                }
                let unquoted = if element == "blockquote" { self.post(node, attributes) } else { None };
                self.begin(name.local.clone(), node, attributes, steps);
                if let Some(url) = unquoted {
                    self.link(&url);
                }
            }
            None => {
                self.words_in_brackets(element, attributes);
                self.enter_nameless(node, element, attributes, steps);
            }
        }
    }

    fn begin(&mut self, name: LocalName, node: &Handle, attributes: &[Attribute], steps: &mut Vec<Step>) {
        let name = meant::list(name, attributes);
        self.start(&name, attributes, Meant::of(&name, node, attributes));
        let formatting = self.formatting(&name, attributes);
        if sanitise::is_void(&name) {
            return;
        }
        // Parsers pass over a line break at the beginning: the sanitiser's, and the browser's, if there is one of the text's own.
        if name == local_name!("pre") {
            self.html.push_str(if begins_with_break(node) { "\n\n" } else { "\n" });
        }
        self.open.push(name.clone());
        steps.push(Step::End(name));
        formatting::enter_formatted(node, formatting, steps);
    }

    fn start(&mut self, name: &LocalName, attributes: &[Attribute], meant: Meant) {
        self.html.push('<');
        self.html.push_str(name);
        self.attributes(name, attributes, meant);
        self.html.push('>');
        self.piece = 0;
    }

    /// Keeps the place of an element that does not stand, where a link leads to it.
    fn place(&mut self, attributes: &[Attribute]) {
        let Some(id) = value(attributes, "id").filter(|id| self.named.contains(*id)) else { return };
        self.html.push_str("<span");
        self.attribute("id", id);
        self.html.push_str("></span>");
        self.piece = 0;
    }

    fn end(&mut self, name: &LocalName) {
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
        self.piece = 0;
        self.open.pop();
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if self.piece >= PIECE {
                self.html.push_str("<!---->");
                self.piece = 0;
            }
            let before = self.html.len();
            push_escaped(&mut self.html, c);
            self.piece += self.html.len() - before;
        }
    }

    fn words_apart(&mut self, words: &str) {
        self.text(" ");
        self.text(words);
        self.text(" ");
    }

    fn attributes(&mut self, element: &str, attributes: &[Attribute], meant: Meant) {
        if let Some(style) = &meant.unsaid {
            self.removed.note(element, Some(style), None);
        }
        for attribute in attributes {
            let (name, text): (&str, &str) = (&attribute.name.local, &attribute.value);
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            if attribute.name.ns != ns!() || !is_name || meant.holds(name) || text.len() > LONGEST_VALUE {
                if matches!(name, "href" | "src") && text.len() > LONGEST_VALUE {
                    self.removed.note(element, None, Some(text));
                }
                continue;
            }
            if (element == "a" && name == "href" && !sanitise::may_be_led_to(text))
                || (element == "img" && name == "src" && !sanitise::is_of_web(text))
            {
                self.removed.note(element, None, Some(text));
                continue;
            }
            // The sanitiser would put another in the place of what it takes out, so that their order would be another each time.
            if sanitise::keeps(element, name, text) {
                self.attribute(name, text);
            }
        }
        for (name, text) in meant.attributes {
            self.attribute(name, &text);
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.html.push(' ');
        self.html.push_str(name);
        self.html.push_str("=\"");
        value.chars().for_each(|c| push_escaped(&mut self.html, c));
        self.html.push('"');
    }

    fn may_hold_blocks(&self) -> bool {
        self.open.iter().all(|open| HOLDS_BLOCKS.contains(&&**open))
    }
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        c => out.push(c),
    }
}

fn apart(node: &Handle, steps: &mut Vec<Step>) {
    steps.push(Step::Space);
    enter_all(node, steps);
    steps.push(Step::Space);
}

#[cfg(test)]
mod style_tests;
#[cfg(test)]
mod tests;
