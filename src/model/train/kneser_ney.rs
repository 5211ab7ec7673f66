//! Modified Kneser-Ney smoothing (Chen and Goodman 1998) of one stream's n-grams.

use crate::model::ngram::ORDER;

/// One length of n-grams: packed keys, sorted, with the smoothed probability and the raw count of each.
#[derive(Debug, Default)]
pub(super) struct Level {
    pub keys: Vec<u64>,
    pub probability: Vec<f32>,
    pub count: Vec<u32>,
    /// Contexts (packed, sorted; one word shorter) and the share of probability that each leaves to the shorter context.
    contexts: Vec<u64>,
    left: Vec<f32>,
}

/// The smoothed n-grams of a stream, shortest first.
#[derive(Debug)]
pub(super) struct Smoothed {
    pub levels: Vec<Level>,
    pub tokens: u64,
    words: usize,
}

impl Smoothed {
    /// Smooths what was counted of four-grams over `words` words.
    pub(super) fn new(four_grams: &[(u64, u32)], words: usize) -> Self {
        let tokens = four_grams.iter().map(|g| u64::from(g.1)).sum();
        let mut smoothed = Self { levels: Vec::new(), tokens, words };
        for n in 1..=ORDER {
            let counted = if n == ORDER { four_grams.iter().map(|&(k, c)| (k, c, c)).collect() } else { shorter(four_grams, n) };
            let level = smoothed.smooth(n, &counted);
            smoothed.levels.push(level);
        }
        smoothed
    }

    /// The probability of the last word of `key` (of `n` words) after the others.
    pub(super) fn probability(&self, n: usize, key: u64) -> f32 {
        if n == 0 {
            return 1.0 / self.words as f32;
        }
        let level = &self.levels[n - 1];
        if let Ok(i) = level.keys.binary_search(&key) {
            return level.probability[i];
        }
        let left = if n == 1 { 1.0 } else { level.contexts.binary_search(&(key >> 16)).map_or(1.0, |i| level.left[i]) };
        left * self.probability(n - 1, key & low(n - 1))
    }

    fn smooth(&self, n: usize, counted: &[(u64, u32, u32)]) -> Level {
        let discounts = discounts(counted);
        let mut level = Level::default();
        let mut from = 0;
        while from < counted.len() {
            let context = counted[from].0 >> 16;
            let to = from + counted[from..].iter().position(|g| g.0 >> 16 != context).unwrap_or(counted.len() - from);
            let group = &counted[from..to];
            let all: f64 = group.iter().map(|g| f64::from(g.1)).sum();
            let taken: f64 = group.iter().map(|g| discounts[g.1.min(3) as usize]).sum();
            let left = taken / all;
            for &(key, count, raw) in group {
                let own = (f64::from(count) - discounts[count.min(3) as usize]) / all;
                level.keys.push(key);
                level.probability.push((own + left * f64::from(self.probability(n - 1, key & low(n - 1)))) as f32);
                level.count.push(raw);
            }
            level.contexts.push(context);
            level.left.push(left as f32);
            from = to;
        }
        level
    }
}

/// The lowest `n` words of a packed key.
pub(super) fn low(n: usize) -> u64 {
    if n == 0 { 0 } else { u64::MAX >> (64 - 16 * n) }
}

/// N-grams of `n` < 4 words: how many different words stand before each (the count that Kneser-Ney wants), and how often it came.
fn shorter(four_grams: &[(u64, u32)], n: usize) -> Vec<(u64, u32, u32)> {
    // The types of one word more, each with its raw count; then the first word is cut off.
    let mut longer: Vec<(u64, u32)> = four_grams.iter().map(|&(k, c)| (k & low(n + 1), c)).collect();
    longer.sort_unstable_by_key(|g| g.0 & low(n + 1));
    merge(&mut longer);
    let mut cut: Vec<(u64, u32, u32)> = longer.into_iter().map(|(k, c)| (k & low(n), 1, c)).collect();
    cut.sort_unstable_by_key(|g| g.0);
    cut.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
            kept.2 += next.2;
        }
        same
    });
    cut
}

fn merge(grams: &mut Vec<(u64, u32)>) {
    grams.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
}

fn discounts(counted: &[(u64, u32, u32)]) -> [f64; 4] {
    let mut of = [0f64; 5];
    for g in counted {
        if g.1 <= 4 {
            of[g.1 as usize] += 1.0;
        }
    }
    let y = of[1] / (of[1] + 2.0 * of[2]).max(1.0);
    let discount = |n: usize| {
        let d = n as f64 - (n as f64 + 1.0) * y * of[n + 1] / of[n].max(1.0);
        if d.is_finite() { d.clamp(0.1, n as f64 - 0.05) } else { 0.5 }
    };
    [0.0, discount(1), discount(2), discount(3)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::train::count::four_grams;

    #[test]
    fn probabilities_after_a_context_sum_to_one() {
        let stream: Vec<u16> = (0..4000u32).map(|i| ((i * i + i / 7) % 11) as u16).collect();
        let smoothed = Smoothed::new(&four_grams(&stream), 11);
        for context in [[3u64, 9, 4], [0, 0, 0], [10, 10, 1]] {
            let packed = context.iter().fold(0, |k, w| k << 16 | w);
            let sum: f32 = (0..11).map(|w| smoothed.probability(4, packed << 16 | w)).sum();
            assert!((sum - 1.0).abs() < 0.01, "{sum}");
        }
    }
}
