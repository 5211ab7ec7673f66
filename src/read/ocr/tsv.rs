//! Tesseract's table of words: places in dots become places on the page, lines get a base line.

use super::super::layout::Word;
use super::super::parsed::clean;
use super::{Picture, Rules};

/// A word as Tesseract gives it, in dots.
struct Read {
    line: (u32, u32, u32),
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    text: String,
    confidence: u8,
}

/// The words of the table, dirt left out.
pub(super) fn words(table: &str, picture: &Picture, rules: &Rules) -> Vec<Word> {
    let read: Vec<Read> = table.lines().skip(1).filter_map(|row| parse(row, rules)).collect();
    read.chunk_by(|a, b| a.line == b.line).flat_map(|line| on_page(line, picture, rules)).collect()
}

fn parse(row: &str, rules: &Rules) -> Option<Read> {
    let mut fields = row.splitn(12, '\t');
    if fields.next()? != "5" {
        return None;
    }
    let mut number = || fields.next()?.parse::<f64>().ok();
    let [_, block, paragraph, line] = [number()?, number()?, number()?, number()?];
    let [_, left, top, width, height, confidence] = [number()?, number()?, number()?, number()?, number()?, number()?];
    let text = clean(fields.next()?).trim().to_owned();
    let kept = confidence >= rules.least_confidence && !text.is_empty() && width > 0.0 && height > 0.0;
    kept.then_some(Read {
        line: (block as u32, paragraph as u32, line as u32),
        left,
        top,
        width,
        height,
        text,
        confidence: confidence.clamp(1.0, 99.0) as u8,
    })
}

/// One line of words: the base line is the straight line that lies nearest below their letters.
fn on_page(line: &[Read], picture: &Picture, rules: &Rules) -> Vec<Word> {
    let mut heights: Vec<f64> = line.iter().filter(|w| w.text.chars().any(char::is_alphanumeric)).map(|w| w.height).collect();
    heights.sort_by(f64::total_cmp);
    let height = heights.get(heights.len() / 2).copied().unwrap_or(line[0].height);
    let feet: Vec<(f64, f64)> = line
        .iter()
        .filter(|w| w.text.chars().any(char::is_alphanumeric))
        .map(|w| {
            let reach = if w.text.chars().any(|c| rules.low.contains(c)) { rules.descender * w.height } else { 0.0 };
            (w.left + w.width / 2.0, w.top + w.height - reach)
        })
        .collect();
    let base = base_line(&feet, line[0].top + line[0].height);
    let size = rules.line_size * height * picture.dot.1;
    let place = |x: f64| (picture.left + x * picture.dot.0, picture.top + base(x) * picture.dot.1);
    let word = |w: &Read| {
        let ((x0, base), (x1, base_end)) = (place(w.left), place(w.left + w.width));
        Word { text: w.text.clone(), x0, x1, base, base_end, size, blank_after: true, confidence: w.confidence }
    };
    line.iter().map(word).collect()
}

/// The straight line through the feet of the words, level where they are too few to lean on.
fn base_line(feet: &[(f64, f64)], otherwise: f64) -> impl Fn(f64) -> f64 {
    let n = feet.len() as f64;
    let (mx, my) = (feet.iter().map(|f| f.0).sum::<f64>() / n.max(1.0), feet.iter().map(|f| f.1).sum::<f64>() / n.max(1.0));
    let spread: f64 = feet.iter().map(|f| (f.0 - mx).powi(2)).sum();
    let lean: f64 = feet.iter().map(|f| (f.0 - mx) * (f.1 - my)).sum();
    let slope = if feet.len() >= 4 && spread > 0.0 { (lean / spread).clamp(-0.1, 0.1) } else { 0.0 };
    let (mx, my) = if feet.is_empty() { (0.0, otherwise) } else { (mx, my) };
    move |x| my + slope * (x - mx)
}

#[cfg(test)]
mod tests {
    use super::super::super::raster::Grey;
    use super::*;
    use crate::rules::RuleBook;

    #[test]
    fn words_stand_on_one_base_line_and_dirt_is_left_out() {
        let rules: Rules = RuleBook::embedded().load("read/ocr.yaml").expect("our own rules");
        let grey = Grey::new(10, 10, vec![255; 100]).expect("as many dots as said");
        let picture = Picture { grey, left: 0.0, top: 0.0, dot: (0.36, 0.36), paper: (595.0, 842.0), layer: Vec::new() };
        let table = "level\tpage\n\
            4\t1\t1\t1\t1\t0\t100\t200\t400\t40\t-1\t\n\
            5\t1\t1\t1\t1\t1\t100\t200\t90\t36\t96.1\tphường\n\
            5\t1\t1\t1\t1\t2\t210\t200\t60\t28\t95.0\tcác\n\
            5\t1\t1\t1\t1\t3\t300\t190\t5\t5\t3.0\t~\n\
            5\t1\t1\t1\t1\tx\n";
        let words = words(table, &picture, &rules);
        assert_eq!(words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["phường", "các"]);
        assert!((words[0].base - words[1].base).abs() < 0.01 && (words[0].base - 228.0 * 0.36).abs() < 1.0);
    }
}
