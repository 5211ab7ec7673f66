//! Workers of a run that was killed may still be at their last bundle. They hold a file, for which the next run waits; in it stands the number
//! of the run, so that a worker which comes to it too late does nothing at all.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;

use crate::error::{Error, Kind, Result};

/// Waits until nobody of an earlier run is left, and tells the number of this one.
///
/// # Errors
/// When the file can't be written.
pub(super) fn begin(path: &Path) -> Result<u64> {
    let begin = || {
        let mut file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
        file.lock()?;
        let run = number(&mut file)?.unwrap_or_default() + 1;
        file.rewind()?;
        // Always as many digits: one run's number is written over that of another whole.
        file.write_all(format!("{run:020}\n").as_bytes())?;
        Ok(run)
    };
    begin().map_err(|e: io::Error| Error::new(Kind::Unwritable).at(path).because(e))
}

/// The worker's side: `file` is held until the process ends.
///
/// # Errors
/// When there is no such file to hold; [`Kind::Usage`] when another run than `run` has begun.
pub fn hold(file: &Path, run: u64) -> Result<File> {
    let held = || {
        let mut held = File::open(file)?;
        held.lock_shared()?;
        Ok((number(&mut held)?, held))
    };
    match held().map_err(|e: io::Error| Error::io(file, Kind::Unreadable, e))? {
        (Some(now), held) if now == run => Ok(held),
        _ => Err(Error::new(Kind::Usage).at(file).detail("another run is at work here")),
    }
}

fn number(file: &mut File) -> io::Result<Option<u64>> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text)?;
    Ok(text.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_of_an_earlier_run_does_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("1-of-1.hold");
        assert!(hold(&path, 1).is_err(), "nobody began");
        assert_eq!((begin(&path).expect("begins"), begin(&path).expect("begins")), (1, 2));
        assert_eq!(hold(&path, 1).expect_err("too late").kind(), Kind::Usage);
        let held = hold(&path, 2).expect("in time");
        let (path, (told, waits)) = (path.clone(), std::sync::mpsc::channel());
        let next = std::thread::spawn(move || told.send(begin(&path).expect("begins")).expect("heard"));
        assert!(waits.recv_timeout(std::time::Duration::from_millis(200)).is_err(), "it waits for the one that is still at work");
        drop(held);
        assert_eq!(waits.recv().expect("begins"), 3);
        next.join().expect("ends");
    }
}
