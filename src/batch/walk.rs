//! Walks the folders of an archive, one folder at a time and always in the same order.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

/// A folder of the archive with the files that lie in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folder {
    /// Its name: the root's own, then the way from there, divided by `/`.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Names of its files, sorted; those of a folder of annexes in it stand behind them with that folder's name before.
    pub files: Vec<String>,
    /// False when it can't be read.
    pub readable: bool,
}

/// The folders under one root.
pub(super) struct Walk<'a> {
    open: Vec<(PathBuf, String)>,
    /// A folder that is not looked into: the store.
    besides: PathBuf,
    /// True for the name of a folder of annexes, whose files belong to the plans in the folder above.
    is_annexes: &'a dyn Fn(&str) -> bool,
}

impl<'a> Walk<'a> {
    /// The folders of `root`, which may not lie in `besides`.
    ///
    /// # Errors
    /// When `root` is no folder that can be read.
    pub fn new(root: &Path, besides: &Path, is_annexes: &'a dyn Fn(&str) -> bool) -> Result<Self> {
        let path = root.canonicalize().map_err(|e| Error::io(root, Kind::Unreadable, e))?;
        fs::read_dir(&path).map_err(|e| Error::io(root, Kind::Unreadable, e))?;
        let besides = besides.canonicalize().unwrap_or_else(|_| besides.to_path_buf());
        let name = name(root)?;
        Ok(Self { open: vec![(path, name)], besides, is_annexes })
    }
}

/// The name that a root has in a store: its own.
pub(super) fn name(root: &Path) -> Result<String> {
    let path = root.canonicalize().map_err(|e| Error::io(root, Kind::Unreadable, e))?;
    Ok(path.file_name().map_or_else(|| "root".to_owned(), |n| n.to_string_lossy().into_owned()))
}

impl Iterator for Walk<'_> {
    type Item = Folder;

    fn next(&mut self) -> Option<Folder> {
        let (path, name) = self.open.pop()?;
        let Ok((mut files, folders)) = listed(&path) else {
            return Some(Folder { name, path, files: Vec::new(), readable: false });
        };
        let mut deeper = Vec::new();
        for folder in folders {
            let below = path.join(&folder);
            if below == self.besides || folder.ends_with(".plan") {
                continue;
            }
            match listed(&below) {
                Ok((annexes, inner)) if inner.is_empty() && !files.is_empty() && (self.is_annexes)(&folder) => {
                    files.extend(annexes.into_iter().map(|a| format!("{folder}/{a}")));
                }
                _ => deeper.push((below, format!("{name}/{folder}"))),
            }
        }
        self.open.extend(deeper.into_iter().rev());
        Some(Folder { name, path, files, readable: true })
    }
}

/// The names of the files and of the folders in `dir`, each sorted; hidden ones and links to folders left out.
fn listed(dir: &Path) -> std::io::Result<(Vec<String>, Vec<String>)> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        // A name that is no Unicode can't be told to anybody: its file is left where it is, and counted by nobody.
        let Ok(name) = entry.file_name().into_string() else {
            tracing::warn!("name is not Unicode: {}", entry.path().display());
            continue;
        };
        if name.starts_with(['.', '~']) {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() {
            folders.push(name);
        } else if kind.is_file() || entry.path().is_file() {
            files.push(name);
        }
    }
    files.sort();
    folders.sort();
    Ok((files, folders))
}
