//! What Courant is told by options of the command line and by the variables that go with them: what it logs ([`LogOptions`], of all
//! commands), which database it works on ([`DatabaseOptions`]), and how it serves ([`ServerOptions`], of `courant serve`). What one
//! command alone is told is declared beside what it does, in `crates/cli`.
//!
//! An option is declared once, with its variable, its default and its help, and what is made of it stands below it: the settings of
//! whoever goes by them, such as [`courant_server::Config`]. What is wrong with an option is said here, before anything is begun;
//! what a setting means is said where it is gone by, which knows nothing of command lines.
//!
//! *Invariants*: this crate and the command line alone read the environment. Nothing here prints, but for a file with a password that
//! everybody may read.

mod database;
mod log;
mod server;
mod unknown;
mod values;

pub use self::{
    database::{DatabaseOptions, NotOpened},
    log::LogOptions,
    server::ServerOptions,
    unknown::unknown_variables,
    values::role,
};

#[cfg(test)]
mod tests {
    use clap::{Args, Command, Error};

    /// Options as a command line gives them.
    pub(crate) fn parse<Options: Args>(given: &[&str]) -> Result<Options, Error> {
        let command = Options::augment_args(Command::new("courant"));
        Options::from_arg_matches(&command.try_get_matches_from([&["courant"], given].concat())?)
    }
}
