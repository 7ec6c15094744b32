//! Where a text fits what was asked for, to be shown.

use std::collections::HashSet;

use crate::{
    analysis::{Language, Word, words},
    query::{Ask, Form},
};

/// A part of a text, with what was asked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// The text, as it is.
    pub text: String,
    /// Where something was found in it: begins and ends, in UTF-16 code units, as JavaScript counts.
    pub marks: Vec<(u32, u32)>,
    /// The text as HTML that is safe whatever it holds: what was found is in `mark`, all else is text.
    pub html: String,
    /// Whether the text goes on before it.
    pub cut_before: bool,
    /// Whether the text goes on after it.
    pub cut_after: bool,
}

/// Knows where a text fits.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    exact: HashSet<String>,
    beginnings: Vec<String>,
    /// Words that are found in other forms, too.
    free: Vec<String>,
    /// Words that count only one after the other.
    phrases: Vec<Vec<String>>,
}

impl Matcher {
    pub(crate) fn new(ask: &Ask) -> Self {
        let mut matcher = Self::default();
        for part in ask.wanted() {
            match (part.form, part.words.as_slice()) {
                (Form::Phrase, [_, _, ..]) => matcher.phrases.push(part.words.clone()),
                (Form::Phrase, words) => matcher.exact.extend(words.iter().cloned()),
                (Form::Word, words) => matcher.free.extend(words.iter().cloned()),
                (Form::Prefix, words) => matcher.beginnings.extend(words.last().cloned()),
            }
        }
        matcher
    }

    /// The words of a text that fit: each with the number of what it fits.
    fn found(&self, all: &[Word], language: Language) -> Vec<(usize, usize)> {
        let sought: Vec<HashSet<String>> = self
            .free
            .iter()
            .map(|word| language.sought(word).into_iter().map(|sought| sought.term).collect())
            .collect();
        let mut found = Vec::new();
        for (at, word) in all.iter().enumerate() {
            let free = self.free.iter().position(|asked| *asked == word.exact).or_else(|| {
                // Whoever asks for nothing but phrases need not wait for stems.
                let (stem, without_marks) = sought.first().map(|_| language.stems(&word.exact))?;
                let fits = |sought: &HashSet<String>| {
                    sought.contains(&stem) || without_marks.as_ref().is_some_and(|stem| sought.contains(stem))
                };
                sought.iter().position(fits)
            });
            if let Some(free) = free {
                found.push((at, free));
            } else if self.exact.contains(&word.exact)
                || self.beginnings.iter().any(|beginning| word.exact.starts_with(beginning.as_str()))
            {
                found.push((at, self.free.len()));
            }
            for (number, phrase) in self.phrases.iter().enumerate() {
                let here = all[at..].iter().map(|word| &word.exact).take(phrase.len());
                if here.eq(phrase.iter()) {
                    found.extend((at..at + phrase.len()).map(|at| (at, self.free.len() + 1 + number)));
                }
            }
        }
        found.sort_unstable();
        found.dedup_by_key(|(at, _)| *at);
        found
    }

    /// The whole of a short text, a title, with what fits.
    #[must_use]
    pub fn whole(&self, text: &str, language_tag: &str) -> Fragment {
        let all: Vec<Word> = words(text).collect();
        let found = self.found(&all, Language::of(language_tag));
        let marks: Vec<&Word> = found.iter().filter_map(|(at, _)| all.get(*at)).collect();
        fragment(text, 0, text.len(), &marks)
    }

    /// The parts of a text that fit best: up to so many, of about so many letters each, in the order of the text. None where nothing fits.
    #[must_use]
    pub fn fragments(&self, text: &str, language_tag: &str, most: usize, letters: usize) -> Vec<Fragment> {
        let all: Vec<Word> = words(text).collect();
        let found = self.found(&all, Language::of(language_tag));
        let mut taken: Vec<(usize, usize)> = Vec::new();
        let mut left = found.clone();
        while taken.len() < most {
            let Some((from, to)) = best(&all, &left, letters) else { break };
            left.retain(|(at, _)| all.get(*at).is_some_and(|word| word.to <= from || word.from >= to));
            if taken.iter().all(|(begins, ends)| to <= *begins || from >= *ends) {
                taken.push((from, to));
            }
        }
        taken.sort_unstable();
        let within = |from, to| {
            let words = found.iter().filter_map(|(at, _)| all.get(*at));
            words.filter(|word| word.from >= from && word.to <= to).collect::<Vec<_>>()
        };
        taken.into_iter().map(|(from, to)| fragment(text, from, to, &within(from, to))).collect()
    }
}

/// The stretch of so many bytes that has the most different things in it.
fn best(all: &[Word], found: &[(usize, usize)], letters: usize) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize, usize)> = None;
    for (first, (at, _)) in found.iter().enumerate() {
        let begins = all.get(*at)?.from;
        let within =
            found[first..].iter().take_while(|(at, _)| all.get(*at).is_some_and(|word| word.to <= begins + letters));
        let kinds: HashSet<usize> = within.clone().map(|(_, kind)| *kind).collect();
        let score = 100 * kinds.len() + within.count();
        if best.is_none_or(|(most, ..)| score > most) {
            best = Some((score, *at, begins));
        }
    }
    let (_, at, begins) = best?;
    // Some words before it, so that it can be read.
    let lead = letters / 4;
    let from = all[..=at].iter().rev().map(|word| word.from).take_while(|from| begins - from <= lead).last()?;
    let to = all[at..].iter().map(|word| word.to).take_while(|to| *to <= from + letters).last();
    Some((from, to.unwrap_or(all.get(at)?.to)))
}

fn fragment(text: &str, from: usize, to: usize, marked: &[&Word]) -> Fragment {
    let (mut html, mut marks) = (String::new(), Vec::new());
    let (mut at, mut units) = (from, 0);
    let count = |part: &str| u32::try_from(part.encode_utf16().count()).unwrap_or(u32::MAX);
    for word in marked {
        let (Some(before), Some(inside)) = (text.get(at..word.from), text.get(word.from..word.to)) else { continue };
        escape(before, &mut html);
        html.push_str("<mark>");
        escape(inside, &mut html);
        html.push_str("</mark>");
        units += count(before);
        marks.push((units, units + count(inside)));
        units += count(inside);
        at = word.to;
    }
    escape(text.get(at..to).unwrap_or_default(), &mut html);
    Fragment {
        text: text.get(from..to).unwrap_or_default().to_owned(),
        marks,
        html,
        cut_before: words(text.get(..from).unwrap_or_default()).next().is_some(),
        cut_after: words(text.get(to..).unwrap_or_default()).next().is_some(),
    }
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // HTML has no form for these.
            c if c.is_control() && !c.is_whitespace() => html.push('\u{fffd}'),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matcher(typed: &str) -> Matcher {
        Matcher::new(&Ask::read(typed, |_, _| None))
    }

    #[test]
    fn what_fits_is_marked_and_all_else_is_text() {
        let whole = matcher("suw \"a b\"").whole("Suwuň <b>a b</b> & b 'a' 👩 suw", "tk");
        assert_eq!(
            whole.html,
            "<mark>Suwuň</mark> &lt;b&gt;<mark>a</mark> <mark>b</mark>&lt;/b&gt; &amp; b &#39;a&#39; 👩 <mark>suw</mark>"
        );
        let utf16: Vec<u16> = whole.text.encode_utf16().collect();
        let marked: Vec<String> = whole
            .marks
            .iter()
            .map(|(from, to)| String::from_utf16(&utf16[*from as usize..*to as usize]).unwrap())
            .collect();
        assert_eq!(marked, ["Suwuň", "a", "b", "suw"]);
    }

    #[test]
    fn the_best_parts_come_in_the_order_of_the_text() {
        let text = format!(
            "{} water. {} the water tax rose {}",
            "filler ".repeat(60),
            "filler ".repeat(60),
            "filler ".repeat(60)
        );
        let parts = matcher("taxes water").fragments(&text, "en", 2, 100);
        assert_eq!(parts.len(), 2);
        assert!(parts[0].html.contains("<mark>water</mark>") && !parts[0].html.contains("tax"));
        assert!(parts[1].html.contains("<mark>water</mark> <mark>tax</mark> rose"), "{}", parts[1].html);
        assert!(parts.iter().all(|part| part.cut_before && part.cut_after && part.text.len() <= 130));
        assert!(matcher("snow").fragments(&text, "en", 2, 100).is_empty());
    }
}
