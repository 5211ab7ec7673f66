//! Where files wait until they are whole: a folder beside their place that its owner holds locked, swept by a later run where its owner was
//! killed.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::TempDir;

const PREFIX: &str = ".plan-ingest-";
const LOCK: &str = "lock";

/// A folder that is gone when its owner is done with it.
#[derive(Debug)]
pub(crate) struct Stage {
    /// The system lets go of it when its owner dies.
    _lock: File,
    dir: TempDir,
}

impl Stage {
    /// A stage in `home`; those of dead owners go on the way.
    pub fn within(home: &Path) -> io::Result<Self> {
        sweep(home);
        loop {
            let dir = tempfile::Builder::new().prefix(PREFIX).tempdir_in(home)?;
            let path = dir.path().join(LOCK);
            let lock = match File::create(&path) {
                // Before there was a lock a sweeper may have taken it for a dead one's.
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                lock => lock?,
            };
            // On a disk that knows no locks nothing is swept either.
            let _ = lock.lock();
            if path.exists() {
                return Ok(Self { _lock: lock, dir });
            }
        }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes the file `path` beside this stage, whole or not at all.
    pub fn save(&self, path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
        let whole = self.path().join("whole");
        let mut file = File::create(&whole)?;
        write(&mut file).and_then(|()| file.sync_all())?;
        drop(file);
        fs::rename(whole, path)?;
        path.parent().map_or(Ok(()), sync_folder)
    }
}

/// Has the names in a folder put on the disk itself.
#[cfg(unix)]
pub(crate) fn sync_folder(dir: &Path) -> io::Result<()> {
    match File::open(if dir.as_os_str().is_empty() { Path::new(".") } else { dir })?.sync_all() {
        // A disk that can't do this for folders does it on its own.
        Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

/// Windows opens no folder as a file, and writes down its names with the moves themselves.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Takes away the stages in `home` whose owners were killed.
fn sweep(home: &Path) {
    for entry in fs::read_dir(home).into_iter().flatten().flatten() {
        let path = entry.path();
        if !entry.file_name().to_string_lossy().starts_with(PREFIX) || !path.is_dir() {
            continue;
        }
        // What can't be taken away now stands in nobody's way.
        let _ = match File::open(path.join(LOCK)) {
            Ok(lock) if lock.try_lock().is_ok() => fs::remove_dir_all(&path),
            Ok(_) => Ok(()),
            // Killed before it had a lock: there is nothing in it.
            Err(_) => fs::remove_dir(&path),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dead_are_swept_and_the_living_are_not() {
        let home = tempfile::tempdir().expect("a folder");
        let at = |name: &str| home.path().join(name);
        let living = Stage::within(home.path()).expect("a folder");
        fs::write(living.path().join("new"), "Kế hoạch").expect("written");
        // As killed owners leave them: with a lock that nobody holds, and before there was one.
        for dead in [".plan-ingest-dead", ".plan-ingest-early", ".another"] {
            fs::create_dir(at(dead)).expect("a folder");
        }
        fs::write(at(".plan-ingest-dead/lock"), "").expect("written");
        fs::write(at(".plan-ingest-dead/new"), "Kế hoạch").expect("written");
        let next = Stage::within(home.path()).expect("a folder");
        assert!(!at(".plan-ingest-dead").exists() && !at(".plan-ingest-early").exists());
        assert!(living.path().join("new").exists() && at(".another").exists());
        drop((living, next));
        assert_eq!(fs::read_dir(home.path()).expect("readable").count(), 1, "another's");
    }

    #[test]
    fn a_file_is_whole_or_as_it_was() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("a.txt");
        let save = |write: &dyn Fn(&mut File) -> io::Result<()>| Stage::within(home.path())?.save(&path, write);
        save(&|file| io::Write::write_all(file, b"1")).expect("written");
        save(&|file| io::Write::write_all(file, b"2").and(Err(io::ErrorKind::StorageFull.into()))).expect_err("full");
        assert_eq!(fs::read_to_string(&path).expect("reads"), "1");
        assert_eq!(fs::read_dir(home.path()).expect("readable").count(), 1);
    }
}
