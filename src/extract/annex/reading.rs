//! What a cell may be, and what each reading costs: the cheapest are the likeliest slips of an OCR.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::parse::table::{figure, is_blank_mark};

/// What readings cost; the more, the less likely.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Costs {
    confused: Vec<Confused>,
    other_digit: u32,
    sign: u32,
    digit_lost: u32,
    digit_extra: u32,
    /// A figure that was not read at all.
    pub cell_lost: u32,
    /// A figure read where none stood.
    pub cell_extra: u32,
    speck: u32,
    /// The figure after a name belongs to the name, where no other row has that name.
    pub label_takes: u32,
    /// It does not, though other rows have that name with other numbers.
    pub label_leaves: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Confused {
    read: char,
    digits: BTreeMap<u8, u32>,
}

/// A cell as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Its words.
    pub text: String,
    /// The figure they are, in thousandths.
    pub value: Option<i64>,
    /// True when they say that there is nothing.
    pub blank: bool,
}

impl Token {
    pub fn new(text: &str) -> Self {
        let text = text.trim();
        Self { text: text.to_owned(), value: figure(text), blank: is_blank_mark(text) }
    }
}

/// More readings of one cell than this are not told apart.
const MOST_READINGS: usize = 600;
/// A longer cell is no misread figure.
const LONGEST: usize = 12;

impl Costs {
    /// Every value that `token` may be at a cost of `cap` at most, itself included, cheapest first; `None` is an empty cell.
    pub fn readings(&self, token: &Token, cap: u32) -> Vec<(Option<i64>, u32)> {
        if token.blank {
            return vec![(None, 0)];
        }
        let mut best: BTreeMap<Option<i64>, u32> = BTreeMap::new();
        best.extend(token.value.map(|v| (Some(v), 0)));
        let empty = if token.value.is_some() { self.cell_extra } else { self.speck };
        if empty <= cap {
            best.insert(None, empty);
        }
        let chars: Vec<char> = token.text.chars().collect();
        if chars.len() <= LONGEST && cap > 0 {
            let mut text = String::new();
            self.vary(&chars, false, 0, cap, &mut text, &mut best);
        }
        let mut all: Vec<_> = best.into_iter().collect();
        all.sort_by_key(|(value, cost)| (*cost, *value));
        all
    }

    /// Tries every reading of `rest` after `text`, which cost `cost` so far; one digit at most may have been lost.
    fn vary(&self, rest: &[char], lost: bool, cost: u32, cap: u32, text: &mut String, best: &mut BTreeMap<Option<i64>, u32>) {
        if cost > cap || best.len() > MOST_READINGS {
            return;
        }
        let mut with = |c: char, rest: &[char], lost: bool, cost: u32, text: &mut String| {
            text.push(c);
            self.vary(rest, lost, cost, cap, text, best);
            text.pop();
        };
        if !lost && cost + self.digit_lost <= cap {
            ('0'..='9').for_each(|d| with(d, rest, true, cost + self.digit_lost, text));
        }
        let Some((&c, after)) = rest.split_first() else {
            if let Some(value) = figure(text) {
                let known = best.entry(Some(value)).or_insert(cost);
                *known = cost.min(*known);
            }
            return;
        };
        for d in 0..=9 {
            with(char::from(b'0' + d), after, lost, cost + self.digit(c, d), text);
        }
        if matches!(c, '.' | ',') {
            with(c, after, lost, cost, text);
        }
        let dropped = if c.is_ascii_digit() { self.digit_extra } else { self.sign };
        self.vary(after, lost, cost + dropped, cap, text, best);
    }

    /// What it costs that `read` was the digit `d`.
    fn digit(&self, read: char, d: u8) -> u32 {
        if read == char::from(b'0' + d) {
            return 0;
        }
        let known = self.confused.iter().find(|c| c.read == read).and_then(|c| c.digits.get(&d).copied());
        known.unwrap_or(if read.is_ascii_digit() { self.other_digit } else { self.sign })
    }
}
