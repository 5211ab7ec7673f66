//! What is on a page and not in the text: running page numbers, and lines that every page bears at its head or foot.

use std::collections::HashMap;

use super::{Layout, Leaf, Line};
use crate::text::letters::fold;

/// So many pages in a row bear a running line at least.
const RUNNING: usize = 3;

/// Takes off the pages what only runs along with them.
pub(super) fn set_aside(pages: &mut [Vec<Line>], leaves: &[Leaf], layout: &Layout) {
    numbers(pages, leaves, layout);
    running(pages, leaves, layout);
}

/// A line in the margin that stands alike, but for its digits, on three pages and more.
fn running(pages: &mut [Vec<Line>], leaves: &[Leaf], layout: &Layout) {
    let key = |line: &Line| -> Option<String> {
        let [cell] = line.cells.as_slice() else { return None };
        let letters: String = fold(&cell.text).chars().filter(|c| c.is_alphabetic()).collect();
        (letters.len() >= 4).then_some(letters)
    };
    let in_margin = |page: &[Line], at: usize, leaf: &Leaf| {
        let line = &page[at];
        (at == 0 && line.bottom <= layout.margin * leaf.height) || (at + 1 == page.len() && line.top >= (1.0 - layout.margin) * leaf.height)
    };
    let ends = |page: &[Line]| if page.len() > 1 { vec![page.len() - 1, 0] } else { Vec::new() };
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (page, leaf) in pages.iter().zip(leaves) {
        for at in ends(page).into_iter().filter(|at| in_margin(page, *at, leaf)) {
            key(&page[at]).into_iter().for_each(|k| *seen.entry(k).or_default() += 1);
        }
    }
    for (page, leaf) in pages.iter_mut().zip(leaves) {
        for at in ends(page) {
            if in_margin(page, at, leaf) && key(&page[at]).is_some_and(|k| seen.get(&k).is_some_and(|n| *n >= RUNNING)) {
                page.remove(at);
            }
        }
    }
}

/// A number alone in the margin that counts with the pages.
fn numbers(pages: &mut [Vec<Line>], leaves: &[Leaf], layout: &Layout) {
    let found: Vec<Option<(usize, i64)>> = pages.iter().zip(leaves).map(|(lines, leaf)| candidate(lines, leaf, layout)).collect();
    let offset = |page: usize, number: i64| number - leaves[page].number as i64;
    let counts = |page: usize, number: i64| {
        let same = found.iter().enumerate().filter(|(p, f)| f.is_some_and(|(_, n)| offset(*p, n) == offset(page, number)));
        // One page alone proves itself only by bearing its own number.
        same.count() >= 2 || offset(page, number) == 1
    };
    for (page, lines) in pages.iter_mut().enumerate() {
        if let Some((line, number)) = found[page]
            && counts(page, number)
        {
            lines.remove(line);
        }
    }
}

fn candidate(lines: &[Line], leaf: &Leaf, layout: &Layout) -> Option<(usize, i64)> {
    let first = lines.first().filter(|l| l.bottom <= layout.margin * leaf.height).map(|l| (0, l));
    let last = lines.last().filter(|l| l.top >= (1.0 - layout.margin) * leaf.height).map(|l| (lines.len() - 1, l));
    [first, last].into_iter().flatten().find_map(|(at, line)| {
        let [cell] = line.cells.as_slice() else { return None };
        let number = layout.number.says.captures(cell.text.trim())?.get(1)?.as_str().parse().ok()?;
        Some((at, number))
    })
}

#[cfg(test)]
mod tests {
    use super::super::Text;
    use super::*;
    use crate::rules::RuleBook;

    #[test]
    fn a_line_that_runs_along_is_no_text_and_one_that_comes_twice_is() {
        let layout: Layout = RuleBook::embedded().load("read/layout.yaml").expect("our own rules");
        let line = |top: f64, text: String| Line { top, bottom: top + 12.0, cells: vec![Text { text, confidence: Vec::new() }] };
        let leaves: Vec<Leaf> = (0..3).map(|number| Leaf { number, width: 595.0, height: 842.0, ..Leaf::default() }).collect();
        let page =
            |n: usize| vec![line(30.0, format!("Kế hoạch số 46 - trang {}", n + 1)), line(100.0, "lời".into()), line(200.0, "văn".into())];
        let mut pages: Vec<Vec<Line>> = (0..3).map(page).collect();
        set_aside(&mut pages, &leaves, &layout);
        assert!(pages.iter().all(|p| p.len() == 2), "{pages:?}");
        let mut two: Vec<Vec<Line>> = (0..2).map(page).collect();
        set_aside(&mut two, &leaves[..2], &layout);
        assert!(two.iter().all(|p| p.len() == 3));
    }
}
