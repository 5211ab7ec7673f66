//! The language model: what a word costs after the words before it. Back-off n-grams up to four, found by fingerprint in buckets.

use super::format::{Sections, U16s, U32s, u16_bytes, u32_bytes};
use crate::error::Result;

/// Cost of one natural-log unit; every cost in this room and in repair counts in these.
pub const NAT: i32 = 64;
/// A stored byte counts this much.
const STEP: i32 = NAT / 16;
/// Longest n-gram.
pub const ORDER: usize = 4;
/// Buckets hold about this many n-grams.
const PER_BUCKET: usize = 8;

/// A word of the model.
pub type WordId = u16;

/// The words before: the longest stretch that the model knows how to continue, and no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The last three words, the latest in the lowest bits.
    words: u64,
    /// What it costs to leave the context of one, two, three words.
    backoff: [u16; ORDER - 1],
    /// Words of context that may be continued.
    length: u8,
}

/// What it costs to leave a context follows from the context: states are told apart by their words.
impl std::hash::Hash for State {
    fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(self.words | u64::from(self.length) << 56);
    }
}

impl State {
    /// The last word; 0 at the very start.
    pub fn last(self) -> WordId {
        self.words as u16
    }
}

/// N-grams of one length.
#[derive(Clone, Copy, Debug)]
struct Table<'m> {
    buckets: U32s<'m>,
    marks: U16s<'m>,
    costs: &'m [u8],
    backoffs: &'m [u8],
    shift: u32,
}

/// The model's n-grams, read in place.
#[derive(Clone, Copy, Debug)]
pub struct Ngrams<'m> {
    costs: &'m [u8],
    backoffs: &'m [u8],
    tables: [Table<'m>; ORDER - 1],
}

impl<'m> Ngrams<'m> {
    /// The n-grams among `sections`.
    ///
    /// # Errors
    /// When a section is missing.
    pub fn new(sections: &Sections<'m>) -> Result<Self> {
        let table = |n: usize| -> Result<Table<'m>> {
            let buckets = U32s(sections.get(&format!("{n}.at"))?);
            Ok(Table {
                buckets,
                marks: U16s(sections.get(&format!("{n}.mark"))?),
                costs: sections.get(&format!("{n}.cost"))?,
                backoffs: if n < ORDER { sections.get(&format!("{n}.back"))? } else { &[] },
                shift: 64 - (buckets.count().max(2) - 1).ilog2(),
            })
        };
        Ok(Self { costs: sections.get("1.cost")?, backoffs: sections.get("1.back")?, tables: [table(2)?, table(3)?, table(4)?] })
    }

    /// How many words there are.
    pub fn words(&self) -> usize {
        self.costs.len()
    }

    /// How many n-grams of each length there are.
    pub fn sizes(&self) -> [usize; ORDER] {
        [self.costs.len(), self.tables[0].costs.len(), self.tables[1].costs.len(), self.tables[2].costs.len()]
    }

    /// What `word` costs after `state`.
    #[inline]
    pub fn cost(&self, state: State, word: WordId) -> i32 {
        let mut left = 0;
        for n in (1..=usize::from(state.length)).rev() {
            let key = (state.words & mask(n)) << 16 | u64::from(word);
            let table = &self.tables[n - 1];
            if let Some(i) = table.find(key) {
                return left + i32::from(table.costs[i]) * STEP;
            }
            left += i32::from(state.backoff[n - 1]);
        }
        left + self.alone(word)
    }

    /// What `word` costs when nothing is known of the words before.
    #[inline]
    pub fn alone(&self, word: WordId) -> i32 {
        i32::from(self.costs.get(usize::from(word)).copied().unwrap_or(u8::MAX)) * STEP
    }

    /// The state after `word` has followed `state`.
    pub fn after(&self, state: State, word: WordId) -> State {
        let mut next = State { words: (state.words & mask(2)) << 16 | u64::from(word), ..State::default() };
        let Some(&backoff) = self.backoffs.get(usize::from(word)) else { return next };
        next.backoff[0] = u16::from(backoff) * STEP as u16;
        next.length = 1;
        for n in 2..ORDER {
            let table = &self.tables[n - 2];
            let Some(i) = table.find(next.words & mask(n)) else { break };
            next.backoff[n - 1] = u16::from(table.backoffs[i]) * STEP as u16;
            next.length = n as u8;
        }
        // Words beyond what can be continued make no difference to what follows.
        next.words &= mask(usize::from(next.length));
        next
    }
}

impl Table<'_> {
    #[inline]
    fn find(&self, key: u64) -> Option<usize> {
        let (bucket, mark) = place(key, self.shift);
        let (from, to) = (self.buckets.get(bucket) as usize, self.buckets.get(bucket + 1) as usize);
        let marks = self.marks.0.get(2 * from..2 * to)?;
        let mark = mark.to_le_bytes();
        marks.chunks_exact(2).position(|m| m == mark).map(|i| from + i)
    }
}

/// The lowest `n` words of a packed context.
#[inline]
const fn mask(n: usize) -> u64 {
    (1 << (16 * n)) - 1
}

/// Bucket and fingerprint of a packed n-gram.
#[inline]
fn place(key: u64, shift: u32) -> (usize, u16) {
    let mut h = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    h = (h ^ (h >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    h ^= h >> 32;
    ((h >> shift) as usize, h as u16)
}

/// Bytes of one n-gram in the file, its share of the buckets included, without back-off.
pub const NGRAM_BYTES: f64 = 3.0 + 4.0 / PER_BUCKET as f64 * 1.4;

/// Writes the tables of n-grams (`entries`: packed words, cost, back-off, each in natural-log units) of length `n` as sections.
/// Where two share bucket and fingerprint, the first stays: give the weightier first.
pub fn write_table(n: usize, entries: impl Iterator<Item = (u64, f32, f32)> + Clone) -> Vec<(String, Vec<u8>)> {
    let count = entries.clone().count();
    let bits = (count / PER_BUCKET).max(2).next_power_of_two().ilog2();
    let shift = 64 - bits;
    let mut rows: Vec<(usize, u16, u8, u8)> = Vec::with_capacity(count);
    rows.extend(entries.map(|(key, cost, back)| {
        let (bucket, mark) = place(key, shift);
        (bucket, mark, quantised(cost), quantised(back))
    }));
    rows.sort_by_key(|r| (r.0, r.1));
    rows.dedup_by_key(|r| (r.0, r.1));
    let mut at = vec![0u32; (1 << bits) + 1];
    for row in &rows {
        at[row.0 + 1] += 1;
    }
    for i in 1..at.len() {
        at[i] += at[i - 1];
    }
    let mut sections = vec![
        (format!("{n}.at"), u32_bytes(at)),
        (format!("{n}.mark"), u16_bytes(rows.iter().map(|r| r.1))),
        (format!("{n}.cost"), rows.iter().map(|r| r.2).collect()),
    ];
    if n < ORDER {
        sections.push((format!("{n}.back"), rows.iter().map(|r| r.3).collect()));
    }
    sections
}

/// A cost in natural-log units as the byte that is stored.
pub fn quantised(cost: f32) -> u8 {
    (cost * (NAT / STEP) as f32).round().clamp(0.0, 255.0) as u8
}
