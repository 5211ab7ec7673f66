//! The doors through which a fuzzer comes straight at the parsers; they stand in no build but the fuzzer's and that of the tests.
//!
//! Each takes any bytes and hands them to the code that the worker runs, past the child process: what would die there dies here.

use super::layout::{self, Layout, Leaf, Stroke, Word};
use super::legacy::Legacy;
use super::limits::Limits;
use super::parsed::{Parsed, clean};
use super::{office, paper, plain};
use crate::error::Result;
use crate::rules::RuleBook;

/// The parsers with our own rules.
#[derive(Debug)]
pub struct Doors {
    limits: Limits,
    layout: Layout,
    legacy: Legacy,
}

impl Doors {
    /// With limits so low that what costs much is seen at once.
    ///
    /// # Errors
    /// When a file under `rules/read/` is wrong.
    pub fn new() -> Result<Self> {
        let rules = RuleBook::embedded();
        let limits: Limits = rules.load("read/limits.yaml")?;
        let limits = Limits { text: 1 << 20, cells: 20_000, rows: 2_000, unpacked: 8 << 20, ..limits };
        Ok(Self { limits, layout: rules.load("read/layout.yaml")?, legacy: rules.load("read/legacy.yaml")? })
    }

    /// Words and drawn lines to a page: the records of `bytes` are places in eighths of a point, two of them beyond all paper.
    pub fn page(&self, bytes: &[u8]) -> String {
        let (mut words, mut strokes) = (Vec::new(), Vec::new());
        for record in bytes.chunks_exact(12) {
            let at = |i: usize| match i16::from_le_bytes([record[2 * i], record[2 * i + 1]]) {
                i16::MAX => f64::INFINITY,
                i16::MIN => f64::NAN,
                n => f64::from(n) / 8.0,
            };
            if record[0] % 4 == 0 {
                strokes.push(Stroke::new((at(1), at(2)), (at(3), at(4))));
            } else {
                let text = ["Kế", "hoạch", "12", "|", "1.", "-", "a)", "Tổng"][usize::from(record[1] % 8)].to_owned();
                let blank_after = record[0] & 4 == 0;
                words.push(Word {
                    text,
                    x0: at(1),
                    x1: at(2),
                    base: at(3),
                    base_end: at(4),
                    size: at(5),
                    blank_after,
                    confidence: record[0] % 101,
                });
            }
        }
        let leaf = Leaf::new(0, (595.0, 842.0), words, strokes, &self.layout);
        layout::pages(&[leaf], &self.layout).into_iter().map(|page| page.text).collect()
    }

    /// A zip archive, whatever it says it is.
    pub fn archive(&self, bytes: Vec<u8>) -> Option<String> {
        self.told(office::archive(bytes, &self.legacy, &self.limits).ok()?)
    }

    /// The older container of Microsoft Office.
    pub fn compound(&self, bytes: Vec<u8>) -> Option<String> {
        self.told(office::compound(bytes, &self.limits).ok()?)
    }

    /// Bytes under the name of plain text, in whatever encoding; the text comes with the name of the encoding that was undone.
    pub fn text(&self, bytes: &[u8]) -> Option<(String, Option<String>)> {
        let paper::Paper::Text(text) = paper::of("kh.txt".as_ref(), bytes, &self.legacy).ok()? else { return None };
        let pages = plain::read(&text).within(&self.limits).ok()?.pages;
        let text = pages.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\u{c}");
        match self.legacy.undo(&text) {
            Some((name, decoded)) => Some((clean(&decoded), Some(name))),
            None => Some((clean(&text), None)),
        }
    }

    fn told(&self, parsed: Parsed) -> Option<String> {
        let pages = parsed.within(&self.limits).ok()?.pages;
        assert!(pages.iter().all(|p| p.rows.is_empty() || p.text.split('\n').count() == p.rows.len()), "a row for every line of a sheet");
        Some(pages.into_iter().map(|p| p.text).collect::<Vec<_>>().join("\u{c}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_door_leads_in() {
        let doors = Doors::new().expect("our own rules");
        let word = |x: i16, text: u8| {
            [1, text, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0].iter().enumerate().map(|(i, b)| placed(i, *b, x)).collect::<Vec<_>>()
        };
        assert_eq!(doors.page(&[word(80, 0), word(400, 1)].concat()).trim(), "Kế hoạch");
        let read = |name: &str| std::fs::read(format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a fixture");
        let book = doors.archive(read("plans/phan-loai-rac/input/phu-luc.xlsx")).expect("a workbook");
        assert!(book.contains("Tổ dân phố"), "{book}");
        assert!(doors.archive(b"PK\x03\x04".to_vec()).is_none());
        assert!(doors.compound(b"\xd0\xcf\x11\xe0".to_vec()).is_none());
        assert_eq!(doors.text("Kế hoạch".as_bytes()), Some(("Kế hoạch".to_owned(), None)));
    }

    /// The `i`th byte of the record of a word ten points wide at `x` eighths of a point.
    fn placed(i: usize, byte: u8, x: i16) -> u8 {
        let places = [x, x + 80, 800, 800, 96].map(i16::to_le_bytes).concat();
        if i < 2 { byte } else { places[i - 2] }
    }
}
