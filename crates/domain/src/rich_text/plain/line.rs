//! Words in a line, where elements around them are gone: what these keep apart is kept apart.

use super::{
    attribute,
    raised::{Shown, Size, Way, shown},
};

/// Words as they are put together.
#[derive(Default)]
pub(super) struct Line {
    text: String,
    notes: usize,
    /// The elements that are open, of those that say something here.
    open: Vec<Open>,
    /// Between what has been said and what follows.
    seam: Seam,
    /// Where a text ended last that is struck, or inserted.
    ended: [Option<usize>; 2],
}

/// A text without its elements.
pub(super) struct Written {
    pub(super) text: String,
    /// How many marks of notes are in it.
    pub(super) notes: usize,
}

struct Open {
    kind: Kind,
    /// Where its words begin.
    from: usize,
    /// Whether it leads, or something in it does, to another place of a text.
    leads: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Link,
    Out(Way),
    Quote,
    Struck,
    Inserted,
}

/// What is kept apart by a space where two texts meet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Seam {
    #[default]
    Nothing,
    Numbers,
    Words,
}

impl Line {
    /// Says more.
    pub(super) fn push(&mut self, words: &str) {
        let Some(first) = words.chars().next() else { return };
        let last = self.text.chars().next_back();
        let meet = |is: fn(char) -> bool| is(first) && last.is_some_and(is);
        let is_apart = match self.seam {
            Seam::Nothing => false,
            Seam::Numbers => meet(char::is_numeric),
            // What ends in a bracket is the mark of a note.
            Seam::Words => meet(|c| c.is_alphanumeric() || matches!(c, ']' | ')')) && first.is_alphanumeric(),
        };
        if is_apart {
            self.text.push(' ');
        }
        self.text.push_str(words);
        self.seam = Seam::Nothing;
    }

    /// Says what stands in front of a point of a list, whatever has begun behind that.
    pub(super) fn push_mark(&mut self, mark: &str) {
        let at = self.text.len();
        self.push(mark);
        self.push(" ");
        for open in self.open.iter_mut().filter(|open| open.from == at) {
            open.from = self.text.len();
        }
    }

    /// The sign that begins a quotation here, or ends one.
    pub(super) fn quote(&self, is_end: bool) -> &'static str {
        let is_inner = self.open.iter().filter(|open| open.kind == Kind::Quote).count() % 2 == 1;
        match (is_inner, is_end) {
            (false, false) => "“",
            (true, false) => "‘",
            (false, true) => "”",
            (true, true) => "’",
        }
    }

    /// An element begins or ends, in front of the rest.
    pub(super) fn tag(&mut self, name: &str, tag: &str, rest: &str) {
        let kind = match name {
            "a" => Kind::Link,
            "sup" => Kind::Out(Way::Up),
            "sub" => Kind::Out(Way::Down),
            "q" => Kind::Quote,
            "del" | "s" | "strike" => Kind::Struck,
            "ins" | "u" => Kind::Inserted,
            _ => return,
        };
        if tag.starts_with('/') { self.ends(kind, rest) } else { self.begins(kind, tag) }
    }

    fn begins(&mut self, kind: Kind, tag: &str) {
        let leads = kind == Kind::Link && attribute(tag, "href").is_some_and(|href| href.contains('#'));
        if leads {
            self.open.iter_mut().for_each(|open| open.leads |= matches!(open.kind, Kind::Out(_)));
        }
        let at = self.text.len();
        let other = match kind {
            Kind::Struck => self.ended[1],
            Kind::Inserted => self.ended[0],
            _ => None,
        };
        if other == Some(at) {
            self.seam = Seam::Words;
        } else if kind == Kind::Struck {
            self.seam = self.seam.max(Seam::Numbers);
        }
        self.open.push(Open { kind, from: at, leads });
    }

    fn ends(&mut self, kind: Kind, rest: &str) {
        let Some(index) = self.open.iter().rposition(|open| open.kind == kind) else { return };
        let Open { from, mut leads, .. } = self.open.remove(index);
        match kind {
            Kind::Link => {}
            Kind::Quote if from == self.text.len() => drop(self.text.pop()),
            Kind::Quote => self.push(self.quote(true)),
            Kind::Struck => {
                self.ended[0] = Some(self.text.len());
                self.seam = self.seam.max(Seam::Numbers);
            }
            Kind::Inserted => self.ended[1] = Some(self.text.len()),
            Kind::Out(way) => {
                // The whole of a link may be raised, too.
                leads |= rest.starts_with("</a>")
                    && self.open.last().is_some_and(|link| link.leads && link.kind == Kind::Link && link.from == from);
                let (before, signs) = self.text.split_at(from);
                let Shown { text, size } = shown(before, signs, way, leads);
                self.text.truncate(from);
                self.text.push_str(&text);
                match size {
                    Size::Note => {
                        self.notes += 1;
                        self.seam = Seam::Words;
                    }
                    Size::Small => {}
                    Size::Plain => self.seam = self.seam.max(Seam::Numbers),
                }
            }
        }
    }

    /// What was said.
    pub(super) fn end(self) -> Written {
        Written { text: self.text, notes: self.notes }
    }
}
