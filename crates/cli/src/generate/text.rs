//! Titles, summaries and bodies, from patterns with gaps.

use super::{
    random::Random,
    topics::Topic,
    words::{BODIES, MONTHS, PLACES, SENTENCES, SUMMARIES, TITLES, WEEKDAYS},
};

/// How many sentences the shortest and the longest paragraph have.
const SENTENCES_OF_PARAGRAPH: (u64, u64) = (3, 4);

/// Writes about one topic.
pub(super) struct Writer {
    pub(super) topic: &'static Topic,
}

impl Writer {
    pub(super) fn title(&self, random: &mut Random) -> String {
        let mut title = String::with_capacity(80);
        self.fill(&mut title, random.one_of(TITLES), random);
        capitalise(&title)
    }

    pub(super) fn summary(&self, random: &mut Random) -> String {
        self.sentence(random.one_of(SUMMARIES), random)
    }

    pub(super) fn place(&self, random: &mut Random) -> &'static str {
        random.one_of(PLACES)
    }

    /// Three to five paragraphs of Markdown; some have a heading, a list or emphasis in them.
    pub(super) fn body(&self, random: &mut Random) -> String {
        let mut body = String::with_capacity(1000);
        let paragraphs = 3 + random.below(3);
        // No sentence comes twice.
        let mut sentences = SENTENCES.to_vec();
        random.shuffle(&mut sentences);
        let mut sentences = sentences.into_iter();
        let heading = (paragraphs > 3 && random.chance(30)).then_some(2);
        let list = random.chance(10).then_some(1);
        for paragraph in 0..paragraphs {
            if paragraph > 0 {
                body.push_str("\n\n");
            }
            if heading == Some(paragraph) {
                body.push_str("## ");
                body.push_str(&capitalise(random.one_of(self.topic.things)));
                body.push_str("\n\n");
            }
            let (least, most) = SENTENCES_OF_PARAGRAPH;
            for sentence in 0..least + random.below(most - least + 1) {
                if sentence > 0 {
                    body.push(' ');
                }
                body.push_str(&self.sentence(sentences.next().unwrap_or_default(), random));
            }
            if list == Some(paragraph) {
                body.push('\n');
                for thing in random.some_of(self.topic.things, 2, 3) {
                    body.push_str("\n- ");
                    body.push_str(thing);
                }
            }
        }
        body
    }

    fn sentence(&self, pattern: &str, random: &mut Random) -> String {
        let mut sentence = String::with_capacity(120);
        self.fill(&mut sentence, pattern, random);
        capitalise(&sentence)
    }

    /// Writes a pattern with its gaps filled. A gap is a word in braces.
    fn fill(&self, out: &mut String, pattern: &str, random: &mut Random) {
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let (gap, after) = after.split_once('}').unwrap_or((after, ""));
            match gap {
                "body" => out.push_str(random.one_of(BODIES)),
                "thing" => out.push_str(random.one_of(self.topic.things)),
                "place" => out.push_str(random.one_of(PLACES)),
                "month" => out.push_str(random.one_of(MONTHS)),
                "weekday" => out.push_str(random.one_of(WEEKDAYS)),
                "year" => out.push_str(&(2015 + random.below(12)).to_string()),
                "many" => out.push_str(&(11 + random.below(880)).to_string()),
                // "few"
                _ => out.push_str(&(2 + random.below(8)).to_string()),
            }
            rest = after;
        }
        out.push_str(rest);
    }
}

fn capitalise(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
