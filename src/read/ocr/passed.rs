//! What the new reading of a page passed over though the old layer has it: a line that an OCR takes for a ruler, a faint word.

use super::super::layout::{self, Layout, Word};
use super::Rules;
use crate::text::letters::{fold, is_bare_syllable};

/// A word of the old layer is told by this confidence.
const FROM_LAYER: u8 = 0;

/// The words of the new reading, `read`, with those of the old `layer` that no sure word of it covers, and without the dirt that only
/// the new reading has.
pub(super) fn over(read: Vec<Word>, layer: Vec<Word>, rules: &Rules, layout: &Layout) -> Vec<Word> {
    if layer.is_empty() {
        return read;
    }
    let (sure, mut unsure): (Vec<Word>, Vec<Word>) = read.into_iter().partition(|w| w.confidence >= rules.sure);
    let covered = |word: &Word| sure.iter().any(|s| covers(s, word));
    let mut taken = Vec::new();
    for row in layout::rows(layer.clone(), layout) {
        for run in row.chunk_by(|a, b| covered(a) == covered(b)) {
            if !covered(&run[0]) && is_text(run, rules) {
                unsure.retain(|w| !run.iter().any(|l| meets(l, w)));
                taken.extend(run.iter().map(|w| Word { confidence: FROM_LAYER, blank_after: true, ..w.clone() }));
            }
        }
    }
    unsure.retain(|w| is_word(&w.text) || layer.iter().any(|l| meets(l, w)));
    [sure, unsure, taken].concat()
}

/// Share of the words that are sure and have the bare shape of a syllable, of those with two letters and more; of too few nothing is said.
pub(super) fn good(read: &[Word], rules: &Rules) -> f64 {
    let long: Vec<&Word> = read.iter().filter(|w| w.text.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some()).collect();
    let good = long.iter().filter(|w| w.confidence >= rules.sure && is_word(&w.text)).count();
    if good < rules.turn_words { 0.0 } else { good as f64 / long.len() as f64 }
}

fn is_text(run: &[Word], rules: &Rules) -> bool {
    let long = run.iter().filter(|w| w.text.chars().filter(|c| c.is_alphabetic()).nth(1).is_some()).count();
    let good = run.iter().filter(|w| is_word(&w.text)).count();
    long >= rules.passed_words && good as f64 >= rules.passed_syllables * run.len() as f64
}

/// Some letters that have the bare shape of a syllable, or a number.
fn is_word(text: &str) -> bool {
    let core = fold(text.trim_matches(|c: char| !c.is_alphanumeric()));
    (core.chars().nth(1).is_some() && is_bare_syllable(&core)) || core.chars().any(|c| c.is_ascii_digit())
}

/// They stand at the same place, at least by half of the height and a third of the width of `word`.
fn covers(by: &Word, word: &Word) -> bool {
    shared(by, word) >= 0.33 * (word.x1 - word.x0).max(1.0)
}

fn meets(a: &Word, b: &Word) -> bool {
    shared(a, b) > 0.0
}

/// How much of the line two words have in common, in points; nothing where they stand on two lines.
fn shared(a: &Word, b: &Word) -> f64 {
    let beside = a.bottom().min(b.bottom()) - a.top().max(b.top()) >= 0.4 * a.size.min(b.size);
    if beside { (a.x1.min(b.x1) - a.x0.max(b.x0)).max(0.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleBook;

    fn words(text: &str, base: f64, confidence: u8) -> Vec<Word> {
        let word = |(i, text): (usize, &str)| {
            let x0 = 50.0 + 40.0 * i as f64;
            let text = text.to_owned();
            Word { text, x0, x1: x0 + 35.0, base, base_end: base, size: 12.0, blank_after: true, confidence }
        };
        text.split(' ').enumerate().map(word).collect()
    }

    #[test]
    fn a_line_that_was_passed_over_is_taken_from_the_layer_and_dirt_is_not() {
        let rules: Rules = RuleBook::embedded().load("read/ocr.yaml").expect("our own rules");
        let layout: Layout = RuleBook::embedded().load("read/layout.yaml").expect("our own rules");
        let read = [words("Số: /KH-UBND", 100.0, 93), words("CUhoà", 130.0, 31), words("ễễễễ", 400.0, 40)].concat();
        let layer = [words("S6: /KH-UBND", 100.0, 100), words("CONG HOA XA HOI", 131.0, 100), words("~~ xz | q", 300.0, 100)].concat();
        let mut all = over(read, layer, &rules, &layout);
        all.sort_by(|a, b| a.base.total_cmp(&b.base).then(a.x0.total_cmp(&b.x0)));
        let told: Vec<(&str, u8)> = all.iter().map(|w| (w.text.as_str(), w.confidence)).collect();
        assert_eq!(told, [("Số:", 93), ("/KH-UBND", 93), ("CONG", 0), ("HOA", 0), ("XA", 0), ("HOI", 0)]);
    }
}
