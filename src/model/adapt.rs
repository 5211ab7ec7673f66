//! The channel of one document: the general one, moved towards what the document itself shows.

use std::collections::HashMap;

use super::alphabet::LETTERS;
use super::channel::{Channel, Row, Segment, write};
use super::train::channel::{Table, examples, expect};
use super::train::pairs::WordPairs;
use crate::error::Result;

/// `channel` after it has seen `words` of a document (as read, as repaired). `trust` is the weight of what was known before, in times
/// seen.
///
/// # Errors
/// Never in practice: the table that is written is read back.
pub fn adapt(channel: &Channel<'_>, words: &WordPairs, trust: f64) -> Result<Channel<'static>> {
    let alphabet = channel.alphabet();
    let pairs: Vec<(u8, u8)> = channel.pairs().collect();
    let index: HashMap<(u8, u8), Segment> = pairs.iter().enumerate().map(|(i, &p)| (p, (LETTERS + i) as Segment)).collect();
    let mut rows = channel.rows();
    let chances: Table = rows.iter().map(|r| ((r.segment, r.read), f64::from(-r.cost).exp())).collect();
    let (mut counts, mut met) = (Table::new(), vec![0f64; LETTERS + pairs.len()]);
    for example in examples(words, &alphabet) {
        expect(&example, &index, &chances, &mut counts);
        for both in example.truth.windows(2) {
            if let Some(&pair) = index.get(&(both[0], both[1])) {
                met[usize::from(pair)] += example.weight;
            }
        }
    }
    for (&(segment, _), n) in &counts {
        if usize::from(segment) < LETTERS {
            met[usize::from(segment)] += n;
        }
    }
    for row in &mut rows {
        let seen = met[usize::from(row.segment)];
        if seen > 0.0 {
            let counted = counts.get(&(row.segment, row.read)).copied().unwrap_or(0.0);
            let chance = (trust * chances[&(row.segment, row.read)] + counted) / (trust + seen);
            *row = Row { cost: -chance.max(1e-9).ln() as f32, ..*row };
        }
    }
    Channel::new(write(&alphabet, &pairs, &rows))
}
