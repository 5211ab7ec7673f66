//! Computes what a workbook left out: formulas without a stored value, where they are plain sums of other cells.

use super::Sheet;
use super::value;

/// A formula may rest on others this deep.
const PASSES: usize = 8;

/// Fills the blank formula cells that are sums of known cells, and tells which. Numbers typed as text count: a person who wrote the
/// total meant them.
pub(super) fn fill_in(sheet: &mut Sheet) -> Vec<(u32, u32)> {
    let mut filled = Vec::new();
    for _ in 0..PASSES {
        let mut found = Vec::new();
        for (row, cells) in &sheet.rows {
            for (column, cell) in cells {
                if let Some(formula) = cell.formula.as_deref().filter(|_| cell.text.is_empty())
                    && let Some(sum) = compute(formula, sheet)
                {
                    found.push((*row, *column, value::number(sum)));
                }
            }
        }
        if found.is_empty() {
            break;
        }
        for (row, column, text) in found {
            if let Some(cell) = sheet.rows.get_mut(&row).and_then(|cells| cells.get_mut(&column)) {
                cell.text = text;
                filled.push((row, column));
            }
        }
    }
    filled
}

/// The value of `SUM(…)` and of cells added or taken away; `None` for any other formula, or where a cell is not yet known.
fn compute(formula: &str, sheet: &Sheet) -> Option<f64> {
    let formula: String =
        formula.trim_start_matches("of:").trim_start_matches('=').chars().filter(|c| !matches!(c, '$' | ' ' | '[' | ']')).collect();
    let mut sum = 0.0;
    for (sign, term) in terms(&formula.to_ascii_uppercase())? {
        let inside = term.strip_prefix("SUM(").and_then(|t| t.strip_suffix(')'));
        sum += sign
            * match inside {
                Some(list) => list.split([',', ';']).map(|part| range(part, sheet)).sum::<Option<f64>>()?,
                None => range(&term, sheet)?,
            };
    }
    Some(sum)
}

/// The terms of a sum with their signs; signs within brackets do not part terms.
fn terms(formula: &str) -> Option<Vec<(f64, String)>> {
    let (mut terms, mut depth, mut sign, mut term) = (Vec::new(), 0_u32, 1.0, String::new());
    for c in formula.chars() {
        match c {
            '+' | '-' if depth == 0 && !term.is_empty() => {
                terms.push((sign, std::mem::take(&mut term)));
                sign = if c == '+' { 1.0 } else { -1.0 };
            }
            _ => {
                depth = if c == '(' { depth + 1 } else { depth.checked_sub(u32::from(c == ')'))? };
                term.push(c);
            }
        }
    }
    (depth == 0 && !term.is_empty()).then(|| terms.push((sign, term)))?;
    Some(terms)
}

/// The sum of a cell, a range or a number; `None` when one of the cells is a formula that is not known yet.
fn range(part: &str, sheet: &Sheet) -> Option<f64> {
    if let Ok(number) = part.parse::<f64>() {
        return number.is_finite().then_some(number);
    }
    let part = part.replace('.', "");
    let (from, to) = part.split_once(':').unwrap_or((&part, &part));
    let ((r0, c0), (r1, c1)) = (place(from)?, place(to)?);
    let mut sum = 0.0;
    if r0 > r1 || c0 > c1 {
        return None;
    }
    for (_, cells) in sheet.rows.range(r0..=r1) {
        for (_, cell) in cells.range(c0..=c1) {
            if cell.text.is_empty() {
                return None;
            }
            sum += value::as_number(&cell.text).unwrap_or(0.0);
        }
    }
    Some(sum)
}

/// `C7` as row 6, column 2.
fn place(name: &str) -> Option<(u32, u32)> {
    let split = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = name.split_at(split);
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let column = letters.bytes().fold(0_u32, |n, b| n * 26 + u32::from(b - b'A') + 1);
    Some((digits.parse::<u32>().ok()?.checked_sub(1)?, column - 1))
}

/// Row 6, column 2 as `C7`.
pub(super) fn name(row: u32, column: u32) -> String {
    format!("{}{}", letters(column), row + 1)
}

/// Column 2 as `C`.
pub(super) fn letters(column: u32) -> String {
    let (mut letters, mut rest) = (String::new(), column + 1);
    while rest > 0 {
        rest -= 1;
        letters.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::super::Cell;
    use super::*;

    fn sheet(cells: &[(u32, u32, &str, Option<&str>)]) -> Sheet {
        let mut sheet = Sheet::default();
        for (row, column, text, formula) in cells {
            let cell = Cell { text: (*text).to_owned(), formula: formula.map(str::to_owned) };
            sheet.rows.entry(*row).or_default().insert(*column, cell);
        }
        sheet
    }

    #[test]
    fn sums_are_computed_and_other_formulas_are_left_alone() {
        let mut s = sheet(&[
            (0, 0, "5", None),
            (1, 0, "8", None),
            (2, 0, "", Some("SUM(A1:A2)")),
            (2, 1, "", Some("A3+$A$1-1")),
            (2, 2, "", Some("AVERAGE(A1:A2)")),
            (2, 3, "", Some("SUM(D1:D3)")),
        ]);
        assert_eq!(fill_in(&mut s), [(2, 0), (2, 1)]);
        assert_eq!([name(6, 2), name(0, 26)].map(|n| place(&n)), [Some((6, 2)), Some((0, 26))]);
        let text = |column| s.rows[&2][&column].text.as_str();
        assert_eq!([text(0), text(1), text(2), text(3)], ["13", "17", "", ""]);
    }
}
