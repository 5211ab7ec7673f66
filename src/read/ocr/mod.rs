//! Reads the picture of a page anew, with Tesseract by its command line: words with places and confidences, laid out by ourselves.

mod cells;
mod passed;
mod tsv;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use process_control::{ChildExt, Control};
use serde::Deserialize;

use super::failure::Failure;
use super::layout::{self, Layout, Leaf, Stroke, Word};
use super::limits::Limits;
use super::raster::{self, Grey, Run};

/// When pictures of pages are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ocr {
    /// Where a page has no text, or its text is bad.
    #[default]
    Auto,
    /// Wherever a page has a picture.
    Always,
    /// Not at all.
    Never,
}

/// The figures of `rules/read/ocr.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    language: String,
    page_layout: u8,
    least_confidence: f64,
    sure: u8,
    passed_words: usize,
    passed_syllables: f64,
    turn_words: usize,
    turn_good: f64,
    lean_least: f64,
    lean_most: f64,
    line_size: f64,
    descender: f64,
    seconds: u64,
    cell_gap: f64,
    cell_rim: f64,
    line_least: f64,
    line_apart: f64,
    strip_width: usize,
    least_ink: f64,
    low: String,
}

/// The upright picture of a page, and where it lies: a dot `(x, y)` is the point `(left + x · width, top + y · height)` of the page.
#[derive(Debug)]
pub(super) struct Picture {
    pub grey: Grey,
    pub left: f64,
    pub top: f64,
    /// Points of one dot.
    pub dot: (f64, f64),
    /// Size of the page in points.
    pub paper: (f64, f64),
    /// The words that the file itself has on this page, where it has any.
    pub layer: Vec<Word>,
}

impl Picture {
    /// Turns a picture that lies askew, by its tables or, where it is so much that Tesseract does not get along with it, by its lines of
    /// text; gives the lines of its tables.
    pub(super) fn straighten(&mut self, rules: &Rules) -> Vec<Run> {
        let runs = raster::strokes(&self.grey);
        let slope = raster::slope(&runs);
        if slope.abs() >= 1.0 / self.grey.width() as f64 {
            self.turn_by(slope);
            return raster::strokes(&self.grey);
        }
        let lean = if runs.is_empty() { self.grey.lean(rules.lean_most) } else { 0.0 };
        if lean.abs() < rules.lean_least {
            return runs;
        }
        self.turn_by(lean);
        raster::strokes(&self.grey)
    }

    fn turn_by(&mut self, slope: f64) {
        self.grey = self.grey.straightened(slope);
        let middle = (self.left + self.grey.width() as f64 * self.dot.0 / 2.0, self.top + self.grey.height() as f64 * self.dot.1 / 2.0);
        for word in &mut self.layer {
            let turned = |x: f64, y: f64| (x + slope * (y - middle.1), y - slope * (x - middle.0));
            ((word.x0, word.base), (word.x1, word.base_end)) = (turned(word.x0, word.base), turned(word.x1, word.base_end));
        }
    }

    /// The picture turned clockwise by so many quarters; the words of the file, which were upright, are none for it.
    pub(super) fn quarters(&self, turns: u8) -> Self {
        let swap = |(x, y): (f64, f64)| if turns % 2 == 1 { (y, x) } else { (x, y) };
        Self { grey: self.grey.quarters(turns), left: 0.0, top: 0.0, dot: swap(self.dot), paper: swap(self.paper), layer: Vec::new() }
    }
}

/// What this machine has of Tesseract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tesseract {
    program: PathBuf,
    /// The languages it can read.
    pub languages: Vec<String>,
}

impl Tesseract {
    /// Asks `program` what it can read; `None` when it can't be started.
    pub fn ask(program: &Path) -> Option<Self> {
        let output =
            Command::new(program).arg("--list-langs").stdin(Stdio::null()).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
        let output = output.controlled_with_output().time_limit(Duration::from_secs(20)).terminate_for_timeout().wait().ok()??;
        // Older versions tell on the error stream.
        let said = [output.stdout, output.stderr].concat();
        let languages = String::from_utf8_lossy(&said).lines().filter(|l| !l.contains(' ')).map(str::to_owned).collect();
        output.status.success().then(|| Self { program: program.to_path_buf(), languages })
    }

    pub(super) fn reads(&self, rules: &Rules) -> bool {
        self.languages.contains(&rules.language)
    }

    /// The words of `picture` with their places, ready to be laid out as page `number`. One that gives no words is turned by quarters: it
    /// may have lain on its side under the scanner.
    pub(super) fn read(&self, picture: Picture, number: usize, rules: &Rules, layout: &Layout, limits: &Limits) -> Result<Leaf, Failure> {
        // A layer with words shows which way is up.
        if picture.layer.len() >= rules.turn_words {
            return Ok(self.read_upright(picture, number, rules, layout, limits)?.0);
        }
        let as_it_lay = picture.quarters(0);
        let (mut best, mut good) = self.read_upright(picture, number, rules, layout, limits)?;
        for turns in [1, 3, 2] {
            if good >= rules.turn_good || as_it_lay.grey.inked() < rules.least_ink {
                break;
            }
            let (mut leaf, share) = self.read_upright(as_it_lay.quarters(turns), number, rules, layout, limits)?;
            if share > good {
                leaf.turns = turns;
                (best, good) = (leaf, share);
            }
        }
        Ok(best)
    }

    /// Reads a picture as it lies, and tells which share of the words is sure and has the shape of syllables. Tables are read for
    /// themselves, cell by cell.
    fn read_upright(
        &self,
        mut picture: Picture,
        number: usize,
        rules: &Rules,
        layout: &Layout,
        limits: &Limits,
    ) -> Result<(Leaf, f64), Failure> {
        let runs = picture.straighten(rules);
        let onto_page = |(x, y): (f64, f64)| (picture.left + x * picture.dot.0, picture.top + y * picture.dot.1);
        let strokes: Vec<Stroke> = runs.iter().map(|r| Stroke::new(onto_page(r.from), onto_page(r.to))).collect();
        let frames = layout::frames(&Leaf::new(number, picture.paper, Vec::new(), strokes.clone(), layout), layout);
        picture.grey.wipe(&runs);
        let mut words = Vec::new();
        if let Some(sheet) = cells::Sheet::of(&mut picture, &frames, rules) {
            words.extend(sheet.words(&self.table(&sheet.grey, picture.dot.1, rules, limits)?, &picture, rules));
        }
        // On bare paper an OCR reads the grain.
        if picture.grey.inked() >= rules.least_ink {
            words.extend(tsv::words(&self.table(&picture.grey, picture.dot.1, rules, limits)?, &picture, rules));
        }
        let good = passed::good(&words, rules);
        let words = passed::over(words, picture.layer, rules, layout);
        Ok((Leaf::new(number, picture.paper, words, strokes, layout), good))
    }

    /// Tesseract's table of the words in `grey`, whose dots are `dot` points high.
    fn table(&self, grey: &Grey, dot: f64, rules: &Rules, limits: &Limits) -> Result<String, Failure> {
        let crashed = |e: std::io::Error| Failure::Crashed(format!("tesseract: {e}"));
        let dpi = (72.0 / dot).round().clamp(70.0, 2400.0);
        let mut child = Command::new(&self.program)
            .args(["stdin", "stdout", "-l", &rules.language, "--psm", &rules.page_layout.to_string(), "--dpi", &dpi.to_string(), "tsv"])
            // One thread a page: the pages themselves run side by side.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(crashed)?;
        let stdin = child.stdin.take();
        let output = std::thread::scope(|scope| {
            let image = grey.as_pgm();
            scope.spawn(move || {
                let mut stdin = stdin;
                stdin.as_mut().map(|to| to.write_all(&image))
            });
            let control = child.controlled_with_output().time_limit(Duration::from_secs(rules.seconds)).terminate_for_timeout();
            #[cfg(any(target_os = "android", all(target_os = "linux", any(target_env = "gnu", target_env = "musl")), windows))]
            let control = control.memory_limit(limits.memory);
            control.wait()
        });
        match output.map_err(crashed)? {
            None => Err(Failure::TooSlow(rules.seconds)),
            Some(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            Some(output) => Err(Failure::Crashed(format!("tesseract: {}", output.status))),
        }
    }
}
