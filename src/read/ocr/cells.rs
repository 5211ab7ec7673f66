//! The cells of a scanned table, laid out anew for the OCR: line by line, side by side, a row of the table as one long line of text.

use super::super::layout::{Frame, Word};
use super::super::raster::Grey;
use super::{Picture, Rules, tsv};

/// One line of a cell: where it stands in the picture and where on the new sheet, in dots.
struct Piece {
    from: (usize, usize),
    to: (usize, usize),
    width: usize,
    height: usize,
}

/// The new sheet.
pub(super) struct Sheet {
    pub grey: Grey,
    pieces: Vec<Piece>,
}

/// White around the sheet and between its lines, in dots.
const RIM: usize = 60;
/// White kept around a line of a cell, in dots.
const CLOSE: usize = 6;

impl Sheet {
    /// Cuts the cells out of the picture, where white is left; `None` where there are none, or they are blank.
    pub fn of(picture: &mut Picture, frames: &[Frame], rules: &Rules) -> Option<Self> {
        let ink = picture.grey.ink();
        let mut pieces = Vec::new();
        let (mut x, mut y, mut tallest, mut row) = (RIM, RIM, 0, None);
        for frame in frames {
            for (from, width, height) in lines(picture, frame, ink, rules) {
                if (row.is_some() && row != Some(frame.row)) || x > rules.strip_width {
                    (x, y, tallest) = (RIM, y + tallest + RIM / 2, 0);
                }
                row = Some(frame.row);
                pieces.push(Piece { from, to: (x, y), width, height });
                tallest = tallest.max(height);
                x += width + (rules.cell_gap * height as f64) as usize;
            }
        }
        let right = pieces.iter().map(|p| p.to.0 + p.width).max()? + RIM;
        let grey = draw(&picture.grey, &mut pieces, (right, y + tallest + RIM))?;
        for frame in frames {
            let (from, to) = dots(picture, frame, 0.0);
            picture.grey.blank(from, to);
        }
        Some(Self { grey, pieces })
    }

    /// The words that were read on the sheet, back in their cells.
    pub fn words(&self, table: &str, picture: &Picture, rules: &Rules) -> Vec<Word> {
        let sheet = Picture { grey: Grey::default(), left: 0.0, top: 0.0, dot: (1.0, 1.0), paper: picture.paper, layer: Vec::new() };
        let mut words = Vec::new();
        for mut word in tsv::words(table, &sheet, rules) {
            let (x, y) = word.centre();
            let near = |p: &&Piece| {
                let across = (p.to.0 as f64 - x).max(x - (p.to.0 + p.width) as f64).max(0.0);
                let down = (p.to.1 as f64 - y).max(y - (p.to.1 + p.height) as f64).max(0.0);
                across + 4.0 * down
            };
            let Some(piece) = self.pieces.iter().min_by(|a, b| near(a).total_cmp(&near(b))) else { continue };
            let move_x = |x: f64| picture.left + (piece.from.0 as f64 + x - piece.to.0 as f64) * picture.dot.0;
            let move_y = |y: f64| picture.top + (piece.from.1 as f64 + y - piece.to.1 as f64) * picture.dot.1;
            (word.x0, word.x1) = (move_x(word.x0), move_x(word.x1));
            (word.base, word.base_end) = (move_y(word.base), move_y(word.base));
            word.size = (word.size * picture.dot.1).min(piece.height as f64 * picture.dot.1);
            words.push(word);
        }
        words
    }
}

/// The corners of a cell in dots, `rim` points within its walls.
fn dots(picture: &Picture, frame: &Frame, rim: f64) -> ((usize, usize), (usize, usize)) {
    let across = |x: f64| (((x - picture.left) / picture.dot.0).max(0.0) as usize).min(picture.grey.width());
    let down = |y: f64| (((y - picture.top) / picture.dot.1).max(0.0) as usize).min(picture.grey.height());
    ((across(frame.x0 + rim), down(frame.y0 + rim)), (across(frame.x1 - rim), down(frame.y1 - rim)))
}

/// The lines of text in a cell: corner, width and height of each.
fn lines(picture: &Picture, frame: &Frame, ink: u8, rules: &Rules) -> Vec<((usize, usize), usize, usize)> {
    let grey = &picture.grey;
    let ((x0, y0), (x1, y1)) = dots(picture, frame, rules.cell_rim * 72.0);
    let inches = |inches: f64| ((inches * 72.0 / picture.dot.1) as usize).max(2);
    let inked = |y: usize| (x0..x1).filter(|x| grey.dots()[y * grey.width() + x] < ink).count() >= 2;
    let mut bands: Vec<(usize, usize)> = Vec::new();
    for y in (y0..y1).filter(|y| inked(*y)) {
        match bands.last_mut().filter(|b| y == b.1 + 1) {
            Some(band) => band.1 = y,
            None => bands.push((y, y)),
        }
    }
    // A mark above or below its letter belongs to the letter's line.
    let low = |b: &(usize, usize)| b.1 + 1 - b.0 < inches(rules.line_least);
    bands = bands.into_iter().fold(Vec::new(), |mut joined: Vec<(usize, usize)>, band| {
        let reach = |last: &(usize, usize)| inches(rules.line_apart) * if low(last) || low(&band) { 2 } else { 1 };
        match joined.last_mut().filter(|last| band.0 <= last.1 + reach(last)) {
            Some(last) => last.1 = band.1,
            None => joined.push(band),
        }
        joined
    });
    bands.retain(|b| b.1 + 1 - b.0 >= inches(rules.line_least));
    let line = |(top, bottom): (usize, usize)| {
        let column = |x: &usize| (top..=bottom).any(|y| grey.dots()[y * grey.width() + x] < ink);
        let (left, right) = ((x0..x1).find(column)?, (x0..x1).rev().find(column)?);
        let (left, top) = (left.saturating_sub(CLOSE).max(x0), top.saturating_sub(CLOSE).max(y0));
        let (right, bottom) = ((right + CLOSE).min(x1), (bottom + CLOSE).min(y1));
        Some(((left, top), right - left, bottom - top))
    };
    bands.into_iter().filter_map(line).collect()
}

/// Draws the pieces on white, those of one line about its middle.
fn draw(from: &Grey, pieces: &mut [Piece], (width, height): (usize, usize)) -> Option<Grey> {
    let mut dots = vec![255_u8; width.checked_mul(height)?];
    for line in pieces.chunk_by_mut(|a, b| a.to.1 == b.to.1) {
        let tallest = line.iter().map(|p| p.height).max().unwrap_or(0);
        for piece in line {
            piece.to.1 += (tallest - piece.height) / 2;
            for y in 0..piece.height {
                let source = (piece.from.1 + y) * from.width() + piece.from.0;
                let target = (piece.to.1 + y) * width + piece.to.0;
                dots[target..target + piece.width].copy_from_slice(&from.dots()[source..source + piece.width]);
            }
        }
    }
    Grey::new(u32::try_from(width).ok()?, u32::try_from(height).ok()?, dots)
}
