//! How an OCR damages letters: what it costs that one or two true letters were read as up to three others.
//!
//! A *segment* is one true letter, or two that were damaged together. The table is ordered by what was read, because the search
//! starts from that.

use std::borrow::Cow;

use super::alphabet::{self, LETTERS};
use super::format::{U32s, u32_bytes};
use super::ngram::NAT;
use crate::error::{Error, Kind, Result};

/// A true segment: a letter's number, or [`LETTERS`] plus the place of a pair in the channel's list.
pub type Segment = u16;
/// At most so many letters were read for one segment.
pub const LONGEST: usize = 3;
/// What was read and is in no table.
pub const OTHER: u8 = u8::MAX;
/// A stored byte counts this much.
const STEP: i32 = NAT / 16;
const HEAD: usize = 16;

/// The channel's table, read in place or built for one document.
#[derive(Clone, Debug)]
pub struct Channel<'m> {
    bytes: Cow<'m, [u8]>,
    glyphs: usize,
    pairs: usize,
    keys: usize,
}

/// One line of the table: what was read, the true segment, the cost in natural-log units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Up to [`LONGEST`] glyph numbers, packed; 0 when nothing was read.
    pub read: u32,
    /// What it was.
    pub segment: Segment,
    /// The cost.
    pub cost: f32,
}

impl<'m> Channel<'m> {
    /// The channel whose table is `bytes`.
    ///
    /// # Errors
    /// When the table is cut short.
    pub fn new(bytes: impl Into<Cow<'m, [u8]>>) -> Result<Self> {
        let bytes = bytes.into();
        let head = U32s(bytes.get(..HEAD).ok_or_else(cut)?);
        let (glyphs, pairs, keys, rows) = (head.get(0) as usize, head.get(1) as usize, head.get(2) as usize, head.get(3) as usize);
        let whole = [glyphs, pairs, keys, rows].iter().all(|&n| n < 1 << 24);
        if !whole || bytes.len() < HEAD + 4 * glyphs + 4 * pairs + 4 * (2 * keys + 1) + 3 * rows {
            return Err(cut());
        }
        Ok(Self { bytes, glyphs, pairs, keys })
    }

    /// The numbers under which the letters of `text` are looked up, from 1.
    pub fn glyphs(&self, text: &str) -> Vec<u8> {
        text.chars().map(|c| self.glyph(c)).collect()
    }

    /// The number of one letter as read; [`OTHER`] for one that this OCR was never seen to write.
    pub fn glyph(&self, c: char) -> u8 {
        let table = self.numbers(HEAD, self.glyphs);
        find(table, self.glyphs, c as u32).map_or(OTHER, |i| (i + 1) as u8)
    }

    /// The pairs of letters that are segments of their own.
    pub fn pairs(&self) -> impl Iterator<Item = (u8, u8)> + '_ {
        let table = self.numbers(HEAD + 4 * self.glyphs, self.pairs);
        (0..self.pairs).map(move |i| (table.get(i) as u8, (table.get(i) >> 8) as u8))
    }

    /// The segments that may have been read as `read` (packed), each with its cost.
    pub fn sources(&self, read: u32) -> impl Iterator<Item = (Segment, i32)> + '_ {
        let at = HEAD + 4 * (self.glyphs + self.pairs);
        let starts = self.numbers(at + 4 * self.keys, self.keys + 1);
        let range = match find(self.numbers(at, self.keys), self.keys, read) {
            Some(i) => starts.get(i) as usize..starts.get(i + 1) as usize,
            None => 0..0,
        };
        let rows = at + 4 * (2 * self.keys + 1);
        self.bytes
            .get(rows + 3 * range.start..rows + 3 * range.end)
            .unwrap_or_default()
            .chunks_exact(3)
            .map(|r| (u16::from_le_bytes([r[0], r[1]]), i32::from(r[2]) * STEP))
    }

    /// Every row of the table.
    pub fn rows(&self) -> Vec<Row> {
        let keys = self.numbers(HEAD + 4 * (self.glyphs + self.pairs), self.keys);
        let rows_of = |read: u32| self.sources(read).map(move |(segment, cost)| Row { read, segment, cost: cost as f32 / NAT as f32 });
        (0..self.keys).flat_map(|i| rows_of(keys.get(i))).collect()
    }

    /// The letters that this OCR was seen to write, in the order of their numbers.
    pub fn alphabet(&self) -> Vec<char> {
        let table = self.numbers(HEAD, self.glyphs);
        (0..self.glyphs).map(|i| char::from_u32(table.get(i)).unwrap_or_default()).collect()
    }

    fn numbers(&self, at: usize, count: usize) -> U32s<'_> {
        U32s(self.bytes.get(at..at + 4 * count).unwrap_or_default())
    }
}

fn find(table: U32s<'_>, count: usize, wanted: u32) -> Option<usize> {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = (from + to) / 2;
        match table.get(middle).cmp(&wanted) {
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Less => from = middle + 1,
            std::cmp::Ordering::Greater => to = middle,
        }
    }
    None
}

fn cut() -> Error {
    Error::new(Kind::BadModel).detail("a channel's table is cut short")
}

/// The channel that takes every mark away and leaves the letters.
///
/// # Errors
/// Never in practice: the table that is written is read back.
pub fn stripped() -> Result<Channel<'static>> {
    let mut alphabet: Vec<char> = (0..LETTERS as u8).map(|l| alphabet::letter(alphabet::bare(l))).collect();
    alphabet.sort_unstable();
    alphabet.dedup();
    let glyph = |l: u8| alphabet.binary_search(&alphabet::letter(alphabet::bare(l))).map_or(OTHER, |i| (i + 1) as u8);
    let rows: Vec<Row> = (0..LETTERS as u8).map(|l| Row { read: packed(&[glyph(l)]), segment: Segment::from(l), cost: 0.0 }).collect();
    Channel::new(write(&alphabet, &[], &rows))
}

/// Packs up to [`LONGEST`] glyph numbers.
pub fn packed(glyphs: &[u8]) -> u32 {
    glyphs.iter().rev().fold(0, |k, &g| k << 8 | u32::from(g))
}

/// Writes a table. `alphabet` must be sorted; rows with a cost beyond what a byte holds are left out.
pub fn write(alphabet: &[char], pairs: &[(u8, u8)], rows: &[Row]) -> Vec<u8> {
    let mut rows: Vec<(u32, Segment, u8)> = rows
        .iter()
        .filter(|r| r.cost < 255.0 / 16.0)
        .map(|r| (r.read, r.segment, (r.cost * (NAT / STEP) as f32).round().clamp(0.0, 255.0) as u8))
        .collect();
    rows.sort_unstable();
    let mut keys: Vec<u32> = Vec::new();
    let mut starts: Vec<u32> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        if keys.last() != Some(&row.0) {
            keys.push(row.0);
            starts.push(i as u32);
        }
    }
    starts.push(rows.len() as u32);
    let mut out = u32_bytes([alphabet.len(), pairs.len(), keys.len(), rows.len()].map(|n| n as u32));
    out.extend(u32_bytes(alphabet.iter().map(|&c| c as u32)));
    out.extend(u32_bytes(pairs.iter().map(|p| u32::from(p.0) | u32::from(p.1) << 8)));
    out.extend(u32_bytes(keys));
    out.extend(u32_bytes(starts));
    for (_, segment, cost) in rows {
        out.extend(segment.to_le_bytes());
        out.push(cost);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_back() {
        let rows = [
            Row { read: packed(&[1]), segment: 3, cost: 0.5 },
            Row { read: packed(&[1, 2]), segment: 200, cost: 2.0 },
            Row { read: packed(&[1]), segment: 7, cost: 99.0 },
        ];
        let bytes = write(&['6', 'a'], &[(4, 5)], &rows);
        let channel = Channel::new(&bytes[..]).expect("whole");
        assert_eq!(channel.glyphs("a6x"), [2, 1, OTHER]);
        assert_eq!(channel.sources(packed(&[1])).collect::<Vec<_>>(), [(3, NAT / 2)]);
        assert_eq!(channel.sources(packed(&[9])).count(), 0);
        assert_eq!(channel.pairs().collect::<Vec<_>>(), [(4, 5)]);
        assert_eq!(channel.rows().len(), 2);
        assert!(Channel::new(&bytes[..bytes.len() - 1]).is_err());
    }
}
