//! Prints the Turkmen stemmer as a Snowball program: what is in `crates/search/snowball/turkmen.sbl`.
//!
//! ```sh
//! cargo run -q -p courant-search --example snowball > crates/search/snowball/turkmen.sbl
//! ```

use std::io::{Write, stdout};

use courant_search::analysis::turkmen::snowball;

fn main() -> std::io::Result<()> {
    stdout().lock().write_all(snowball::program().as_bytes())
}
