//! Which passwords are guessed first (NIST SP 800-63B §3.1.1.2: commonly used, expected, or of the context).

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::PasswordError;

/// Words that do not become a password by what is put behind them: `Password1234!`.
const WORDS: [&str; 14] = [
    "administrator",
    "adminadmin",
    "changeme",
    "correcthorsebatterystaple",
    "courant",
    "iloveyou",
    "letmein",
    "newsroom",
    "passw0rd",
    "password",
    "p@ssw0rd",
    "trustno",
    "welcome",
    "пароль",
];

/// Characters that lie beside each other, in alphabets and on keyboards.
const ROWS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyz",
    "12345678901",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю.",
];

/// Refuses what is guessable for anybody, and for whoever knows the address.
pub(super) fn check(text: &str, email: &str) -> Result<(), PasswordError> {
    let mut lower = Zeroizing::new(String::with_capacity(text.len() * 3));
    lower.extend(text.chars().flat_map(char::to_lowercase));
    let stem = lower.trim_end_matches(|c: char| !c.is_alphabetic());

    let email = email.trim().to_lowercase();
    let (local, domain) = email.rsplit_once('@').unwrap_or((&email, &email));
    if [email.as_str(), local, domain].iter().any(|part| !part.is_empty() && [lower.as_str(), stem].contains(part)) {
        return Err(PasswordError::Email);
    }

    let chars = Zeroizing::new(lower.chars().collect::<Vec<_>>());
    if WORDS.contains(&stem) || has_few_characters(&chars) || repeats_itself(&chars) || follows_rows(&chars) {
        return Err(PasswordError::Guessable);
    }
    Ok(())
}

/// `aaaaaaaaaaaa`, `010101010101`, `aaaabbbbcccc`.
fn has_few_characters(chars: &[char]) -> bool {
    chars.iter().collect::<HashSet<_>>().len() < 5
}

/// `herringherring`: the same text again from some point in the first half on.
fn repeats_itself(chars: &[char]) -> bool {
    (1..=chars.len() / 2).any(|period| chars[period..] == chars[..chars.len() - period])
}

/// `qwertyuiop12`: three of four steps go to the character beside, or stay.
fn follows_rows(chars: &[char]) -> bool {
    let beside = |pair: &[char]| {
        pair[0] == pair[1]
            || ROWS.iter().any(|row| {
                let following = |a, b| row.chars().zip(row.chars().skip(1)).any(|step| step == (a, b));
                following(pair[0], pair[1]) || following(pair[1], pair[0])
            })
    };
    let leaps = chars.windows(2).filter(|pair| !beside(pair)).count();
    leaps * 4 <= chars.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused() {
        for text in [
            "aaaaaaaaaaaa",
            "            ",
            "abababababab",
            "7x7xx7x77x7x",
            "123412341234",
            "123456789012",
            "098765432109",
            "abcdefghijkl",
            "zyxwvutsrqpo",
            "qwertyuiop[]",
            "qwertyuiopas",
            "Qwerty123456",
            "1q2w3e4r5t6y1q2w3e4r5t6y",
            "йцукенгшщзхъ",
            "herringherring",
            "Password1234",
            "P@ssw0rd2026!",
            "Administrator",
            "Courant-2026",
            "correcthorsebatterystaple",
        ] {
            assert_eq!(check(text, "ana@example.org"), Err(PasswordError::Guessable), "{text:?}");
        }
    }

    #[test]
    fn the_address_is_refused_whole_and_in_part() {
        for text in
            ["Anna.Petrova@Example.org", "anna.petrova", "ANNA.PETROVA2026!", "ministry.example", "ministry.example1"]
        {
            let email = if text.starts_with('m') { "press@ministry.example" } else { " anna.petrova@example.org" };
            assert_eq!(check(text, email), Err(PasswordError::Email), "{text:?}");
        }
        // Nor does an account without an address refuse anything by it.
        assert_eq!(check("heron by the canal", ""), Ok(()));
        assert_eq!(check("heron by the canal", "@"), Ok(()));
    }

    #[test]
    fn what_only_looks_like_a_pattern_is_taken() {
        for text in ["my password is long", "1234 herons passed", "tractor, barn, 12 hens", "fedcba is backwards"] {
            assert_eq!(check(text, "ana@example.org"), Ok(()), "{text:?}");
        }
    }
}
