//! What a text's letters tell of it: whether it is Vietnamese, and what was done to its letters.

use serde::Deserialize;

use super::Model;
use super::unit::{Unit, units};
use crate::text::address::addresses;
use crate::text::letters::{fold, is_bare_syllable, is_marked, is_syllable};

/// How the letters of a text were damaged, as far as they tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Damage {
    /// Not Vietnamese, or too little to say.
    Unknown,
    /// Vietnamese with its letters in place.
    #[serde(rename = "right")]
    None,
    /// Read by an OCR of another language.
    ForeignOcr,
    /// Every mark is gone.
    Stripped,
}

/// What was counted of a text, and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// What was done to its letters.
    pub damage: Damage,
    /// Words of two letters and more.
    pub words: usize,
    /// Share of the words that have the shape of a Vietnamese syllable as they stand, 0 to 1.
    pub syllables: f32,
    /// Share of the words that have it when their marks are left aside.
    pub bare_syllables: f32,
    /// Share of the words with a letter that an English OCR cannot write.
    pub unwritable: f32,
    /// Share of all letters that are not ASCII.
    pub marked: f32,
}

/// From where on the letters of a text are taken to tell something (`rules/repair/judge.yaml`). Shares are of its words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Share of words with letters beyond an English OCR above which a text is right.
    pub right: f32,
    /// Share of words with the bare shape of syllables below which a text without such letters is not taken as Vietnamese.
    pub vietnamese: f32,
    /// Share of words with marks, or with digits among letters, above which its marks were not just taken away.
    pub damaged: f32,
    /// Of fewer words nothing is said.
    pub fewest: usize,
    /// In a text of fewer words one letter beyond an English OCR is enough to take it as right.
    pub few: usize,
    /// Texts and what is to be said of them.
    pub examples: Vec<Example>,
    /// Texts of which nothing is to be said.
    pub rejects: Vec<String>,
}

/// A text, and what is to be said of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The text.
    pub text: String,
    /// What was done to its letters.
    pub says: Damage,
}

impl Model<'_> {
    /// Judges `text` by its letters.
    pub fn judge(&self, text: &str, from: &Thresholds) -> Judgement {
        let alphabet = self.foreign.alphabet();
        let can_write = |c: char| c.is_ascii() || alphabet.binary_search(&c).is_ok();
        let (mut words, mut syllables, mut bare, mut unwritable, mut odd) = (0usize, 0usize, 0usize, 0usize, 0usize);
        let mut addresses = addresses(text).into_iter().peekable();
        for (range, unit) in units(text) {
            while addresses.next_if(|a| a.end <= range.start).is_some() {}
            let addressed = addresses.peek().is_some_and(|a| a.start <= range.start);
            let word = &text[range];
            if unit == Unit::Number || word.chars().nth(1).is_none() || addressed {
                continue;
            }
            words += 1;
            syllables += usize::from(is_syllable(word));
            bare += usize::from(unit == Unit::Word && is_bare_syllable(&fold(word)));
            unwritable += usize::from(word.chars().any(|c| c.is_alphabetic() && !can_write(c)));
            odd += usize::from(unit == Unit::Code || word.chars().any(is_marked));
        }
        let (marked, letters) =
            text.chars().filter(|c| c.is_alphabetic()).fold((0, 0), |(m, n), c| (m + usize::from(!c.is_ascii()), n + 1));
        let share = |n: usize| n as f32 / words.max(1) as f32;
        let damage = if words < from.fewest {
            Damage::Unknown
        } else if share(unwritable) > from.right || (unwritable > 0 && words < from.few) {
            Damage::None
        } else if share(bare) < from.vietnamese {
            Damage::Unknown
        } else if share(odd) > from.damaged {
            Damage::ForeignOcr
        } else {
            Damage::Stripped
        };
        let (syllables, bare_syllables, unwritable) = (share(syllables), share(bare), share(unwritable));
        Judgement { damage, words, syllables, bare_syllables, unwritable, marked: marked as f32 / letters.max(1) as f32 }
    }
}
