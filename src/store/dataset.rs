//! What others read, written from the journals in one go: Parquet by year of issue, JSON Lines and SQLite. It comes whole or not at all,
//! and not when nothing has changed.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::columnar::Sheet;
use super::journal::Journals;
use super::row::{Record, Row};
use super::search::Index;
use super::table::{BUNDLE, TABLES, Table};
use crate::error::{Error, Kind, Result};
use crate::render::stage::sync_folder;

/// Rows of one Parquet file; the next file of the year begins behind them.
const FILE: usize = 1_000_000;

/// The partition of rows whose year is not known, as Hive and all who follow it name it: they read it as null.
const NO_YEAR: &str = "__HIVE_DEFAULT_PARTITION__";

/// The mark of work under way in a store.
const STAGE: &str = ".plan-ingest-";

/// What a store shows to others.
const SHOWN: [&str; 3] = ["dataset", "lines", "plans.sqlite"];

/// Writes the dataset of the store `dir` anew if a journal has changed since it was last written, or part of it is gone. True when it
/// was written.
///
/// # Errors
/// [`Kind::Unwritable`] when the disk is full or takes nothing; what stood there before still stands.
pub fn write(dir: &Path) -> Result<bool> {
    let unwritable = |e| Error::new(Kind::Unwritable).at(dir).because(e);
    let journal = super::journal(dir);
    // Of several shards that end at the same time one writes after the other.
    let lock = File::create(journal.join("dataset.lock")).map_err(unwritable)?;
    lock.lock().map_err(unwritable)?;
    let mut journals = Journals::open(&journal)?;
    let generation = format!("{} {}\n{}", env!("CARGO_PKG_VERSION"), env!("PLAN_INGEST_CODE"), journals.generation()?);
    let mark = journal.join("written");
    let written = fs::read_to_string(&mark).is_ok_and(|known| known == generation);
    if written && SHOWN.iter().all(|name| dir.join(name).exists()) {
        return Ok(false);
    }
    sweep(dir).map_err(unwritable)?;
    let stage = tempfile::Builder::new().prefix(STAGE).tempdir_in(dir).map_err(unwritable)?;
    stand(&mut journals, stage.path())?;
    show(stage.path(), dir).map_err(unwritable)?;
    stage.close().map_err(unwritable)?;
    let mut new = tempfile::NamedTempFile::new_in(&journal).map_err(unwritable)?;
    new.write_all(generation.as_bytes()).and_then(|()| new.as_file().sync_all()).map_err(unwritable)?;
    new.persist(&mark).map_err(|e| unwritable(e.error))?;
    Ok(true)
}

/// Removes what a run that was cut off left behind.
fn sweep(dir: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(STAGE) && entry.path().is_dir() {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Puts everything new in the place of the old. The moment between two moves is the only one in which a part is missing.
fn show(stage: &Path, dir: &Path) -> std::io::Result<()> {
    let aside = stage.join("aside");
    fs::create_dir_all(&aside)?;
    for name in SHOWN {
        sync_names(&stage.join(name))?;
        if dir.join(name).exists() {
            fs::rename(dir.join(name), aside.join(name))?;
        }
        fs::rename(stage.join(name), dir.join(name))?;
    }
    sync_folder(dir)
}

/// Has the names in a folder and in those below it put on the disk; the files in them are there already.
fn sync_names(dir: &Path) -> std::io::Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        sync_names(&entry?.path())?;
    }
    sync_folder(dir)
}

/// Everything that the journals hold, written into `stage`.
fn stand(journals: &mut Journals, stage: &Path) -> Result<()> {
    let mut parquet = Parquet::new(stage.join("dataset"))?;
    let mut lines = TABLES.iter().map(|t| Lines::create(stage, t)).collect::<Result<Vec<_>>>()?;
    let mut index = Index::create(&stage.join("plans.sqlite"))?;
    while let Some(record) = journals.next_record()? {
        for (nth, table) in TABLES.iter().enumerate() {
            for row in record.rows(table.name) {
                let row = named(row, &record);
                lines[nth].push(&row, record.year)?;
                parquet.push(nth, table, row, record.year)?;
            }
        }
        index.push(&record)?;
    }
    parquet.finish()?;
    lines.into_iter().try_for_each(Lines::finish)?;
    index.finish()
}

/// The row with the bundle that it is of.
fn named(row: &Row, record: &Record) -> Row {
    let mut row = row.clone();
    row.insert(BUNDLE.name.to_owned(), Value::String(record.bundle.clone()));
    row
}

/// The Parquet files of the year at hand, one open for each table.
struct Parquet {
    dir: PathBuf,
    year: Option<Option<i16>>,
    open: [Option<(Sheet, PathBuf, usize)>; TABLES.len()],
    parts: [usize; TABLES.len()],
}

impl Parquet {
    fn new(dir: PathBuf) -> Result<Self> {
        for table in &TABLES {
            let folder = dir.join(table.name);
            fs::create_dir_all(&folder).map_err(|e| Error::new(Kind::Unwritable).at(&folder).because(e))?;
        }
        Ok(Self { dir, year: None, open: Default::default(), parts: [0; TABLES.len()] })
    }

    fn push(&mut self, nth: usize, table: &Table, row: Row, year: Option<i16>) -> Result<()> {
        if self.year != Some(year) {
            self.finish()?;
            self.year = Some(year);
            self.parts = [0; TABLES.len()];
        }
        if self.open[nth].as_ref().is_some_and(|(_, _, rows)| *rows == FILE) {
            self.close(nth)?;
        }
        if self.open[nth].is_none() {
            let year = year.map_or_else(|| NO_YEAR.to_owned(), |y| y.to_string());
            let folder = self.dir.join(table.name).join(format!("year={year}"));
            fs::create_dir_all(&folder).map_err(|e| Error::new(Kind::Unwritable).at(&folder).because(e))?;
            let path = folder.join(format!("part-{:05}.parquet", self.parts[nth]));
            self.parts[nth] += 1;
            self.open[nth] = Some((Sheet::create(&path, table)?, path, 0));
        }
        if let Some((sheet, path, rows)) = &mut self.open[nth] {
            *rows += 1;
            sheet.push(row).map_err(|e| Error::new(Kind::Unwritable).at(path).because(e))?;
        }
        Ok(())
    }

    fn close(&mut self, nth: usize) -> Result<()> {
        match self.open[nth].take() {
            Some((sheet, path, _)) => sheet.finish().map_err(|e| Error::new(Kind::Unwritable).at(path).because(e)),
            None => Ok(()),
        }
    }

    fn finish(&mut self) -> Result<()> {
        (0..TABLES.len()).try_for_each(|nth| self.close(nth))
    }
}

/// A table as JSON Lines.
struct Lines {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Lines {
    fn create(stage: &Path, table: &Table) -> Result<Self> {
        let path = stage.join("lines").join(format!("{}.jsonl", table.name));
        let create = || {
            fs::create_dir_all(stage.join("lines"))?;
            File::create(&path)
        };
        let out = create().map_err(|e| Error::new(Kind::Unwritable).at(&path).because(e))?;
        Ok(Self { path, out: BufWriter::new(out) })
    }

    fn push(&mut self, row: &Row, year: Option<i16>) -> Result<()> {
        let mut row = row.clone();
        row.extend(year.map(|y| ("year".to_owned(), Value::from(y))));
        let put = serde_json::to_writer(&mut self.out, &row).map_err(std::io::Error::from).and_then(|()| self.out.write_all(b"\n"));
        put.map_err(|e| Error::new(Kind::Unwritable).at(&self.path).because(e))
    }

    fn finish(self) -> Result<()> {
        let Self { path, out } = self;
        let done = out.into_inner().map_err(std::io::IntoInnerError::into_error).and_then(|file| file.sync_all());
        done.map_err(|e| Error::new(Kind::Unwritable).at(path).because(e))
    }
}
