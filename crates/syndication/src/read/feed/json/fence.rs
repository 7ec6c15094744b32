//! Where the items of a feed of JSON begin and end, so that none is read that is longer than any.

use std::collections::BTreeSet;

/// Goes through the text of a feed, and keeps back each item until all of it is there.
pub(super) struct Fence {
    longest: usize,
    /// How many lists and objects are open.
    depth: usize,
    string: Option<Escape>,
    key: Key,
    /// What of the item is there, while the list of items is open.
    item: Option<Item>,
    count: u64,
    /// The numbers of the items that were too long; there is `null` in their places.
    pub(super) too_long: BTreeSet<u64>,
    /// How many lines were given.
    lines: usize,
    /// After how many lines how many others were passed over.
    passed_over: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    /// The next sign is only that.
    Begun,
    None,
}

/// The name of what comes next in the outermost object.
enum Key {
    /// It comes, or is coming; what of it is there.
    Open(Vec<u8>),
    /// It is there; whether it is that of the items.
    Known { is_items: bool },
}

#[derive(Default)]
struct Item {
    text: Vec<u8>,
    is_too_long: bool,
    lines: usize,
}

impl Fence {
    pub(super) const fn new(longest: usize) -> Self {
        Self {
            longest,
            depth: 0,
            string: None,
            key: Key::Known { is_items: false },
            item: None,
            count: 0,
            too_long: BTreeSet::new(),
            lines: 0,
            passed_over: Vec::new(),
        }
    }

    /// Takes more of the text, and writes what can be read of it.
    pub(super) fn pass(&mut self, text: &[u8], out: &mut Vec<u8>) {
        for byte in text {
            if self.string.is_none() && self.depth == 2 && matches!(byte, b',' | b']') {
                self.end_item(out);
            }
            match &mut self.item {
                Some(item) => item.push(*byte, self.longest),
                None => {
                    self.lines += usize::from(*byte == b'\n');
                    out.push(*byte);
                }
            }
            self.follow(*byte);
            // What is between separators is an item.
            if self.string.is_none() && self.depth == 2 && matches!(byte, b',' | b'[') && self.key.is_items() {
                self.item = Some(Item::default());
            }
        }
    }

    /// The text has ended: writes what was kept back.
    pub(super) fn end(&mut self, out: &mut Vec<u8>) {
        if let Some(item) = self.item.take() {
            out.extend(item.text);
        }
    }

    /// Which line of the text one of those is that were given.
    pub(super) fn line(&self, given: usize) -> usize {
        let before = self.passed_over.iter().take_while(|(after, _)| *after < given);
        given + before.map(|(_, lines)| lines).sum::<usize>()
    }

    /// Follows the structure.
    fn follow(&mut self, byte: u8) {
        if let Some(escape) = &mut self.string {
            match (*escape, byte) {
                (Escape::Begun, _) => *escape = Escape::None,
                (Escape::None, b'\\') => *escape = Escape::Begun,
                (Escape::None, b'"') => {
                    self.string = None;
                    if let Key::Open(name) = &self.key
                        && self.depth == 1
                    {
                        self.key = Key::Known { is_items: name == b"items" };
                    }
                    return;
                }
                (Escape::None, _) => {}
            }
            if let Key::Open(name) = &mut self.key
                && self.depth == 1
                && name.len() <= b"items".len()
            {
                name.push(byte);
            }
            return;
        }
        match byte {
            b'"' => self.string = Some(Escape::None),
            b'{' | b'[' => {
                self.depth += 1;
                if self.depth == 1 {
                    self.key = Key::Open(Vec::new());
                } else if self.depth == 2 && byte == b'{' {
                    self.key = Key::Known { is_items: false };
                }
            }
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b',' if self.depth == 1 => self.key = Key::Open(Vec::new()),
            _ => {}
        }
    }

    fn end_item(&mut self, out: &mut Vec<u8>) {
        let Some(item) = self.item.take() else { return };
        if item.is_too_long || !item.text.trim_ascii().is_empty() {
            self.count += 1;
        }
        if item.is_too_long {
            self.too_long.insert(self.count);
            self.passed_over.push((self.lines, item.lines));
            out.extend(b"null");
        } else {
            self.lines += item.lines;
            out.extend(item.text);
        }
    }
}

impl Key {
    const fn is_items(&self) -> bool {
        matches!(self, Self::Known { is_items: true })
    }
}

impl Item {
    fn push(&mut self, byte: u8, longest: usize) {
        self.lines += usize::from(byte == b'\n');
        if self.text.len() == longest {
            self.is_too_long = true;
            self.text = Vec::new();
        }
        if !self.is_too_long {
            self.text.push(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is given of a text that comes in pieces, with items of up to 20 bytes, and the numbers of those that are longer.
    fn fenced(text: &str, at_once: usize) -> (String, Vec<u64>) {
        let (mut fence, mut out) = (Fence::new(20), Vec::new());
        text.as_bytes().chunks(at_once).for_each(|piece| fence.pass(piece, &mut out));
        fence.end(&mut out);
        (String::from_utf8(out).unwrap(), fence.too_long.into_iter().collect())
    }

    #[test]
    fn an_item_that_is_too_long_is_null() {
        let long = "[1, {\"a]\\\"\": \",,,,,,,\"}, 22]";
        for (text, given, too_long) in [
            (format!("{{\"items\":[1,{long},3]}}"), "{\"items\":[1,null,3]}", vec![2]),
            (
                format!("{{\"items\" : [ {long} ] , \"b\":{long}}}"),
                &*format!("{{\"items\" : [null] , \"b\":{long}}}"),
                vec![1],
            ),
            (format!("{{\"items\":[\"{0}\", \"{0}\"]}}", "]".repeat(30)), "{\"items\":[null,null]}", vec![1, 2]),
            ("{\"items\":[\n\n]}".to_owned(), "{\"items\":[\n\n]}", vec![]),
            (format!("{{\"a\":\"items\",\"b\":[{long}]}}"), &*format!("{{\"a\":\"items\",\"b\":[{long}]}}"), vec![]),
            (format!("{{\"a\":{{\"items\":[{long}]}}}}"), &*format!("{{\"a\":{{\"items\":[{long}]}}}}"), vec![]),
            (format!("{{\"items\":{{\"a\":[{long}]}}}}"), &*format!("{{\"items\":{{\"a\":[{long}]}}}}"), vec![]),
            (format!("[{long}]"), &*format!("[{long}]"), vec![]),
            ("{\"items\":[1,{\"a\":".to_owned(), "{\"items\":[1,{\"a\":", vec![]),
        ] {
            for at_once in [1, 7, 1_000] {
                assert_eq!(fenced(&text, at_once), (given.to_owned(), too_long.clone()), "{text}, {at_once} at once");
            }
        }
    }

    #[test]
    fn lines_are_those_of_the_source() {
        let (mut fence, mut out) = (Fence::new(3), Vec::new());
        fence.pass(b"{\n\"items\": [\n1\n,\n{\n\n},\n2\n]}", &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "{\n\"items\": [\n1\n,null,\n2\n]}");
        assert_eq!([1, 3, 4, 5, 6].map(|line| fence.line(line)), [1, 3, 7, 8, 9]);
    }
}
