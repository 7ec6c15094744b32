//! Raised and lowered signs of a text, which has one size only: as Unicode's superscripts and subscripts (The Unicode Standard, §22.4)
//! where there are some for all of them, and never so that two numbers become one.

/// Which way signs are out of their line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// What stands in the place of signs behind what is in front of them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) size: Size,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// As the signs were.
    Plain,
    Small,
    /// The mark of a note, in brackets.
    Note,
}

/// Signs as they are shown. `leads` says that they lead to another place of the text.
pub(super) fn shown(before: &str, signs: &str, way: Way, leads: bool) -> Shown {
    let words = signs.trim();
    let is_said = words.contains(char::is_alphanumeric);
    let is_bracketed = words.starts_with('[') && words.ends_with(']');
    if way == Way::Up && is_said && (leads || is_bracketed) {
        let is_bracketed = is_bracketed || words.starts_with('(') && words.ends_with(')');
        let mark = if is_bracketed { words.to_owned() } else { format!("[{words}]") };
        return Shown { text: format!(" {mark}"), size: Size::Note };
    }
    if let Some(text) = small(signs, way) {
        return Shown { text, size: Size::Small };
    }
    let meets = before.ends_with(char::is_numeric) && signs.starts_with(char::is_numeric);
    let text = match (meets, way) {
        (false, _) => signs.to_owned(),
        (true, Way::Up) => format!("^{signs}"),
        (true, Way::Down) => format!("_{signs}"),
    };
    Shown { text, size: Size::Plain }
}

/// The same in small signs, if there is one for each.
fn small(signs: &str, way: Way) -> Option<String> {
    const PLAIN: &str = "0123456789+-−–=()ni";
    let all: Vec<char> = match way {
        Way::Up => "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ",
        Way::Down => "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₙᵢ",
    }
    .chars()
    .collect();
    let small = |c| if c == ' ' { Some(c) } else { all.get(PLAIN.chars().position(|plain| plain == c)?).copied() };
    signs.chars().map(small).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(before: &str, signs: &str, way: Way) -> String {
        before.to_owned() + &shown(before, signs, way, false).text
    }

    #[test]
    fn signs_are_small_where_all_of_them_can_be() {
        for (before, signs, text) in [
            ("Article 15", "1", "Article 15¹"),
            ("x", "2(n+1)−i", "x²⁽ⁿ⁺¹⁾⁻ⁱ"),
            ("10", "-5 ", "10⁻⁵ "),
            ("1", "st", "1st"),
            ("№", "o", "№o"),
            ("M", "me", "Mme"),
            ("m", "2*", "m2*"),
            ("27", "1.2", "27^1.2"),
            ("27", "1bis", "27^1bis"),
            ("27 ", "1.2", "27 1.2"),
            ("٢٧", "١", "٢٧^١"),
            ("", "", ""),
        ] {
            assert_eq!(of(before, signs, Way::Up), text);
        }
        for (before, signs, text) in
            [("H", "2", "H₂"), ("a", "n-1", "aₙ₋₁"), ("v", "max", "vmax"), ("3", "1,2", "3_1,2")]
        {
            assert_eq!(of(before, signs, Way::Down), text);
        }
    }

    #[test]
    fn marks_of_notes_are_set_apart() {
        for (signs, leads, mark) in
            [("1", true, " [1]"), ("a, b", true, " [a, b]"), ("[1]", false, " [1]"), ("(1)", true, " (1)")]
        {
            assert_eq!(shown("100", signs, Way::Up, leads), Shown { text: mark.to_owned(), size: Size::Note });
        }
        for (signs, way, text) in [("*", Way::Up, "*"), ("↩", Way::Up, "↩"), ("1", Way::Down, "₁")] {
            assert_eq!(shown("H", signs, way, true).text, text);
        }
    }
}
