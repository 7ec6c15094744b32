//! The schema in the schema definition language, printed as the reference implementation prints it.

/// How long a description on the line of its quotes is at the most, in characters.
const LINE: usize = 70;

/// Puts descriptions as `printSchema` of graphql-js does: block strings, those that fit on the line of their quotes, and
/// an empty line before each but the first of a block; and no commas at the ends of lines. So a file that a tool has printed again differs in nothing.
///
/// Takes a text in which each description is a block string whose quotes have lines of their own.
pub(super) fn printed(sdl: &str) -> String {
    let mut printed = String::with_capacity(sdl.len() + sdl.len() / 4);
    let mut is_first = true;
    let mut lines = sdl.trim_end().lines();
    while let Some(line) = lines.next() {
        let Some(indent) = line.strip_suffix("\"\"\"") else {
            is_first = line.ends_with(['{', '(']);
            push(&mut printed, line.trim_end_matches(','));
            continue;
        };
        let text: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != "\"\"\"").collect();
        if !is_first && !printed.ends_with("\n\n") {
            printed.push('\n');
        }
        match text[..] {
            [line] if fits(line.trim()) => push(&mut printed, &format!("{indent}\"\"\"{}\"\"\"", line.trim())),
            _ => {
                let quotes = format!("{indent}\"\"\"");
                [&quotes[..]].into_iter().chain(text).chain([&quotes[..]]).for_each(|line| push(&mut printed, line));
            }
        }
        is_first = true;
    }
    printed
}

fn push(printed: &mut String, line: &str) {
    printed.push_str(line);
    printed.push('\n');
}

fn fits(text: &str) -> bool {
    text.chars().count() <= LINE && !text.ends_with(['"', '\\'])
}

#[cfg(test)]
mod tests {
    use super::printed;

    #[test]
    fn descriptions_stand_as_the_reference_implementation_prints_them() {
        let sdl = "\"\"\"\nA tide.\n\"\"\"\ntype Tide {\n  \"\"\"\n  Its \"name\"\n  \"\"\"\n  name: String\n  \"\"\"\n  Two\n  lines.\n  \"\"\"\n  at: Int\n}\n\n\n";
        let right = "\"\"\"A tide.\"\"\"\ntype Tide {\n  \"\"\"\n  Its \"name\"\n  \"\"\"\n  name: String\n\n  \"\"\"\n  Two\n  lines.\n  \"\"\"\n  at: Int\n}\n";
        assert_eq!(printed(sdl), right);
    }
}
