//! What the grammar of Markdown passes over, and its writer meant to be read.
//!
//! *Invariant*: no word is lost in silence. A line `[Minister]: No.` is a definition of where links lead, and shown nowhere; where
//! nothing is led there, it is text. So are the cells of a row beyond the columns of its table. What names an address all the same
//! is no text, and told as removed.

use std::{collections::HashSet, ops::Range};

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::rich_text::{removed::Removals, sanitise};

type Placed<'a> = (Event<'a>, Range<usize>);

/// The events of a text with those of what its grammar passes over, in the places where it stands.
pub(super) fn with_passed_over<'a>(
    source: &'a str,
    events: Vec<Placed<'a>>,
    options: Options,
    removed: &mut Removals,
) -> Vec<Placed<'a>> {
    let mut led_to: HashSet<String> = events.iter().filter_map(|(event, _)| label_led_to(event)).collect();
    let mut texts = Vec::new();
    for at in definitions(source, &events) {
        let definition = Definition::read(&source[at.clone()]);
        // Of several of one name the first one counts.
        if definition.label.is_some_and(|label| led_to.remove(&folded(label))) {
            continue;
        }
        match definition.label {
            Some(label) if is_address(definition.target) => {
                removed.note("a", Some(&format!("{label} {}", definition.title)), Some(definition.target));
            }
            _ => texts.push(at),
        }
    }
    let mut texts = texts.into_iter().peekable();
    let mut out = Vec::with_capacity(events.len());
    // Where the last cell of the row ends, and how many columns there are.
    let mut cells_end = 0;
    for (event, at) in events {
        let is_behind = |text: &Range<usize>| match &event {
            Event::End(_) => at.start <= text.start && at.end >= text.end,
            _ => at.start >= text.end,
        };
        while let Some(text) = texts.next_if(is_behind) {
            paragraph(source, text, options, &mut out);
        }
        match &event {
            Event::End(TagEnd::TableCell) => cells_end = at.end,
            Event::End(TagEnd::TableRow) => cells(source, cells_end..at.end, options, &mut out),
            _ => {}
        }
        out.push((event, at));
    }
    texts.for_each(|text| paragraph(source, text, options, &mut out));
    out
}

/// The name of the definition that a link or picture goes by.
fn label_led_to(event: &Event<'_>) -> Option<String> {
    let Event::Start(Tag::Link { link_type, id, .. } | Tag::Image { link_type, id, .. }) = event else { return None };
    matches!(link_type, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut).then(|| folded(id))
}

/// A label as labels are compared (CommonMark §4.7).
fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Where definitions of links stand: in what no event is of, apart from the marks of what holds others.
fn definitions(source: &str, events: &[Placed<'_>]) -> Vec<Range<usize>> {
    let notes: HashSet<usize> = events
        .iter()
        .filter(|(event, _)| matches!(event, Event::Start(Tag::FootnoteDefinition(_))))
        .map(|(_, at)| at.start)
        .collect();
    let mut found = Vec::new();
    let mut read_to = 0;
    let end = source.len()..source.len();
    for at in events.iter().filter(|(event, _)| !holds_blocks(event)).map(|(_, at)| at).chain([&end]) {
        if let Some(gap) = source.get(read_to..at.start) {
            definitions_in(gap, read_to, &notes, &mut found);
        }
        read_to = read_to.max(at.end);
    }
    found
}

fn holds_blocks(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => {
            matches!(tag, Tag::List(_) | Tag::Item | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_))
        }
        Event::End(tag) => {
            matches!(tag, TagEnd::List(_) | TagEnd::Item | TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition)
        }
        _ => false,
    }
}

fn definitions_in(gap: &str, from: usize, notes: &HashSet<usize>, found: &mut Vec<Range<usize>>) {
    let mut at = from;
    // Whether the line before is one of a definition.
    let mut is_open = false;
    for line in gap.split_inclusive('\n') {
        let end = at + line.trim_end().len();
        let rest = without_marks(line, at, notes).trim_end();
        let start = end - rest.len().min(end);
        if rest.starts_with('[') {
            found.push(start..end);
            is_open = true;
        } else if rest.is_empty() {
            is_open = false;
        } else if let Some(last) = found.last_mut().filter(|_| is_open) {
            last.end = end;
        }
        at += line.len();
    }
}

/// A line without what is in front of the words of quotes, lists and footnotes.
fn without_marks<'a>(line: &'a str, from: usize, notes: &HashSet<usize>) -> &'a str {
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        let at = from + line.len() - rest.len();
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        if let Some(behind) = rest.strip_prefix(['>', '-', '*', '+']) {
            rest = behind;
        } else if let Some(behind) = number.strip_prefix(['.', ')']).filter(|_| number.len() < rest.len()) {
            rest = behind;
        } else if let Some((_, behind)) = rest.split_once("]:").filter(|_| notes.contains(&at)) {
            rest = behind;
        } else {
            return rest;
        }
    }
}

struct Definition<'a> {
    label: Option<&'a str>,
    target: &'a str,
    title: &'a str,
}

impl<'a> Definition<'a> {
    fn read(source: &'a str) -> Self {
        let mut before = ' ';
        let end = source.char_indices().find(|(_, c)| {
            let is_end = *c == ']' && before != '\\';
            before = if before == '\\' { ' ' } else { *c };
            is_end
        });
        let label = end.and_then(|(end, _)| Some((source.get(1..end)?, source[end..].strip_prefix("]:")?)));
        let Some((label, rest)) = label else { return Self { label: None, target: "", title: "" } };
        let rest = rest.trim();
        let (target, title) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            Some(parts) => parts,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        Self { label: Some(label), target, title: title.trim() }
    }
}

/// Whether it is written as where a link leads, and not as words.
fn is_address(target: &str) -> bool {
    let starts = ["/", "#", "./", "../", "www.", "mailto:", "tel:", "data:"];
    target.contains("://") || starts.iter().any(|start| target.starts_with(start))
}

fn paragraph<'a>(source: &'a str, text: Range<usize>, options: Options, out: &mut Vec<Placed<'a>>) {
    out.push((Event::Start(Tag::Paragraph), text.clone()));
    for (number, line) in source[text.clone()].lines().enumerate() {
        if number > 0 {
            out.push((Event::SoftBreak, text.clone()));
        }
        out.extend(in_a_line(line.trim(), options).into_iter().map(|event| (event, text.clone())));
    }
    out.push((Event::End(TagEnd::Paragraph), text));
}

fn cells<'a>(source: &'a str, at: Range<usize>, options: Options, out: &mut Vec<Placed<'a>>) {
    let Some(rest) = source.get(at.clone()) else { return };
    // An escaped bar is a sign like others.
    let rest = rest.trim().trim_matches('|').replace("\\|", "\u{0}");
    if rest.trim().is_empty() {
        return;
    }
    for cell in rest.split('|') {
        out.push((Event::Start(Tag::TableCell), at.clone()));
        let words = cell.trim().replace('\u{0}', "|");
        out.extend(in_a_line(&words, options).into_iter().map(|event| (event, at.clone())));
        out.push((Event::End(TagEnd::TableCell), at.clone()));
    }
}

/// The events of words in a line, which begin no block whatever they are.
fn in_a_line(words: &str, options: Options) -> Vec<Event<'static>> {
    const BEFORE: &str = "x ";
    let source = format!("{BEFORE}{words}");
    let mut is_first = true;
    let events = Parser::new_ext(&source, options).filter_map(|event| match event {
        Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => None,
        Event::Text(text) if std::mem::take(&mut is_first) => {
            Some(Event::Text(CowStr::from(text.strip_prefix(BEFORE).unwrap_or(&text).to_owned())))
        }
        // `<Yes>` is no element, and a word to whoever wrote it here.
        Event::InlineHtml(tag) if !is_element(&tag) => Some(Event::Text(tag.into_static())),
        event => Some(event.into_static()),
    });
    events.collect()
}

fn is_element(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    tag.starts_with("<!--") || sanitise::is_shown(&name[..end].to_ascii_lowercase())
}
