//! One line in, one line out: what a worker is told about a bundle, and what it answers.

use std::io::{self, BufRead};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, Result};
use crate::store::Record;
use crate::text::Role;

/// A bundle to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The name of the bundle in all tables.
    pub bundle: String,
    /// Its files.
    pub files: Vec<OrderFile>,
    /// The folder that takes the outputs; without it there are none but the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub out: Option<PathBuf>,
}

/// A file of a bundle: by its path, by an address, or its bytes themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderFile {
    /// The name it has in all that is written; the path or address without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `plan` or `annex`; its words decide without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleName>,
    /// Where it is on this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// Its address: `file://…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// What it holds, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
}

/// A [`Role`] by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum RoleName {
    Plan,
    Annex,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Plan => Self::Plan,
            RoleName::Annex => Self::Annex,
        }
    }
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        match role {
            Role::Plan => Self::Plan,
            Role::Annex => Self::Annex,
        }
    }
}

/// What a bundle came to: its rows, and the time it took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The rows.
    #[serde(flatten)]
    pub record: Record,
    /// Seconds of clock time.
    pub seconds: f64,
}

impl OrderFile {
    /// The name it has in all that is written.
    pub fn name(&self) -> String {
        let path = || self.path.as_ref().map(|p| p.to_string_lossy().into_owned());
        self.name.clone().or_else(path).or_else(|| self.uri.clone()).unwrap_or_else(|| "-".to_owned())
    }

    /// What the file holds; `fits` is asked before much is read.
    ///
    /// # Errors
    /// When it can't be had.
    pub fn fetch(&self, fits: impl Fn(u64) -> Result<()>) -> Result<Vec<u8>> {
        use base64::Engine as _;
        let named = |e: Error| e.at(self.name());
        match (&self.path, &self.uri, &self.bytes) {
            (Some(path), None, None) => self.open(path, fits),
            (None, Some(uri), None) => self.open(&local(uri).map_err(named)?, fits),
            (None, None, Some(text)) => {
                fits(text.len() as u64 / 4 * 3)?;
                let bytes = base64::engine::general_purpose::STANDARD.decode(text);
                bytes.map_err(|e| named(Error::new(Kind::BadRecord).detail("not base64").because(e)))
            }
            _ => Err(named(Error::new(Kind::BadRecord).detail("one of path, uri, bytes"))),
        }
    }

    fn open(&self, path: &std::path::Path, fits: impl Fn(u64) -> Result<()>) -> Result<Vec<u8>> {
        let unreadable = |e| Error::io(self.name(), Kind::Unreadable, e);
        fits(std::fs::metadata(path).map_err(unreadable)?.len())?;
        std::fs::read(path).map_err(unreadable)
    }
}

/// The path that a `file://` address names.
fn local(uri: &str) -> Result<PathBuf> {
    let unknown = || Error::new(Kind::Missing).detail(format!("address: {}", uri.split("://").next().unwrap_or_default()));
    let path = uri.strip_prefix("file:").ok_or_else(unknown)?;
    // `file:/a` and `file:///a` are the same; a host other than this one is not ours to ask.
    let path = match path.strip_prefix("//") {
        Some(path) => path.strip_prefix("localhost").unwrap_or(path),
        None => path,
    };
    if !path.starts_with('/') {
        return Err(unknown());
    }
    let bytes = path.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| path.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok())).flatten();
        plain.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    let path = String::from_utf8(plain).map_err(|_| Error::new(Kind::BadName))?;
    // `file:///C:/x` is a path of Windows behind its first stroke.
    let windows = path.as_bytes().get(2) == Some(&b':');
    Ok(PathBuf::from(if windows { &path[1..] } else { &path }))
}

/// A line of at most `most` bytes without its end; of a longer one its length. `None` at the end of the input.
pub(super) fn line(input: &mut impl BufRead, most: u64) -> io::Result<Option<Result<Vec<u8>, u64>>> {
    let mut line = Vec::new();
    if io::Read::take(&mut *input, most).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') || (line.len() as u64) < most {
        while matches!(line.last(), Some(b'\n' | b'\r')) {
            line.pop();
        }
        return Ok(Some(Ok(line)));
    }
    let mut length = line.len() as u64;
    loop {
        let held = input.fill_buf()?;
        if held.is_empty() {
            return Ok(Some(Err(length)));
        }
        let end = held.iter().position(|b| *b == b'\n');
        let used = end.map_or(held.len(), |at| at + 1);
        length += used as u64;
        input.consume(used);
        if end.is_some() {
            return Ok(Some(Err(length)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_paths() {
        for (uri, path) in [
            ("file:///a/b%20c.txt", "/a/b c.txt"),
            ("file:/a/b", "/a/b"),
            ("file://localhost/a", "/a"),
            ("file:///a/50%.txt", "/a/50%.txt"),
            ("file:///a/k%E1%BA%BF.txt", "/a/kế.txt"),
            ("file:///C:/a", "C:/a"),
        ] {
            assert_eq!(local(uri).expect(uri), PathBuf::from(path), "{uri}");
        }
        for uri in ["s3://a/b", "file://elsewhere/a", "a", ""] {
            assert_eq!(local(uri).expect_err(uri).kind(), Kind::Missing, "{uri}");
        }
        assert_eq!(local("file:///%ff").expect_err("no Unicode").kind(), Kind::BadName);
    }

    #[test]
    fn long_lines_are_measured_and_left_behind() {
        let mut input = io::BufReader::with_capacity(3, &b"ab\r\nabcdefgh\nabcd\nx"[..]);
        let mut next = || line(&mut input, 5).expect("reads");
        assert_eq!(next(), Some(Ok(b"ab".to_vec())));
        assert_eq!(next(), Some(Err(9)));
        assert_eq!(next(), Some(Ok(b"abcd".to_vec())));
        assert_eq!(next(), Some(Ok(b"x".to_vec())));
        assert_eq!(next(), None);
    }

    #[test]
    fn a_file_is_had_in_one_way() {
        let file = |bytes: Option<&str>, uri: Option<&str>| OrderFile {
            bytes: bytes.map(str::to_owned),
            uri: uri.map(str::to_owned),
            ..OrderFile::default()
        };
        assert_eq!(file(Some("xJHDoQ=="), None).fetch(|_| Ok(())).expect("decodes"), "đá".as_bytes());
        assert_eq!(file(Some("%"), None).fetch(|_| Ok(())).expect_err("no base64").kind(), Kind::BadRecord);
        assert_eq!(file(None, None).fetch(|_| Ok(())).expect_err("nothing").kind(), Kind::BadRecord);
        assert_eq!(file(Some(""), Some("file:///a")).fetch(|_| Ok(())).expect_err("two").kind(), Kind::BadRecord);
        assert_eq!(file(None, Some("file:///nicht/da")).fetch(|_| Ok(())).expect_err("gone").kind(), Kind::NotFound);
        let too_big = |_| Err(Error::new(Kind::TooBig));
        assert_eq!(file(Some("xJHDoQ=="), None).fetch(too_big).expect_err("too big").kind(), Kind::TooBig);
    }
}
