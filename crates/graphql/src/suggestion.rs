//! What somebody may have meant who wrote a name that is not there.
//!
//! Names are told to everybody who asks for the schema, so that a suggestion tells nothing else.

use strsim::osa_distance;

/// Longer names are not compared: no name of a schema is as long, and comparing costs their product.
const LONGEST: usize = 40;

/// How many names are suggested at the most.
const MOST: usize = 3;

/// A sentence to put behind an error, beginning with a space; empty when no name is near.
pub(crate) fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = nearest(name, known);
    match near.split_last() {
        None => String::new(),
        Some((last, [])) => format!(" Did you mean \"{last}\"?"),
        Some((last, others)) => {
            let others: Vec<String> = others.iter().map(|name| format!("\"{name}\"")).collect();
            format!(" Did you mean {} or \"{last}\"?", others.join(", "))
        }
    }
}

/// The known names that differ from one in two fifths of its letters or fewer, the nearest first. Case counts little.
fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    if name.len() > LONGEST {
        return Vec::new();
    }
    let (bound, lower) = (name.len() * 2 / 5 + 1, name.to_ascii_lowercase());
    let distance = |known: &str| match known.to_ascii_lowercase() {
        folded if folded == lower => 0,
        folded => osa_distance(&lower, &folded),
    };
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .filter(|known| known.len().abs_diff(name.len()) <= bound)
        .map(|known| (distance(known), known))
        .filter(|(distance, _)| *distance <= bound)
        .collect();
    near.sort_unstable();
    near.into_iter().take(MOST).map(|(_, known)| known).collect()
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let known = ["title", "titles", "summary", "publishedAt", "kicker"];
        let said = |name: &str| did_you_mean(name, known);
        assert_eq!(said("tilte"), " Did you mean \"title\" or \"titles\"?");
        assert_eq!(said("publishedat"), " Did you mean \"publishedAt\"?");
        assert_eq!(said("sumary"), " Did you mean \"summary\"?");
        assert_eq!(said("authors"), "");
        assert_eq!(said(&"title".repeat(20)), "");
        assert_eq!(did_you_mean("ab", ["aa", "bb", "ac", "ad"]), " Did you mean \"aa\", \"ac\" or \"ad\"?");
    }
}
