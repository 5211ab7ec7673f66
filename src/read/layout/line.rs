//! Words to printed lines: words that stand side by side, and the blanks between them.

use super::{Layout, Text, Word};

/// Words on one printed line, from left to right.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub words: Vec<Word>,
}

impl Row {
    pub fn top(&self) -> f64 {
        self.words.iter().map(Word::top).fold(f64::INFINITY, f64::min)
    }

    pub fn bottom(&self) -> f64 {
        self.words.iter().map(Word::bottom).fold(f64::NEG_INFINITY, f64::max)
    }

    pub fn base(&self) -> f64 {
        let mut bases: Vec<f64> = self.words.iter().map(|w| w.base).collect();
        bases.sort_by(f64::total_cmp);
        bases.get(bases.len() / 2).copied().unwrap_or(0.0)
    }

    pub fn em(&self) -> f64 {
        let mut sizes: Vec<f64> = self.words.iter().map(|w| w.size).collect();
        sizes.sort_by(f64::total_cmp);
        sizes.get(sizes.len() / 2).copied().unwrap_or(10.0)
    }

    fn insert(&mut self, word: Word) {
        let at = self.words.partition_point(|w| w.x0 <= word.x0);
        self.words.insert(at, word);
    }

    /// True when `word` stands beside the word of this row that is nearest to it.
    fn takes(&self, word: &Word, layout: &Layout) -> bool {
        let at = self.words.partition_point(|w| w.x0 <= word.x0);
        let neighbours = [at.checked_sub(1), Some(at)].into_iter().flatten().filter_map(|i| self.words.get(i));
        let distance = |w: &&Word| if w.x0 > word.x0 { w.x0 - word.x1 } else { word.x0 - w.x1 };
        let Some(nearest) = neighbours.min_by(|a, b| distance(a).total_cmp(&distance(b))) else { return false };
        let shared = nearest.bottom().min(word.bottom()) - nearest.top().max(word.top());
        let covered = -distance(&nearest);
        shared >= layout.overlap * nearest.size.min(word.size) && covered < 0.9 * (word.x1 - word.x0).min(nearest.x1 - nearest.x0).max(1.0)
    }
}

/// How many of the last rows a word may still belong to: columns with leading of their own keep several open.
const OPEN: usize = 6;

/// The rows of a page, from top to bottom.
pub(super) fn lines(mut words: Vec<Word>, layout: &Layout) -> Vec<Row> {
    words.sort_by(|a, b| a.base.total_cmp(&b.base).then(a.x0.total_cmp(&b.x0)));
    let mut rows: Vec<Row> = Vec::new();
    for word in words {
        let from = rows.len().saturating_sub(OPEN);
        match rows[from..].iter_mut().rev().find(|r| r.takes(&word, layout)) {
            Some(row) => row.insert(word),
            None => rows.push(Row { words: vec![word] }),
        }
    }
    rows.sort_by(|a, b| a.base().total_cmp(&b.base()));
    rows
}

/// The words joined: a blank where the file has one or the gap is wide enough, none where a word was drawn in pieces.
pub(super) fn join(words: &[Word], layout: &Layout) -> Text {
    let mut all = Text::default();
    for (i, word) in words.iter().enumerate() {
        let before = i.checked_sub(1).map(|b| &words[b]);
        let apart = before.is_none_or(|b| b.blank_after || word.x0 - b.x1 >= layout.space_em * b.size.max(word.size));
        if apart {
            all.text.push_str(if i > 0 { " " } else { "" });
            all.confidence.push(word.confidence);
        } else if let Some(last) = all.confidence.last_mut() {
            *last = word.confidence.min(*last);
        }
        all.text.push_str(&word.text);
    }
    all
}
