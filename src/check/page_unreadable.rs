//! `page-unreadable`: a page of a scan gave no words, or next to none that can be relied on.

use super::Found;
use super::case::Case;
use super::rule::Rule;
use crate::text::{Sure, Words};

/// A page with fewer words than this tells nothing.
const FEWEST_WORDS: usize = 20;

/// A letter whose meaning the file doesn't tell.
const LOST: char = '\u{fffd}';

pub(super) fn look(case: &Case<'_>, _: &Rule) -> Vec<Found> {
    let source = case.repaired.source();
    let mut found = Vec::new();
    for (i, page) in source.pages().iter().enumerate() {
        let scanned = source.files().get(page.file).is_some_and(|f| matches!(f.words, Words::Ocr | Words::LayerAndOcr | Words::Layer));
        let Some(number) = page.number.filter(|_| scanned) else { continue };
        let at = case.repaired.log().to_fixed(page.span);
        let words = case.repaired.words(at).split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count();
        let doubtful = case.repaired.log().under(at).iter().filter(|e| e.sure == Sure::Doubtful).count();
        let last = source.pages().get(i + 1).is_none_or(|next| next.file != page.file);
        let told = source.notes().iter().any(|n| n.page == Some(i) && n.is_unread());
        let lost = case.repaired.words(at).split_whitespace().filter(|w| w.contains(LOST)).count();
        // The back of the last sheet may well be empty.
        let blank = words == 0 && (told || !last);
        if blank || (words + lost >= FEWEST_WORDS && (doubtful * 2 > words || lost * 2 > words)) {
            found.push(Found::at(at, vec![("page", number.to_string())]));
        }
    }
    found
}
