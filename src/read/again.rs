//! Reads pages anew from their pictures where their text is bad or missing, pages side by side.

use rayon::prelude::*;

use super::failure::Failure;
use super::layout::{self, Leaf};
use super::ocr::{Ocr, Tesseract};
use super::parsed::{Parsed, clean};
use super::worker::Worker;
use super::{Class, Reader};
use crate::text::{Condition, Words};

impl Reader {
    /// Puts new readings in the place of bad ones. What fails leaves the old text and a note.
    pub(super) fn read_again(&self, worker: &Worker<'_>, bytes: &[u8], parsed: &mut Parsed) {
        let wanted: Vec<usize> = (0..parsed.pages.len()).filter(|&page| self.wants(parsed, page)).collect();
        if wanted.is_empty() || self.settings.ocr == Ocr::Never {
            return self.tell_unread(parsed);
        }
        let Some(tesseract) = self.settings.tesseract.as_ref().filter(|t| t.reads(&self.ocr)) else {
            let missing = if self.settings.tesseract.is_some() { "tesseract-vie-missing" } else { "tesseract-missing" };
            parsed.notes.push((missing.to_owned(), wanted.len().to_string()));
            return self.tell_unread(parsed);
        };
        let readings: Vec<Result<Leaf, Failure>> = wanted.par_iter().map(|&page| self.page_again(worker, tesseract, bytes, page)).collect();
        let (mut pages, mut leaves) = (Vec::new(), Vec::new());
        for (page, reading) in wanted.into_iter().zip(readings) {
            match reading {
                Ok(leaf) => {
                    pages.push(page);
                    leaves.push(leaf);
                }
                Err(_) => parsed.pages[page].notes.push(("ocr-failed".to_owned(), String::new())),
            }
        }
        for (page, bands) in pages.iter().zip(layout::bands(&leaves, &self.layout)) {
            parsed.pages[*page].bands = Some(bands);
        }
        for (page, text) in pages.into_iter().zip(layout::pages(&leaves, &self.layout)) {
            let page = &mut parsed.pages[page];
            if text.trim().is_empty() {
                continue;
            }
            let layer = std::mem::replace(&mut page.text, clean(&text));
            page.other = Some(layer).filter(|l| !l.trim().is_empty());
            page.words = Some(Words::Ocr);
            page.condition = Condition::VietnameseOcr;
        }
        let from_ocr = parsed.pages.iter().filter(|p| p.words == Some(Words::Ocr)).count();
        let from_layer = parsed.pages.iter().any(|p| p.words.is_none() && !p.text.trim().is_empty());
        if from_ocr > 0 {
            parsed.words = if from_layer { Words::LayerAndOcr } else { Words::Ocr };
        }
        self.tell_unread(parsed);
    }

    fn wants(&self, parsed: &Parsed, page: usize) -> bool {
        let page = &parsed.pages[page];
        let bad = page.verdict.as_ref().is_some_and(|(class, _)| self.decide.action(*class).again);
        page.layer.is_some_and(|l| l.picture) && (bad || self.settings.ocr == Ocr::Always)
    }

    fn page_again(&self, worker: &Worker<'_>, tesseract: &Tesseract, bytes: &[u8], page: usize) -> Result<Leaf, Failure> {
        let picture = worker.picture(page, bytes)?.ok_or(Failure::NoText)?;
        tesseract.read(picture, page, &self.ocr, &self.layout)
    }

    /// A page with a picture and without words is never passed over in silence.
    fn tell_unread(&self, parsed: &mut Parsed) {
        for page in &mut parsed.pages {
            let no_text = page.verdict.as_ref().is_some_and(|(class, _)| *class == Class::None);
            if no_text && page.words.is_none() && page.layer.is_some_and(|l| l.picture) {
                page.notes.push(("page-unreadable".to_owned(), String::new()));
            }
        }
    }
}
