//! What one file may cost: the limits of `rules/read/limits.yaml`.

use serde::{Deserialize, Serialize};

use super::failure::{Failure, Limit};

/// Limits on one file; every one may be overridden in an office's `rules/read/limits.yaml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Time of one child process.
    pub seconds: u64,
    /// Bytes of address space of one child process.
    pub memory: usize,
    /// Bytes of a file.
    pub file: u64,
    /// Bytes of text that one file may give.
    pub text: usize,
    /// Pages of a document.
    pub pages: usize,
    /// Glyphs on one page.
    pub glyphs: usize,
    /// Drawn lines on one page.
    pub rules: usize,
    /// Pixels of one page image.
    pub pixels: u64,
    /// Sheets of a workbook.
    pub sheets: usize,
    /// Rows of a sheet.
    pub rows: usize,
    /// Columns of a sheet.
    pub columns: usize,
    /// Cells of a workbook, blank ones that are written out included.
    pub cells: usize,
    /// Bytes of an archive when unpacked.
    pub unpacked: u64,
    /// Elements within elements of an XML part.
    pub nesting: usize,
    /// Files in a folder that is read as one bundle.
    pub files: usize,
}

impl Limits {
    /// Fails when `count` is over the limit `most` of `what`.
    pub(super) fn hold(what: Limit, count: usize, most: usize) -> Result<(), Failure> {
        if count > most { Err(Failure::limit(what, most as u64)) } else { Ok(()) }
    }
}
