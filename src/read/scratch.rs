//! A folder for the files of another program: gone when its owner is done, and swept by a later run where its owner was killed.
//!
//! Beside the folder lies a file of its name that its owner holds locked for as long as it lives; the system lets go of a dead one's.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

const PREFIX: &str = "plan-ingest-";
const LOCK: &str = "lock";

/// One folder that nobody else may look into.
#[derive(Debug)]
pub(super) struct Scratch {
    dir: PathBuf,
    /// Goes, and is let go of, after the folder.
    _lock: NamedTempFile,
}

impl Scratch {
    /// A folder where this machine keeps its temporary files; those of dead owners go on the way.
    pub fn new() -> io::Result<Self> {
        let home = std::env::temp_dir();
        sweep(&home);
        Self::within(&home)
    }

    fn within(home: &Path) -> io::Result<Self> {
        loop {
            let lock = tempfile::Builder::new().prefix(PREFIX).suffix(&format!(".{LOCK}")).tempfile_in(home)?;
            lock.as_file().lock()?;
            // Before it was locked a sweeper may have taken it for a dead one's.
            if lock.path().exists() {
                let dir = lock.path().with_extension("");
                private().create(&dir)?;
                return Ok(Self { dir, _lock: lock });
            }
        }
    }

    pub fn path(&self) -> &Path {
        &self.dir
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What can't be taken away now is swept by a later run.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Builds folders that only their owner may look into, where the system knows owners.
fn private() -> DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "other systems keep temporary folders apart by themselves"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Takes away what owners that were killed left in `home`.
fn sweep(home: &Path) {
    let Ok(entries) = std::fs::read_dir(home) else { return };
    let ours = |path: &PathBuf| {
        let named = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(PREFIX));
        named && path.extension().is_some_and(|e| e == LOCK)
    };
    for path in entries.flatten().map(|e| e.path()).filter(ours) {
        let Ok(lock) = File::open(&path) else { continue };
        if lock.try_lock().is_ok() {
            let _ = std::fs::remove_dir_all(path.with_extension(""));
            let _ = std::fs::remove_file(&path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dead_are_swept_and_the_living_are_not() {
        let home = tempfile::tempdir().expect("a folder");
        let at = |name: &str| home.path().join(name);
        let living = Scratch::within(home.path()).expect("a folder");
        std::fs::write(living.path().join("page.doc"), "Kế hoạch").expect("written");
        // As a killed owner leaves it: the folder, and a lock that nobody holds.
        std::fs::create_dir(at("plan-ingest-dead")).expect("a folder");
        std::fs::write(at("plan-ingest-dead/page.doc"), "Kế hoạch").expect("written");
        std::fs::write(at("plan-ingest-dead.lock"), "").expect("written");
        std::fs::create_dir(at("another-program")).expect("a folder");
        std::fs::write(at("another-program.lock"), "").expect("written");
        sweep(home.path());
        assert!(!at("plan-ingest-dead").exists() && !at("plan-ingest-dead.lock").exists());
        assert!(living.path().join("page.doc").exists() && at("another-program").exists() && at("another-program.lock").exists());
        drop(living);
        assert_eq!(std::fs::read_dir(home.path()).expect("readable").count(), 2, "another's two");
    }
}
