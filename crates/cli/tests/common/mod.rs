//! Running the program.

use std::{path::Path, process::Command};

/// The program, in a folder and with nothing of this environment.
pub(crate) fn courant(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_courant"));
    command.current_dir(folder).env_clear();
    command
}

/// Runs it, and gives what it printed.
pub(crate) fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs it, sees it fail with this code, and gives what it said.
pub(crate) fn fails(command: &mut Command, code: i32) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{command:?}: {errors}");
    errors
}
