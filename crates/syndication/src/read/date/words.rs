//! A date read word by word, in whichever order they are.

use std::borrow::Cow;

use courant_domain::zone::ZoneName;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::Offset,
};

use super::{
    DayOrder, Reading,
    names::{folded, is_day},
    order::century,
    zones::{named, offset},
};

/// Words that say nothing of the date: "of", "at", "o'clock", "year".
const FILLERS: &[&str] = &[
    "a", "alle", "am", "as", "at", "de", "del", "den", "der", "do", "godz", "godzina", "h", "hrs", "kl", "klo", "la",
    "las", "le", "o", "of", "om", "ora", "ore", "orele", "os", "r", "roku", "saat", "sagat", "the", "u", "uhr", "um",
    "y", "yil", "yili", "yyl", "yylyn", "в", "во", "г", "года", "году", "год", "о", "об", "ж", "жыл", "жылы", "р",
    "року", "году", "час", "ч",
];

/// What stands behind the number of a day or a year without a space: "1st", "1er", "2-nji".
const ENDINGS: &[&str] = &[
    "st", "nd", "rd", "th", "er", "re", "e", "º", "°", "ª", "o", "a", "nji", "njy", "inji", "го", "й", "е", "я", "ого",
    "го", "те", "de", "da", "г",
];

/// What the words of a date said so far.
#[derive(Default)]
struct Words {
    order: DayOrder,
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<(i8, i8, i8)>,
    /// Whether the hours are those after noon, on a clock of twelve.
    afternoon: Option<bool>,
    offset: Option<i32>,
    unknown_zone: Option<String>,
    /// Words that name a month and a day of the week, each in one language, and whether they stand before the day.
    doubtful: Vec<(i8, bool)>,
    weekdays: u8,
}

/// Reads a date.
pub(super) fn read(text: &str, order: DayOrder, zone: &ZoneName) -> Option<Reading> {
    let mut words = Words { order, ..Words::default() };
    let (text, comment) = text.split_once('(').unwrap_or((text, ""));
    let text = with_hours(text);
    let text = with_halves(&text);
    for word in text.split([' ', '\t', '\n', '\r', '\u{a0}', '\u{202f}']).flat_map(|part| part.split_inclusive(',')) {
        let (word, is_listed) = word.strip_suffix(',').map_or((word, false), |word| (word, true));
        if word.is_empty() {
            continue;
        }
        // The `T` of ISO 8601, in what is else not by it.
        match word.split_once('T').filter(|(day, time)| is_digit(day) && is_digit(time)) {
            Some((day, time)) => words.take(day, false).and_then(|()| words.take(time, false))?,
            None => words.take(word, is_listed)?,
        }
    }
    // Behind an offset, what is in brackets says it once more.
    if words.offset.is_none() && words.unknown_zone.is_none() {
        words.offset = named(comment.split(')').next().unwrap_or_default().trim());
    }
    words.reading(zone)
}

impl Words {
    /// Takes a word; `None` when it is none of a date.
    fn take(&mut self, word: &str, is_listed: bool) -> Option<()> {
        if word.starts_with(['+', '-', '−']) && word.len() > 1 {
            return set(&mut self.offset, offset(word)?);
        }
        if matches!(word, "-" | "–" | "—" | "|" | "/" | "·") {
            return Some(());
        }
        if !is_digit(word) {
            return self.name(word, is_listed);
        }
        if word.contains(':') || is_clock_of_french(word) {
            return self.clock(&word.replace('h', ":"));
        }
        let parts: Vec<&str> = word.split(['.', '-', '/']).filter(|part| !part.is_empty()).collect();
        match parts[..] {
            [year, month, day] if year.len() == 4 => self.date(year.parse().ok()?, month, day),
            [first, second, year] if year.len() == 4 => {
                let (month, day) = self.order.order(first, second)?;
                self.date(year.parse().ok()?, month, day)
            }
            [first, second, last] if first.len() == 2 && last.len() == 2 => {
                let (year, month, day) = self.order.of_short_year([first, second, last], word.contains('-'))?;
                self.date(year, month, day)
            }
            // Where all of the day was said, a point parts hours and minutes.
            [hour, minute]
                if word.contains('.')
                    && minute.len() == 2
                    && self.time.is_none()
                    && [self.year.is_some(), self.month.is_some(), self.day.is_some()] == [true; 3] =>
            {
                self.clock(&format!("{hour}:{minute}"))
            }
            [number, ending] if ENDINGS.contains(&folded(ending).as_str()) => self.number(number),
            [number] => self.number(without_ending(number)),
            _ => None,
        }
    }

    fn date(&mut self, year: i16, named: &str, day: &str) -> Option<()> {
        let month = named.parse().ok().or_else(|| self.order.month(&folded(named)))?;
        set(&mut self.year, year)?;
        set(&mut self.month, month)?;
        set(&mut self.day, day.parse().ok()?)
    }

    /// A number alone is a year of four digits, else the day, else a year of two (RFC 2822 §4.3).
    fn number(&mut self, text: &str) -> Option<()> {
        let number: i16 = text.parse().ok()?;
        match (text.len(), self.day) {
            (4, _) => set(&mut self.year, number),
            (1 | 2, None) => set(&mut self.day, i8::try_from(number).ok()?),
            (2, Some(_)) => set(&mut self.year, century(number)),
            _ => None,
        }
    }

    /// `18:05`, `18:05:00`, `18:05:00.123`, `6:05pm`, `18:05:00Z`, `18:05:00+0300`.
    fn clock(&mut self, word: &str) -> Option<()> {
        let length = word.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(word.len());
        let (clock, behind) = word.split_at(length);
        let mut parts = clock.trim_end_matches(['.', ':']).split(':');
        let hour = parts.next()?.parse().ok()?;
        let minute = parts.next().map_or(Some(0), |minute| minute.parse().ok())?;
        let second = parts.next().map_or(Some(0), |second| second.split('.').next()?.parse().ok())?;
        if parts.next().is_some() {
            return None;
        }
        set(&mut self.time, (hour, minute, second))?;
        if behind.is_empty() { Some(()) } else { self.take(behind, false) }
    }

    /// A month, a day of the week, a zone, half a day, or a word that says nothing; `None` for any other word, for what
    /// nobody knows may be the month.
    fn name(&mut self, word: &str, is_listed: bool) -> Option<()> {
        let bare = word.trim_end_matches('.');
        let folded = folded(bare);
        if self.time.is_some() {
            match bare.to_lowercase().as_str() {
                "am" | "a.m" => return set(&mut self.afternoon, false),
                "pm" | "p.m" => return set(&mut self.afternoon, true),
                _ => {}
            }
            let shift = ["GMT", "UTC", "UT"].into_iter().find_map(|zone| bare.strip_prefix(zone));
            if let Some(shift) = shift.filter(|shift| shift.starts_with(['+', '-', '−'])) {
                return set(&mut self.offset, offset(shift)?);
            }
            if let Some(minutes) = named(bare) {
                // `+0000 (UTC)` and `+0000 GMT` say it twice.
                return if self.offset == Some(minutes) { Some(()) } else { set(&mut self.offset, minutes) };
            }
        }
        // What stands before the day and has a comma behind it is a day of the week, and never the month.
        let is_before = self.day.is_none();
        let month = self.order.month(&folded).filter(|_| !(is_listed && is_before));
        match (month, is_day(&folded)) {
            (Some(month), true) => self.doubtful.push((month, is_before)),
            (Some(month), false) => set(&mut self.month, month)?,
            (None, true) => self.weekdays += 1,
            (None, false) if FILLERS.contains(&folded.as_str()) => {}
            // Behind the time it can only be a zone.
            (None, false) if self.time.is_some() && self.unknown_zone.is_none() => {
                self.unknown_zone = Some(word.to_owned());
            }
            (None, false) => return None,
        }
        Some(())
    }

    /// Says which of the words is the month that may be one. Where another is, they are days of the week; else the one
    /// behind the day is it, and of one alone the place does not matter.
    fn decide(&mut self) -> Option<()> {
        let mut weekdays = self.doubtful.len();
        if self.month.is_none() {
            let behind = self.doubtful.iter().filter(|(_, is_before)| !is_before);
            let (month, _) = match (&self.doubtful[..], behind.clone().count()) {
                ([one], _) => one,
                (_, 1) => behind.clone().next()?,
                _ => return None,
            };
            self.month = Some(*month);
            weekdays -= 1;
        }
        (usize::from(self.weekdays) + weekdays <= 1).then_some(())
    }

    fn reading(mut self, zone: &ZoneName) -> Option<Reading> {
        self.decide()?;
        let date = Date::new(self.year?, self.month?, self.day?).ok()?;
        if self.time.is_none() && self.offset.is_none() {
            return Some(Reading { moment: zone.day_begins(date), unknown_zone: self.unknown_zone });
        }
        let (hour, minute, second) = self.time.unwrap_or_default();
        let hour = match self.afternoon {
            None => hour,
            Some(_) if !(1..=12).contains(&hour) => return None,
            Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
        };
        let moment: DateTime = if (hour, minute, second) == (24, 0, 0) {
            date.checked_add(1.day()).ok()?.to_datetime(Time::midnight())
        } else {
            // A second that was let in between belongs to the minute.
            date.to_datetime(Time::new(hour, minute, second.min(59), 0).ok()?)
        };
        let offset = Offset::from_seconds(self.offset.unwrap_or_default() * 60).ok()?;
        let moment: Timestamp = offset.to_timestamp(moment).ok()?;
        Some(Reading { moment, unknown_zone: self.unknown_zone.filter(|_| self.offset.is_none()) })
    }
}

/// Sets what is not set yet; a date that says a thing twice is none.
fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.is_none().then(|| *place = Some(value))
}

fn is_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// The hours that stand apart, as in `18 h 30`, with their minutes.
fn with_hours(text: &str) -> Cow<'_, str> {
    let is_between = |at: usize| {
        text[..at].ends_with(|c: char| c.is_ascii_digit()) && text[at + 3..].starts_with(|c: char| c.is_ascii_digit())
    };
    match text.find(" h ").filter(|at| is_between(*at)) {
        Some(at) => Cow::Owned(format!("{}h{}", &text[..at], &text[at + 3..])),
        None => Cow::Borrowed(text),
    }
}

/// Half a day that is written in two words, as in Spanish `10:00 p. m.`, in one.
fn with_halves(text: &str) -> Cow<'_, str> {
    const SPACES: [char; 3] = [' ', '\u{a0}', '\u{202f}'];
    let parts = text.trim_end().trim_end_matches('.').rsplit_once(SPACES);
    let Some((front, last)) = parts else { return Cow::Borrowed(text) };
    let half = front.trim_end_matches('.');
    let is_half = half.strip_suffix(['a', 'p', 'A', 'P']).is_some_and(|time| time.ends_with(SPACES));
    if is_half && last.eq_ignore_ascii_case("m") { Cow::Owned(format!("{half}m")) } else { Cow::Borrowed(text) }
}

/// `18h30`, `18h`.
fn is_clock_of_french(word: &str) -> bool {
    let is_number = |text: &str| text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    word.split_once('h').is_some_and(|(hours, minutes)| is_number(hours) && is_number(minutes))
}

/// A number without what is written behind it.
fn without_ending(word: &str) -> &str {
    let length = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (number, ending) = word.split_at(length);
    if ending.is_empty() || ENDINGS.contains(&folded(ending).as_str()) { number } else { word }
}
