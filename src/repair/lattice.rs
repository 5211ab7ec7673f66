//! A stretch of text as a lattice: what was read falls into atoms, and every way to read one atom, several as one word, or one as two
//! is an edge.

use std::ops::Range;

use super::Weights;
use super::grammar::Grammar;
use super::memory::Memory;
use super::propose::{Candidate, NEVER, Proposer, Search};
use super::witness::Other;
use crate::model::ngram::{Ngrams, WordId};
use crate::model::unit::joins_digits;
use crate::model::vocabulary::{CODE, Case, NUMBER, UNKNOWN, Vocabulary};
use crate::text::address::addresses;
use crate::text::letters::{fold, is_bare_syllable, is_syllable};

/// What may be done with an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// Anything: it may be damaged.
    Free,
    /// A number that stands alone, so short that it may have been a word; it is changed only for a strong reason.
    Digits,
    /// The letter that numbers a list; `d` after `d` was `đ`.
    Marker { barred: bool },
    /// Nothing; it counts as this word.
    Locked(WordId),
}

/// A run of letters, digits and signs that may stand for letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Atom {
    /// Bytes of the text as read.
    pub raw: Range<usize>,
    pub hold: Hold,
    /// A sentence or a clause ends before it.
    pub begins: bool,
    /// It is the first on its line.
    pub opens_line: bool,
    /// Its line is in capitals.
    pub shouted: bool,
}

/// A way to read the atoms `from..to`.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    /// One word, or two.
    pub words: [WordId; 2],
    /// What it writes; `None` leaves everything as it was read.
    pub text: Option<Box<str>>,
    pub cost: i32,
    /// A grammar made it.
    pub ruled: bool,
}

impl Reading {
    /// Left as it was read.
    fn kept(word: WordId, cost: i32) -> Self {
        Self { words: [word, 0], text: None, cost, ruled: false }
    }
}

/// All readings of the atoms `from..to`.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub to: usize,
    pub raw: Range<usize>,
    pub readings: Vec<Reading>,
}

/// Pieces that together have more letters are not one word.
const LONGEST_JOINED: usize = 10;

/// Signs that OCR writes in place of letters, and that count as letters of a run.
fn is_sign(c: char) -> bool {
    matches!(c, '¢' | '¥' | '@' | '|' | '$' | '€' | '£' | '©' | '®')
}

/// `&` between two blanks is a letter that was misread, unless it binds two names or codes.
fn is_lone_and(line: &str, at: usize) -> bool {
    let (before, Some(after)) = (&line[..at], line[at..].strip_prefix('&')) else { return false };
    let alone = before.ends_with(' ') && after.starts_with(' ');
    let capital = |word: Option<&str>| word.is_some_and(|w| w.starts_with(char::is_uppercase));
    alone && !(capital(before.split_whitespace().next_back()) && capital(after.split_whitespace().next()))
}

/// Marks after a run that may be a part of its last letter.
fn is_scrap(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '?')
}

/// What makes sure that a run was read rightly.
pub(super) struct Locks<'l> {
    /// Letters that the damaging OCR can write; a run with another one is right.
    pub can_write: &'l dyn Fn(char) -> bool,
    /// Runs with digits, and runs in capitals that are no syllable, are right.
    pub codes: bool,
}

/// Nothing joins what a cell's wall or a stroke parts.
fn parts(c: char) -> bool {
    matches!(c, '\t' | '/')
}

/// The atoms of the lines of `text` within `range`.
pub(super) fn atoms(text: &str, range: Range<usize>, vocabulary: &Vocabulary<'_>, locks: &Locks<'_>) -> Vec<Atom> {
    let mut all: Vec<Atom> = Vec::new();
    let mut begins = true;
    let mut start = range.start;
    let mut last_marker = None;
    // Places within the range.
    let mut addresses = addresses(&text[range.clone()]).into_iter().peekable();
    let from = start;
    for line in text[range].split_inclusive(['\n', '\u{c}', '\t']) {
        let shouted = is_shouted(line);
        let mut at = 0;
        let first = all.len();
        if line.trim().is_empty() {
            begins = true;
        }
        while let Some(c) = line[at..].chars().next() {
            let and = is_lone_and(line, at);
            if c.is_alphanumeric() || is_sign(c) || and {
                let end = at + if and { 1 } else { run(&line[at..]) };
                let opens_line = all.len() == first;
                let marker = marker(line, at..end).filter(|_| opens_line && !locks.codes);
                while addresses.next_if(|a| from + a.end <= start + at).is_some() {}
                let addressed = addresses.peek().is_some_and(|a| from + a.start <= start + at);
                let hold = match marker {
                    _ if addressed => Hold::Locked(CODE),
                    Some(letter) => Hold::Marker { barred: letter == 'd' && last_marker == Some('d') },
                    None => hold(line, at..end, vocabulary, locks),
                };
                last_marker = marker.or(last_marker);
                all.push(Atom { raw: start + at..start + end, hold, begins, opens_line, shouted });
                begins = false;
                at = end;
                continue;
            }
            at += c.len_utf8();
            let next = line[at..].chars().next();
            if matches!(c, '.' | ';' | ':' | '!' | '…') && next.is_none_or(|n| !n.is_alphanumeric()) || c == '\t' || c == '\u{c}' {
                begins = true;
            }
        }
        start += line.len();
    }
    all
}

fn run(text: &str) -> usize {
    let length = |t: &str| t.char_indices().find(|(_, c)| !c.is_alphanumeric() && !is_sign(*c)).map_or(t.len(), |(i, _)| i);
    let bytes = text.as_bytes();
    let mut end = length(text);
    while end + 1 < bytes.len()
        && joins_digits(bytes[end])
        && bytes[end + 1].is_ascii_digit()
        && text[..end].bytes().all(|b| b.is_ascii_digit() || joins_digits(b))
    {
        end += 1 + length(&text[end + 1..]);
    }
    end
}

fn hold(line: &str, run: Range<usize>, vocabulary: &Vocabulary<'_>, locks: &Locks<'_>) -> Hold {
    let word = &line[run.clone()];
    if word.bytes().all(|b| b.is_ascii_digit() || joins_digits(b)) {
        return if !locks.codes && is_lone_number(line, run) { Hold::Digits } else { Hold::Locked(NUMBER) };
    }
    if word.chars().any(|c| c.is_alphabetic() && !(locks.can_write)(c)) {
        return Hold::Locked(vocabulary.id(word));
    }
    let code = word.chars().any(|c| c.is_ascii_digit());
    if is_sign_of_number(line, &run) {
        return Hold::Locked(vocabulary.id(word));
    }
    if locks.codes && (code || (word.chars().nth(1).is_some() && word.chars().all(char::is_uppercase) && !is_syllable(word))) {
        return Hold::Locked(if code { CODE } else { vocabulary.id(word) });
    }
    Hold::Free
}

/// The letter of `a)` at the start of a line.
fn marker(line: &str, run: Range<usize>) -> Option<char> {
    let mut letters = line[run.clone()].chars();
    let letter = letters.next().filter(char::is_ascii_lowercase);
    letter.filter(|_| letters.next().is_none() && line[run.end..].starts_with(')'))
}

/// One or two digits between blanks, but not at the start of a line, where they number it.
fn is_lone_number(line: &str, run: Range<usize>) -> bool {
    let digits = &line[run.clone()];
    let blank_before = line[..run.start].ends_with(' ') && !line[..run.start].trim().is_empty();
    let blank_after = line[run.end..].chars().next().is_none_or(|c| c.is_whitespace() || c == ',');
    digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit()) && blank_before && blank_after
}

/// The sign in the number of a document (`08-CT/TU`) stands as it was read, unless a D in it may have been Đ.
fn is_sign_of_number(line: &str, run: &Range<usize>) -> bool {
    let word = &line[run.clone()];
    let before = line[..run.start].rsplit(char::is_whitespace).next().unwrap_or_default();
    let numbered = before.starts_with(|c: char| c.is_ascii_digit()) && before.ends_with(['-', '/']);
    numbered && word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase() && b != b'D')
}

/// `BTT`: capitals that are no syllable, read as they stood more often than other unknown words.
fn is_abbreviation(word: &str) -> bool {
    let mut letters = word.chars();
    let capitals = letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_uppercase);
    // A small letter at the end (`BCb`) was as like as not a capital.
    let ends_small = word.ends_with(char::is_lowercase);
    capitals && !ends_small && word.chars().count() <= 6 && !is_bare_syllable(&fold(word))
}

/// `TTg`, `IoT`: capitals that no rule explains.
fn is_mixed(word: &str) -> bool {
    word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase)
}

fn is_shouted(line: &str) -> bool {
    let (capitals, all) = line.chars().filter(|c| c.is_alphabetic()).fold((0, 0), |(c, n), l| (c + usize::from(l.is_uppercase()), n + 1));
    all > 3 && 10 * capitals >= 6 * all
}

/// Builds the edges of a lattice.
pub(super) struct Builder<'b, 'a> {
    pub text: &'b str,
    pub atoms: &'b [Atom],
    pub proposer: &'b mut Proposer<'a>,
    pub vocabulary: Vocabulary<'a>,
    pub ngrams: Ngrams<'a>,
    pub memory: Option<&'b Memory>,
    pub weights: &'b Weights,
    pub grammar: &'b Grammar,
    /// What another reading of the same page says.
    pub other: Option<Other<'b, 'a>>,
}

impl Builder<'_, '_> {
    /// The edges that leave atom `at`; none of them goes beyond `end`.
    pub(super) fn edges(&mut self, at: usize, end: usize) -> Vec<Edge> {
        let atom = &self.atoms[at];
        let word = &self.text[atom.raw.clone()];
        let mut edges = Vec::new();
        if let Hold::Locked(word) = atom.hold {
            let reading = Reading::kept(word, 0);
            return vec![Edge { to: at + 1, raw: atom.raw.clone(), readings: vec![reading] }];
        }
        if let Hold::Marker { barred } = atom.hold {
            let words = [self.vocabulary.id(if barred { "đ" } else { word }), 0];
            let reading = Reading { words, text: barred.then(|| "đ".into()), cost: 0, ruled: barred };
            return vec![Edge { to: at + 1, raw: atom.raw.clone(), readings: vec![reading] }];
        }
        if atom.hold == Hold::Digits {
            let mut readings = vec![Reading::kept(NUMBER, 0)];
            readings.extend(self.readings(at, word, Search::Part, self.weights.digits));
            return vec![Edge { to: at + 1, raw: atom.raw.clone(), readings }];
        }
        let mut kept = self.as_read(at, word);
        kept.cost += self.memory.map_or(0, |m| m.surcharge(word, self.weights));
        let mut alone = vec![kept];
        alone.extend(self.readings(at, word, Search::Whole, 0));
        alone.extend(self.by_grammar(at, word));
        let said = self.memory.into_iter().flat_map(|m| m.taught(word, self.weights));
        alone.extend(said.map(|(id, text, cost)| Reading { words: [id, 0], text: Some(text.into_boxed_str()), cost, ruled: false }));
        self.split(at, word, &mut alone);
        self.cross_examine(at, &mut alone);
        edges.push(Edge { to: at + 1, raw: atom.raw.clone(), readings: alone });
        self.with_scrap(at, &mut edges);
        self.joined(at, end, &mut edges);
        edges
    }

    /// Left as it is, as a word the model does not know.
    fn as_read(&self, at: usize, word: &str) -> Reading {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count() as i32;
        let others = word.chars().count() as i32 - letters;
        let w = self.weights;
        if letters == 0 {
            // A bar is the wall of a table, unless it numbers a heading.
            let wall = word.chars().all(|c| c == '|') && !self.heads(at);
            let cost = if wall { 0 } else { w.sign_kept };
            return Reading::kept(0, cost);
        }
        if others > 0 {
            return Reading::kept(CODE, w.code_kept + w.code_letter * (letters + others));
        }
        let id = self.vocabulary.id(word);
        let known = id != UNKNOWN;
        if known && is_mixed(word) && !is_syllable(word) {
            return Reading::kept(id, w.grammar);
        }
        if is_abbreviation(word) {
            let proven = self.memory.map_or(0, |m| m.spelt_out(word, w));
            return Reading::kept(UNKNOWN, w.abbreviation + w.abbreviation_letter * letters - proven);
        }
        let own = w.unknown + w.unknown_letter * letters;
        Reading::kept(UNKNOWN, own + if known { w.unknown } else { 0 })
    }

    fn readings(&mut self, at: usize, read: &str, search: Search, extra: i32) -> Vec<Reading> {
        let candidates = self.proposer.candidates(read, search);
        candidates.iter().map(|c| self.reading(at, c, read, extra)).collect()
    }

    pub(super) fn reading(&self, at: usize, candidate: &Candidate, read: &str, extra: i32) -> Reading {
        let (mut cost, case) = self.cased(at, candidate);
        let text = case.write(&candidate.spelling);
        let text = (text != read).then(|| text.into_boxed_str());
        if let Some(memory) = self.memory {
            cost -= memory.discount(at, read, candidate.word, &self.ngrams, self.weights);
            if !candidate.native && case == Case::All {
                cost -= memory.spelt_out(&candidate.spelling, self.weights);
            }
            if text.is_none() && !candidate.native {
                cost += memory.surcharge(read, self.weights);
            }
        }
        Reading { words: [candidate.word, 0], text, cost: cost + extra, ruled: false }
    }

    /// The cheapest way to capitalise `candidate` at atom `at`.
    fn cased(&self, at: usize, candidate: &Candidate) -> (i32, Case) {
        let atom = &self.atoms[at];
        let w = self.weights;
        let cost = |case: Case| {
            let damage = candidate.damage[case as usize];
            if damage >= NEVER {
                return NEVER;
            }
            let habit = if atom.shouted {
                w.shouted[case as usize]
            } else if atom.begins || atom.opens_line {
                let own = self.vocabulary.case_cost(candidate.word, case) * w.case / 100;
                own.min(w.begins[case as usize])
            } else {
                self.vocabulary.case_cost(candidate.word, case) * w.case / 100
            };
            let foreign = if candidate.native || case == Case::All { 0 } else { w.foreign_word };
            damage * w.damage / 100 + habit + foreign
        };
        Case::ALL.into_iter().map(|c| (cost(c), c)).min_by_key(|c| c.0).unwrap_or((NEVER, Case::Small))
    }

    /// What the grammar of numbers, Roman numerals and codes makes of a run.
    fn by_grammar(&self, at: usize, word: &str) -> Option<Reading> {
        let cost = self.weights.grammar;
        if let Some(roman) = self.grammar.roman(word).filter(|_| self.heads(at)) {
            let text = (roman != word).then(|| roman.clone().into());
            return Some(Reading { words: [self.vocabulary.id(&roman), 0], text, cost, ruled: true });
        }
        if let Some(code) = self.grammar.code(word) {
            return Some(Reading { words: [CODE, 0], text: Some(code.into()), cost, ruled: true });
        }
        let number = self.grammar.number(word)?;
        Some(Reading { words: [NUMBER, 0], text: Some(number.into()), cost, ruled: true })
    }

    /// The atom stands where a heading has its numeral.
    fn heads(&self, at: usize) -> bool {
        let atom = &self.atoms[at];
        atom.opens_line && self.text[atom.raw.end..].starts_with('.')
    }

    /// The mark behind the run was a part of its last letter.
    fn with_scrap(&mut self, at: usize, edges: &mut Vec<Edge>) {
        let raw = self.atoms[at].raw.clone();
        let Some(mark) = self.text[raw.end..].chars().next().filter(|&c| is_scrap(c)) else { return };
        let raw = raw.start..raw.end + mark.len_utf8();
        let readings = self.readings(at, &self.text[raw.clone()], Search::Whole, 0);
        if !readings.is_empty() {
            edges.push(Edge { to: at + 1, raw, readings });
        }
    }

    /// One word was read as two or three.
    fn joined(&mut self, at: usize, end: usize, edges: &mut Vec<Edge>) {
        for count in 2..=3 {
            let last = at + count - 1;
            if last >= end || self.atoms[last].hold != Hold::Free || self.atoms[last].opens_line {
                return;
            }
            let gap = &self.text[self.atoms[last - 1].raw.end..self.atoms[last].raw.start];
            if gap.chars().count() > 2 || gap.contains(parts) {
                return;
            }
            let raw = self.atoms[at].raw.start..self.atoms[last].raw.end;
            let read = &self.text[raw.clone()];
            if read.chars().count() > LONGEST_JOINED {
                return;
            }
            // No two words stand on either side of an apostrophe: it is the horn of a letter (`tru’dc`).
            let bound = count == 2 && !gap.is_empty() && gap.chars().all(is_scrap);
            if !bound && (at..=last).all(|i| self.is_sound(i)) {
                continue;
            }
            let readings = self.readings(at, read, Search::Whole, if bound { 0 } else { self.weights.join });
            if !readings.is_empty() {
                edges.push(Edge { to: last + 1, raw, readings });
            }
        }
    }

    /// A string of some letters that one word explains well is not half of another.
    fn is_sound(&mut self, at: usize) -> bool {
        let word = &self.text[self.atoms[at].raw.clone()];
        let glyphs = word.chars().count() as i32;
        let best = self.proposer.candidates(word, Search::Whole).iter().map(Candidate::least).min().unwrap_or(NEVER);
        glyphs > 1 && best <= self.weights.sound * glyphs
    }

    /// Two words were read as one.
    fn split(&mut self, at: usize, word: &str, readings: &mut Vec<Reading>) {
        let glyphs = word.chars().count();
        let best = readings[1..].iter().map(|r| r.cost).min().unwrap_or(NEVER);
        if glyphs < 4 || best < self.weights.split_from * glyphs as i32 {
            return;
        }
        let mut pairs = Vec::new();
        for (cut, _) in word.char_indices().skip(1) {
            let (left, right) = word.split_at(cut);
            let (left, right) = (self.readings(at, left, Search::Part, 0), self.readings(at, right, Search::Part, 0));
            for l in left.iter().take(6) {
                for r in right.iter().take(6) {
                    pairs.push((l.clone(), r.clone(), cut));
                }
            }
        }
        pairs.sort_by_key(|(l, r, cut)| (l.cost + r.cost, *cut));
        pairs.truncate(12);
        for (l, r, cut) in pairs {
            let (left, right) = word.split_at(cut);
            let text = format!("{} {}", l.text.as_deref().unwrap_or(left), r.text.as_deref().unwrap_or(right));
            let cost = l.cost + r.cost + self.weights.split;
            readings.push(Reading { words: [l.words[0], r.words[0]], text: Some(text.into_boxed_str()), cost, ruled: false });
        }
    }
}
