//! Markdown to HTML: CommonMark with tables, strikethrough and footnotes, and with the numbers that points of lists were given.

mod passed_over;

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};

use super::removed::Removals;

/// The HTML of a text, and what of it is not in there is noted.
pub(super) fn html(source: &str, removed: &mut Removals) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut notes = Notes::default();
    let events = Parser::new_ext(source, options).into_offset_iter().collect();
    let events = passed_over::with_passed_over(source, events, options, removed);
    let events = numbered(source, events.into_iter());
    let events: Vec<Event<'_>> = events.into_iter().filter_map(|event| notes.take(event)).collect();
    let mut html = String::with_capacity(source.len() * 3 / 2);
    push_html(&mut html, events.into_iter());
    notes.write(&mut html);
    html
}

/// The events of a text in which points of lists have the numbers that they were given. Markdown counts on from the first,
/// whatever the others say: whoever numbers 3, 4, 7 or 1, 2, 4, 3 means it, and whoever writes 1 in front of each, or the same twice,
/// means to have them counted.
fn numbered<'a>(source: &str, events: impl Iterator<Item = (Event<'a>, Range<usize>)>) -> Vec<Event<'a>> {
    let mut all = Vec::new();
    // The lists that are open: of those with numbers, where their points begin, and the number of each.
    let mut lists: Vec<Option<Vec<(usize, i64)>>> = Vec::new();
    for (event, at) in events {
        match &event {
            Event::Start(Tag::List(first)) => lists.push(first.map(|_| Vec::new())),
            Event::Start(Tag::Item) => {
                if let Some(Some(points)) = lists.last_mut()
                    && let Some(number) = source.get(at.start..).and_then(number)
                {
                    points.push((all.len(), number));
                }
            }
            Event::End(TagEnd::List(_)) => {
                let points = lists.pop().flatten().unwrap_or_default();
                let steps = points.windows(2).map(|pair| pair[1].1 - pair[0].1);
                let different: HashSet<i64> = points.iter().map(|(_, number)| *number).collect();
                if different.len() == points.len() {
                    for (_, (index, number)) in steps.zip(points.iter().skip(1)).filter(|(step, _)| *step != 1) {
                        all[*index] = Event::Html(format!("<li value=\"{number}\">").into());
                    }
                }
            }
            _ => {}
        }
        all.push(event);
    }
    all
}

/// The number that a point of a list begins with.
fn number(point: &str) -> Option<i64> {
    let point = point.trim_start();
    let end = point.find(|c: char| !c.is_ascii_digit())?;
    point[..end].parse().ok()
}

/// How many calls of one footnote are led back to. Each takes many times what its writer wrote; nobody looks for the hundredth.
const CALLS: usize = 100;

/// How many calls are led back to that are not the first of their note, of all notes together.
const REPEATED_CALLS: usize = 2_000;

/// The footnotes of a text, which stand below it in the order in which they are called, and lead back.
#[derive(Default)]
struct Notes<'a> {
    /// Their numbers.
    numbers: HashMap<String, usize>,
    /// By number less one: how often each is called, as far as it is led back to.
    calls: Vec<usize>,
    /// How many calls are not the first of their note.
    repeated: usize,
    /// What they say, with their numbers.
    said: Vec<(usize, Vec<Event<'a>>)>,
    /// Those that are being read.
    open: Vec<(usize, Vec<Event<'a>>)>,
}

impl<'a> Notes<'a> {
    /// The number of a note. Its name is the same in any case, as of links.
    fn number(&mut self, name: &str) -> usize {
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(name.to_uppercase().to_lowercase()).or_insert(next);
        self.calls.resize(self.calls.len().max(number), 0);
        number
    }

    /// A call of a note; one of too many has its number alone.
    fn call(&mut self, number: usize) -> String {
        let calls = &mut self.calls[number - 1];
        let is_repeated = *calls > 0;
        if *calls >= CALLS || (is_repeated && self.repeated >= REPEATED_CALLS) {
            return format!("<sup>{number}</sup>");
        }
        *calls += 1;
        self.repeated += usize::from(is_repeated);
        format!("<sup><a href=\"#fn-{number}\" id=\"{}\">{number}</a></sup>", call_id(number, *calls))
    }

    /// Takes in what belongs to a note; what belongs to the text is given back.
    fn take(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        let event = match event {
            Event::Start(Tag::FootnoteDefinition(name)) => {
                let number = self.number(&name);
                self.open.push((number, Vec::new()));
                return None;
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                self.said.extend(self.open.pop());
                return None;
            }
            Event::FootnoteReference(name) => {
                let number = self.number(&name);
                Event::InlineHtml(self.call(number).into())
            }
            event => event,
        };
        match self.open.last_mut() {
            Some((_, events)) => {
                events.push(event);
                None
            }
            None => Some(event),
        }
    }

    fn write(mut self, html: &mut String) {
        if self.said.is_empty() {
            return;
        }
        self.said.sort_by_key(|(number, _)| *number);
        html.push_str("<hr>\n<ol>\n");
        for (number, mut events) in self.said {
            html.push_str(&format!("<li id=\"fn-{number}\" value=\"{number}\">\n"));
            let backs: String = (1..=self.calls[number - 1])
                .map(|call| format!(" <a href=\"#{}\">↩</a>", call_id(number, call)))
                .collect();
            let end = events.iter().rposition(|event| matches!(event, Event::End(TagEnd::Paragraph)));
            match end.filter(|end| end + 1 == events.len()) {
                Some(end) => events.insert(end, Event::InlineHtml(backs.into())),
                None => events.push(Event::Html(backs.into())),
            }
            push_html(html, events.into_iter());
            html.push_str("</li>\n");
        }
        html.push_str("</ol>\n");
    }
}

fn call_id(number: usize, call: usize) -> String {
    if call == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{call}") }
}

#[cfg(test)]
mod tests {
    use super::Removals;

    fn html(source: &str) -> String {
        super::html(source, &mut Removals::default())
    }

    #[test]
    fn footnotes_stand_below_the_text_and_lead_back() {
        let source = "The act[^b] holds[^src], says[^b] the court[^none].\n\n[^src]: <https://example.org/source>\n\n[^b]: Repealed\n\nThe end.";
        assert_eq!(
            html(source),
            "<p>The act<sup><a href=\"#fn-1\" id=\"fnref-1\">1</a></sup> holds<sup><a href=\"#fn-2\" id=\"fnref-2\">2</a></sup>, \
             says<sup><a href=\"#fn-1\" id=\"fnref-1-2\">1</a></sup> the court[^none].</p>\n<p>The end.</p>\n<hr>\n<ol>\n\
             <li id=\"fn-1\" value=\"1\">\n<p>Repealed <a href=\"#fnref-1\">↩</a> <a href=\"#fnref-1-2\">↩</a></p>\n</li>\n\
             <li id=\"fn-2\" value=\"2\">\n<p><a href=\"https://example.org/source\">https://example.org/source</a> <a href=\"#fnref-2\">↩</a></p>\n</li>\n</ol>\n"
        );
    }

    #[test]
    fn a_note_is_called_in_any_case() {
        let html = html("a[^Note] b[^NOTE] c[^Straße]\n\n[^note]: d\n\n[^STRASSE]: e\n");
        for (led, times) in
            [("href=\"#fn-1\"", 2), ("id=\"fn-1\"", 1), ("href=\"#fn-2\"", 1), ("id=\"fn-2\"", 1), ("fn-3", 0)]
        {
            assert_eq!(html.matches(led).count(), times, "{led}: {html}");
        }
    }

    #[test]
    fn points_keep_the_numbers_they_were_given() {
        for (source, numbers) in [
            ("3. a\n4. b\n7. c\n8. d", "<ol start=\"3\"> <li> <li> <li value=\"7\"> <li>"),
            ("3) a\n\n5) b\n\n   more", "<ol start=\"3\"> <li> <li value=\"5\">"),
            ("1. a\n1. b\n1. c", "<ol> <li> <li> <li>"),
            ("1. a\n2. b\n2. c", "<ol> <li> <li> <li>"),
            ("1. a\n2. b\n4. c\n3. d", "<ol> <li> <li> <li value=\"4\"> <li value=\"3\">"),
            ("3. a\n2. b\n1. c", "<ol start=\"3\"> <li> <li value=\"2\"> <li value=\"1\">"),
            ("1. a\n   1. b\n   4. c\n5. d", "<ol> <li> <ol> <li> <li value=\"4\"> <li value=\"5\">"),
            ("- a\n\n  2. b\n  9. c\n- d", "<ul> <li> <ol start=\"2\"> <li> <li value=\"9\"> <li>"),
            ("> 2. a\n> 6. b", "<ol start=\"2\"> <li> <li value=\"6\">"),
            ("2. a\n\nb\n\n5. c\n9. d", "<ol start=\"2\"> <li> <ol start=\"5\"> <li> <li value=\"9\">"),
            ("  1. a\n  10. b\n  12. c", "<ol> <li> <li value=\"10\"> <li value=\"12\">"),
        ] {
            let html = html(source);
            let tags = html.split_inclusive('>').filter_map(|part| Some(&part[part.find('<')?..]));
            let tags: Vec<&str> =
                tags.filter(|tag| ["<ol", "<ul", "<li"].iter().any(|start| tag.starts_with(start))).collect();
            assert_eq!(tags.join(" "), numbers, "{source}");
        }
    }

    #[test]
    fn notes_that_nobody_calls_stay_and_may_hold_anything() {
        let notes = html("a\n\n[^1]: b\n\n    - c\n\n[^2]: d[^1]\n");
        for words in ["<p>a</p>", "<p>b</p>", "<li>c</li>", "id=\"fn-2\"", "d<sup>"] {
            assert!(notes.contains(words), "{notes}");
        }
    }

    #[test]
    fn a_note_that_is_called_over_and_over_makes_no_long_text() {
        let html = html(&format!("{}\n\n[^1]: x", "[^1] ".repeat(30_000)));
        assert_eq!((html.matches("<a href=\"#fn-1\"").count(), html.matches('↩').count()), (100, 100));
        assert_eq!(html.matches("<sup>").count(), 30_000);
        assert!(html.len() < 650_000, "{}", html.len());
    }

    #[test]
    fn of_many_notes_that_are_called_often_each_is_led_to() {
        let calls: String = (0..500).map(|note| format!("[^{note}] ").repeat(50)).collect();
        let notes: String = (0..500).map(|note| format!("\n\n[^{note}]: x")).collect();
        let html = html(&format!("{calls}{notes}"));
        assert_eq!((html.matches("<a href=\"#fn-").count(), html.matches('↩').count()), (2_500, 2_500));
        assert!(html.contains("<a href=\"#fnref-500\">↩</a>"));
    }
}
