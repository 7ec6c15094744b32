//! Has cargo look for new sample files, which the macro that embeds them cannot ask for.

fn main() {
    println!("cargo::rerun-if-changed=../../samples");
}
