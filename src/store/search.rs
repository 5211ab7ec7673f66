//! The SQLite file of a store: every table, and an index of the words of titles, tasks and quotas that knows no marks.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::types::{ToSqlOutput, Value as Cell};
use rusqlite::{Connection, params, params_from_iter};
use serde_json::Value;

use super::journal::told;
use super::row::{Record, Row};
use super::table::{Holds, TABLES, Table};
use crate::error::{Error, Kind, Result};
use crate::text::letters::fold;

/// A `plans.sqlite` that is being written.
pub(super) struct Index {
    db: Connection,
    path: PathBuf,
    inserts: Vec<String>,
    facts: i64,
}

/// `facts` numbers what can be found; `words` holds its words folded (no marks, `đ` as `d`) and `falls` the months it is due in.
const FOUND: &str = "
    CREATE TABLE facts (fact INTEGER PRIMARY KEY, bundle TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL);
    CREATE VIRTUAL TABLE words USING fts5 (what, who, content = '', tokenize = 'unicode61 remove_diacritics 2');
    CREATE TABLE falls (month TEXT NOT NULL, fact INTEGER NOT NULL, PRIMARY KEY (month, fact)) WITHOUT ROWID;
";

const INDEXES: &str = "
    CREATE UNIQUE INDEX plans_bundle ON plans (bundle);
    CREATE INDEX tasks_bundle ON tasks (bundle, task);
    CREATE INDEX dues_bundle ON dues (bundle, fact, fact_id);
    CREATE INDEX dues_date ON dues (due_date);
    CREATE INDEX quotas_bundle ON quotas (bundle, quota);
    CREATE INDEX findings_bundle ON findings (bundle);
    CREATE UNIQUE INDEX failures_bundle ON failures (bundle);
    INSERT INTO words (words) VALUES ('optimize');
    COMMIT;
    ANALYZE;
";

impl Index {
    /// A new file at `path`. It is written in one transaction and shown only when whole, so that it needs no journal of its own.
    pub fn create(path: &Path) -> Result<Self> {
        let create = || {
            let db = Connection::open(path)?;
            db.pragma_update(None, "journal_mode", "OFF")?;
            db.pragma_update(None, "synchronous", "OFF")?;
            for table in &TABLES {
                db.execute_batch(&definition(table))?;
            }
            db.execute_batch(FOUND)?;
            db.execute_batch("BEGIN")?;
            Ok(db)
        };
        let db = create().map_err(|e| told(e, path))?;
        Ok(Self { db, path: path.to_path_buf(), inserts: TABLES.iter().map(insert).collect(), facts: 0 })
    }

    /// Adds everything of one bundle.
    pub fn push(&mut self, record: &Record) -> Result<()> {
        self.tables(record).and_then(|()| self.words(record)).map_err(|e| told(e, &self.path))
    }

    fn tables(&self, record: &Record) -> rusqlite::Result<()> {
        for (table, insert) in TABLES.iter().zip(&self.inserts) {
            let mut insert = self.db.prepare_cached(insert)?;
            for row in record.rows(table.name) {
                let own = [text(&record.bundle), record.year.map_or(Cell::Null, |y| Cell::Integer(y.into()))];
                let cells = table.columns.iter().map(|c| cell(row.get(c.name), c.holds));
                insert.execute(params_from_iter(own.into_iter().chain(cells).map(ToSqlOutput::Owned)))?;
            }
        }
        Ok(())
    }

    fn words(&mut self, record: &Record) -> rusqlite::Result<()> {
        for row in &record.plans {
            let what = joined(row, &["number", "title", "issuer"]);
            self.fact(&record.bundle, "plan", "", &what, "", &[])?;
        }
        for (kind, rows) in [("task", &record.tasks), ("quota", &record.quotas)] {
            for row in rows {
                let id = row.get(kind).and_then(Value::as_str).unwrap_or_default();
                let due = record.dues.iter().find(|d| is(d, "fact", kind) && is(d, "fact_id", id));
                let months = due.and_then(|d| d.get("months")).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                let who = joined(row, &["who", "supporters", "receivers"]);
                self.fact(&record.bundle, kind, id, &joined(row, &["what", "product"]), &who, months)?;
            }
        }
        Ok(())
    }

    fn fact(&mut self, bundle: &str, kind: &str, id: &str, what: &str, who: &str, months: &[Value]) -> rusqlite::Result<()> {
        self.facts += 1;
        let mut put = self.db.prepare_cached("INSERT INTO facts (fact, bundle, kind, id) VALUES (?, ?, ?, ?)")?;
        put.execute(params![self.facts, bundle, kind, id])?;
        let mut put = self.db.prepare_cached("INSERT INTO words (rowid, what, who) VALUES (?, ?, ?)")?;
        put.execute(params![self.facts, fold(what), fold(who)])?;
        for month in months.iter().filter_map(Value::as_str) {
            self.db.prepare_cached("INSERT OR IGNORE INTO falls (month, fact) VALUES (?, ?)")?.execute(params![month, self.facts])?;
        }
        Ok(())
    }

    /// Closes the file, on the disk itself.
    pub fn finish(self) -> Result<()> {
        let Self { db, path, .. } = self;
        db.execute_batch(INDEXES).map_err(|e| told(e, &path))?;
        db.close().map_err(|(_, e)| told(e, &path))?;
        let sync = File::options().write(true).open(&path).and_then(|file| file.sync_all());
        sync.map_err(|e| Error::new(Kind::Unwritable).at(path).because(e))
    }
}

fn definition(table: &Table) -> String {
    let kind = |holds| match holds {
        Holds::Text | Holds::Texts | Holds::Day => "TEXT",
        Holds::Whole | Holds::Truth => "INTEGER",
        Holds::Number => "REAL",
    };
    let columns: Vec<String> = table.columns.iter().map(|c| format!("\"{}\" {}", c.name, kind(c.holds))).collect();
    format!("CREATE TABLE {} (bundle TEXT NOT NULL, year INTEGER, {})", table.name, columns.join(", "))
}

fn insert(table: &Table) -> String {
    format!("INSERT INTO {} VALUES (?, ?{})", table.name, ", ?".repeat(table.columns.len()))
}

/// A value as SQLite holds it; a list is its words, divided as a person would.
fn cell(value: Option<&Value>, holds: Holds) -> Cell {
    match (holds, value) {
        (_, None | Some(Value::Null)) => Cell::Null,
        (Holds::Text | Holds::Day, Some(value)) => text(value.as_str().unwrap_or_default()),
        (Holds::Texts, Some(value)) => text(&listed(value)),
        (Holds::Whole, Some(value)) => value.as_i64().map_or(Cell::Null, Cell::Integer),
        (Holds::Number, Some(value)) => value.as_f64().map_or(Cell::Null, Cell::Real),
        (Holds::Truth, Some(value)) => value.as_bool().map_or(Cell::Null, |b| Cell::Integer(b.into())),
    }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn listed(value: &Value) -> String {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join("; ")
}

fn is(row: &Row, name: &str, value: &str) -> bool {
    row.get(name).and_then(Value::as_str) == Some(value)
}

fn joined(row: &Row, names: &[&str]) -> String {
    let text = |name: &&str| row.get(*name).map(|v| v.as_str().map_or_else(|| listed(v), str::to_owned));
    names.iter().filter_map(text).collect::<Vec<_>>().join(" · ")
}
