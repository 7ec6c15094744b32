//! Markdown to HTML: CommonMark with tables, strikethrough and footnotes.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html::push_html};

pub(super) fn html(source: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut notes = Notes::default();
    let events: Vec<Event<'_>> = Parser::new_ext(source, options).filter_map(|event| notes.take(event)).collect();
    let mut html = String::with_capacity(source.len() * 3 / 2);
    push_html(&mut html, events.into_iter());
    notes.write(&mut html);
    html
}

/// The footnotes of a text, which stand below it in the order in which they are called, and lead back.
#[derive(Default)]
struct Notes<'a> {
    /// Their numbers.
    numbers: HashMap<CowStr<'a>, usize>,
    /// By number less one: how often each is called.
    calls: Vec<usize>,
    /// What they say, with their numbers.
    said: Vec<(usize, Vec<Event<'a>>)>,
    /// Those that are being read.
    open: Vec<(usize, Vec<Event<'a>>)>,
}

impl<'a> Notes<'a> {
    fn number(&mut self, name: CowStr<'a>) -> usize {
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(name).or_insert(next);
        self.calls.resize(self.calls.len().max(number), 0);
        number
    }

    /// Takes in what belongs to a note; what belongs to the text is given back.
    fn take(&mut self, event: Event<'a>) -> Option<Event<'a>> {
        let event = match event {
            Event::Start(Tag::FootnoteDefinition(name)) => {
                let number = self.number(name);
                self.open.push((number, Vec::new()));
                return None;
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                self.said.extend(self.open.pop());
                return None;
            }
            Event::FootnoteReference(name) => {
                let number = self.number(name);
                self.calls[number - 1] += 1;
                Event::InlineHtml(call(number, self.calls[number - 1]).into())
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

fn call(number: usize, call: usize) -> String {
    format!("<sup><a href=\"#fn-{number}\" id=\"{}\">{number}</a></sup>", call_id(number, call))
}

fn call_id(number: usize, call: usize) -> String {
    if call == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{call}") }
}

#[cfg(test)]
mod tests {
    use super::html;

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
    fn notes_that_nobody_calls_stay_and_may_hold_anything() {
        let notes = html("a\n\n[^1]: b\n\n    - c\n\n[^2]: d[^1]\n");
        for words in ["<p>a</p>", "<p>b</p>", "<li>c</li>", "id=\"fn-2\"", "d<sup>"] {
            assert!(notes.contains(words), "{notes}");
        }
    }
}
