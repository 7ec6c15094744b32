//! A disk that can be told to fail under the running program.

use std::{
    fs::{self, File, OpenOptions},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::Command,
};

use courant_tests::TestDatabase;
use tempfile::TempDir;

/// No space left on the device, and an I/O error (errno of Linux).
pub(crate) const ENOSPC: u32 = 28;
pub(crate) const EIO: u32 = 5;

pub(crate) const WRITE: u32 = 1;
pub(crate) const SYNC: u32 = 2;
pub(crate) const TRUNCATE: u32 = 4;

/// What shall go wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) operations: u32,
    pub(crate) error: u32,
    /// How many operations go well before.
    pub(crate) skip: u32,
    /// How many fail; then all is well again.
    pub(crate) left: u32,
}

impl Fault {
    /// As long as it lasts.
    pub(crate) const fn lasting(operations: u32, error: u32) -> Self {
        Self { operations, error, skip: 0, left: u32::MAX }
    }
}

/// The disk of one database's file and those beside it.
pub(crate) struct Disk {
    library: PathBuf,
    control: PathBuf,
    shared: File,
    file: PathBuf,
    _folder: TempDir,
}

impl Disk {
    pub(crate) fn of(database: &TestDatabase) -> Self {
        Self::under(Path::new(database.options.url.trim_start_matches("sqlite://")))
    }

    /// The disk of what is at this path, or below it. What it is in is there.
    pub(crate) fn under(file: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (library, control) = (folder.path().join("shim.so"), folder.path().join("control"));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reliability/shim.c");
        let built =
            Command::new("cc").args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).arg(source).arg("-ldl").status();
        assert!(built.unwrap().success(), "the shim cannot be compiled");
        fs::write(&control, [0; 20]).unwrap();
        let shared = OpenOptions::new().read(true).write(true).open(&control).unwrap();
        // As the system spells it.
        let file = file.parent().unwrap().canonicalize().unwrap().join(file.file_name().unwrap());
        Self { library, control, shared, file, _folder: folder }
    }

    /// Has a program write to this disk.
    pub(crate) fn put_under(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("COURANT_FAULT_CONTROL", &self.control)
            .env("COURANT_FAULT_PATH", &self.file);
    }

    pub(crate) fn fail(&self, fault: Fault) {
        self.put(0, 0);
        for (place, value) in [(1, fault.error), (2, fault.skip), (3, fault.left), (4, 0), (0, fault.operations)] {
            self.put(place, value);
        }
    }

    /// All is well again; says how many operations have failed.
    pub(crate) fn mend(&self) -> u32 {
        self.put(0, 0);
        let mut failed = [0; 4];
        self.shared.read_exact_at(&mut failed, 16).unwrap();
        u32::from_ne_bytes(failed)
    }

    fn put(&self, place: u64, value: u32) {
        self.shared.write_all_at(&value.to_ne_bytes(), place * 4).unwrap();
    }
}
