//! One calendar of several plans, from the folders they were written to.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use plan_ingest::Result;
use plan_ingest::correct::Corrections;
use plan_ingest::error::{Error, Kind};
use plan_ingest::render::{Folder, Renderer, Report, folder};

/// Writes the calendar of the plans in `dirs` to `out`, whole or not at all; the number of its events comes back.
pub fn merge(dirs: &[PathBuf], out: &Path, renderer: &Renderer, today: Date) -> Result<usize> {
    let before = replaced(out)?;
    let plans = dirs.iter().map(|dir| plan(dir, renderer)).collect::<Result<Vec<_>>>()?;
    let text = renderer.calendar(&plans, today, before.as_deref())?;
    folder::save(out, text.as_bytes())?;
    Ok(text.matches("\nBEGIN:VEVENT").count())
}

fn plan(dir: &Path, renderer: &Renderer) -> Result<(Report, Corrections)> {
    let Folder { mut report, corrections, .. } = Folder::open(dir)?;
    renderer.correct(&mut report, &corrections, &[]);
    Ok((report, corrections))
}

/// The calendar that is replaced; a file that is none is a person's, and stays.
fn replaced(out: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(out) {
        Ok(text) if text.starts_with("BEGIN:VCALENDAR") => Ok(Some(text)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Ok(_) => Err(Error::new(Kind::Unwritable).at(out)),
        Err(e) => Err(Error::io(out, Kind::Unwritable, e)),
    }
}
