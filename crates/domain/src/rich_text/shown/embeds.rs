//! What authors embed: films, sound, frames, posts. Each becomes a link, and is told as an [`Embed`].

use html5ever::{Attribute, local_name};
use markup5ever_rcdom::Handle;

use super::{
    Step, Walk, apart,
    dom::{addresses_of_files, addresses_of_links, below, holds_embeds, is_address, is_whole, value, value_of, words},
    enter_all, players,
};
use crate::rich_text::embed::{self, Embed, EmbedKind};

/// Where the address of something embedded may be, the best first.
const ADDRESSES: [&str; 9] = [
    "data-oembed-url",
    "url",
    "src",
    "data-src",
    "data-lazy-src",
    "data-litespeed-src",
    "data-orig-src",
    "data",
    "href",
];

/// Quotations of posts by which the scripts of their services know them.
const POSTS: [&str; 7] =
    ["bluesky-embed", "fb-post", "instagram-media", "mastodon-embed", "tiktok-embed", "twitter-tweet", "twitter-video"];

/// What is written in the place of something embedded, while it is walked through.
pub(super) struct Instead {
    /// Where it begins in the HTML.
    from: usize,
    /// Whether it stands in a figure.
    is_caption: bool,
    /// What the link before it is called, as it is written.
    name: String,
}

impl Walk {
    /// Leads to what an element embeds, with the words behind it that stand in its place.
    pub(super) fn embed(&mut self, node: &Handle, element: &str, attributes: &[Attribute], steps: &mut Vec<Step>) {
        // What is embedded in the place of something else is the same once more.
        if self.insteads > 0 {
            return self.enter_apart(node, element, attributes, steps);
        }
        let addresses = || ADDRESSES.into_iter().filter_map(|name| value(attributes, name)).map(str::to_owned);
        let of_player = players::address(element, |name| value(attributes, name));
        let own = of_player.into_iter().chain(addresses()).chain(addresses_of_files(node)).find(|url| is_address(url));
        // Others that are embedded in it speak for themselves.
        if own.is_none() && holds_embeds(node) {
            return apart(node, steps);
        }
        let found = own.or_else(|| addresses_of_links(node).find(|url| is_address(url)));
        // What has no size is there to count readers.
        let is_unseen = |name: &str| {
            value(attributes, name).is_some_and(|size| matches!(size.trim().trim_end_matches("px"), "0" | "1"))
        };
        let is_frame = matches!(element, "amp-iframe" | "frame" | "iframe");
        let Some(url) = found.filter(|_| !(is_frame && (is_unseen("width") || is_unseen("height")))) else {
            // A page that stands in an attribute is not gone.
            if !is_frame || value(attributes, "srcdoc").is_none() || addresses().next().is_some() {
                self.removed.note(element, None, addresses().next().as_deref());
            }
            return self.enter_apart(node, element, attributes, steps);
        };
        let url = embed::page_of(url.trim());
        let title =
            ["title", "aria-label", "alt"].into_iter().filter_map(|name| value(attributes, name)).find_map(|title| {
                let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
                (!title.is_empty()).then_some(title)
            });
        let begins = self.lead_to(element, url, title);
        self.begin_instead(begins, steps);
        self.enter_inner(node, element, attributes, steps);
    }

    /// Leads to what is embedded by an element; what stands in its place may begin behind it.
    pub(super) fn lead_to(&mut self, element: &str, url: String, title: Option<String>) -> Instead {
        let is_caption = self.may_hold_blocks();
        if is_caption {
            self.html.push_str("<figure class=\"embed\">");
        }
        self.html.push_str("<a");
        self.attribute("href", &url);
        self.html.push('>');
        self.piece = 0;
        let before = self.html.len();
        self.text(title.as_deref().unwrap_or(&url));
        let name = self.html[before..].to_owned();
        self.html.push_str("</a>");
        self.piece = 0;
        self.embeds.push(Embed { kind: embed::kind(element, &url), url, title });
        Instead { from: self.html.len(), is_caption, name }
    }

    /// Begins what stands in the place of something embedded.
    pub(super) fn begin_instead(&mut self, instead: Instead, steps: &mut Vec<Step>) {
        if instead.is_caption {
            self.html.push_str("<figcaption>");
            self.open.extend([local_name!("figure"), local_name!("figcaption")]);
        } else {
            self.html.push(' ');
        }
        self.insteads += 1;
        steps.push(Step::EndInstead(instead));
    }

    /// Ends it. Where there is nothing to read or to see in it, or nothing but what the link says, it does not stand.
    pub(super) fn end_instead(&mut self, instead: &Instead) {
        self.insteads -= 1;
        let inner = self.html.get(instead.from..).unwrap_or_default();
        let shows = ["<img", "<math", " id=\""].iter().any(|shown| inner.contains(shown)) || {
            let words = inner.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
            let words: String = words.collect();
            !words.trim().is_empty() && words.trim() != instead.name
        };
        if !shows {
            self.html.truncate(instead.from);
        }
        if instead.is_caption {
            self.html.push_str(if shows { "</figcaption></figure>" } else { "</figure>" });
            self.open.truncate(self.open.len().saturating_sub(2));
        } else if shows {
            self.html.push(' ');
        }
        self.piece = 0;
    }

    fn enter_apart(&mut self, node: &Handle, element: &str, attributes: &[Attribute], steps: &mut Vec<Step>) {
        if node.children.borrow().is_empty() && value(attributes, "srcdoc").is_none() {
            return;
        }
        steps.push(Step::Space);
        self.enter_inner(node, element, attributes, steps);
        steps.push(Step::Space);
    }

    /// Enters what an element holds that embeds something: the page that a frame has in an attribute, and what browsers show
    /// that cannot show the rest.
    fn enter_inner(&mut self, node: &Handle, element: &str, attributes: &[Attribute], steps: &mut Vec<Step>) {
        if element == "iframe" {
            self.enter_raw(node, value(attributes, "srcdoc"), steps);
        } else {
            enter_all(node, steps);
        }
    }

    /// Leads to what a script of a service would show here; whether this is such a place.
    pub(super) fn place_of_service(
        &mut self,
        node: &Handle,
        element: &str,
        attributes: &[Attribute],
        steps: &mut Vec<Step>,
    ) -> bool {
        let found = players::of_service(element, |name| value(attributes, name));
        let Some(url) = found.filter(|_| self.insteads == 0) else { return false };
        let begins = self.lead_to(element, embed::page_of(&url), None);
        self.begin_instead(begins, steps);
        // What is in a script is no text.
        if element != "script" {
            enter_all(node, steps);
        }
        true
    }

    /// A post that is quoted, for a script to show it. Gives where it is if nothing of it is quoted.
    pub(super) fn post(&mut self, node: &Handle, attributes: &[Attribute]) -> Option<String> {
        let classes = value(attributes, "class").unwrap_or_default();
        if !classes.split_ascii_whitespace().any(|class| POSTS.contains(&class)) {
            return None;
        }
        let named = ["cite", "data-instgrm-permalink", "data-bluesky-uri"]
            .into_iter()
            .filter_map(|name| value(attributes, name));
        // The link to the post is the last one: those in its words are before it.
        let linked =
            || below(node).filter_map(|node| value_of(&node, &["a"], "href")).filter(|url| is_whole(url)).last();
        let url = named.map(str::to_owned).find(|url| is_whole(url)).or_else(linked)?;
        self.embeds.push(Embed { kind: EmbedKind::Post, url: url.clone(), title: None });
        words(node).trim().is_empty().then_some(url)
    }

    /// A link that is called by its address.
    pub(super) fn link(&mut self, url: &str) {
        self.html.push_str("<a");
        self.attribute("href", url);
        self.html.push('>');
        self.text(url);
        self.html.push_str("</a>");
        self.piece = 0;
    }
}
