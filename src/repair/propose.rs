//! What may have stood on paper where a string was read: words of the model, found by walking their tree beside the string.

use std::rc::Rc;

use rustc_hash::FxHashMap as HashMap;

use crate::model::alphabet::{self, LETTERS};
use crate::model::channel::{Channel, LONGEST, OTHER, packed};
use crate::model::ngram::{NAT, Ngrams, WordId};
use crate::model::vocabulary::{Case, Node, Vocabulary};
use crate::text::letters::is_syllable;

/// Strings with more letters are no single word.
pub(super) const MOST_GLYPHS: usize = 14;
/// A cost that nothing reaches.
pub(super) const NEVER: i32 = i32::MAX / 4;
/// A letter that this OCR was never seen to write may be any letter, at this cost.
const STRANGE: i32 = 6 * NAT;

/// A damage that was never met: one letter read as another, or a letter read where none stood.
const SLIP: i32 = 15 * NAT / 2;
/// When the cheapest candidate costs so much for each glyph, damage that was never met is reckoned with.
const POOR: i32 = 3 * NAT / 2;

/// Half the cost of the commonest word: no candidate ranks better than its damage by less.
const COMMONEST: i32 = 3 * NAT / 2;

/// Where the damage does not tell whether `hòa` or `hoà` stood there, the older spelling is written.
const NEWER_PLACEMENT: i32 = NAT / 2;

/// How far the search goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Width {
    /// Most candidates per string.
    pub candidates: usize,
    /// How much dearer than the best a candidate may be.
    pub window: i32,
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search {
    /// A string that stands alone: if nothing else is found, damage that was never met is reckoned with.
    Whole,
    /// A string made by joining or parting: only what was plainly damaged so.
    Part,
}

/// One word that may have been read as the string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub word: WordId,
    /// It has the shape of a Vietnamese syllable.
    pub native: bool,
    /// As spelled in small letters.
    pub spelling: Box<str>,
    /// Cost of the damage when it stood in small letters, with a capital, in capitals.
    pub damage: [i32; 3],
}

impl Candidate {
    pub(super) fn least(&self) -> i32 {
        self.damage.into_iter().min().unwrap_or(NEVER)
    }
}

/// Finds candidates, and remembers them.
pub(super) struct Proposer<'a> {
    vocabulary: Vocabulary<'a>,
    ngrams: Ngrams<'a>,
    channel: &'a Channel<'a>,
    width: Width,
    known: [HashMap<Box<str>, Rc<[Candidate]>>; 2],
    table: Table,
}

/// A segment may have been read as the glyphs `from..to`, at a cost.
#[derive(Clone, Copy)]
struct Piece {
    from: u8,
    to: u8,
    cost: i32,
}

/// Where each segment may stand in the string at hand.
struct Table {
    letters: Vec<Vec<Piece>>,
    pairs: Vec<Vec<Piece>>,
    /// By both letters: the pair's number plus one.
    pair_numbers: Vec<u16>,
    /// Pairs that may stand somewhere.
    used_pairs: Vec<usize>,
    /// What it costs that a letter was not read at all.
    lost: [i32; LETTERS],
    /// The least that the glyphs from each place on cost, whatever they were.
    rest: Row,
}

type Row = [i32; MOST_GLYPHS + 1];

/// The walk down the tree for one string and one way of capitalising.
struct Walk<'t, 'a> {
    table: &'t Table,
    vocabulary: Vocabulary<'a>,
    ngrams: Ngrams<'a>,
    glyphs: usize,
    case: Case,
    limit: i32,
    window: i32,
    letters: Vec<u8>,
    slips: bool,
    found: &'t mut HashMap<WordId, Candidate>,
}

impl<'a> Proposer<'a> {
    pub(super) fn new(vocabulary: Vocabulary<'a>, ngrams: Ngrams<'a>, channel: &'a Channel<'a>, width: Width) -> Self {
        let mut lost = [NEVER; LETTERS];
        for (segment, cost) in channel.sources(0) {
            if let Some(slot) = lost.get_mut(usize::from(segment)) {
                *slot = cost;
            }
        }
        let pair_letters: Vec<(u8, u8)> = channel.pairs().collect();
        let mut pair_numbers = vec![0; LETTERS * LETTERS];
        for (i, &(a, b)) in pair_letters.iter().enumerate() {
            if let Some(slot) = pair_numbers.get_mut(usize::from(a) * LETTERS + usize::from(b)) {
                *slot = i as u16 + 1;
            }
        }
        let pairs = vec![Vec::new(); pair_letters.len()];
        let letters = vec![Vec::new(); LETTERS];
        let table = Table { letters, pairs, pair_numbers, used_pairs: Vec::new(), lost, rest: [0; MOST_GLYPHS + 1] };
        Self { vocabulary, ngrams, channel, width, known: Default::default(), table }
    }

    /// The candidates for `read`, cheapest first.
    pub(super) fn candidates(&mut self, read: &str, search: Search) -> Rc<[Candidate]> {
        if let Some(known) = self.known[search as usize].get(read) {
            return Rc::clone(known);
        }
        let found: Rc<[Candidate]> = self.search(read, search).into();
        self.known[search as usize].insert(read.into(), Rc::clone(&found));
        found
    }

    fn search(&mut self, read: &str, search: Search) -> Vec<Candidate> {
        let glyphs = self.channel.glyphs(read);
        if glyphs.is_empty() || glyphs.len() > MOST_GLYPHS {
            return Vec::new();
        }
        self.table.fill(self.channel, &glyphs);
        let count = glyphs.len() as i32;
        let limit = (4 + 2 * count) * NAT;
        let mut found = self.walk(read, glyphs.len(), limit, false);
        if search == Search::Whole && found.values().map(Candidate::least).min().unwrap_or(NEVER) > POOR * count {
            found = self.walk(read, glyphs.len(), limit, true);
        }
        self.table.clear();
        let ngrams = self.ngrams;
        let rank = |c: &Candidate| c.least() + ngrams.alone(c.word) / 2;
        let mut all: Vec<Candidate> = found.into_values().collect();
        all.sort_by_key(|c| (rank(c), c.word));
        let best = all.first().map_or(0, rank);
        all.retain(|c| rank(c) <= best + self.width.window);
        all.truncate(self.width.candidates);
        all
    }

    fn walk(&self, read: &str, glyphs: usize, limit: i32, slips: bool) -> HashMap<WordId, Candidate> {
        let mut found = HashMap::default();
        for case in plausible_cases(read) {
            let mut walk = Walk {
                table: &self.table,
                vocabulary: self.vocabulary,
                ngrams: self.ngrams,
                glyphs,
                case,
                limit,
                window: self.width.window,
                letters: Vec::new(),
                slips,
                found: &mut found,
            };
            walk.start();
        }
        found
    }
}

/// The ways of capitalising under which `read` may have stood on paper.
fn plausible_cases(read: &str) -> impl Iterator<Item = Case> + use<> {
    let mut letters = read.chars().filter(|c| c.is_alphabetic());
    let first_letter = read.chars().next().is_some_and(char::is_alphabetic);
    let first_capital = read.chars().next().is_some_and(char::is_uppercase);
    let (capitals, all) = letters.by_ref().fold((0, 0), |(c, n), l| (c + usize::from(l.is_uppercase()), n + 1));
    let small = !(first_letter && capitals == all && all > 2);
    let first = first_capital || !first_letter;
    let every = all == 0 || 2 * capitals >= all;
    [(Case::Small, small), (Case::First, first), (Case::All, every)].into_iter().filter(|c| c.1).map(|c| c.0)
}

impl Table {
    fn fill(&mut self, channel: &Channel<'_>, glyphs: &[u8]) {
        self.rest = [NEVER; MOST_GLYPHS + 1];
        self.rest[glyphs.len()] = 0;
        for from in (0..glyphs.len()).rev() {
            self.rest[from] = self.rest[from + 1] + SLIP;
            for to in from + 1..=glyphs.len().min(from + LONGEST) {
                let mut least = NEVER;
                for (segment, cost) in channel.sources(packed(&glyphs[from..to])) {
                    least = least.min(cost);
                    self.add(usize::from(segment), Piece { from: from as u8, to: to as u8, cost });
                }
                self.rest[from] = self.rest[from].min(self.rest[to] + least);
            }
            if glyphs[from] == OTHER {
                (0..LETTERS).for_each(|l| self.add(l, Piece { from: from as u8, to: from as u8 + 1, cost: STRANGE }));
                self.rest[from] = self.rest[from].min(self.rest[from + 1] + STRANGE);
            }
        }
    }

    fn add(&mut self, segment: usize, piece: Piece) {
        match segment.checked_sub(LETTERS) {
            None => self.letters[segment].push(piece),
            Some(pair) if pair < self.pairs.len() => {
                self.pairs[pair].push(piece);
                self.used_pairs.push(pair);
            }
            Some(_) => {}
        }
    }

    fn pair(&self, first: u8, second: u8) -> &[Piece] {
        let number = self.pair_numbers[usize::from(first) * LETTERS + usize::from(second)];
        if number == 0 { &[] } else { &self.pairs[usize::from(number) - 1] }
    }

    fn clear(&mut self) {
        self.letters.iter_mut().for_each(Vec::clear);
        for pair in self.used_pairs.drain(..) {
            self.pairs[pair].clear();
        }
    }
}

#[inline]
fn relax(next: &mut Row, row: &Row, piece: &Piece) {
    let cost = row[usize::from(piece.from)] + piece.cost;
    let there = &mut next[usize::from(piece.to)];
    *there = cost.min(*there);
}

impl Walk<'_, '_> {
    fn start(&mut self) {
        let mut row = [NEVER; MOST_GLYPHS + 1];
        row[0] = 0;
        self.descend(0, &row, None);
    }

    /// `row[j]`: the least cost at which the letters so far were read as the first `j` glyphs; `before`: the same one letter earlier.
    fn descend(&mut self, node: Node, row: &Row, before: Option<(&Row, u8)>) {
        for (small, child) in self.vocabulary.branches(node) {
            let letter = if self.case == Case::All || (self.case == Case::First && self.letters.is_empty()) {
                alphabet::capital(small)
            } else {
                small
            };
            let next = self.step(letter, row, before);
            let rest = &self.table.rest;
            if (0..=self.glyphs).all(|at| next[at] + rest[at] > self.limit) {
                continue;
            }
            self.letters.push(small);
            if let Some(word) = self.vocabulary.word_at(child) {
                self.take(word, next[self.glyphs]);
            }
            self.descend(child, &next, Some((row, letter)));
            self.letters.pop();
        }
    }

    fn step(&self, letter: u8, row: &Row, before: Option<(&Row, u8)>) -> Row {
        let lost = self.table.lost[usize::from(letter)];
        let mut next: Row = row.map(|cost| cost.saturating_add(lost).min(NEVER));
        for piece in &self.table.letters[usize::from(letter)] {
            relax(&mut next, row, piece);
        }
        if self.slips {
            for at in 0..self.glyphs {
                next[at + 1] = next[at + 1].min(row[at] + SLIP).min(next[at] + SLIP);
            }
        }
        if let Some((earlier, previous)) = before {
            for piece in self.table.pair(previous, letter) {
                relax(&mut next, earlier, piece);
            }
        }
        next
    }

    fn take(&mut self, word: WordId, cost: i32) {
        let usual = self.vocabulary.text(word).chars().eq(self.letters.iter().map(|&l| alphabet::letter(l)));
        let cost = cost + if usual { 0 } else { NEWER_PLACEMENT };
        if cost > self.limit {
            return;
        }
        let case = self.case as usize;
        // A single capital letter is both one capital and all capitals.
        if self.case == Case::All && self.letters.len() == 1 {
            return;
        }
        let spelling = || alphabet::word(&self.letters).into_boxed_str();
        let candidate = self.found.entry(word).or_insert_with(|| {
            let spelling = spelling();
            Candidate { word, native: is_syllable(&spelling), spelling, damage: [NEVER; 3] }
        });
        if cost < candidate.damage[case] {
            if cost < candidate.least() {
                candidate.spelling = spelling();
            }
            candidate.damage[case] = cost;
        }
        // Rare words may go on being found until the cheapest plus the window.
        self.limit = self.limit.min(cost + self.ngrams.alone(word) / 2 + self.window - COMMONEST);
    }
}
