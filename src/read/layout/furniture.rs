//! What is on a page and not in the text: running page numbers.

use super::{Layout, Leaf, Line};

/// Takes the running page numbers off the pages: a number alone in the margin that counts with the pages.
pub(super) fn set_aside(pages: &mut [Vec<Line>], leaves: &[Leaf], layout: &Layout) {
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
        let number = layout.number.captures(cell.text.trim())?.get(1)?.as_str().parse().ok()?;
        Some((at, number))
    })
}
