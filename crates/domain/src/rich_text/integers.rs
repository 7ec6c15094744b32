//! Integers in attributes, read as browsers read them (HTML standard, §2.3.4.1 and §2.3.4.2): what follows on the digits counts for nothing.

/// The integer that an attribute says, if it says one.
pub(super) fn signed(value: &str) -> Option<i32> {
    let value = value.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
    let (value, is_negative) = match value.strip_prefix('-') {
        Some(value) => (value, true),
        None => (value.strip_prefix('+').unwrap_or(value), false),
    };
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let number: i64 = value[..digits].parse().ok()?;
    (if is_negative { -number } else { number }).try_into().ok()
}

/// The integer of an attribute that has bounds: beyond the upper one it is that, and below the lower one none.
pub(super) fn within(value: &str, least: i32, most: i32) -> Option<i32> {
    let digits = |c: char| c.is_ascii_digit();
    let number = signed(value).or_else(|| {
        // One that no number is large enough for is beyond the bound, too.
        let rest = value.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ', '+']);
        rest.starts_with(digits).then_some(most)
    })?;
    (number >= least).then(|| number.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_end_where_their_digits_do() {
        for (value, number) in [
            ("5.", Some(5)),
            ("2a", Some(2)),
            ("3.1", Some(3)),
            (" \n7", Some(7)),
            ("+3", Some(3)),
            ("-04 x", Some(-4)),
            ("-0", Some(0)),
            ("2147483647", Some(i32::MAX)),
            ("-2147483648", Some(i32::MIN)),
            ("2147483648", None),
            ("99999999999999999999", None),
            ("", None),
            ("a2", None),
            ("+-2", None),
            ("- 2", None),
            ("\u{a0}7", None),
            ("٣", None),
        ] {
            assert_eq!(signed(value), number, "{value:?}");
        }
    }

    #[test]
    fn integers_stay_within_their_bounds() {
        for (value, number) in [
            ("2x", Some(2)),
            ("0", None),
            ("-1", None),
            ("1001", Some(1000)),
            ("99999999999999999999", Some(1000)),
            ("x", None),
        ] {
            assert_eq!(within(value, 1, 1000), number, "{value:?}");
        }
        assert_eq!(within("0", 0, 65534), Some(0));
    }
}
