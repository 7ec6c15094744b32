//! Where a text leads.

use super::RichText;

impl RichText {
    /// The targets of its links, each once, in their order.
    #[must_use]
    pub fn links(&self) -> Vec<String> {
        let mut links: Vec<String> = Vec::new();
        for tag in self.html().split("<a ").skip(1).filter_map(|rest| rest.split('>').next()) {
            // The sanitiser writes attributes in one way: in quotation marks, with those in them escaped.
            let Some(target) = tag.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()) else { continue };
            let target = target.replace("&quot;", "\"").replace("&amp;", "&");
            if !links.contains(&target) {
                links.push(target);
            }
        }
        links
    }
}

#[cfg(test)]
mod tests {
    use crate::rich_text::{Format, RichText};

    #[test]
    fn links_are_found_once_and_as_they_lead() {
        let text =
            "[a](/en/articles/a?x=1&y=2 \"href=\") and [b](https://example.org/), [again](https://example.org/) <b>";
        let text = RichText::new(Format::Markdown, text);
        assert_eq!(text.links(), ["/en/articles/a?x=1&y=2", "https://example.org/"]);
        assert_eq!(RichText::new(Format::Markdown, "none, `<a href=\"/x\">`").links(), [""; 0]);
    }
}
