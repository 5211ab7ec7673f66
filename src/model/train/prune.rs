//! Two smoothed models mixed into one, cut down to what is worth its bytes, with back-offs that make it whole again.

use super::kneser_ney::{Smoothed, low};
use crate::model::ngram::{NGRAM_BYTES, ORDER};

/// One length of the mixed model.
#[derive(Debug, Default)]
pub(super) struct Mixed {
    pub keys: Vec<u64>,
    pub probability: Vec<f32>,
    pub backoff: Vec<f32>,
    /// How often it comes, in the mixture.
    share: Vec<f64>,
}

/// Mixes `models` (each with its share) over the n-grams that one of them saw at least twice.
pub(super) fn mix(models: &[(Smoothed, f32)], words: usize) -> Vec<Mixed> {
    let mut levels = Vec::new();
    for n in 1..=ORDER {
        let least = if n < 3 { 1 } else { 2 };
        let mut keys: Vec<u64> = if n == 1 { (0..words as u64).collect() } else { Vec::new() };
        for (model, _) in models {
            let level = &model.levels[n - 1];
            keys.extend(level.keys.iter().zip(&level.count).filter(|(_, c)| **c >= least).map(|(k, _)| *k));
        }
        keys.sort_unstable();
        keys.dedup();
        let mut level = Mixed { backoff: vec![1.0; keys.len()], ..Mixed::default() };
        for &key in &keys {
            level.probability.push(models.iter().map(|(m, part)| part * m.probability(n, key)).sum());
            level.share.push(models.iter().map(|(m, part)| f64::from(*part) * raw_share(m, n, key)).sum());
        }
        level.keys = keys;
        levels.push(level);
    }
    for n in 2..=ORDER {
        set_backoffs(&mut levels, n);
    }
    levels
}

fn raw_share(model: &Smoothed, n: usize, key: u64) -> f64 {
    let level = &model.levels[n - 1];
    level.keys.binary_search(&key).map_or(0.0, |i| f64::from(level.count[i]) / model.tokens as f64)
}

/// Cuts the n-grams whose loss costs least, until what is left fits `bytes`.
pub(super) fn prune(levels: &mut [Mixed], bytes: usize) {
    let worth: Vec<Vec<f64>> = (2..=ORDER).map(|n| (0..levels[n - 1].keys.len()).map(|i| loss(levels, n, i)).collect()).collect();
    let mut sorted: Vec<f64> = worth.iter().flatten().copied().collect();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    // The count that fits is not known before the contexts are counted in: halve the span until it is.
    let (mut fewest, mut most) = (0, sorted.len());
    let mut best = Vec::new();
    while most - fewest > sorted.len() / 2000 + 1 {
        let middle = (fewest + most) / 2;
        let kept = kept(levels, &worth, sorted[middle]);
        if size(&kept) <= bytes as f64 {
            fewest = middle;
            best = kept;
        } else {
            most = middle;
        }
    }
    if fewest + sorted.len() / 1000 + 2 >= sorted.len() && !sorted.is_empty() {
        let all = kept(levels, &worth, f64::NEG_INFINITY);
        if size(&all) <= bytes as f64 {
            best = all;
        }
    }
    for (n, keep) in (2..=ORDER).zip(best) {
        let level = &mut levels[n - 1];
        let mut flags = keep.iter();
        level.keys.retain(|_| *flags.next().unwrap_or(&false));
        let mut flags = keep.iter();
        level.probability.retain(|_| *flags.next().unwrap_or(&false));
        level.backoff = vec![1.0; level.keys.len()];
    }
    levels[0].backoff.fill(1.0);
    for n in 2..=ORDER {
        set_backoffs(levels, n);
    }
}

/// What is lost with the n-gram: its share times the logarithm of how wrong the shorter context is about it.
fn loss(levels: &[Mixed], n: usize, i: usize) -> f64 {
    let key = levels[n - 1].keys[i];
    let shorter = find(&levels[n - 2], key >> 16).map_or(1.0, |c| levels[n - 2].backoff[c]) * probability(levels, n - 1, key & low(n - 1));
    levels[n - 1].share[i] * f64::from(levels[n - 1].probability[i] / shorter.max(1e-12)).ln().abs()
}

/// Which n-grams of two, three and four words are worth more than `least`, or are the context of one that is.
fn kept(levels: &[Mixed], worth: &[Vec<f64>], least: f64) -> Vec<Vec<bool>> {
    let mut keep: Vec<Vec<bool>> = worth.iter().map(|w| w.iter().map(|&x| x > least).collect()).collect();
    for n in (3..=ORDER).rev() {
        let (shorter, longer) = keep.split_at_mut(n - 2);
        let needed = levels[n - 1].keys.iter().zip(&longer[0]).filter(|(_, k)| **k).map(|(key, _)| key >> 16);
        let mut at = 0;
        let contexts = &levels[n - 2].keys;
        for context in needed {
            while at < contexts.len() && contexts[at] < context {
                at += 1;
            }
            if contexts.get(at) == Some(&context) {
                shorter[n - 3][at] = true;
            }
        }
    }
    keep
}

fn size(kept: &[Vec<bool>]) -> f64 {
    kept.iter()
        .enumerate()
        .map(|(i, k)| k.iter().filter(|k| **k).count() as f64 * (NGRAM_BYTES + if i + 2 < ORDER { 1.0 } else { 0.0 }))
        .sum()
}

/// Sets the back-off of every context of `n` - 1 words so that the probabilities after it sum to one.
fn set_backoffs(levels: &mut [Mixed], n: usize) {
    let mut from = 0;
    let count = levels[n - 1].keys.len();
    while from < count {
        let context = levels[n - 1].keys[from] >> 16;
        let (mut own, mut shorter, mut to) = (0f64, 0f64, from);
        while to < count && levels[n - 1].keys[to] >> 16 == context {
            own += f64::from(levels[n - 1].probability[to]);
            shorter += f64::from(probability(levels, n - 1, levels[n - 1].keys[to] & low(n - 1)));
            to += 1;
        }
        if let Some(i) = find(&levels[n - 2], context) {
            let left = (1.0 - own).max(1e-4) / (1.0 - shorter).max(1e-4);
            levels[n - 2].backoff[i] = left.min(1.0) as f32;
        }
        from = to;
    }
}

fn probability(levels: &[Mixed], n: usize, key: u64) -> f32 {
    let level = &levels[n - 1];
    if let Some(i) = find(level, key) {
        return level.probability[i];
    }
    if n == 1 {
        return 1e-7;
    }
    find(&levels[n - 2], key >> 16).map_or(1.0, |c| levels[n - 2].backoff[c]) * probability(levels, n - 1, key & low(n - 1))
}

fn find(level: &Mixed, key: u64) -> Option<usize> {
    level.keys.binary_search(&key).ok()
}
