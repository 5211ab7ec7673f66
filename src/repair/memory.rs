//! What a document says of itself: which words it uses, and what its damaged strings turned out to be elsewhere.

use std::collections::HashSet;

use rustc_hash::FxHashMap as HashMap;

use super::Weights;
use super::decode::Choice;
use super::lattice::{Atom, Hold};
use crate::lexicon::Learned;
use crate::model::names::Names;
use crate::model::ngram::{NAT, Ngrams, State, WordId};
use crate::model::train::pairs::WordPairs;
use crate::model::vocabulary::{FIRST, UNKNOWN, Vocabulary};
use crate::text::letters::is_syllable;

/// The first reading of a document, counted.
#[derive(Debug, Default)]
pub(super) struct Memory {
    words: HashMap<WordId, u32>,
    pairs: HashMap<(WordId, WordId), Pair>,
    strings: HashMap<(Box<str>, WordId), u32>,
    /// How often a string was read as any word but itself.
    mended: HashMap<Box<str>, u32>,
    /// What was chosen for each atom.
    chosen: HashMap<usize, WordId>,
    tokens: u32,
    /// Short forms that the document explains in a bracket.
    explained: HashSet<WordId>,
    /// What a person said that a string is.
    taught: HashMap<Box<str>, Vec<Taught>>,
}

/// What a string is: the word, where the model knows it, as it is written, and how often a person said so.
#[derive(Clone, Debug)]
struct Taught {
    word: WordId,
    written: Box<str>,
    times: u32,
}

/// One word after another.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    met: u32,
    /// It stands in the name of a unit of a province that the document is about.
    home: bool,
}

/// A province is the document's own when so many of its units are named (a name that several provinces have counts in parts) …
const FEWEST_NAMES: f32 = 2.0;
/// … and no other has more than so many times as many.
const MOST_TIMES: f32 = 2.0;

impl Memory {
    /// Counts the choices that were made with some ease.
    ///
    /// A string that is no syllable and was left as it is may be damage that was not seen through: it proves nothing.
    pub(super) fn of(text: &str, choices: &[Choice], least_margin: i32, names: Names<'_>) -> Self {
        let mut memory = Self::default();
        let (mut last, mut last_is_capital, mut named) = (0, false, HashSet::new());
        for (i, choice) in choices.iter().enumerate() {
            let capital = choice.text.as_deref().unwrap_or(&text[choice.raw.clone()]).starts_with(char::is_uppercase);
            if last_is_capital && capital {
                named.insert((last, choice.words[0]));
            }
            last_is_capital = capital;
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
                    memory.pairs.entry((last, word)).or_default().met += 1;
                }
            }
            if word >= FIRST && second == 0 && is_explained(text, choices, i) {
                memory.explained.insert(word);
            }
            memory.tokens += 1;
            last = if second == 0 { word } else { second };
        }
        memory.settle(&named, names);
        memory
    }

    /// Finds out which provinces the document is about, by the units that it names.
    fn settle(&mut self, named: &HashSet<(WordId, WordId)>, names: Names<'_>) {
        let mut votes = [0f32; 256];
        for &(first, second) in named {
            let share = 1.0 / names.provinces(first, second).count().max(1) as f32;
            names.provinces(first, second).for_each(|p| votes[usize::from(p)] += share);
        }
        let least = votes.iter().fold(FEWEST_NAMES, |most, v| most.max(v / MOST_TIMES));
        for (first, second, _) in names.rows().filter(|r| votes[usize::from(r.2)] >= least) {
            self.pairs.entry((first, second)).or_default().home = true;
        }
    }

    /// With what the office's accepted plans have taught.
    pub(super) fn teach(&mut self, learned: &Learned, vocabulary: &Vocabulary<'_>) {
        let id = |word: &str| Some(vocabulary.id(&word.to_lowercase())).filter(|id| *id >= FIRST);
        for (word, times) in &learned.words {
            if let Some(id) = id(word) {
                *self.words.entry(id).or_default() += *times;
            }
        }
        for name in &learned.names {
            let ids: Vec<Option<WordId>> = name.split_whitespace().map(id).collect();
            for pair in ids.windows(2) {
                if let [Some(first), Some(second)] = *pair {
                    self.pairs.entry((first, second)).or_default().home = true;
                }
            }
        }
        for (read, rights) in &learned.confusions {
            for (right, times) in rights {
                *self.mended.entry(key(read)).or_default() += *times;
                if let Some(id) = id(right) {
                    *self.strings.entry((key(read), id)).or_default() += *times;
                }
                let word = id(right).unwrap_or(UNKNOWN);
                let taught = Taught { word, written: right.clone().into_boxed_str(), times: *times };
                self.taught.entry(key(read)).or_default().push(taught);
            }
        }
    }

    /// What a person said that `read` is: words of the model, as they are written in place of `read`, and what each costs.
    pub(super) fn taught(&self, read: &str, weights: &Weights) -> impl Iterator<Item = (WordId, String, i32)> {
        let cost = |times: u32| -((1.0 + times as f32).ln() * weights.taught as f32) as i32;
        let (first_is_capital, all_are) =
            (read.starts_with(char::is_uppercase), read.chars().count() > 1 && !read.chars().any(char::is_lowercase));
        let written = move |word: &str| match (all_are, first_is_capital) {
            (true, _) => word.to_uppercase(),
            (false, true) => word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect(),
            (false, false) => word.to_owned(),
        };
        self.taught.get(&key(read)).into_iter().flatten().map(move |t| (t.word, written(&t.written), cost(t.times)))
    }

    /// How much cheaper `word` becomes where `read` (of atom `at`) stands, by what the rest of the document says.
    pub(super) fn discount(&self, at: usize, read: &str, word: WordId, ngrams: &Ngrams<'_>, weights: &Weights) -> i32 {
        let here = u32::from(self.chosen.get(&at) == Some(&word));
        let elsewhere = self.words.get(&word).map_or(0, |n| n - here.min(*n)) as f32;
        let expected = self.tokens as f32 * (-(ngrams.alone(word) as f32) / NAT as f32).exp();
        let often = ((elsewhere + 1.0) / (expected + 1.0)).ln().clamp(0.0, 4.0) * weights.memory_word as f32;
        let votes = self.strings.get(&(key(read), word)).map_or(0, |n| n - here.min(*n)) as f32;
        let explained = if self.explained.contains(&word) && is_short_form(read) { weights.explained } else { 0 };
        (often + (1.0 + votes).ln() * weights.memory_string as f32) as i32 + explained
    }

    /// How much dearer it becomes to leave `read` as it is, when elsewhere it was a damaged word.
    pub(super) fn surcharge(&self, read: &str, weights: &Weights) -> i32 {
        let mended = self.mended.get(&key(read)).copied().unwrap_or(0) as f32;
        ((1.0 + mended).ln() * weights.memory_kept as f32) as i32
    }

    /// What `word` costs after `state` by the document's own pairs of words, where they were met more than once, or where they are a
    /// name at home and `capital` says that it is written as one.
    pub(super) fn follow(&self, state: State, word: WordId, capital: impl FnOnce() -> bool, weights: &Weights) -> Option<i32> {
        let pair = *self.pairs.get(&(state.last(), word))?;
        let all = self.words.get(&state.last()).filter(|_| pair.met > 1);
        let again = all.map(|&all| weights.memory_pair + ((all as f32 / (pair.met - 1) as f32).ln() * NAT as f32) as i32);
        let name = (pair.home && capital()).then_some(weights.home_name);
        again.into_iter().chain(name).min()
    }
}

/// Words of a bracket at most, its short form the last of them: "(sau đây gọi tắt là BCĐ)".
const BRACKET_WORDS: usize = 6;

/// True where choice `i` closes a bracket and is made of the first letters of the words before it: "Ban Chỉ đạo (BCĐ)".
fn is_explained(text: &str, choices: &[Choice], i: usize) -> bool {
    let written = |c: &Choice| c.text.as_deref().unwrap_or(&text[c.raw.clone()]).to_owned();
    let short: Vec<char> = written(&choices[i]).to_lowercase().chars().collect();
    if !is_short_form(&written(&choices[i])) || !text[choices[i].raw.end..].trim_start().starts_with(')') {
        return false;
    }
    let opens = |k: &usize| *k > 0 && text[choices[k - 1].raw.end..choices[*k].raw.start].contains('(');
    let Some(open) = (i.saturating_sub(BRACKET_WORDS - 1)..=i).rev().find(opens) else { return false };
    let before = choices[open.saturating_sub(short.len())..open].iter().map(written).collect::<Vec<_>>().join(" ").to_lowercase();
    let first: Vec<char> = before.split_whitespace().filter_map(|w| w.chars().next()).collect();
    first.ends_with(&short)
}

/// True for a word with more than one capital, the mark of an abbreviation however an OCR damaged the rest of it.
fn is_short_form(word: &str) -> bool {
    word.chars().filter(|c| c.is_uppercase()).count() > 1
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
