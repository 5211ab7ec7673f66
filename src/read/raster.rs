//! Finds the straight lines of a table in the picture of a page: long dark runs, followed dot by dot even where the paper lay askew.

/// A picture in grey dots, 0 black and 255 white, row by row from the top.
#[derive(Debug, Default)]
pub(super) struct Grey {
    width: usize,
    height: usize,
    dots: Vec<u8>,
}

/// How far beside its middle a line is rubbed out, in dots.
const WIPE: i32 = 3;

/// A straight line in dots of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    pub from: (f64, f64),
    pub to: (f64, f64),
}

/// Dots darker than the paper by this are ink.
const INK: u8 = 60;
/// Share of a strip's columns that must be inked, in the row where the line runs or in the rows beside it: scans blur a thin line.
const FULL: f64 = 0.85;
/// The picture is looked at in strips of this share of its width.
const STRIP: f64 = 1.0 / 100.0;
/// A line is at least this many strips long: letters are shorter.
const SHORTEST: usize = 4;

impl Grey {
    /// A picture of `width` × `height` dots; `None` when the dots are not that many.
    pub fn new(width: u32, height: u32, dots: Vec<u8>) -> Option<Self> {
        let (width, height) = (width as usize, height as usize);
        (width > 0 && height > 0 && dots.len() == width.checked_mul(height)?).then_some(Self { width, height, dots })
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    pub fn dots(&self) -> &[u8] {
        &self.dots
    }

    /// The picture as a file that any program reads.
    pub fn as_pgm(&self) -> Vec<u8> {
        let mut file = format!("P5 {} {} 255\n", self.width, self.height).into_bytes();
        file.extend_from_slice(&self.dots);
        file
    }

    /// The darkest grey that is paper still.
    pub fn ink(&self) -> u8 {
        self.paper().saturating_sub(INK)
    }

    /// The grey of the paper: half of the dots are as light or darker.
    pub fn paper(&self) -> u8 {
        let mut counts = [0_usize; 256];
        self.dots.iter().for_each(|d| counts[usize::from(*d)] += 1);
        let mut seen = 0;
        let paper = counts.iter().position(|n| {
            seen += n;
            seen * 2 >= self.dots.len()
        });
        paper.unwrap_or(255) as u8
    }

    /// Share of the dots that are ink.
    pub fn inked(&self) -> f64 {
        let ink = self.ink();
        self.dots.iter().filter(|d| **d < ink).count() as f64 / self.dots.len().max(1) as f64
    }

    /// The picture turned, about its middle, so that lines that fall by `slope` lie level.
    pub fn straightened(&self, slope: f64) -> Self {
        let (mx, my) = (self.width as f64 / 2.0, self.height as f64 / 2.0);
        let mut dots = Vec::with_capacity(self.dots.len());
        for y in 0..self.height {
            for x in 0..self.width {
                let (dx, dy) = (x as f64 - mx, y as f64 - my);
                let (from_x, from_y) = ((mx + dx - slope * dy).round(), (my + dy + slope * dx).round());
                let inside = from_x >= 0.0 && from_y >= 0.0 && (from_x as usize) < self.width && (from_y as usize) < self.height;
                dots.push(if inside { self.dots[from_y as usize * self.width + from_x as usize] } else { 255 });
            }
        }
        Self { width: self.width, height: self.height, dots }
    }

    /// Makes a rectangle white.
    pub fn blank(&mut self, (x0, y0): (usize, usize), (x1, y1): (usize, usize)) {
        for y in y0..y1.min(self.height) {
            self.dots[y * self.width + x0.min(self.width)..y * self.width + x1.min(self.width)].fill(255);
        }
    }

    /// Rubs out the lines of tables: an OCR takes them for letters.
    pub fn wipe(&mut self, runs: &[Run]) {
        for run in runs {
            let ((x0, y0), (x1, y1)) = (run.from, run.to);
            let steps = (x1 - x0).abs().max((y1 - y0).abs()).ceil().max(1.0);
            let level = (x1 - x0).abs() >= (y1 - y0).abs();
            for step in 0..=steps as usize {
                let share = step as f64 / steps;
                let (x, y) = (x0 + share * (x1 - x0), y0 + share * (y1 - y0));
                (-WIPE..=WIPE).for_each(|by| if level { self.rub(x, y + f64::from(by)) } else { self.rub(x + f64::from(by), y) });
            }
        }
    }

    fn rub(&mut self, x: f64, y: f64) {
        if x >= 0.0 && y >= 0.0 && (x as usize) < self.width && (y as usize) < self.height {
            self.dots[y as usize * self.width + x as usize] = 255;
        }
    }

    fn turned(&self) -> Self {
        let mut dots = Vec::with_capacity(self.dots.len());
        for x in 0..self.width {
            dots.extend((0..self.height).map(|y| self.dots[y * self.width + x]));
        }
        Self { width: self.height, height: self.width, dots }
    }

    /// Long dark runs that lie along the rows.
    fn level(&self, ink: u8) -> Vec<Run> {
        let strip = ((self.width.max(self.height) as f64 * STRIP) as usize).max(8);
        let mut open: Vec<Chain> = Vec::new();
        let mut done = Vec::new();
        for left in (0..self.width).step_by(strip) {
            let right = (left + strip).min(self.width);
            let rows = self.inked_rows(left, right, ink);
            let mut next: Vec<Chain> = Vec::new();
            for band in bands(&rows, strip) {
                let middle = (band.0 + band.1) as f64 / 2.0;
                let before = open.iter().position(|c| (c.at - middle).abs() <= 2.5);
                match before {
                    Some(i) => next.push(open.swap_remove(i).grown(middle, right)),
                    None => next.push(Chain { start: (left, middle), at: middle, end: right, strips: 1 }),
                }
            }
            done.append(&mut open);
            open = next;
        }
        done.append(&mut open);
        done.into_iter().filter(|c| c.strips >= SHORTEST).map(|c| self.to_its_ends(c, strip, ink)).collect()
    }

    /// The run of a chain, with what reaches into the strips before and behind it.
    fn to_its_ends(&self, chain: Chain, strip: usize, ink: u8) -> Run {
        let inked = |x: usize, y: f64| {
            let y = y.round() as usize;
            (y.saturating_sub(2)..=(y + 2).min(self.height - 1)).any(|y| self.dots[y * self.width + x] < ink)
        };
        let (left, right) = (chain.start.0, chain.end);
        let before = (left.saturating_sub(strip)..left).rev().take_while(|&x| inked(x, chain.start.1)).count();
        let behind = (right..(right + strip).min(self.width)).take_while(|&x| inked(x, chain.at)).count();
        Run { from: ((left - before) as f64, chain.start.1), to: ((right + behind) as f64, chain.at) }
    }

    /// The rows between two columns that are almost wholly ink.
    fn inked_rows(&self, left: usize, right: usize, ink: u8) -> Vec<usize> {
        let need = ((right - left) as f64 * FULL) as usize;
        let part = |row: usize| -> &[u8] { &self.dots[row * self.width + left..row * self.width + right] };
        let full = |row: &usize| {
            let (above, at, below) = (part(row.saturating_sub(1)), part(*row), part((row + 1).min(self.height - 1)));
            at.iter().zip(above).zip(below).filter(|((a, b), c)| **a < ink || **b < ink || **c < ink).count() >= need
        };
        (0..self.height).filter(full).collect()
    }
}

struct Chain {
    start: (usize, f64),
    at: f64,
    end: usize,
    strips: usize,
}

impl Chain {
    fn grown(mut self, at: f64, end: usize) -> Self {
        (self.at, self.end, self.strips) = (at, end, self.strips + 1);
        self
    }
}

/// Rows that follow each other, as first and last; thick bands are pictures or dark margins, not lines.
fn bands(rows: &[usize], thick: usize) -> Vec<(usize, usize)> {
    let mut bands: Vec<(usize, usize)> = Vec::new();
    for &row in rows {
        match bands.last_mut() {
            Some((_, last)) if *last + 1 == row => *last = row,
            _ => bands.push((row, row)),
        }
    }
    bands.retain(|(first, last)| last - first < thick);
    bands
}

/// The straight lines of the picture that make up frames and tables, level ones first: each meets two of the others. What meets none
/// is the underline of a heading, or a row of heavy letters.
pub(super) fn strokes(grey: &Grey) -> Vec<Run> {
    let ink = grey.ink();
    let flip = |p: (f64, f64)| (p.1, p.0);
    let mut level = grey.level(ink);
    let mut upright: Vec<Run> = grey.turned().level(ink).into_iter().map(|r| Run { from: flip(r.from), to: flip(r.to) }).collect();
    let near = (grey.width.max(grey.height) as f64 * STRIP / 2.0).max(6.0);
    // Taking one away may leave another alone.
    loop {
        let before = level.len() + upright.len();
        level.retain(|h| upright.iter().filter(|v| meet(h, v, near)).count() >= 2);
        upright.retain(|v| level.iter().filter(|h| meet(h, v, near)).count() >= 2);
        if level.len() + upright.len() == before {
            break;
        }
    }
    level.extend(upright);
    level
}

/// How far the level lines of a picture fall per dot to the right, by the longest of them; 0 where there are none.
pub(super) fn slope(runs: &[Run]) -> f64 {
    let level = runs.iter().filter(|r| (r.to.0 - r.from.0).abs() > 3.0 * (r.to.1 - r.from.1).abs());
    let longest = level.max_by(|a, b| (a.to.0 - a.from.0).total_cmp(&(b.to.0 - b.from.0)));
    longest.map_or(0.0, |r| (r.to.1 - r.from.1) / (r.to.0 - r.from.0))
}

/// True when a level and an upright run cross, or nearly.
fn meet(level: &Run, upright: &Run, near: f64) -> bool {
    let within = |x: f64, a: f64, b: f64| x >= a.min(b) - near && x <= a.max(b) + near;
    let x = (upright.from.0 + upright.to.0) / 2.0;
    let y = (level.from.1 + level.to.1) / 2.0;
    within(x, level.from.0, level.to.0) && within(y, upright.from.1, upright.to.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_lies_askew_is_found_and_letters_are_not() {
        let (width, height) = (800_usize, 1000_usize);
        let mut dots = vec![255; width * height];
        for x in 100..700 {
            let y = 200 + x / 100;
            dots[y * width + x] = 0;
            dots[(y + 1) * width + x] = 0;
        }
        for x in 100..700 {
            let y = 400 + x / 100;
            dots[y * width + x] = 0;
        }
        for y in 200..400 {
            dots[y * width + 100 + (y % 2)] = 0;
            dots[y * width + 698] = 0;
        }
        // A heading underlined, and a row of letters.
        (200..500).for_each(|x| dots[800 * width + x] = 0);
        for x in (100..700).step_by(30) {
            (x..x + 12).for_each(|x| dots[600 * width + x] = 0);
        }
        let grey = Grey::new(800, 1000, dots).expect("as many dots as said");
        let found = strokes(&grey);
        assert_eq!(found.len(), 4, "{found:?}");
        assert!((found[0].from.1 - 201.0).abs() < 2.0 && (found[0].to.1 - 206.0).abs() < 3.0 && found[0].to.0 >= 690.0);
    }
}
