//! What a text's letters tell of it: whether it is Vietnamese, and what was done to its letters.

use super::Model;
use super::unit::{Unit, units};
use crate::text::letters::{fold, is_bare_syllable, is_marked, is_syllable};

/// How the letters of a text were damaged, as far as they tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Damage {
    /// Not Vietnamese, or too little to say.
    Unknown,
    /// Vietnamese with its letters in place.
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

/// Share of words with letters beyond an English OCR from which a text is taken as right.
const RIGHT: f32 = 0.10;
/// Share of words with the bare shape of syllables from which a text without such letters is taken as Vietnamese.
const VIETNAMESE: f32 = 0.62;
/// Of fewer words nothing is said.
const FEWEST: usize = 6;

/// In a text of fewer words one letter beyond an English OCR is enough to take it as right.
const MANY: usize = 30;

impl Model<'_> {
    /// Judges `text` by its letters.
    pub fn judge(&self, text: &str) -> Judgement {
        let alphabet = self.foreign.alphabet();
        let can_write = |c: char| c.is_ascii() || alphabet.binary_search(&c).is_ok();
        let (mut words, mut syllables, mut bare, mut unwritable, mut odd) = (0usize, 0usize, 0usize, 0usize, 0usize);
        for (range, unit) in units(text) {
            let word = &text[range];
            if unit == Unit::Number || word.chars().nth(1).is_none() {
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
        let damage = if words < FEWEST {
            Damage::Unknown
        } else if share(unwritable) > RIGHT || (unwritable > 0 && words < MANY) {
            Damage::None
        } else if share(bare) < VIETNAMESE {
            Damage::Unknown
        } else if share(odd) > 0.02 {
            Damage::ForeignOcr
        } else {
            Damage::Stripped
        };
        let (syllables, bare_syllables, unwritable) = (share(syllables), share(bare), share(unwritable));
        Judgement { damage, words, syllables, bare_syllables, unwritable, marked: marked as f32 / letters.max(1) as f32 }
    }
}
