//! Writing HTML: what comes from an entry is text there, and never markup.

use std::fmt::Write;

use serde_json::Value as Json;

/// Elements of a document's head.
#[derive(Default)]
pub(super) struct Head(pub(super) String);

impl Head {
    pub(super) fn title(&mut self, title: &str) {
        push(&mut self.0, "<title data-courant>", title, "</title>");
    }

    pub(super) fn meta(&mut self, key: &str, name: &str, content: &str) {
        // Writing to a String cannot fail.
        _ = write!(self.0, "<meta data-courant {key}=\"{name}\"");
        push(&mut self.0, " content=\"", content, "\">");
    }

    pub(super) fn link(&mut self, rel: &str, language: Option<&str>, href: &str) {
        _ = write!(self.0, "<link data-courant rel=\"{rel}\"");
        if let Some(language) = language {
            push(&mut self.0, " hreflang=\"", language, "\"");
        }
        push(&mut self.0, " href=\"", href, "\">");
    }

    /// Where a list can be followed.
    pub(super) fn feed(&mut self, media_type: &str, title: &str, href: &str) {
        _ = write!(self.0, "<link data-courant rel=\"alternate\" type=\"{media_type}\"");
        push(&mut self.0, " title=\"", title, "\"");
        push(&mut self.0, " href=\"", href, "\">");
    }

    /// How browsers search the site (OpenSearch 1.1, "Autodiscovery in RSS/Atom/HTML").
    pub(super) fn search(&mut self, title: &str, href: &str) {
        self.0.push_str("<link data-courant rel=\"search\" type=\"application/opensearchdescription+xml\"");
        push(&mut self.0, " title=\"", title, "\"");
        push(&mut self.0, " href=\"", href, "\">");
    }

    pub(super) fn linked_data(&mut self, data: &Json) {
        _ = write!(self.0, "<script data-courant type=\"application/ld+json\">{}</script>", in_script(data));
    }
}

/// Adds a text between two pieces of HTML.
pub(crate) fn push(html: &mut String, before: &str, text: &str, after: &str) {
    html.push_str(before);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
    html.push_str(after);
}

/// JSON that can stand in a script element (HTML Living Standard, "Restrictions for contents of script elements").
pub(super) fn in_script(json: &Json) -> String {
    json.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_do_not_become_markup() {
        let mut head = Head::default();
        head.title("</title><script>");
        head.meta("name", "description", "\"><b>");
        head.linked_data(&json!({ "name": "</script>" }));
        assert_eq!(
            head.0,
            "<title data-courant>&lt;/title&gt;&lt;script&gt;</title>\
             <meta data-courant name=\"description\" content=\"&quot;&gt;&lt;b&gt;\">\
             <script data-courant type=\"application/ld+json\">{\"name\":\"\\u003c/script>\"}</script>"
        );
    }

    #[test]
    fn what_stands_in_a_script_does_not_end_it() {
        assert_eq!(in_script(&json!("</script><!--")), "\"\\u003c/script>\\u003c!--\"");
    }
}
