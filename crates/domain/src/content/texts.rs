//! The texts of a content, each with its bound.

use super::Content;
use crate::{
    bounds::{Bound, TextError},
    diff::camel_case,
    problem::{Problem, ProblemCode},
    rich_text::RichText,
    text::one_line,
};

/// A text that was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Which, as a path with dots.
    pub field: &'static str,
    /// How long it may be.
    pub bound: Bound,
}

impl From<TextError> for ProblemCode {
    fn from(error: TextError) -> Self {
        match error {
            TextError::TooLong { .. } => Self::TooLong,
            TextError::Nul => Self::Invalid,
        }
    }
}

impl Content {
    /// What is wrong with its texts, each with where it is.
    #[must_use]
    pub fn text_problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut check = |field: &str, text: Option<&str>, bound: Bound| {
            if let Some(Err(error)) = text.map(|text| bound.check(text)) {
                let message = error.to_string();
                problems.push(Problem::new(error.into(), field, message));
            }
        };
        let texts = match self {
            Self::Article(article) => article.texts(),
            Self::Decree(decree) => decree.texts(),
        };
        let (first, others): (Vec<_>, Vec<_>) =
            texts.into_iter().partition(|(name, ..)| matches!(*name, "title" | "summary"));
        let mut check_all = |texts: Vec<(&str, Option<&str>, Bound)>| {
            for (name, text, bound) in texts {
                check(&format!("content.{}", camel_case(name)), text, bound);
            }
        };
        check_all(first);
        check_all(vec![("body.source", self.body().map(RichText::source), Bound::BODY)]);
        check_all(others);
        match self {
            Self::Article(article) => {
                let (image, source) = (article.lead_image.as_ref(), article.source.as_ref());
                check("content.leadImage.url", image.map(|image| image.url.as_str()), Bound::URL);
                check("content.leadImage.alt", image.and_then(|image| image.alt.as_deref()), Bound::CAPTION);
                check("content.leadImage.caption", image.and_then(|image| image.caption.as_deref()), Bound::CAPTION);
                check("content.source.name", source.map(|source| source.name.as_str()), Bound::LINE);
                check("content.source.url", source.and_then(|source| source.url.as_deref()), Bound::URL);
                let delivery = article.delivery.as_deref();
                check("content.delivery.place", delivery.and_then(|said| said.place.as_deref()), Bound::LINE);
                check("content.delivery.note", delivery.and_then(|said| said.note.as_deref()), Bound::NOTE);
            }
            Self::Decree(decree) => {
                let office = decree.signatory.as_ref().and_then(|signatory| signatory.office.as_deref());
                check("content.signatory.office", office, Bound::LINE);
                for (place, relation) in decree.relations.iter().enumerate() {
                    check(&format!("content.relations.{place}.note"), relation.note.as_deref(), Bound::NOTE);
                }
            }
        }
        problems
    }

    /// Cuts what is too long of a content that comes from elsewhere, and leaves out what no text can hold. A title that is cut stands
    /// whole in the summary, if that is empty. Bodies, URLs and numbers are not cut: they would be something else.
    pub fn shorten(&mut self) -> Vec<Cut> {
        let mut cuts = Vec::new();
        let mut cut = |field: &'static str, text: &mut Option<String>, bound: Bound| {
            let text = text.as_mut()?;
            text.retain(|character| character != '\0');
            if LINES.contains(&field) {
                *text = one_line(text).into_owned();
            }
            let short = bound.cut(text)?;
            cuts.push(Cut { field, bound });
            Some(std::mem::replace(text, short))
        };
        match self {
            Self::Article(article) => {
                let whole = cut("title", &mut article.title, Bound::TITLE);
                article.summary = article.summary.take().or(whole);
                cut("summary", &mut article.summary, Bound::SUMMARY);
                for (field, text, bound) in article.texts_mut().into_iter().filter(|(.., bound)| is_cut(*bound)) {
                    cut(field, text, bound);
                }
                if let Some(image) = &mut article.lead_image {
                    cut("leadImage.alt", &mut image.alt, Bound::CAPTION);
                    cut("leadImage.caption", &mut image.caption, Bound::CAPTION);
                }
                if let Some(source) = &mut article.source {
                    let mut name = Some(std::mem::take(&mut source.name));
                    cut("source.name", &mut name, Bound::LINE);
                    source.name = name.unwrap_or_default();
                }
            }
            Self::Decree(decree) => {
                let whole = cut("title", &mut decree.title, Bound::TITLE_OF_ACT);
                decree.summary = decree.summary.take().or(whole);
                cut("summary", &mut decree.summary, Bound::SUMMARY);
                for (field, text, bound) in decree.texts_mut().into_iter().filter(|(.., bound)| is_cut(*bound)) {
                    cut(field, text, bound);
                }
            }
        }
        cuts
    }
}

/// The texts that are one line, of those that are cut.
const LINES: [&str; 3] = ["title", "kicker", "dateline"];

/// Whether a text of this bound is still what it was when it is cut.
fn is_cut(bound: Bound) -> bool {
    bound != Bound::URL && bound != Bound::NUMBER
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        article::{ArticleContent, Source},
        decree::DecreeContent,
        rich_text::Format,
    };

    #[test]
    fn each_text_has_a_bound_of_its_own() {
        let long = || Some("x".repeat(20_001));
        let article = Content::Article(ArticleContent {
            title: long(),
            summary: long(),
            kicker: long(),
            dateline: long(),
            rights: long(),
            canonical_url: long(),
            source: Some(Source { name: "x".repeat(301), url: long() }),
            body: Some(RichText::new(Format::Markdown, "x ".repeat(600_000))),
            ..Default::default()
        });
        let problems = article.text_problems();
        assert!(problems.iter().all(|problem| problem.code == ProblemCode::TooLong));
        assert_eq!(problems.len(), 9, "{problems:?}");
        assert_eq!(problems[0].message, "this has 20001 characters, and may have 300");
        // Official titles say what they amend.
        let decree = Content::Decree(DecreeContent { title: Some("x".repeat(1_000)), ..Default::default() });
        assert_eq!(decree.text_problems(), []);
        let decree = Content::Decree(DecreeContent { number: Some("1\0".into()), ..Default::default() });
        assert_eq!(decree.text_problems()[0].code, ProblemCode::Invalid);
    }

    #[test]
    fn a_title_from_elsewhere_is_one_line() {
        let lines = || Some("One\nand\ttwo".to_owned());
        let article = ArticleContent { title: lines(), kicker: lines(), summary: lines(), ..Default::default() };
        let mut content = Content::Article(article);
        assert_eq!(content.shorten(), []);
        let Content::Article(article) = content else { unreachable!("it was one") };
        assert_eq!((article.title.as_deref(), article.kicker.as_deref()), (Some("One and two"), Some("One and two")));
        assert_eq!(article.summary, lines());
    }

    #[test]
    fn a_title_that_is_cut_stands_whole_in_the_summary() {
        let title = "Words of a title ".repeat(30);
        let mut content = Content::Article(ArticleContent { title: Some(title.clone()), ..Default::default() });
        assert_eq!(content.shorten(), [Cut { field: "title", bound: Bound::TITLE }]);
        assert_eq!(content.text_problems(), []);
        assert_eq!(content.summary(), Some(title.as_str()));
        let again = content.clone();
        assert_eq!(content.shorten(), []);
        assert_eq!(content, again);
    }
}
