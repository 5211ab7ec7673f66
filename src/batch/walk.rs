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
    /// Files and folders whose names are no Unicode, as they are told and where they are. Nothing in such a folder is looked at.
    pub unnamed: Vec<(String, PathBuf)>,
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
    if path.to_str().is_none() {
        return Err(Error::new(Kind::BadName).at(root));
    }
    Ok(path.file_name().map_or_else(|| "root".to_owned(), |n| n.to_string_lossy().into_owned()))
}

impl Iterator for Walk<'_> {
    type Item = Folder;

    fn next(&mut self) -> Option<Folder> {
        let (path, name) = self.open.pop()?;
        let Ok(Listed { mut files, folders, mut unnamed }) = Listed::of(&path) else {
            return Some(Folder { name, path, files: Vec::new(), unnamed: Vec::new(), readable: false });
        };
        let mut deeper = Vec::new();
        for folder in folders {
            let below = path.join(&folder);
            if below == self.besides || folder.ends_with(".plan") {
                continue;
            }
            match Listed::of(&below) {
                Ok(inner) if inner.folders.is_empty() && !files.is_empty() && (self.is_annexes)(&folder) => {
                    let in_folder = |name: String| format!("{folder}/{name}");
                    files.extend(inner.files.into_iter().map(in_folder));
                    unnamed.extend(inner.unnamed.into_iter().map(|(name, path)| (in_folder(name), path)));
                }
                _ => deeper.push((below, format!("{name}/{folder}"))),
            }
        }
        self.open.extend(deeper.into_iter().rev());
        Some(Folder { name, path, files, unnamed, readable: true })
    }
}

/// What lies in a folder, each sorted; hidden things and links to folders left out.
struct Listed {
    files: Vec<String>,
    folders: Vec<String>,
    unnamed: Vec<(String, PathBuf)>,
}

impl Listed {
    fn of(dir: &Path) -> std::io::Result<Self> {
        let (mut files, mut folders, mut unnamed) = (Vec::new(), Vec::new(), Vec::new());
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name();
            if matches!(name.as_encoded_bytes().first(), Some(b'.' | b'~')) {
                continue;
            }
            let kind = entry.file_type()?;
            // A link that leads nowhere is a file that is not there: it is told as one.
            let leads = if kind.is_symlink() { fs::metadata(entry.path()).ok() } else { None };
            let is_file = kind.is_file() || kind.is_symlink() && leads.is_none_or(|to| to.is_file());
            match name.into_string() {
                Ok(name) if kind.is_dir() => folders.push(name),
                Ok(name) if is_file => files.push(name),
                Err(name) if kind.is_dir() || is_file => unnamed.push(name),
                _ => {}
            }
        }
        files.sort();
        folders.sort();
        unnamed.sort();
        let mut told: Vec<(String, PathBuf)> = Vec::new();
        for name in unnamed {
            let mut shown = escaped(name.as_encoded_bytes());
            // Somebody may have called a file by the very letters of an escape.
            while files.contains(&shown) || folders.contains(&shown) || told.iter().any(|(other, _)| *other == shown) {
                shown.push('\u{fffd}');
            }
            told.push((shown, dir.join(name)));
        }
        Ok(Self { files, folders, unnamed: told })
    }
}

/// A name with what is no Unicode in it as `\xFF`.
fn escaped(name: &[u8]) -> String {
    let mut out = String::new();
    for chunk in name.utf8_chunks() {
        out += chunk.valid();
        chunk.invalid().iter().for_each(|byte| out += &format!("\\x{byte:02X}"));
    }
    out
}

/// A path as an address, which has letters for any name.
pub(super) fn address(path: &Path) -> String {
    let mut out = "file://".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match *byte {
            b'\\' if cfg!(windows) => out.push('/'),
            byte if byte.is_ascii_alphanumeric() || b"/._-:".contains(&byte) => out.push(byte.into()),
            byte => out += &format!("%{byte:02X}"),
        }
    }
    out
}
