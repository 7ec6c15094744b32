//! What of HTML is shown: made of the tree that a browser would build, before the sanitiser has the last word.
//!
//! *Invariant*: no word is lost in silence. The words of whatever cannot stand on a page stand in its place; what is left out with
//! its words (scripts, what browsers show where they cannot play a film) is told as a [`Removed`]. Films, sound and frames of
//! others become links, and are told as [`Embed`]s.

use ammonia::Url;
use html5ever::{
    Attribute, LocalName, ParseOpts, QualName, local_name, ns, parse_fragment, tendril::TendrilSink,
    tree_builder::TreeBuilderOpts,
};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::{
    embed::{self, Embed, EmbedKind},
    removed::{Removals, Removed},
    sanitise,
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
    /// It is left out with all that is in it.
    Gone,
    /// What it brings from elsewhere is led to.
    Embed,
}

fn fate(name: &str) -> Option<Fate> {
    Some(match name {
        "area" | "base" | "bgsound" | "datalist" | "head" | "input" | "link" | "meta" | "noembed" | "noframes"
        | "param" | "script" | "selectedcontent" | "source" | "style" | "template" | "title" | "track" => Fate::Gone,
        "amp-audio" | "amp-iframe" | "amp-video" | "applet" | "audio" | "embed" | "frame" | "iframe" | "object"
        | "video" => Fate::Embed,
        "address" | "dialog" | "fieldset" | "form" | "frameset" | "legend" | "main" | "noscript" | "optgroup"
        | "search" | "section" => Fate::Block,
        "dir" | "menu" => Fate::Becomes("ul"),
        "listing" | "plaintext" | "xmp" => Fate::Becomes("pre"),
        "button" | "option" | "select" | "textarea" => Fate::Apart,
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

/// Where the address of something embedded may be, the best first.
const ADDRESSES: [&str; 7] =
    ["src", "data-src", "data-lazy-src", "data-litespeed-src", "data-orig-src", "data", "href"];

/// Quotations of posts by which the scripts of their services know them.
const POSTS: [&str; 7] =
    ["bluesky-embed", "fb-post", "instagram-media", "mastodon-embed", "tiktok-embed", "twitter-tweet", "twitter-video"];

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
}

pub(super) fn shown(html: &str) -> Shown {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let dom = parse_fragment(RcDom::default(), options, context, Vec::new(), false).one(html);
    let mut walk = Walk { html: String::with_capacity(html.len() + html.len() / 8), ..Walk::default() };
    // The fragment is in an element of its own.
    let root = dom.document.children.borrow().first().cloned();
    let mut steps = Vec::new();
    if let Some(root) = root {
        enter_all(&root, &mut steps);
    }
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(node) => match &node.data {
                NodeData::Text { contents } => walk.text(&contents.borrow()),
                NodeData::Element { name, attrs, .. } => walk.element(&node, name, &attrs.borrow(), &mut steps),
                _ => {}
            },
            Step::End(name) => walk.end(&name),
            Step::Space => walk.text(" "),
            Step::EndNoscript => walk.noscripts -= 1,
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
    /// The address of the last picture.
    picture: Option<String>,
}

impl Walk {
    fn element(&mut self, node: &Handle, name: &QualName, attributes: &[Attribute], steps: &mut Vec<Step>) {
        let element: &str = &name.local;
        if name.ns == ns!(svg) {
            return self.drawing(node, element, steps);
        }
        let is_in_formula = self.open.contains(&local_name!("math"));
        if name.ns == ns!(mathml) {
            return self.formula(node, &name.local, attributes, is_in_formula, steps);
        }
        match fate(element) {
            Some(Fate::Gone) => self.gone(node, element, attributes),
            Some(Fate::Embed) => self.embed(node, element, attributes),
            // In a formula there are words and no other elements than its own.
            _ if is_in_formula => apart(node, steps),
            Some(Fate::Apart) => apart(node, steps),
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
            }
            Some(Fate::Becomes(other)) => self.begin(other.into(), node, attributes, steps),
            // A paragraph of nothing but a film is the film.
            None if element == "p" && self.may_hold_blocks() && is_of_embeds(node) => enter_all(node, steps),
            None if sanitise::is_shown(element) => {
                if element == "img" {
                    let address = value(attributes, "src").map(str::to_owned);
                    // Behind a picture that a script would have loaded stands the same one for browsers without scripts.
                    if self.noscripts > 0 && address == self.picture {
                        return;
                    }
                    self.picture = address;
                }
                if element == "blockquote" {
                    self.post(node, attributes);
                }
                self.begin(name.local.clone(), node, attributes, steps);
            }
            None => enter_all(node, steps),
        }
    }

    fn begin(&mut self, name: LocalName, node: &Handle, attributes: &[Attribute], steps: &mut Vec<Step>) {
        self.html.push('<');
        self.html.push_str(&name);
        self.attributes(&name, attributes);
        self.html.push('>');
        self.piece = 0;
        if sanitise::is_void(&name) {
            return;
        }
        // The parser passes over a line break at the beginning.
        if name == local_name!("pre") {
            self.html.push('\n');
        }
        self.open.push(name.clone());
        steps.push(Step::End(name));
        enter_all(node, steps);
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

    fn attributes(&mut self, element: &str, attributes: &[Attribute]) {
        let meant = Meant::of(element, attributes);
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
            self.attribute(name, text);
        }
        for (name, text) in meant.0 {
            self.attribute(name, text);
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

    fn gone(&mut self, node: &Handle, element: &str, attributes: &[Attribute]) {
        match element {
            "script" | "style" => self.removed.note(element, None, value(attributes, "src")),
            "area" => self.removed.note(element, value(attributes, "alt"), value(attributes, "href")),
            "input" if value(attributes, "type").is_some_and(|ty| ty.eq_ignore_ascii_case("hidden")) => {}
            "input" => self.removed.note(element, value(attributes, "value"), None),
            "datalist" | "noembed" | "noframes" | "template" | "title" => {
                self.removed.note(element, Some(&words(node)), None);
            }
            _ => {}
        }
    }

    /// Formulas are MathML Core, which browsers show by themselves; what else says the same for other programs is left out.
    fn formula(
        &mut self,
        node: &Handle,
        name: &LocalName,
        attributes: &[Attribute],
        is_in_formula: bool,
        steps: &mut Vec<Step>,
    ) {
        let element: &str = name;
        if matches!(element, "annotation" | "annotation-xml") {
            self.removed.note(element, Some(&words(node)), None);
        } else if sanitise::FORMULA.contains(&element) && is_in_formula != (element == "math") {
            self.begin(name.clone(), node, attributes, steps);
        } else {
            apart(node, steps);
        }
    }

    /// Of drawings the words stand.
    fn drawing(&mut self, node: &Handle, element: &str, steps: &mut Vec<Step>) {
        match element {
            "script" | "style" | "metadata" => self.removed.note(element, None, None),
            "svg" => {
                self.removed.note(element, Some(&words(node)), None);
                apart(node, steps);
            }
            "desc" | "foreignObject" | "text" | "title" => apart(node, steps),
            _ => enter_all(node, steps),
        }
    }

    fn embed(&mut self, node: &Handle, element: &str, attributes: &[Attribute]) {
        let instead = words(node);
        let instead = Some(instead.as_str()).filter(|words| !words.contains('<'));
        let addresses = || ADDRESSES.into_iter().filter_map(|name| value(attributes, name)).map(str::to_owned);
        let found = addresses().chain(addresses_within(node)).find(|url| is_address(url));
        // What has no size is there to count readers.
        let is_unseen = |name: &str| {
            value(attributes, name).is_some_and(|size| matches!(size.trim().trim_end_matches("px"), "0" | "1"))
        };
        let is_frame = matches!(element, "amp-iframe" | "frame" | "iframe");
        let Some(url) = found.filter(|_| !(is_frame && (is_unseen("width") || is_unseen("height")))) else {
            return self.removed.note(element, instead, addresses().next().as_deref());
        };
        if instead.is_some_and(|words| !words.trim().is_empty()) {
            self.removed.note(element, instead, None);
        }
        let url = embed::page_of(url.trim());
        let title =
            ["title", "aria-label", "alt"].into_iter().filter_map(|name| value(attributes, name)).find_map(|title| {
                let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
                (!title.is_empty()).then_some(title)
            });
        let is_alone = self.may_hold_blocks();
        if is_alone {
            self.html.push_str("<figure class=\"embed\">");
        }
        self.html.push_str("<a");
        self.attribute("href", &url);
        self.html.push('>');
        self.piece = 0;
        self.text(title.as_deref().unwrap_or(&url));
        self.html.push_str(if is_alone { "</a></figure>" } else { "</a>" });
        self.piece = 0;
        self.embeds.push(Embed { kind: embed::kind(element, &url), url, title });
    }

    /// A post that is quoted, for a script to show it.
    fn post(&mut self, node: &Handle, attributes: &[Attribute]) {
        let classes = value(attributes, "class").unwrap_or_default();
        if !classes.split_ascii_whitespace().any(|class| POSTS.contains(&class)) {
            return;
        }
        let named = ["cite", "data-instgrm-permalink", "data-bluesky-uri"]
            .into_iter()
            .filter_map(|name| value(attributes, name));
        // The link to the post is the last one: those in its words are before it.
        let linked =
            || below(node).filter_map(|node| value_of(&node, &["a"], "href")).filter(|url| is_whole(url)).last();
        let url = named.map(str::to_owned).find(|url| is_whole(url)).or_else(linked);
        if let Some(url) = url {
            self.embeds.push(Embed { kind: EmbedKind::Post, url, title: None });
        }
    }
}

/// What attributes say in the words of styles, which do not stand, and of which there is an attribute that does.
struct Meant(Vec<(&'static str, &'static str)>);

impl Meant {
    fn of(element: &str, attributes: &[Attribute]) -> Self {
        let mut meant: Vec<(&str, &str)> = Vec::new();
        let style = value(attributes, "style").unwrap_or_default().to_ascii_lowercase();
        for (property, text) in style.split(';').filter_map(|declaration| declaration.split_once(':')) {
            let mut words = text.split_ascii_whitespace();
            let found = match property.trim() {
                "text-align" => words
                    .find_map(|word| ["left", "right", "center", "justify"].into_iter().find(|align| *align == word))
                    .filter(|_| sanitise::ALIGNED.contains(&element))
                    .map(|align| ("align", align)),
                "list-style" | "list-style-type" => words
                    .find_map(|word| match word {
                        "decimal" => Some("1"),
                        "lower-alpha" | "lower-latin" => Some("a"),
                        "upper-alpha" | "upper-latin" => Some("A"),
                        "lower-roman" => Some("i"),
                        "upper-roman" => Some("I"),
                        _ => None,
                    })
                    .filter(|_| matches!(element, "ol" | "li"))
                    .map(|ty| ("type", ty)),
                "direction" => {
                    words.find_map(|word| ["ltr", "rtl"].into_iter().find(|dir| *dir == word)).map(|dir| ("dir", dir))
                }
                _ => None,
            };
            if let Some(found) = found {
                // The last one counts.
                meant.retain(|(name, _)| *name != found.0);
                meant.push(found);
            }
        }
        Self(meant)
    }

    fn holds(&self, name: &str) -> bool {
        matches!(name, "style" | "class") || self.0.iter().any(|(meant, _)| *meant == name)
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

fn value<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|attribute| attribute.name.ns == ns!() && *attribute.name.local == *name)?;
    Some(&found.value)
}

/// How much of what is below an element is looked at.
const MOST_BELOW: usize = 10_000;

/// What is below a node, in its order.
fn below(node: &Handle) -> impl Iterator<Item = Handle> {
    let mut next: Vec<Handle> = node.children.borrow().iter().rev().cloned().collect();
    let all = std::iter::from_fn(move || {
        let node = next.pop()?;
        next.extend(node.children.borrow().iter().rev().cloned());
        if let NodeData::Element { template_contents, .. } = &node.data {
            next.extend(template_contents.borrow().clone());
        }
        Some(node)
    });
    all.take(MOST_BELOW)
}

/// The words of what is below a node, but for scripts and styles.
fn words(node: &Handle) -> String {
    let mut words = String::new();
    let template = match &node.data {
        NodeData::Element { template_contents, .. } => template_contents.borrow().clone(),
        _ => None,
    };
    for node in below(node).chain(template.iter().flat_map(below)) {
        if let NodeData::Text { contents } = &node.data {
            words.push_str(&contents.borrow());
            words.push(' ');
        }
        if words.len() > LONGEST_VALUE {
            break;
        }
    }
    words
}

/// An attribute of a node, if it is an element of one of these names.
fn value_of(node: &Handle, elements: &[&str], attribute: &str) -> Option<String> {
    let NodeData::Element { name, attrs, .. } = &node.data else { return None };
    elements.contains(&&*name.local).then(|| value(&attrs.borrow(), attribute).map(str::to_owned))?
}

/// Addresses in what stands in the place of something embedded.
fn addresses_within(node: &Handle) -> impl Iterator<Item = String> {
    below(node).filter_map(|node| {
        let name = value_of(&node, &["param"], "name").unwrap_or_default().to_ascii_lowercase();
        if matches!(name.as_str(), "movie" | "src" | "url") {
            return value_of(&node, &["param"], "value");
        }
        value_of(&node, &["embed", "iframe", "source"], "src").or_else(|| value_of(&node, &["a"], "href"))
    })
}

/// Whether there is nothing in an element but what is embedded.
fn is_of_embeds(node: &Handle) -> bool {
    let children = node.children.borrow();
    let is_space = |node: &Handle| match &node.data {
        NodeData::Text { contents } => contents.borrow().trim().is_empty(),
        NodeData::Comment { .. } => true,
        _ => false,
    };
    let is_embed = |node: &Handle| match &node.data {
        NodeData::Element { name, .. } => name.ns == ns!(html) && matches!(fate(&name.local), Some(Fate::Embed)),
        _ => false,
    };
    children.iter().any(is_embed) && children.iter().all(|node| is_space(node) || is_embed(node))
}

/// Whether it is an address of something that can be led to.
fn is_address(url: &str) -> bool {
    let url = url.trim();
    !url.is_empty() && !url.starts_with('#') && url.len() <= LONGEST_VALUE && sanitise::is_of_web(url)
}

/// The same, with all that is needed to find it from anywhere.
fn is_whole(url: &str) -> bool {
    Url::parse(url).is_ok() && is_address(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands of it, and what was told.
    fn of(html: &str) -> (String, Vec<String>, Vec<String>) {
        let shown = shown(html);
        let removed = shown.removed.iter().map(|removed| {
            let parts = [Some(&removed.element), removed.text.as_ref(), removed.url.as_ref()];
            parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("|")
        });
        let embeds = shown.embeds.iter().map(|embed| format!("{:?} {}", embed.kind, embed.url));
        (shown.html, removed.collect(), embeds.collect())
    }

    #[test]
    fn what_is_embedded_becomes_a_link_in_a_figure() {
        for (html, stands, embeds) in [
            (
                "<p><iframe src='https://www.youtube.com/embed/a' title='The  film'></iframe></p>",
                "<figure class=\"embed\"><a href=\"https://www.youtube.com/watch?v=a\">The film</a></figure>",
                "Video https://www.youtube.com/watch?v=a",
            ),
            ("<p>See <audio src=a.mp3></audio>.</p>", "<p>See <a href=\"a.mp3\">a.mp3</a>.</p>", "Audio a.mp3"),
            (
                "<figure><video><source src=a.mp4><source src=a.webm></video><figcaption>b</figcaption></figure>",
                "<figure><a href=\"a.mp4\">a.mp4</a><figcaption>b</figcaption></figure>",
                "Video a.mp4",
            ),
            (
                "<object><param name=movie value='/m.swf'><embed src='/e.swf'></object>",
                "<figure class=\"embed\"><a href=\"/m.swf\">/m.swf</a></figure>",
                "Page /m.swf",
            ),
            (
                "<iframe src='about:blank' data-src='//maps.google.com/x'></iframe>",
                "<figure class=\"embed\"><a href=\"https://maps.google.com/x\">https://maps.google.com/x</a></figure>",
                "Map https://maps.google.com/x",
            ),
            (
                "<blockquote class=\"twitter-tweet\"><p>Rain. <a href='https://t.co/1'>x</a></p><a href='https://twitter.com/a/status/1'>May 6</a></blockquote>",
                "<blockquote><p>Rain. <a href=\"https://t.co/1\">x</a></p><a href=\"https://twitter.com/a/status/1\">May 6</a></blockquote>",
                "Post https://twitter.com/a/status/1",
            ),
        ] {
            let (is, removed, embedded) = of(html);
            assert_eq!((is.as_str(), embedded.as_slice()), (stands, [embeds.to_owned()].as_slice()), "{html}");
            assert!(removed.is_empty(), "{html}: {removed:?}");
        }
    }

    #[test]
    fn what_is_left_out_is_told() {
        for (html, stands, told) in [
            ("a<script src='//x/y.js'>z()</script>", "a", vec!["script|//x/y.js"]),
            ("<style>p{}</style>b", "b", vec!["style"]),
            ("<iframe src='/count' width=1 height=1></iframe>d", "d", vec!["iframe|/count"]),
            ("<video>No film <b>here</b></video>", "", vec!["video|No film here"]),
            ("<a href='javascript:x()'>b</a>", "<a>b</a>", vec!["a|javascript:x()"]),
            ("<img src='data:image/png;base64,AA' alt=c>", "<img alt=\"c\">", vec!["img|data:image/png;base64,AA"]),
            ("<template><p>Later</p></template>", "", vec!["template|Later"]),
            ("<input value=Send><input type=hidden value=x>", "", vec!["input|Send"]),
            ("<script></script><script></script>", "", vec!["script"]),
        ] {
            let (is, removed, _) = of(html);
            assert_eq!((is.as_str(), removed), (stands, told.into_iter().map(str::to_owned).collect()), "{html}");
        }
    }

    #[test]
    fn words_stand_whatever_they_are_in() {
        for (html, stands) in [
            ("a<section>b</section><main>c</main>d", "a<div>b</div><div>c</div>d"),
            ("<p>a<button>b</button>c<select><option>d<option>e</select></p>", "<p>a b c  d  e  </p>"),
            ("<textarea>a &lt;b</textarea>", " a &lt;b "),
            ("<xmp>a <b></xmp>", "<pre>\na &lt;b&gt;</pre>"),
            (
                "<p>a <math><mi>E</mi><mo>=</mo><mi>m</mi></math></p>",
                "<p>a <math><mi>E</mi><mo>=</mo><mi>m</mi></math></p>",
            ),
            ("<math><mtext>a<b>b</b><script>x</script></mtext></math>", "<math><mtext>a b </mtext></math>"),
            ("<p>a<svg><title>b</title><text>c</text></svg>d</p>", "<p>a  b  c  d</p>"),
            ("<img src=a data-src=b><noscript><img src=a>c</noscript>", "<img src=\"a\" data-src=\"b\"><div>c</div>"),
            ("<p>a<noscript>b</noscript>c</p>", "<p>a b c</p>"),
            ("<pre>\n\na</pre>", "<pre>\n\na</pre>"),
            ("<menu><li>a</menu>", "<ul><li>a</li></ul>"),
            ("<font color=red>a</font><x-b>c</x-b>", "ac"),
        ] {
            assert_eq!(of(html).0, stands, "{html}");
        }
    }

    #[test]
    fn styles_that_mean_something_become_attributes() {
        for (html, stands) in [
            ("<p style='color:red; Text-Align : RIGHT' class=x>a</p>", "<p align=\"right\">a</p>"),
            ("<ol style='list-style: lower-alpha inside' type=1><li>a</ol>", "<ol type=\"a\"><li>a</li></ol>"),
            ("<div style='direction:rtl;direction:ltr'>a</div>", "<div dir=\"ltr\">a</div>"),
            ("<b style='text-align:right'>a</b>", "<b>a</b>"),
        ] {
            assert_eq!(of(html).0, stands, "{html}");
        }
    }
}
