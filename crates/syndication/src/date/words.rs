//! A date read word by word, in whichever order they are.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::Offset,
};

use super::Reading;

/// Months by how they begin, in English and in Russian.
const MONTHS: [[&str; 3]; 12] = [
    ["jan", "янв", "янв"],
    ["feb", "фев", "фев"],
    ["mar", "мар", "мар"],
    ["apr", "апр", "апр"],
    ["may", "май", "мая"],
    ["jun", "июн", "июн"],
    ["jul", "июл", "июл"],
    ["aug", "авг", "авг"],
    ["sep", "сен", "сен"],
    ["oct", "окт", "окт"],
    ["nov", "ноя", "ноя"],
    ["dec", "дек", "дек"],
];

/// Zones by name, with their minutes east of UTC. Names that several zones have are not among them, but for `BST` and
/// those of the United States, which RFC 2822 knows.
const ZONES: [(&str, i32); 38] = [
    ("Z", 0),
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("MEZ", 60),
    ("CEST", 120),
    ("MESZ", 120),
    ("EET", 120),
    ("SAST", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("TRT", 180),
    ("MSD", 240),
    ("PKT", 300),
    ("TMT", 300),
    ("UZT", 300),
    ("HKT", 480),
    ("SGT", 480),
    ("JST", 540),
    ("KST", 540),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("EDT", -240),
    ("EST", -300),
    ("CDT", -300),
    ("CST", -360),
    ("MDT", -360),
    ("MST", -420),
    ("PDT", -420),
    ("PST", -480),
    ("AKST", -540),
    ("HST", -600),
];

/// What the words of a date said so far.
#[derive(Default)]
struct Words {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<(i8, i8, i8)>,
    /// Whether the hours are those after noon, on a clock of twelve.
    afternoon: Option<bool>,
    offset: Option<i32>,
    unknown_zone: Option<String>,
}

/// Reads a date.
pub(super) fn read(text: &str) -> Option<Reading> {
    let mut words = Words::default();
    let text = text.split('(').next().unwrap_or_default();
    for word in text.split([' ', ',', '\t', '\n', '\r', '\u{a0}']).filter(|word| !word.is_empty()) {
        // The `T` of ISO 8601, in what is else not by it.
        match word.split_once('T').filter(|(day, time)| is_digit(day) && is_digit(time)) {
            Some((day, time)) => words.take(day).and_then(|()| words.take(time))?,
            None => words.take(word)?,
        }
    }
    words.reading()
}

impl Words {
    /// Takes a word; `None` when it is none of a date.
    fn take(&mut self, word: &str) -> Option<()> {
        if word.starts_with(['+', '-']) {
            return set(&mut self.offset, offset(word)?);
        }
        if !is_digit(word) {
            return self.name(word);
        }
        if word.contains(':') {
            return self.clock(word);
        }
        let parts: Vec<&str> = word.split(['.', '-', '/']).filter(|part| !part.is_empty()).collect();
        match parts[..] {
            [year, month, day] if year.len() == 4 => self.date(year, month, day),
            // With slashes, nobody knows whether the month comes first.
            [day, month, year] if year.len() == 4 && !word.contains('/') => self.date(year, month, day),
            [number] => self.number(number.trim_end_matches(|c: char| c.is_ascii_lowercase())),
            _ => None,
        }
    }

    fn date(&mut self, year: &str, month: &str, day: &str) -> Option<()> {
        let month = month.parse().ok().or_else(|| month_of(month))?;
        set(&mut self.year, year.parse().ok()?)?;
        set(&mut self.month, month)?;
        set(&mut self.day, day.parse().ok()?)
    }

    /// A number alone is a year of four digits, else the day, else a year of two (RFC 2822 §4.3).
    fn number(&mut self, text: &str) -> Option<()> {
        let number: i16 = text.parse().ok()?;
        match (text.len(), self.day) {
            (4, _) => set(&mut self.year, number),
            (1 | 2, None) => set(&mut self.day, i8::try_from(number).ok()?),
            (2, Some(_)) => set(&mut self.year, if number < 50 { 2000 + number } else { 1900 + number }),
            _ => None,
        }
    }

    /// `18:05`, `18:05:00`, `18:05:00.123`, `6:05pm`, `18:05:00Z`, `18:05:00+0300`.
    fn clock(&mut self, word: &str) -> Option<()> {
        let length = word.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(word.len());
        let (clock, behind) = word.split_at(length);
        let mut parts = clock.split(':');
        let hour = parts.next()?.parse().ok()?;
        let minute = parts.next()?.parse().ok()?;
        let second = parts.next().map_or(Some(0), |second| second.split('.').next()?.parse().ok())?;
        if parts.next().is_some() {
            return None;
        }
        set(&mut self.time, (hour, minute, second))?;
        if behind.is_empty() { Some(()) } else { self.take(behind) }
    }

    /// A month, a zone, half a day, or what says nothing new.
    fn name(&mut self, word: &str) -> Option<()> {
        const SAYS_NOTHING: [&str; 5] = ["at", "of", "в", "г", "года"];
        let bare = word.trim_end_matches('.');
        let small = bare.to_lowercase();
        match small.as_str() {
            "am" | "a.m" => return set(&mut self.afternoon, false),
            "pm" | "p.m" => return set(&mut self.afternoon, true),
            small if SAYS_NOTHING.contains(&small) => return Some(()),
            _ => {}
        }
        if let Some(month) = month_of(bare).filter(|_| bare.chars().all(char::is_alphabetic)) {
            return set(&mut self.month, month);
        }
        if let Some((_, minutes)) = ZONES.iter().find(|(zone, _)| zone.eq_ignore_ascii_case(bare)) {
            return set(&mut self.offset, *minutes);
        }
        let shift = ["GMT", "UTC", "UT"].into_iter().find_map(|zone| bare.strip_prefix(zone));
        if let Some(shift) = shift.filter(|shift| shift.starts_with(['+', '-'])) {
            return set(&mut self.offset, offset(shift)?);
        }
        // Before the time it is a day of the week, whichever language it is in.
        if self.time.is_some() {
            self.unknown_zone.get_or_insert_with(|| word.to_owned());
        }
        Some(())
    }

    fn reading(self) -> Option<Reading> {
        let date = Date::new(self.year?, self.month?, self.day?).ok()?;
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

fn month_of(word: &str) -> Option<i8> {
    let start: String = word.chars().take(3).collect::<String>().to_lowercase();
    let index = MONTHS.iter().position(|names| names.contains(&start.as_str()))?;
    i8::try_from(index + 1).ok()
}

/// `+0300`, `-03:30`, `+3`, in minutes.
fn offset(word: &str) -> Option<i32> {
    let (sign, digits) = if let Some(digits) = word.strip_prefix('-') { (-1, digits) } else { (1, word.get(1..)?) };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        None if digits.len() <= 2 => (digits, "0"),
        None => return None,
    };
    let part = |text: &str, most: i32| text.parse::<u8>().ok().map(i32::from).filter(|part| *part <= most);
    Some(sign * (part(hours, 23)? * 60 + part(minutes, 59)?))
}
