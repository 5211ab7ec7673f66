//! What may have stood on paper where a string was read: words of the model, found by walking their tree beside the string.

use std::collections::HashMap;
use std::rc::Rc;

use crate::model::alphabet::{self, LETTERS};
use crate::model::channel::{Channel, LONGEST, OTHER, packed};
use crate::model::ngram::{NAT, Ngrams, WordId};
use crate::model::vocabulary::{Case, Node, Vocabulary};

/// Strings with more letters are no single word.
pub(super) const MOST_GLYPHS: usize = 14;
/// A cost that nothing reaches.
pub(super) const NEVER: i32 = i32::MAX / 4;
/// A letter that this OCR was never seen to write may be any letter, at this cost.
const STRANGE: i32 = 6 * NAT;

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

/// One word that may have been read as the string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub word: WordId,
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
    known: HashMap<Box<str>, Rc<[Candidate]>>,
    table: Table,
}

/// What each segment costs at each place of the string at hand.
struct Table {
    /// By place, length and letter.
    single: Vec<i32>,
    lost: [i32; LETTERS],
    /// Row of a pair's costs plus one; 0 for pairs that cost too much everywhere.
    pair_rows: Vec<u16>,
    pairs: Vec<(u8, u8)>,
    pair_costs: Vec<[i32; (MOST_GLYPHS + 1) * LONGEST]>,
    pair_list: Vec<usize>,
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
    found: &'t mut HashMap<WordId, Candidate>,
}

impl<'a> Proposer<'a> {
    pub(super) fn new(vocabulary: Vocabulary<'a>, ngrams: Ngrams<'a>, channel: &'a Channel<'a>, width: Width) -> Self {
        let pairs: Vec<(u8, u8)> = channel.pairs().collect();
        let mut lost = [NEVER; LETTERS];
        for (segment, cost) in channel.sources(0) {
            if let Some(slot) = lost.get_mut(usize::from(segment)) {
                *slot = cost;
            }
        }
        let table = Table {
            single: vec![NEVER; MOST_GLYPHS * LONGEST * LETTERS],
            lost,
            pair_rows: vec![0; LETTERS * LETTERS],
            pairs,
            pair_costs: Vec::new(),
            pair_list: Vec::new(),
        };
        Self { vocabulary, ngrams, channel, width, known: HashMap::new(), table }
    }

    /// The candidates for `read`, cheapest first.
    pub(super) fn candidates(&mut self, read: &str) -> Rc<[Candidate]> {
        if let Some(known) = self.known.get(read) {
            return Rc::clone(known);
        }
        let found: Rc<[Candidate]> = self.search(read).into();
        self.known.insert(read.into(), Rc::clone(&found));
        found
    }

    fn search(&mut self, read: &str) -> Vec<Candidate> {
        let glyphs = self.channel.glyphs(read);
        if glyphs.is_empty() || glyphs.len() > MOST_GLYPHS {
            return Vec::new();
        }
        self.table.fill(self.channel, &glyphs);
        let mut found = HashMap::new();
        for case in plausible_cases(read) {
            let limit = (3 + 2 * glyphs.len() as i32) * NAT;
            let mut walk = Walk {
                table: &self.table,
                vocabulary: self.vocabulary,
                ngrams: self.ngrams,
                glyphs: glyphs.len(),
                case,
                limit,
                window: self.width.window,
                letters: Vec::new(),
                found: &mut found,
            };
            walk.start();
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
        for at in 0..glyphs.len() {
            for length in 1..=LONGEST.min(glyphs.len() - at) {
                let slot = at * LONGEST + length - 1;
                if length == 1 && glyphs[at] == OTHER {
                    self.single[slot * LETTERS..(slot + 1) * LETTERS].fill(STRANGE);
                }
                for (segment, cost) in channel.sources(packed(&glyphs[at..at + length])) {
                    let segment = usize::from(segment);
                    if segment < LETTERS {
                        self.single[slot * LETTERS + segment] = cost;
                    } else if let Some(&(a, b)) = self.pairs.get(segment - LETTERS) {
                        self.pair(usize::from(a) * LETTERS + usize::from(b))[slot] = cost;
                    }
                }
            }
        }
    }

    fn pair(&mut self, pair: usize) -> &mut [i32; (MOST_GLYPHS + 1) * LONGEST] {
        if self.pair_rows[pair] == 0 {
            self.pair_costs.push([NEVER; (MOST_GLYPHS + 1) * LONGEST]);
            self.pair_list.push(pair);
            self.pair_rows[pair] = self.pair_costs.len() as u16;
        }
        &mut self.pair_costs[usize::from(self.pair_rows[pair]) - 1]
    }

    fn clear(&mut self) {
        self.single.fill(NEVER);
        self.pair_costs.clear();
        for pair in self.pair_list.drain(..) {
            self.pair_rows[pair] = 0;
        }
    }
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
            if next[..=self.glyphs].iter().min().is_none_or(|&least| least > self.limit) {
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
        let mut next = [NEVER; MOST_GLYPHS + 1];
        let l = usize::from(letter);
        for at in 0..=self.glyphs {
            let from = row[at];
            if from > self.limit {
                continue;
            }
            next[at] = next[at].min(from + self.table.lost[l]);
            for length in 1..=LONGEST.min(self.glyphs - at) {
                let cost = self.table.single[(at * LONGEST + length - 1) * LETTERS + l];
                next[at + length] = next[at + length].min(from + cost);
            }
        }
        let Some((earlier, previous)) = before else { return next };
        let pair = self.table.pair_rows[usize::from(previous) * LETTERS + l];
        if pair == 0 {
            return next;
        }
        let costs = &self.table.pair_costs[usize::from(pair) - 1];
        for at in 0..self.glyphs {
            for length in 1..=LONGEST.min(self.glyphs - at) {
                next[at + length] = next[at + length].min(earlier[at] + costs[at * LONGEST + length - 1]);
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
        let candidate = self.found.entry(word).or_insert_with(|| Candidate { word, spelling: spelling(), damage: [NEVER; 3] });
        if cost < candidate.damage[case] {
            if cost < candidate.least() {
                candidate.spelling = spelling();
            }
            candidate.damage[case] = cost;
        }
        // Rare words may go on being found until the cheapest plus the window.
        self.limit = self.limit.min(cost + self.ngrams.alone(word) / 2 + self.window);
    }
}
