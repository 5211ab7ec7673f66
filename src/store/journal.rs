//! The journal of a store: what is done, under which key, with its rows. One SQLite file a shard, so that a crash, a power cut or a full
//! disk loses at most what had not been committed, and memory stays bounded whatever the size of the archive.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, params};

use super::row::Record;
use crate::error::{Error, Kind, Result};

/// One of several runs that share an archive, each on its own machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub nth: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// The whole archive.
    pub const WHOLE: Self = Self { nth: 1, of: 1 };

    fn name(self) -> String {
        format!("{}-of-{}", self.nth, self.of)
    }
}

/// What is known of a bundle that was met before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The key under which it was done.
    pub key: String,
    /// False for a failure that another try may mend.
    pub settled: bool,
    /// True when it failed.
    pub failed: bool,
}

/// How the work stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Bundles with a row.
    pub plans: u64,
    /// Bundles with a failure.
    pub failures: u64,
}

/// The journal of one shard, open for writing; nobody else has it open so.
#[derive(Debug)]
pub struct Journal {
    db: Connection,
    path: PathBuf,
    _lock: File,
}

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS done (
        bundle TEXT NOT NULL PRIMARY KEY, root TEXT NOT NULL, key TEXT NOT NULL, settled INTEGER NOT NULL,
        failed INTEGER NOT NULL, year INTEGER NOT NULL, record TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS in_order ON done (year, bundle);
    CREATE TABLE IF NOT EXISTS state (generation INTEGER NOT NULL);
    INSERT INTO state SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM state);
    CREATE TEMP TABLE found (nth INTEGER PRIMARY KEY, bundle TEXT NOT NULL UNIQUE, told TEXT NOT NULL);
";

/// Where a year that is not known stands in the order: behind all others.
const NO_YEAR: i16 = i16::MAX;

impl Journal {
    /// The journal of `shard` in the folder `dir`, made where it is not there.
    ///
    /// # Errors
    /// [`Kind::Usage`] when another run has it open, or the store was begun with another number of shards; [`Kind::Unwritable`].
    pub fn open(dir: &Path, shard: Shard) -> Result<Self> {
        let unwritable = |e| Error::new(Kind::Unwritable).at(dir).because(e);
        fs::create_dir_all(dir).map_err(unwritable)?;
        if let Some(other) = names(dir)?.iter().find(|n| !n.ends_with(&format!("-of-{}", shard.of))) {
            return Err(Error::new(Kind::Usage).at(dir).detail(format!("store of shards: {other}")));
        }
        let lock = File::create(dir.join(format!("{}.lock", shard.name()))).map_err(unwritable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::new(Kind::Usage).at(dir).detail("another run is at work here")),
            Err(TryLockError::Error(e)) => return Err(unwritable(e)),
        }
        let path = dir.join(format!("{}.sqlite", shard.name()));
        let open = || {
            let db = Connection::open(&path)?;
            db.busy_timeout(Duration::from_secs(600))?;
            db.pragma_update(None, "journal_mode", "TRUNCATE")?;
            db.pragma_update(None, "synchronous", "FULL")?;
            db.execute_batch(TABLES)?;
            Ok(db)
        };
        let db = open().map_err(|e| told(e, &path))?;
        Ok(Self { db, path, _lock: lock })
    }

    /// Notes that the walk met `bundle`, whose files `told` tells.
    ///
    /// # Errors
    /// As [`put`](Self::put); also when the same bundle is met twice.
    pub fn meet(&mut self, bundle: &str, told: &str) -> Result<()> {
        self.on(|db| {
            db.prepare_cached("INSERT INTO found (bundle, told) VALUES (?, ?)")?.execute(params![bundle, told])?;
            Ok(())
        })
    }

    /// How many were met.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn met(&self) -> Result<u64> {
        self.on(|db| db.query_row("SELECT count(*) FROM found", [], |r| r.get(0)))
    }

    /// What the walk met behind the first `after`, a handful at a time: number, files, and what is known of it.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn next(&self, after: u64) -> Result<Vec<(u64, String, Option<Known>)>> {
        self.on(|db| {
            let ask = "SELECT nth, told, key, settled, failed FROM found LEFT JOIN done USING (bundle) WHERE nth > ? ORDER BY nth LIMIT 64";
            let mut ask = db.prepare_cached(ask)?;
            let rows = ask.query_map([after], |r| {
                let key: Option<String> = r.get(2)?;
                let known = |key| Ok::<_, rusqlite::Error>(Known { key, settled: r.get(3)?, failed: r.get(4)? });
                Ok((r.get(0)?, r.get(1)?, key.map(known).transpose()?))
            })?;
            rows.collect()
        })
    }

    /// Begins to gather changes that [`commit`](Self::commit) makes true together.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn begin(&mut self) -> Result<()> {
        self.on(|db| db.execute_batch("BEGIN IMMEDIATE"))
    }

    /// Puts what was gathered on the disk.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn commit(&mut self) -> Result<()> {
        self.on(|db| db.execute_batch("COMMIT"))
    }

    /// Sets down what a bundle of `root` came to under `key`, in place of what it came to before.
    ///
    /// # Errors
    /// [`Kind::Unwritable`] when the disk is full or takes nothing; what was committed before stands.
    pub fn put(&mut self, root: &str, key: &str, record: &Record, settled: bool) -> Result<()> {
        let text = serde_json::to_string(record).map_err(|e| Error::new(Kind::BadRecord).because(e))?;
        let year = record.year.unwrap_or(NO_YEAR);
        self.on(|db| {
            // What is as it was, like a failure that was tried again, is no change.
            let put = "INSERT INTO done (bundle, root, key, settled, failed, year, record) VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (bundle) DO UPDATE SET root = excluded.root, key = excluded.key, settled = excluded.settled,
                    failed = excluded.failed, year = excluded.year, record = excluded.record
                WHERE (root, key, settled, record) IS NOT (excluded.root, excluded.key, excluded.settled, excluded.record)";
            let failed = !record.failures.is_empty();
            if db.prepare_cached(put)?.execute(params![record.bundle, root, key, settled, failed, year, text])? > 0 {
                db.execute("UPDATE state SET generation = generation + 1", [])?;
            }
            Ok(())
        })
    }

    /// Forgets the bundles of `root` that the walk did not meet; their names come back.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn forget(&mut self, root: &str) -> Result<Vec<String>> {
        self.on(|db| {
            let gone = "SELECT bundle FROM done WHERE root = ? AND bundle NOT IN (SELECT bundle FROM found) ORDER BY bundle";
            let gone: Vec<String> = db.prepare(gone)?.query_map([root], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?;
            for bundle in &gone {
                db.execute("DELETE FROM done WHERE bundle = ?", [bundle])?;
            }
            if !gone.is_empty() {
                db.execute("UPDATE state SET generation = generation + 1", [])?;
            }
            Ok(gone)
        })
    }

    fn on<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        work(&self.db).map_err(|e| told(e, &self.path))
    }
}

pub(super) fn told(error: rusqlite::Error, path: &Path) -> Error {
    let kind = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => Kind::BadRecord,
        _ => Kind::Unwritable,
    };
    Error::new(kind).at(path).because(error)
}

/// The names of the journals in `dir`, sorted.
fn names(dir: &Path) -> Result<Vec<String>> {
    let unreadable = |e| Error::new(Kind::Unreadable).at(dir).because(e);
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".sqlite").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// All journals of a store, read as one: by year of issue and then by bundle, whichever shard each came from.
#[derive(Debug)]
pub struct Journals {
    cursors: Vec<Cursor>,
}

#[derive(Debug)]
struct Cursor {
    db: Connection,
    path: PathBuf,
    last: (i16, String),
    ahead: VecDeque<(i16, String, String)>,
}

/// Records that a cursor reads at once.
const AHEAD: usize = 64;

impl Journals {
    /// Opens every journal in `dir`.
    ///
    /// # Errors
    /// When one can't be read.
    pub fn open(dir: &Path) -> Result<Self> {
        let cursor = |name: String| {
            let path = dir.join(format!("{name}.sqlite"));
            let db = Connection::open(&path).and_then(|db| db.busy_timeout(Duration::from_secs(600)).map(|()| db));
            let db = db.map_err(|e| told(e, &path))?;
            Ok(Cursor { db, path, last: (i16::MIN, String::new()), ahead: VecDeque::new() })
        };
        Ok(Self { cursors: names(dir)?.into_iter().map(cursor).collect::<Result<_>>()? })
    }

    /// What changes whenever a journal does.
    ///
    /// # Errors
    /// When one can't be read.
    pub fn generation(&self) -> Result<String> {
        let one = |c: &Cursor| {
            let generation: i64 = c.db.query_row("SELECT generation FROM state", [], |r| r.get(0)).map_err(|e| told(e, &c.path))?;
            Ok(format!("{} {generation}\n", c.path.file_stem().unwrap_or_default().to_string_lossy()))
        };
        self.cursors.iter().map(one).collect()
    }

    /// How the work of all shards stands.
    ///
    /// # Errors
    /// When a journal can't be read.
    pub fn count(&self) -> Result<Count> {
        let mut all = Count::default();
        for c in &self.cursors {
            let ask = "SELECT count(*), coalesce(sum(failed), 0) FROM done";
            let (bundles, failures): (u64, u64) = c.db.query_row(ask, [], |r| Ok((r.get(0)?, r.get(1)?))).map_err(|e| told(e, &c.path))?;
            all.plans += bundles - failures;
            all.failures += failures;
        }
        Ok(all)
    }

    /// Goes on behind all plans whose year is known: failures are there.
    pub fn skip_to_failures(&mut self) {
        self.cursors.iter_mut().for_each(|c| c.last = (NO_YEAR, String::new()));
    }

    /// How many plans there are of each year; those whose year is not known last.
    ///
    /// # Errors
    /// When a journal can't be read.
    pub fn years(&self) -> Result<Vec<(Option<i16>, u64)>> {
        let mut years = BTreeMap::<i16, u64>::new();
        for c in &self.cursors {
            let read = || {
                let mut ask = c.db.prepare("SELECT year, count(*) FROM done WHERE NOT failed GROUP BY year")?;
                let rows = ask.query_map([], |r| Ok((r.get(0)?, r.get::<_, u64>(1)?)))?;
                rows.collect::<rusqlite::Result<Vec<(i16, u64)>>>()
            };
            for (year, plans) in read().map_err(|e| told(e, &c.path))? {
                *years.entry(year).or_default() += plans;
            }
        }
        Ok(years.into_iter().map(|(year, plans)| ((year != NO_YEAR).then_some(year), plans)).collect())
    }

    /// The next record.
    ///
    /// # Errors
    /// When a journal can't be read, or holds what is no record.
    pub fn next_record(&mut self) -> Result<Option<Record>> {
        for cursor in &mut self.cursors {
            cursor.fill()?;
        }
        let first = self.cursors.iter_mut().filter(|c| !c.ahead.is_empty()).min_by(|a, b| {
            let key = |c: &Cursor| c.ahead.front().map(|(year, bundle, _)| (*year, bundle.clone()));
            key(a).cmp(&key(b))
        });
        let Some(cursor) = first else { return Ok(None) };
        let Some((year, bundle, text)) = cursor.ahead.pop_front() else { return Ok(None) };
        cursor.last = (year, bundle);
        serde_json::from_str(&text).map(Some).map_err(|e| Error::new(Kind::BadRecord).at(&cursor.path).because(e))
    }
}

impl Cursor {
    fn fill(&mut self) -> Result<()> {
        if !self.ahead.is_empty() {
            return Ok(());
        }
        let mut read = || {
            let ask = "SELECT year, bundle, record FROM done WHERE (year, bundle) > (?, ?) ORDER BY year, bundle LIMIT ?";
            let mut ask = self.db.prepare_cached(ask)?;
            let rows = ask.query_map(params![self.last.0, self.last.1, AHEAD as u64], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
            for row in rows {
                self.ahead.push_back(row?);
            }
            Ok(())
        };
        read().map_err(|e| told(e, &self.path))
    }
}
