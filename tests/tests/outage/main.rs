//! Databases that are silent, cut off, or held up by somebody who hangs; and clocks that are off.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod clock;
mod cut;
mod hang;
mod silent;
mod steps;
mod support;
