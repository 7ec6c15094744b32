//! Prints the stem of each word of standard input, one a line: `word`, a tab, the stem.
//!
//! ```sh
//! echo kitaplarymyzda | cargo run -q -p courant-search --example stem -- tk
//! ```

use std::io::{BufRead, Write, stdin, stdout};

use courant_search::analysis::{Language, words};

fn main() -> std::io::Result<()> {
    let language = Language::of(&std::env::args().nth(1).unwrap_or_else(|| "tk".to_owned()));
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let line = line?;
        for word in words(&line) {
            // The first letter says by whose rules.
            let (stem, _) = language.stems(&word.exact);
            writeln!(out, "{}\t{}", word.exact, stem.chars().skip(1).collect::<String>())?;
        }
    }
    Ok(())
}
