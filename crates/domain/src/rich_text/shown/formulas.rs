//! Formulas and drawings, which have elements of their own.

use html5ever::{Attribute, LocalName, local_name};
use markup5ever_rcdom::{Handle, NodeData};

use super::{
    Step, Walk, apart,
    dom::{value, words},
    enter_all,
    meant::Meant,
};
use crate::rich_text::sanitise;

impl Walk {
    /// Formulas are MathML Core, which browsers show by themselves; what else says the same for other programs is left out.
    pub(super) fn formula(
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
        } else if matches!(element, "script" | "style") {
            self.removed.note(element, None, None);
        } else if element == "mfenced" && is_in_formula {
            self.fenced(node, attributes, steps);
        } else if sanitise::FORMULA.contains(&element) && is_in_formula != (element == "math") {
            self.begin(name.clone(), node, attributes, steps);
        } else {
            apart(node, steps);
        }
    }

    /// Fences, which MathML Core has not, become the signs that they are short for (MathML 3, §3.3.8).
    fn fenced(&mut self, node: &Handle, attributes: &[Attribute], steps: &mut Vec<Step>) {
        let sign = |name: &str, default: &str| value(attributes, name).unwrap_or(default).trim().to_owned();
        let separators: Vec<char> =
            value(attributes, "separators").unwrap_or(",").chars().filter(|c| !c.is_whitespace()).collect();
        self.start(&local_name!("mrow"), attributes, Meant::default());
        self.open.push(local_name!("mrow"));
        let mut inner = vec![Step::Sign(sign("open", "("))];
        let mut arguments = 0_usize;
        for child in node.children.borrow().iter() {
            if matches!(child.data, NodeData::Element { .. }) {
                // The last one is repeated as often as is needed.
                if arguments > 0
                    && let Some(separator) = separators.get(arguments - 1).or(separators.last())
                {
                    inner.push(Step::Sign(separator.to_string()));
                }
                arguments += 1;
            }
            inner.push(Step::Enter(child.clone()));
        }
        inner.push(Step::Sign(sign("close", ")")));
        inner.push(Step::End(local_name!("mrow")));
        steps.extend(inner.into_iter().rev());
    }

    /// An operator of a formula.
    pub(super) fn sign(&mut self, sign: &str) {
        if !sign.is_empty() {
            self.html.push_str("<mo>");
            self.piece = 0;
            self.text(sign);
            self.html.push_str("</mo>");
            self.piece = 0;
        }
    }

    /// Of drawings the words stand.
    pub(super) fn drawing(&mut self, node: &Handle, element: &str, steps: &mut Vec<Step>) {
        match element {
            "script" | "style" => self.removed.note(element, None, None),
            "metadata" => self.removed.note(element, Some(&words(node)), None),
            "svg" => {
                self.removed.note(element, Some(&words(node)), None);
                apart(node, steps);
            }
            "desc" | "foreignObject" | "text" | "title" => apart(node, steps),
            _ => enter_all(node, steps),
        }
    }
}
