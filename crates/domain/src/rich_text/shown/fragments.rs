//! HTML that is read into trees: the text itself, and what browsers do not read as markup though it was written as such.

use std::borrow::Cow;

use html5ever::{
    ParseOpts, QualName, local_name, ns, parse_fragment, tendril::TendrilSink, tree_builder::TreeBuilderOpts,
};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::{Step, Walk, enter_all};
use crate::rich_text::derive;

/// Deeper in one another nobody writes them, and each is read anew.
const DEEPEST: usize = 4;

/// The trees of a text, which are kept while it is walked through: one that goes takes its nodes with it.
#[derive(Default)]
pub(super) struct Fragments {
    trees: Vec<RcDom>,
    open: usize,
}

impl Fragments {
    /// Reads HTML as what a body holds; the root is an element of its own.
    pub(super) fn read(&mut self, html: &str) -> Option<Handle> {
        let options = ParseOpts {
            tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
            ..ParseOpts::default()
        };
        let context = QualName::new(None, ns!(html), local_name!("div"));
        let tree = parse_fragment(RcDom::default(), options, context, Vec::new(), false).one(html);
        let root = tree.document.children.borrow().first().cloned();
        self.trees.push(tree);
        root
    }

    pub(super) const fn leave(&mut self) {
        self.open -= 1;
    }
}

impl Walk {
    /// Enters what was written as markup in an element in which browsers read none, behind what is given.
    pub(super) fn enter_raw(&mut self, node: &Handle, before: Option<&str>, steps: &mut Vec<Step>) {
        let mut html = before.map(Cow::Borrowed).unwrap_or_default();
        for child in node.children.borrow().iter() {
            if let NodeData::Text { contents } = &child.data {
                html.to_mut().push_str(&contents.borrow());
            }
        }
        let is_text = self.fragments.open >= DEEPEST || !html.contains(['<', '&']);
        if is_text && before.is_none() {
            return enter_all(node, steps);
        }
        self.fragments.open += 1;
        steps.push(Step::EndFragment);
        let html = if is_text { html.replace('<', "&lt;").into() } else { derive::bounded(&html) };
        if let Some(root) = self.fragments.read(&html) {
            enter_all(&root, steps);
        }
    }
}
