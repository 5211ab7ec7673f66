//! Reads pages anew from their pictures where their text is bad or missing, pages side by side.

use rayon::prelude::*;

use super::failure::Failure;
use super::layout::{self, Leaf};
use super::ocr::{Ocr, Tesseract};
use super::parsed::{Parsed, clean};
use super::worker::Worker;
use super::{Class, Place, Reader};
use crate::text::{Condition, Other, Words};

impl Reader {
    /// Puts new readings in the place of bad ones. What fails leaves the old text and a note.
    pub(super) fn read_again(&self, worker: &Worker<'_>, place: &Place<'_>, parsed: &mut Parsed) {
        let wanted: Vec<usize> = (0..parsed.pages.len()).filter(|&page| self.wants(parsed, page)).collect();
        if wanted.is_empty() || self.settings.ocr == Ocr::Never {
            return self.tell_unread(parsed);
        }
        let Some(tesseract) = self.settings.tesseract.as_ref().filter(|t| t.reads(&self.ocr)) else {
            let missing = if self.settings.tesseract.is_some() { "tesseract-vie-missing" } else { "tesseract-missing" };
            parsed.notes.push((missing.to_owned(), wanted.len().to_string()));
            return self.tell_unread(parsed);
        };
        let readings: Vec<Result<Leaf, Failure>> = wanted.par_iter().map(|&page| self.page_again(worker, tesseract, place, page)).collect();
        let (mut pages, mut leaves) = (Vec::new(), Vec::new());
        for (page, reading) in wanted.into_iter().zip(readings) {
            match reading {
                Ok(leaf) => {
                    pages.push(page);
                    leaves.push(leaf);
                }
                Err(why) if parsed.pages[page].text.trim().is_empty() => parsed.failure = parsed.failure.take().or(Some(why)),
                Err(_) => parsed.pages[page].note("ocr-failed"),
            }
        }
        for ((page, leaf), bands) in pages.iter().zip(&leaves).zip(layout::bands(&leaves, &self.layout)) {
            (parsed.pages[*page].bands, parsed.pages[*page].turns) = (Some(bands), leaf.turns);
        }
        for (page, text) in pages.into_iter().zip(layout::pages(&leaves, &self.layout)) {
            let page = &mut parsed.pages[page];
            if text.text.trim().is_empty() {
                continue;
            }
            let layer = std::mem::replace(&mut page.text, clean(&text.text));
            let other = Other { text: layer, condition: page.condition, confidence: text.confidence };
            page.other = Some(other).filter(|o| !o.text.trim().is_empty());
            page.words = Some(if page.other.is_some() { Words::LayerAndOcr } else { Words::Ocr });
            page.condition = Condition::VietnameseOcr;
        }
        let from_ocr = parsed.pages.iter().filter(|p| p.words.is_some()).count();
        let from_layer = parsed.pages.iter().any(|p| p.other.is_some() || (p.words.is_none() && !p.text.trim().is_empty()));
        if from_ocr > 0 {
            parsed.words = if from_layer { Words::LayerAndOcr } else { Words::Ocr };
        }
        self.tell_unread(parsed);
    }

    fn wants(&self, parsed: &Parsed, page: usize) -> bool {
        let page = &parsed.pages[page];
        let bad = page.verdict.as_ref().is_some_and(|(class, _)| self.decide.action(*class).again);
        // Words that the file does not explain can be read from the page as it is drawn, unless what draws them is gone.
        let class = page.verdict.as_ref().map(|v| v.0).filter(|_| !page.has_note("page-damaged"));
        let seen = page.layer.is_some_and(|l| l.picture || l.drawn) || matches!(class, Some(Class::Broken | Class::Mojibake));
        page.layer.is_some() && seen && (bad || self.settings.ocr == Ocr::Always)
    }

    fn page_again(&self, worker: &Worker<'_>, tesseract: &Tesseract, place: &Place<'_>, page: usize) -> Result<Leaf, Failure> {
        let (bytes, number) = place(page);
        let picture = worker.picture(number, bytes)?.ok_or(Failure::NoText)?;
        tesseract.read(picture, page, &self.ocr, &self.layout, &self.limits)
    }

    /// A page with a picture and without words, or whose letters are lost, is never passed over in silence.
    fn tell_unread(&self, parsed: &mut Parsed) {
        for page in parsed.pages.iter_mut().filter(|p| p.words.is_none()) {
            let Some((class, evidence)) = &page.verdict else { continue };
            if *class == Class::None && page.layer.is_some_and(|l| l.picture || l.drawn) {
                page.note("page-unreadable");
            } else if *class == Class::Broken && self.decide.lost_letters(evidence) {
                page.note("letters-lost");
            }
        }
    }
}
