//! The texts a model is trained from: a paragraph a line, plain or zstd, in two groups; a hundredth of the blocks is held back.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};

/// Paragraphs of a file are held back in blocks, so that neighbours stay together.
const BLOCK: usize = 64;
/// One block of so many is held back.
const HELD_BACK: u64 = 100;

/// A file of the corpus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Where it is.
    pub path: PathBuf,
    /// Law and administration; otherwise general text.
    pub administrative: bool,
}

/// The texts in `dir`: those whose name begins with `admin` are law and administration, the others general.
///
/// # Errors
/// When the folder can't be read or holds no text.
pub fn texts(dir: &Path) -> Result<Vec<Text>> {
    let entries = std::fs::read_dir(dir).map_err(|e| Error::io(dir, Kind::Unreadable, e))?;
    let mut all: Vec<Text> = entries
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "zst" || e == "txt"))
        .map(|path| {
            let administrative = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("admin"));
            Text { path, administrative }
        })
        .collect();
    all.sort_by(|a, b| a.path.cmp(&b.path));
    if all.is_empty() { Err(Error::new(Kind::NotFound).at(dir).detail("no .zst or .txt here")) } else { Ok(all) }
}

/// Gives every paragraph of `text` to `take`, with whether it is held back from training.
///
/// # Errors
/// When the file can't be read.
pub fn paragraphs(text: &Text, mut take: impl FnMut(&str, bool)) -> Result<()> {
    let unreadable = |e| Error::io(&text.path, Kind::Unreadable, e);
    let file = File::open(&text.path).map_err(unreadable)?;
    let reader: Box<dyn Read> = if text.path.extension().is_some_and(|e| e == "zst") {
        let decoder = ruzstd::decoding::StreamingDecoder::new(file);
        Box::new(decoder.map_err(|e| Error::new(Kind::Damaged).at(&text.path).because(e.to_string()))?)
    } else {
        Box::new(file)
    };
    let salt = text.path.file_stem().map(|n| n.to_string_lossy().bytes().fold(7u64, |h, b| h.wrapping_mul(31) + u64::from(b)));
    for (i, line) in BufReader::with_capacity(1 << 20, reader).lines().enumerate() {
        let line = line.map_err(unreadable)?;
        if !line.trim().is_empty() {
            take(line.trim(), is_held_back(salt.unwrap_or(0), i / BLOCK));
        }
    }
    Ok(())
}

fn is_held_back(salt: u64, block: usize) -> bool {
    let h = (salt ^ block as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (h >> 33).is_multiple_of(HELD_BACK)
}
