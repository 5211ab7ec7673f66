//! Two readings of one page as two witnesses: which word of the old text layer stands beside a word of the new reading, what both
//! together make of it, and where they contradict each other in a digit.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use serde::Deserialize;

use super::lattice::{Builder, Reading};
use super::propose::{Candidate, Proposer, Search};
use crate::model::ngram::WordId;
use crate::model::train::pairs::{WordPairs, alike, distance, peeled};
use crate::model::unit::joins_digits;
use crate::text::{Cause, Condition, Edit, Page, RawSpan, Source, Sure};

/// How the two are weighed: `rules/repair/witness.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    mistaken: i32,
    mistaken_letter: i32,
    weight: i32,
    sure: u8,
    pub trust: u32,
    apart: f32,
    drift: usize,
}

impl Rules {
    /// What it costs that `read` has nothing to do with the word that stood there.
    fn mistaken(&self, read: &str, confidence: u8) -> i32 {
        (self.mistaken + self.mistaken_letter * read.chars().count() as i32) * i32::from(confidence) / 100
    }
}

/// A word of the page and the word of the other reading that stands beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// Its letters in the page's own text.
    pub own: String,
    /// What the other reading has for them.
    pub other: String,
    /// How sure the page's own reading is, of 100.
    confidence: u8,
}

/// What the other readings say of a text, by the first byte of the word.
#[derive(Debug, Default)]
pub(super) struct Testimony {
    said: HashMap<usize, Said>,
    /// Digits that the two read differently.
    pub doubts: Vec<Edit>,
    /// Stretches that only the other reading has.
    pub alone: Vec<(Range<usize>, Condition)>,
    /// How the other readings were damaged.
    pub condition: Option<Condition>,
}

impl Testimony {
    /// What the other readings of `source` say.
    pub(super) fn of(source: &Source, rules: &Rules) -> Self {
        let mut all = Self::default();
        for page in source.pages() {
            all.hear(source.text(), page, rules);
        }
        all
    }

    fn hear(&mut self, text: &str, page: &Page, rules: &Rules) {
        let Some(other) = &page.other else { return };
        let own = tokens(text, page.span.range());
        let sure = |i: usize| if other.confidence.len() == own.len() { other.confidence[i] } else { 100 };
        for run in (0..own.len()).collect::<Vec<_>>().chunk_by(|a, b| (sure(*a) == 0) == (sure(*b) == 0)) {
            let (first, last) = (run[0], run[run.len() - 1]);
            if sure(first) == 0 {
                self.alone.push((own[first].start..own[last].end, other.condition));
            }
        }
        if other.condition == Condition::Unknown {
            return;
        }
        self.condition = self.condition.or(Some(other.condition));
        let theirs = tokens(&other.text, 0..other.text.len());
        let words =
            |of: &str, at: &[Range<usize>]| -> Vec<Vec<char>> { at.iter().map(|r| of[r.clone()].chars().map(alike).collect()).collect() };
        for (i, j) in beside(&words(text, &own), &words(&other.text, &theirs), rules) {
            let (mine, said) = (&text[own[i].clone()], &other.text[theirs[j].clone()]);
            if sure(i) == 0 {
                continue;
            }
            self.doubts.extend(doubt(own[i].start, mine, said));
            if let Some((read, core)) = peeled(said, mine) {
                let start = own[i].start + mine.find(core.as_str()).unwrap_or(0);
                self.said.insert(start, Said { own: core, other: read, confidence: sure(i) });
            }
        }
    }

    /// What stands beside the word at `raw`.
    pub(super) fn at(&self, raw: &Range<usize>) -> Option<&Said> {
        self.said.get(&raw.start).filter(|s| s.own.len() == raw.len())
    }

    /// Both readings have other letters at `raw`.
    pub(super) fn disputes(&self, raw: &Range<usize>) -> bool {
        self.at(raw).is_some_and(|s| s.own != s.other)
    }

    /// Words of the other readings beside what they should be, to learn their damage from.
    pub(super) fn lessons(&self, rules: &Rules) -> WordPairs {
        let mut pairs = WordPairs::new();
        for said in self.said.values().filter(|s| s.confidence >= rules.sure) {
            *pairs.entry((said.other.clone(), said.own.clone())).or_default() += 1;
        }
        pairs
    }
}

/// The words between blanks.
fn tokens(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let words = text[range.clone()].split_whitespace();
    let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    words.map(|w| start(w)..start(w) + w.len()).collect()
}

/// The pairs of words that stand beside each other: the cheapest way to lay both texts side by side.
fn beside(own: &[Vec<char>], other: &[Vec<char>], rules: &Rules) -> Vec<(usize, usize)> {
    let (n, m) = (own.len(), other.len());
    let width = 2 * rules.drift + 1;
    // Row `i` holds the columns from `left(i)` on: where both are equally far, and some words to either side.
    let left = |i: usize| (i * m / n.max(1)).saturating_sub(rules.drift);
    let mut cost = vec![f32::INFINITY; (n + 1) * width];
    let slot = |i: usize, j: usize| j.checked_sub(left(i)).filter(|c| *c < width && j <= m).map(|c| i * width + c);
    let far = |i: usize, j: usize| {
        let longest = own[i].len().max(other[j].len()).max(1) as f32;
        let share = if own[i] == other[j] { 0.0 } else { distance(&own[i], &other[j]) / longest };
        if share > rules.apart { f32::INFINITY } else { share }
    };
    const ALONE: f32 = 0.45;
    for i in 0..=n {
        for j in left(i)..=(left(i) + width - 1).min(m) {
            let from = |i: Option<usize>, j: Option<usize>| i.zip(j).and_then(|(i, j)| slot(i, j)).map_or(f32::INFINITY, |s| cost[s]);
            let (above, before) = (i.checked_sub(1), j.checked_sub(1));
            let mut best = if i + j == 0 { 0.0 } else { from(above, Some(j)).min(from(Some(i), before)) + ALONE };
            let corner = from(above, before);
            if corner < best {
                best = best.min(corner + far(i - 1, j - 1));
            }
            if let Some(slot) = slot(i, j) {
                cost[slot] = best;
            }
        }
    }
    let (mut i, mut j, mut pairs) = (n, m, Vec::new());
    let at = |i: usize, j: usize| slot(i, j).map_or(f32::INFINITY, |s| cost[s]);
    while i > 0 && j > 0 {
        let here = at(i, j);
        if !here.is_finite() {
            return Vec::new();
        }
        if at(i - 1, j) + ALONE <= here {
            i -= 1;
        } else if at(i, j - 1) + ALONE <= here {
            j -= 1;
        } else {
            (i, j) = (i - 1, j - 1);
            pairs.push((i, j));
        }
    }
    pairs
}

/// A doubt where both words are numbers and their digits differ: the page's own stays, the other goes along.
fn doubt(start: usize, own: &str, other: &str) -> Option<Edit> {
    let (mine, theirs) = (number(own)?, number(other)?);
    let digits = |text: &str| digits_for(text).chars().filter(char::is_ascii_digit).collect::<String>();
    let (own, other) = (&own[mine.clone()], digits_for(&other[theirs]));
    if digits(own) == digits(&other) {
        return None;
    }
    let raw = RawSpan::new(start + mine.start, start + mine.end);
    Some(Edit { raw, fixed: own.to_owned(), cause: Cause::Digit, sure: Sure::Doubtful, margin: 0.0, others: vec![other] })
}

/// Where the first number of a word stands, strokes that were read as letters taken along.
fn number(word: &str) -> Option<Range<usize>> {
    const STROKES: &[char] = &['l', 'I', 'O', 'o', '|'];
    let digit = word.find(|c: char| c.is_ascii_digit())?;
    let start = word[..digit].trim_end_matches(STROKES).len();
    // A letter before them makes the strokes letters too.
    let start = if word[..start].ends_with(char::is_alphanumeric) { digit } else { start };
    let plain = |c: char| c.is_ascii_digit() || c == 'h' || STROKES.contains(&c) || u8::try_from(c).is_ok_and(joins_digits);
    let end = word[digit..].find(|c: char| !plain(c)).map_or(word.len(), |e| digit + e);
    let strays = |c: char| !c.is_ascii_digit() && !STROKES.contains(&c);
    Some(start..start + word[start..end].trim_end_matches(strays).len())
}

/// A number whose noughts and ones may have been read as letters.
fn digits_for(read: &str) -> String {
    let digit = |c: char| match c {
        'l' | 'I' | '|' => '1',
        'O' | 'o' => '0',
        c => c,
    };
    read.chars().map(digit).collect()
}

/// The other witness while a lattice is built.
pub(super) struct Other<'o, 'a> {
    pub testimony: &'o Testimony,
    pub proposer: Proposer<'a>,
    pub rules: &'o Rules,
}

impl Other<'_, '_> {
    /// What was said beside `raw`, and what may have stood there by it.
    fn hear(&mut self, raw: &Range<usize>) -> Option<(Said, Rc<[Candidate]>)> {
        let said = self.testimony.at(raw)?.clone();
        let candidates = self.proposer.candidates(&said.other, Search::Whole);
        Some((said, candidates))
    }
}

impl Builder<'_, '_> {
    /// Weighs the readings of atom `at` by what the other witness says, and adds those that only it gives.
    pub(super) fn cross_examine(&mut self, at: usize, readings: &mut Vec<Reading>) {
        let raw = self.atoms[at].raw.clone();
        let Some(other) = self.other.as_mut() else { return };
        let rules = other.rules;
        let Some((said, candidates)) = other.hear(&raw) else { return };
        let own_wrong = rules.mistaken(&said.own, said.confidence);
        let other_wrong = rules.mistaken(&said.other, 100) * rules.weight / 100;
        let mut known: HashMap<WordId, &Candidate> = candidates.iter().map(|c| (c.word, c)).collect();
        for reading in readings.iter_mut() {
            let single = reading.words[1] == 0 && !reading.ruled;
            let evidence = known.remove(&reading.words[0]).filter(|_| single).map(|c| c.least() * rules.weight / 100);
            let same = reading.text.is_none() && said.own == said.other;
            reading.cost += evidence.unwrap_or(if same { 0 } else { other_wrong }).min(other_wrong);
        }
        let mut more: Vec<&Candidate> = known.into_values().collect();
        more.sort_by_key(|c| c.word);
        let more = more.into_iter().map(|c| self.reading(at, c, &said.own, own_wrong));
        readings.extend(more.collect::<Vec<_>>());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleBook;

    fn rules() -> Rules {
        RuleBook::embedded().load("repair/witness.yaml").expect("our own rules")
    }

    #[test]
    fn words_stand_beside_each_other_though_one_reading_lost_some() {
        let words = |text: &str| -> Vec<Vec<char>> { text.split(' ').map(|w| w.chars().map(alike).collect()).collect() };
        let (own, other) = (words("Số hộ tham gia và gửi về xã"), words("S6 hd tham gia . va girt xa"));
        let mut pairs = beside(&own, &other, &rules());
        pairs.reverse();
        assert_eq!(pairs, [(0, 0), (1, 1), (2, 2), (3, 3), (4, 5), (7, 7)]);
        assert_eq!(beside(&words("một"), &[], &rules()), []);
    }

    #[test]
    fn digits_that_differ_are_a_doubt_and_strokes_read_as_letters_are_none() {
        let doubt = |own, other| doubt(0, own, other).map(|e| (e.raw.range(), e.fixed, e.others));
        assert_eq!(doubt("30/2020/NĐ-CP", "39/2020/ND-CP"), Some((0..7, "30/2020".into(), vec!["39/2020".into()])));
        assert_eq!((doubt("15h00", "15h00."), doubt("số2", "so2")), (None, None));
        assert_eq!(doubt("(30/4/2024),", "(36/4/2024)."), Some((1..10, "30/4/2024".into(), vec!["36/4/2024".into()])));
        assert_eq!(
            (doubt("10", "l0"), doubt("01", "O1"), doubt("Số", "S6"), doubt("5.", "s."), doubt("15/02", "15/02,")),
            (None, None, None, None, None)
        );
    }
}
