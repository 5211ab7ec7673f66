//! The rule book: what is known, as data. Files under `rules/` are embedded in the program and overlaid, path by path, by a
//! folder of the office's own (`--rules DIR`).

pub mod pattern;
pub mod proof;
mod spelling;

pub use pattern::Pattern;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::error::{Error, Kind, Result, Spot};

#[derive(rust_embed::RustEmbed)]
#[folder = "rules/"]
#[exclude = "model/*"]
#[exclude = "README.md"]
#[exclude = "*/README.md"]
struct Embedded;

/// All files of rules, ours and the office's laid over them.
#[derive(Clone, Debug, Default)]
pub struct RuleBook {
    overlay: Option<PathBuf>,
}

impl RuleBook {
    /// Our own rules alone.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// Our rules with the files of `dir` in place of those of the same path.
    ///
    /// # Errors
    /// When `dir` can't be read, or holds a file that no rule of ours has the path of: the nearest known path is named.
    pub fn with_overlay(dir: impl Into<PathBuf>) -> Result<Self> {
        let dir = dir.into();
        let book = Self { overlay: Some(dir.clone()) };
        for path in overlay_files(&dir, &dir)? {
            if Embedded::get(&path).is_none() && !is_open(&path) {
                let known = Self::embedded().list("");
                return Err(Error::new(Kind::BadRule).at(dir.join(&path)).detail(unknown("file", &path, known.iter().map(String::as_str))));
            }
        }
        Ok(book)
    }

    /// The text of the rule file at `path` (as in `extract/due.yaml`).
    ///
    /// # Errors
    /// When the office's file can't be read as UTF-8, or no such file exists.
    pub fn text(&self, path: &str) -> Result<Cow<'static, str>> {
        let not_text = |cause: std::str::Utf8Error| {
            let cause = std::io::Error::new(std::io::ErrorKind::InvalidData, cause);
            Error::io(self.place(path), Kind::Unreadable, cause)
        };
        match self.bytes(path)? {
            Cow::Borrowed(b) => std::str::from_utf8(b).map(Cow::Borrowed).map_err(not_text),
            Cow::Owned(b) => String::from_utf8(b).map(Cow::Owned).map_err(|e| not_text(e.utf8_error())),
        }
    }

    /// The bytes of the file at `path`: a template in a format of its own, or any rule file.
    ///
    /// # Errors
    /// When the office's file can't be read, or no such file exists: the nearest known path is named.
    pub fn bytes(&self, path: &str) -> Result<Cow<'static, [u8]>> {
        if let Some(file) = self.overlaid(path) {
            return std::fs::read(&file).map(Cow::Owned).map_err(|e| Error::io(file, Kind::Unreadable, e));
        }
        let known = Embedded::get(path);
        let missing = || Error::new(Kind::BadRule).at(path).detail(unknown("file", path, self.list("").iter().map(String::as_str)));
        known.map(|file| file.data).ok_or_else(missing)
    }

    /// The rule file at `path` read into `T`, which should deny unknown fields.
    ///
    /// # Errors
    /// As [`text`](Self::text), and when the YAML is not a `T`: the error holds line, column and reason.
    pub fn load<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let text = self.text(path)?;
        read_yaml(&text).map_err(|e| e.at(self.place(path)))
    }

    /// An error about a rule that reads well and means nothing: it points at the line of the file at `path` that holds `what`.
    pub fn fault(&self, path: &str, what: &str, reason: &str) -> Error {
        let text = self.text(path).unwrap_or_default();
        let line = proof::find_line(&text, what, 0).unwrap_or(0) + 1;
        let error = Error::new(Kind::BadRule).on(Spot { line, column: 1, text: text.into_owned() }).detail(reason);
        error.at(self.place(path))
    }

    /// The paths of all rule files that begin with `prefix`, sorted; the office's own among them.
    pub fn list(&self, prefix: &str) -> Vec<String> {
        let mut all: Vec<String> = Embedded::iter().map(Cow::into_owned).collect();
        if let Some(dir) = &self.overlay {
            all.extend(overlay_files(dir, dir).unwrap_or_default());
        }
        all.retain(|p| p.starts_with(prefix));
        all.sort();
        all.dedup();
        all
    }

    /// The file that stands behind `path`, for messages: the office's where there is one.
    pub fn place(&self, path: &str) -> PathBuf {
        self.overlaid(path).unwrap_or_else(|| Path::new("rules").join(path))
    }

    /// True where the office has a file of its own at `path`.
    pub fn is_own(&self, path: &str) -> bool {
        self.overlaid(path).is_some()
    }

    fn overlaid(&self, path: &str) -> Option<PathBuf> {
        self.overlay.as_ref().map(|d| d.join(path)).filter(|f| f.is_file())
    }
}

/// Reads YAML that a person wrote into `T`; the error (of kind [`Kind::BadRule`]) holds the place and the reason, but no path yet.
///
/// # Errors
/// When the text is not YAML or not a `T`.
pub fn read_yaml<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_yaml::from_str(text).map_err(|e| {
        let mut error = Error::new(Kind::BadRule).detail(plainly(&e.to_string()));
        if let Some(l) = e.location() {
            error = error.on(Spot { line: l.line(), column: l.column(), text: text.to_owned() });
        }
        error.because(e)
    })
}

/// One sentence: this name is unknown, and that known one is the nearest.
pub fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    match nearest(name, known) {
        Some(near) => format!("unknown {what} `{name}`; did you mean `{near}`?"),
        None => format!("unknown {what} `{name}`"),
    }
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.map(|k| (strsim::damerau_levenshtein(name, k), k)).filter(|(d, k)| *d <= k.chars().count().max(3) / 2).min().map(|(_, k)| k)
}

/// A message of the YAML reader as one plain sentence: the place left out, since an error's [`Spot`] shows it, and of the names that it
/// expected the nearest alone.
pub fn plainly(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(before, _)| before);
    let mut names = message.split('`').skip(1).step_by(2);
    let Some(given) = names.next().filter(|_| message.contains("unknown field") || message.contains("unknown variant")) else {
        return message.to_owned();
    };
    unknown("name", given, names)
}

/// Folders to which an office adds files of its own names.
fn is_open(path: &str) -> bool {
    path.starts_with("render/templates/") || path.starts_with("lexicon/office/")
}

fn overlay_files(root: &Path, dir: &Path) -> Result<Vec<String>> {
    let unreadable = |e| Error::io(dir, Kind::Unreadable, e);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            found.extend(overlay_files(root, &path)?);
        } else if let Ok(inside) = path.strip_prefix(root) {
            let parts: Vec<_> = inside.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect();
            found.push(parts.join("/"));
        }
    }
    Ok(found)
}
