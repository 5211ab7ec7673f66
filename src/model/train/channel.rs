//! The channel learned from pairs of words: expectation maximisation over all ways to cut a word into segments.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::pairs::WordPairs;
use crate::model::alphabet::{self, LETTERS};
use crate::model::channel::{LONGEST, OTHER, Row, Segment, packed, write};

const ROUNDS: usize = 8;
/// A pair of letters is a segment of its own when it was met so often.
const PAIR_SEEN: f64 = 60.0;
/// A glyph gets a number when it was read so often.
const GLYPH_SEEN: u32 = 2;
/// Weight of what similar letters teach about a letter, in times seen.
const POOLED: f64 = 6.0;
/// A row is kept up to this cost.
const DEAREST: f64 = 9.5;
/// A pair's row is kept when it is cheaper than its two letters apart by this much.
const PAIR_GAIN: f64 = 0.3;

/// What a pool of letters was read as, and how often all in all.
type Pool = (BTreeMap<u32, f64>, f64);

/// A word as letters and as glyphs, with how often it was met.
pub(in crate::model) struct Example {
    pub truth: Vec<u8>,
    pub read: Vec<u8>,
    pub weight: f64,
}

/// Expected counts, or probabilities, of what a segment was read as.
pub(in crate::model) type Table = HashMap<(Segment, u32), f64>;

/// The table of the channel that `words` show.
pub fn learn(words: &WordPairs) -> Vec<u8> {
    let alphabet = glyphs(words);
    let examples = examples(words, &alphabet);
    let pairs = frequent_pairs(&examples);
    let index: HashMap<(u8, u8), Segment> = pairs.iter().enumerate().map(|(i, &p)| (p, (LETTERS + i) as Segment)).collect();
    let mut chances = first_guess(&examples, &alphabet, &index);
    let mut counts = Table::new();
    for _ in 0..ROUNDS {
        counts.clear();
        for example in &examples {
            expect(example, &index, &chances, &mut counts);
        }
        chances = maximise(&counts, &pairs);
    }
    write(&alphabet, &pairs, &rows(&counts, &pairs, &alphabet))
}

fn glyphs(words: &WordPairs) -> Vec<char> {
    let mut seen: BTreeMap<char, u32> = BTreeMap::new();
    for ((read, _), n) in words {
        read.chars().for_each(|c| *seen.entry(c).or_default() += n);
    }
    let mut all: Vec<(char, u32)> = seen.into_iter().filter(|(_, n)| *n >= GLYPH_SEEN).collect();
    all.sort_by_key(|&(c, n)| (std::cmp::Reverse(n), c));
    all.truncate(usize::from(OTHER) - 1);
    let mut alphabet: Vec<char> = all.into_iter().map(|(c, _)| c).collect();
    alphabet.sort_unstable();
    alphabet
}

/// The pairs whose words can be spelled and are not of wholly different lengths.
pub(in crate::model) fn examples(words: &WordPairs, alphabet: &[char]) -> Vec<Example> {
    let glyph = |c: char| alphabet.binary_search(&c).map_or(OTHER, |i| (i + 1) as u8);
    words
        .iter()
        .filter_map(|((read, truth), &n)| {
            let truth = alphabet::spell(truth)?;
            let read: Vec<u8> = read.chars().map(glyph).collect();
            let fits = read.len() <= 2 * truth.len() + 1 && truth.len() <= 2 * read.len() + 2;
            fits.then_some(Example { truth, read, weight: f64::from(n) })
        })
        .collect()
}

fn frequent_pairs(examples: &[Example]) -> Vec<(u8, u8)> {
    let mut seen: BTreeMap<(u8, u8), f64> = BTreeMap::new();
    for e in examples {
        for p in e.truth.windows(2) {
            *seen.entry((p[0], p[1])).or_default() += e.weight;
        }
    }
    seen.into_iter().filter(|(_, n)| *n >= PAIR_SEEN).map(|(p, _)| p).collect()
}

/// A letter is most likely read as itself, else as its bare letter, else as anything; a pair now and then stands for more than its parts.
fn first_guess(examples: &[Example], alphabet: &[char], pairs: &HashMap<(u8, u8), Segment>) -> Table {
    let likeness = |letter: u8, glyph: u8| -> f64 {
        let read = alphabet.get(usize::from(glyph).wrapping_sub(1)).copied().and_then(alphabet::number);
        match read {
            Some(n) if n == letter => 0.8,
            Some(n) if alphabet::bare(n) == alphabet::bare(letter) => 0.3,
            Some(n) if alphabet::capital(alphabet::bare(n)) == alphabet::capital(alphabet::bare(letter)) => 0.1,
            _ => 0.01,
        }
    };
    let mut table = Table::new();
    for e in examples {
        for (i, &letter) in e.truth.iter().enumerate() {
            for from in 0..=e.read.len() {
                for length in 0..=LONGEST.min(e.read.len() - from) {
                    let read = &e.read[from..from + length];
                    let chance = match length {
                        0 => 0.005,
                        1 => likeness(letter, read[0]),
                        n => {
                            0.02f64.powi(n as i32)
                                + if n == 2 { 0.02 * likeness(letter, read[0]).max(likeness(letter, read[1])) } else { 0.0 }
                        }
                    };
                    table.entry((Segment::from(letter), packed(read))).or_insert(chance);
                    if let (Some(&next), 1..) = (e.truth.get(i + 1), length)
                        && let Some(&pair) = pairs.get(&(letter, next))
                    {
                        table.entry((pair, packed(read))).or_insert(1e-3 * 0.1f64.powi(length.abs_diff(2) as i32));
                    }
                }
            }
        }
    }
    table
}

/// Adds how often each segment is expected to have been read as what, over all ways to cut the example.
pub(in crate::model) fn expect(e: &Example, pairs: &HashMap<(u8, u8), Segment>, chances: &Table, counts: &mut Table) {
    let (n, m) = (e.truth.len(), e.read.len());
    let at = |i: usize, j: usize| i * (m + 1) + j;
    let mut moves: Vec<(usize, usize, Segment, u32, f64)> = Vec::new();
    for i in 0..n {
        let pair = e.truth.get(i + 1).and_then(|&next| pairs.get(&(e.truth[i], next)));
        for j in 0..=m {
            for length in 0..=LONGEST.min(m - j) {
                let read = packed(&e.read[j..j + length]);
                let mut add = |letters: usize, segment: Segment| {
                    if let Some(&chance) = chances.get(&(segment, read)) {
                        moves.push((at(i, j), at(i + letters, j + length), segment, read, chance));
                    }
                };
                add(1, Segment::from(e.truth[i]));
                if let (Some(&segment), 1..) = (pair, length) {
                    add(2, segment);
                }
            }
        }
    }
    let mut forward = vec![0f64; (n + 1) * (m + 1)];
    let mut backward = forward.clone();
    forward[0] = 1.0;
    backward[at(n, m)] = 1.0;
    // Moves come in the order of their start, so both passes see every sum complete.
    for &(from, to, _, _, chance) in &moves {
        forward[to] += forward[from] * chance;
    }
    for &(from, to, _, _, chance) in moves.iter().rev() {
        backward[from] += backward[to] * chance;
    }
    let all = forward[at(n, m)];
    if all > 1e-280 {
        for (from, to, segment, read, chance) in moves {
            let share = forward[from] * chance * backward[to] / all;
            if share > 1e-7 {
                *counts.entry((segment, read)).or_default() += share * e.weight;
            }
        }
    }
}

/// Probabilities from counts. A pair's are shares of all times the two letters stood together, however they were cut.
fn maximise(counts: &Table, pairs: &[(u8, u8)]) -> Table {
    let mut all: HashMap<Segment, f64> = HashMap::new();
    for (&(segment, _), n) in counts {
        *all.entry(segment).or_default() += n;
    }
    let together = |segment: Segment| -> f64 {
        let Some(&(a, b)) = usize::from(segment).checked_sub(LETTERS).and_then(|i| pairs.get(i)) else { return 0.0 };
        let own = all.get(&segment).copied().unwrap_or(0.0);
        let alone = |l: u8| all.get(&Segment::from(l)).copied().unwrap_or(0.0);
        own + 0.2 * alone(a).min(alone(b))
    };
    counts
        .iter()
        .filter(|(_, n)| **n > 1e-4)
        .map(|(&(segment, read), n)| {
            let of = if usize::from(segment) < LETTERS { all[&segment] } else { together(segment).max(all[&segment]) };
            ((segment, read), n / of)
        })
        .collect()
}

/// The rows of the table: letters smoothed by what letters like them were read as, pairs where they say more than their letters.
fn rows(counts: &Table, pairs: &[(u8, u8)], alphabet: &[char]) -> Vec<Row> {
    let letters = smoothed_letters(counts, alphabet);
    let mut rows = Vec::new();
    for (&(segment, read), &chance) in &letters {
        rows.push((segment, read, -chance.ln()));
    }
    let chances = maximise(counts, pairs);
    let single = |letter: u8, read: u32| letters.get(&(Segment::from(letter), read)).map_or(f64::INFINITY, |p| -p.ln());
    for (&(segment, read), chance) in &chances {
        let Some(&(a, b)) = usize::from(segment).checked_sub(LETTERS).and_then(|i| pairs.get(i)) else { continue };
        let apart = (0..=LONGEST).map(|cut| single(a, head(read, cut)) + single(b, tail(read, cut))).fold(f64::INFINITY, f64::min);
        let cost = -chance.ln();
        if counts[&(segment, read)] > 0.8 && cost + PAIR_GAIN < apart {
            rows.push((segment, read, cost));
        }
    }
    let mut rows: Vec<Row> =
        rows.into_iter().filter(|r| r.2 < DEAREST).map(|(segment, read, cost)| Row { read, segment, cost: cost.max(0.0) as f32 }).collect();
    rows.sort_by_key(|r| (r.read, r.segment));
    rows
}

fn head(read: u32, glyphs: usize) -> u32 {
    read & ((1u64 << (8 * glyphs)) - 1) as u32
}

fn tail(read: u32, glyphs: usize) -> u32 {
    (u64::from(read) >> (8 * glyphs)) as u32
}

/// Each letter's table leans on the tables of the letters like it: same vowel and case, same base letter and case, either case. A
/// reading that is the letter itself, without tone, or bare, is looked up as such, so that `ỗ` learns from `ồ` that it is read as `d`.
fn smoothed_letters(counts: &Table, alphabet: &[char]) -> Table {
    let pools: [fn(u8) -> u8; 3] = [alphabet::toneless, alphabet::bare, |l| alphabet::capital(alphabet::bare(l))];
    let mut own: BTreeMap<u8, BTreeMap<u32, f64>> = BTreeMap::new();
    for (&(segment, read), &n) in counts {
        if usize::from(segment) < LETTERS && n > 0.05 {
            own.entry(segment as u8).or_default().insert(read, n);
        }
    }
    let mut reads: BTreeSet<u32> = own.values().flat_map(|t| t.keys().copied()).collect();
    reads.insert(0);
    let mut table = Table::new();
    let pooled: Vec<HashMap<u8, Pool>> = pools
        .iter()
        .map(|pool| {
            let mut sums: HashMap<u8, Pool> = HashMap::new();
            for (&letter, counts) in &own {
                let sum = sums.entry(pool(letter)).or_default();
                for (&read, n) in counts {
                    *sum.0.entry(read).or_default() += n;
                    sum.1 += n;
                }
            }
            sums
        })
        .collect();
    for letter in 0..LETTERS as u8 {
        let counts = own.get(&letter);
        let all: f64 = counts.map_or(0.0, |c| c.values().sum());
        let itself = alphabet.binary_search(&alphabet::letter(letter)).ok().map(|i| (i + 1) as u32);
        for &read in &reads {
            let mut chance = if itself == Some(read) { 0.5 } else { 0.5 / reads.len() as f64 / 8.0 };
            for (pool, sums) in pools.iter().zip(&pooled).rev() {
                if let Some((table, n)) = sums.get(&pool(letter)) {
                    chance = (table.get(&read).copied().unwrap_or(0.0) + POOLED * chance) / (n + POOLED);
                }
            }
            let chance = (counts.and_then(|c| c.get(&read)).copied().unwrap_or(0.0) + POOLED * chance) / (all + POOLED);
            if chance > (-DEAREST).exp() {
                table.insert((Segment::from(letter), read), chance);
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::channel::Channel;
    use crate::model::ngram::NAT;

    #[test]
    fn damage_is_learned_from_words() {
        let mut words = WordPairs::new();
        for (read, truth) in [("T6", "Tổ"), ("t6", "tổ"), ("phd", "phố"), ("hfi", "hội"), ("dan", "dân"), ("dugc", "được"), ("cho", "cho")]
        {
            words.insert((read.into(), truth.into()), 100);
        }
        let table = learn(&words);
        let channel = Channel::new(table).expect("whole");
        let six = packed(&channel.glyphs("6"));
        let o = alphabet::number('ổ').expect("a letter");
        let cost = channel.sources(six).find(|s| s.0 == Segment::from(o)).expect("learned").1;
        assert!(cost < NAT / 4, "{cost}");
    }
}
