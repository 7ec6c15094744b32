//! Reads: over which windows they are counted, and what makes an entry one of the most read.
//!
//! Reads are kept in buckets of time, an hour or a day each. The score of an entry over a window is made of the buckets in it, each
//! of which weighs half as much for each half-life that has passed since it began. All scores decay alike, so that their order
//! stays what it is while nobody reads and no bucket leaves the window: nothing has to be written for time to pass.

use jiff::{SignedDuration, Timestamp};

use crate::{
    entry::EntryKind,
    global_id::{GlobalId, NodeKind},
    id::EntryId,
    locale::Locale,
};

/// What is read: one language of an entry, be it live or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EditionName {
    /// The entry.
    pub entry: EntryId,
    /// Its language.
    pub locale: Locale,
    /// Whether it is an article or an act.
    pub kind: EntryKind,
}

impl EditionName {
    /// Reads the global id of an article or an act; none when it is something else's, or none of ours.
    #[must_use]
    pub fn of_global_id(text: &str) -> Option<Self> {
        let GlobalId { kind, id, locale } = GlobalId::decode(text)?;
        let kind = match kind {
            NodeKind::Article => EntryKind::Article,
            NodeKind::Decree => EntryKind::Decree,
            _ => return None,
        };
        Some(Self { entry: id.into(), locale, kind })
    }
}

/// The day of a time: days since 1970, in UTC.
#[must_use]
pub fn day_of(at: Timestamp) -> i32 {
    // Times have seven digits of days at the most.
    i32::try_from(at.as_second().div_euclid(86_400)).unwrap_or(i32::MAX)
}

/// A window of time that ends now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadingWindow {
    /// 24 hours; a read weighs half as much after 6.
    Day,
    /// 7 days; a read weighs half as much after 42 hours.
    Week,
    /// 30 days; a read weighs half as much after seven and a half.
    Month,
}

/// How much time a bucket holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// An hour.
    Hour,
    /// A day, in UTC.
    Day,
}

/// The reads of an entry within a bucket of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// How long it is.
    pub span: Span,
    /// When it begins.
    pub start: Timestamp,
    /// How many there were.
    pub reads: i64,
}

impl Span {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Hour, Self::Day];

    const fn micros(self) -> i64 {
        match self {
            Self::Hour => 3_600_000_000,
            Self::Day => 24 * 3_600_000_000,
        }
    }

    /// When the bucket begins that holds this time.
    #[must_use]
    pub fn start(self, at: Timestamp) -> Timestamp {
        let micros = at.as_microsecond();
        // A multiple at or before a time that there is, is one that there is, but for the first day of all.
        Timestamp::from_microsecond(micros - micros.rem_euclid(self.micros())).unwrap_or(at)
    }

    /// The widest window that is made of these buckets: they are kept for as long as they are in it.
    #[must_use]
    pub const fn kept_for(self) -> ReadingWindow {
        match self {
            Self::Hour => ReadingWindow::Day,
            Self::Day => ReadingWindow::Month,
        }
    }
}

impl ReadingWindow {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// How long it is.
    #[must_use]
    pub const fn length(self) -> SignedDuration {
        SignedDuration::from_hours(match self {
            Self::Day => 24,
            Self::Week => 7 * 24,
            Self::Month => 30 * 24,
        })
    }

    /// What it is made of.
    #[must_use]
    pub const fn span(self) -> Span {
        match self {
            Self::Day => Span::Hour,
            Self::Week | Self::Month => Span::Day,
        }
    }

    /// Buckets that begin at this time or before it have left the window.
    #[must_use]
    pub fn left_at(self, now: Timestamp) -> Timestamp {
        now.checked_sub(self.length()).unwrap_or(Timestamp::MIN)
    }

    /// After which time a read weighs half as much, in microseconds over the natural logarithm of two.
    #[expect(clippy::cast_precision_loss, reason = "hours")]
    fn decay(self) -> f64 {
        self.length().as_secs() as f64 * 1e6 / 4.0 / std::f64::consts::LN_2
    }
}

/// How much an entry was read over a window, in a form that decays without being touched: the time, in microseconds, at which a
/// single read would weigh as much as all of its reads together. Zero when there was none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(i64);

impl Score {
    /// The score of nobody's having read it.
    pub const NONE: Self = Self(0);

    /// The score that was kept as this number.
    #[must_use]
    pub const fn kept(number: i64) -> Self {
        Self(number)
    }

    /// The number to keep.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The score over a window, of those buckets that are in it now.
    #[must_use]
    pub fn of(window: ReadingWindow, buckets: &[Bucket], now: Timestamp) -> Self {
        let left = window.left_at(now);
        let within = buckets.iter().filter(|bucket| bucket.span == window.span() && bucket.start > left);
        within.fold(Self::NONE, |score, bucket| score.with(window, bucket.start, bucket.reads))
    }

    /// The same with so many more reads in the bucket that begins then.
    #[must_use]
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a microsecond decides nothing")]
    pub fn with(self, window: ReadingWindow, start: Timestamp, reads: i64) -> Self {
        if reads <= 0 {
            return self;
        }
        let decay = window.decay();
        // Their differences are small, so that nothing of a microsecond is lost.
        let start = start.as_microsecond();
        let added = decay * (reads as f64).ln();
        if self.0 == 0 {
            return Self((start.saturating_add(added as i64)).max(1));
        }
        let known = self.0.saturating_sub(start) as f64;
        let (more, less) = if known >= added { (known, added) } else { (added, known) };
        let sum = more + decay * ((less - more) / decay).exp().ln_1p();
        Self(start.saturating_add(sum as i64).max(1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn hour(start: &str, reads: i64) -> Bucket {
        Bucket { span: Span::Hour, start: at(start), reads }
    }

    #[test]
    fn buckets_begin_with_their_hour_and_day() {
        let time = at("2026-11-29T22:48:01.5Z");
        assert_eq!(Span::Hour.start(time), at("2026-11-29T22:00:00Z"));
        assert_eq!(Span::Day.start(time), at("2026-11-29T00:00:00Z"));
        assert_eq!(Span::Day.start(at("1969-12-31T01:00:00Z")), at("1969-12-31T00:00:00Z"));
    }

    #[test]
    fn what_is_read_later_weighs_more() {
        let now = at("2026-11-29T22:48:00Z");
        let score = |buckets: &[Bucket]| Score::of(ReadingWindow::Day, buckets, now);
        let early = score(&[hour("2026-11-29T10:00:00Z", 7)]);
        let late = score(&[hour("2026-11-29T22:00:00Z", 2)]);
        // Twelve hours are two half-lives: seven weigh less than two now, and nine more.
        assert!(early < late);
        assert!(score(&[hour("2026-11-29T10:00:00Z", 9)]) > late);
        assert!(score(&[]) < early);
    }

    #[test]
    fn what_has_left_the_window_weighs_nothing() {
        let now = at("2026-11-29T22:48:00Z");
        let many = [hour("2026-11-28T22:00:00Z", 1_000_000)];
        assert_eq!(Score::of(ReadingWindow::Day, &many, now), Score::NONE);
        assert!(Score::of(ReadingWindow::Day, &many, at("2026-11-29T21:59:59Z")) > Score::NONE);
        // Days are made of hours, weeks of days.
        assert_eq!(Score::of(ReadingWindow::Week, &many, now), Score::NONE);
        let day = [Bucket { span: Span::Day, start: at("2026-11-23T00:00:00Z"), reads: 3 }];
        assert!(Score::of(ReadingWindow::Week, &day, now) > Score::NONE);
        assert_eq!(Score::of(ReadingWindow::Week, &day, at("2026-11-30T00:00:00Z")), Score::NONE);
        assert!(Score::of(ReadingWindow::Month, &day, at("2026-11-30T00:00:00Z")) > Score::NONE);
    }

    proptest! {
        #[test]
        fn it_does_not_matter_in_which_order_reads_come(
            reads in proptest::collection::vec((0_i64..24, 1_i64..100_000), 1..40),
            window in 0_usize..3,
        ) {
            let window = ReadingWindow::ALL[window];
            let start = at("2026-11-28T00:00:00Z");
            let add = |score: Score, (hour, reads): &(i64, i64)| {
                score.with(window, start + SignedDuration::from_hours(*hour), *reads)
            };
            let one = reads.iter().fold(Score::NONE, add);
            let other = reads.iter().rev().fold(Score::NONE, add);
            prop_assert!((one.number() - other.number()).abs() < 1_000, "{one:?} {other:?}");
            // More is more.
            prop_assert!(add(one, &(0, 100_000)) > one);
        }

        #[test]
        fn as_many_at_the_same_time_are_more_than_fewer(fewer in 1_i64..1_000_000) {
            let score = |reads| Score::NONE.with(ReadingWindow::Month, at("2026-11-28T00:00:00Z"), reads);
            prop_assert!(score(fewer) < score(fewer + 1));
        }
    }
}
