//! What a document says of itself: which words it uses, and what its damaged strings turned out to be elsewhere.

use std::collections::HashMap;

use super::Weights;
use super::decode::Choice;
use super::lattice::{Atom, Hold};
use crate::model::ngram::{NAT, Ngrams, State, WordId};
use crate::model::train::pairs::WordPairs;
use crate::model::vocabulary::{FIRST, Vocabulary};
use crate::text::letters::is_syllable;

/// The first reading of a document, counted.
#[derive(Debug, Default)]
pub(super) struct Memory {
    words: HashMap<WordId, u32>,
    pairs: HashMap<(WordId, WordId), u32>,
    strings: HashMap<(Box<str>, WordId), u32>,
    /// How often a string was read as any word but itself.
    mended: HashMap<Box<str>, u32>,
    /// What was chosen for each atom.
    chosen: HashMap<usize, WordId>,
    tokens: u32,
}

impl Memory {
    /// Counts the choices that were made with some ease.
    ///
    /// A string that is no syllable and was left as it is may be damage that was not seen through: it proves nothing.
    pub(super) fn of(text: &str, choices: &[Choice], least_margin: i32) -> Self {
        let mut memory = Self::default();
        let mut last = 0;
        for choice in choices {
            let [word, second] = choice.words;
            let proven = choice.text.is_some() || is_syllable(&text[choice.raw.clone()]);
            if word >= FIRST && second == 0 && choice.margin >= least_margin && proven {
                *memory.words.entry(word).or_default() += 1;
                *memory.strings.entry((key(&text[choice.raw.clone()]), word)).or_default() += 1;
                if choice.text.is_some() {
                    *memory.mended.entry(key(&text[choice.raw.clone()])).or_default() += 1;
                }
                memory.chosen.insert(choice.atoms.start, word);
                if last >= FIRST {
                    *memory.pairs.entry((last, word)).or_default() += 1;
                }
            }
            memory.tokens += 1;
            last = if second == 0 { word } else { second };
        }
        memory
    }

    /// How much cheaper `word` becomes where `read` (of atom `at`) stands, by what the rest of the document says.
    pub(super) fn discount(&self, at: usize, read: &str, word: WordId, ngrams: &Ngrams<'_>, weights: &Weights) -> i32 {
        let here = u32::from(self.chosen.get(&at) == Some(&word));
        let elsewhere = self.words.get(&word).map_or(0, |n| n - here.min(*n)) as f32;
        let expected = self.tokens as f32 * (-(ngrams.alone(word) as f32) / NAT as f32).exp();
        let often = ((elsewhere + 1.0) / (expected + 1.0)).ln().clamp(0.0, 4.0) * weights.memory_word as f32;
        let votes = self.strings.get(&(key(read), word)).map_or(0, |n| n - here.min(*n)) as f32;
        (often + (1.0 + votes).ln() * weights.memory_string as f32) as i32
    }

    /// How much dearer it becomes to leave `read` as it is, when elsewhere it was a damaged word.
    pub(super) fn surcharge(&self, read: &str, weights: &Weights) -> i32 {
        let mended = self.mended.get(&key(read)).copied().unwrap_or(0) as f32;
        ((1.0 + mended).ln() * weights.memory_kept as f32) as i32
    }

    /// What `word` costs after `state` by the document's own pairs of words, where they were met more than once.
    pub(super) fn follow(&self, state: State, word: WordId, weights: &Weights) -> Option<i32> {
        let met = *self.pairs.get(&(state.last(), word))?;
        let all = *self.words.get(&state.last())?;
        (met > 1).then(|| weights.memory_pair + ((all as f32 / (met - 1) as f32).ln() * NAT as f32) as i32)
    }
}

/// Capitals make no other string.
fn key(read: &str) -> Box<str> {
    read.to_lowercase().into_boxed_str()
}

/// The words of the choices that were made with ease, to learn the document's own damage from.
pub(super) fn lessons(text: &str, atoms: &[Atom], choices: &[Choice], least_margin: i32, vocabulary: &Vocabulary<'_>) -> WordPairs {
    let mut words = WordPairs::new();
    for choice in choices.iter().filter(|c| c.margin >= least_margin && c.words[1] == 0 && c.words[0] >= FIRST) {
        if atoms[choice.atoms.start].hold != Hold::Free || vocabulary.text(choice.words[0]).is_empty() {
            continue;
        }
        let read = &text[choice.raw.clone()];
        let truth = choice.text.as_deref().unwrap_or(read);
        *words.entry((read.to_owned(), truth.to_owned())).or_default() += 1;
    }
    words
}
