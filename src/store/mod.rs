//! The store of an archive: a journal of what is done, and written from it, in formats that others read, a Parquet dataset, JSON Lines
//! and a SQLite file that is searched.
//!
//! ```text
//! STORE/
//!   plans/        the outputs of every plan, by the path of the plan in the archive
//!   dataset/      plans, tasks, dues, quotas, findings, failures: Parquet, a folder for each year of issue
//!   lines/        the same as JSON Lines
//!   plans.sqlite  the same for one office, with an index of words
//!   journal/      ours: what is done and under which key
//! ```

mod columnar;
mod dataset;
mod find;
mod journal;
mod row;
mod search;
mod table;

pub use dataset::write;
pub use find::{Ask, Found, Month, find};
pub use journal::{Count, Journal, Journals, Known, Shard};
pub use row::{Failure, Record, Row};
pub use table::{Column, Holds, TABLES, Table, schema};

use std::path::{Path, PathBuf};

/// Where the journals of the store `dir` lie.
pub fn journal(dir: &Path) -> PathBuf {
    dir.join("journal")
}

/// Where the outputs of `bundle` lie in the store `dir`; a name too long for a file system is cut and told apart by a hash.
pub fn outputs(dir: &Path, bundle: &str) -> PathBuf {
    use sha2::Digest as _;
    const LONGEST: usize = 200;
    let mut path = dir.join("plans");
    let parts: Vec<&str> = bundle.split('/').filter(|p| !p.is_empty()).collect();
    for (nth, part) in parts.iter().enumerate() {
        let mut name = part.to_string();
        if name.len() > LONGEST {
            let hash: String = sha2::Sha256::digest(part.as_bytes()).iter().take(6).map(|b| format!("{b:02x}")).collect();
            let cut = (0..=LONGEST).rev().find(|at| name.is_char_boundary(*at)).unwrap_or_default();
            name = format!("{}~{hash}", &name[..cut]);
        }
        // A bundle's name is made of the names of files: no part of it leads out of the store.
        let name = if name == ".." || name == "." { "_".to_owned() } else { name };
        path.push(if nth + 1 == parts.len() { format!("{name}.plan") } else { name });
    }
    path
}
