//! What the newsroom does to entries, at the store: states, rights, schedules, and what readers see of it over HTTP.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod addresses;
mod desk;
mod due;
mod ending;
mod four_eyes;
mod inputs;
mod life;
mod limits;
mod links;
mod nodes;
mod patches;
mod planned;
mod planners;
mod references;
mod roles;
mod rules;
mod search;
mod site;
mod support;
mod withdrawn_acts;
