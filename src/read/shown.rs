//! Makes the pictures of scanned pages small enough to be shown beside their text, and knows where each line stands on them.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};
use rayon::prelude::*;
use serde::Deserialize;

use super::layout::Bands;
use super::ocr::{self, Picture};
use super::parsed::Parsed;
use super::raster::Grey;
use super::worker::Worker;
use super::{Place, Reader};
use crate::text::{Shown, Words};

/// The figures of `rules/read/shown.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    width: usize,
    greys: u8,
    most_pages: usize,
    most_bytes: usize,
}

impl Reader {
    /// Gives the scanned pages their pictures, the first ones where there are more than may be kept. What fails is not shown.
    pub(super) fn show(&self, worker: &Worker<'_>, place: &Place<'_>, parsed: &mut Parsed) {
        let Some(rules) = &self.shown else { return };
        let wanted = (0..parsed.pages.len()).filter(|&page| parsed.pages[page].layer.is_some_and(|l| l.picture));
        let wanted: Vec<usize> = wanted.take(rules.most_pages).collect();
        let made: Vec<Option<Shown>> = wanted.par_iter().map(|&page| shown(worker, place, parsed, page, (rules, &self.ocr))).collect();
        let mut kept = 0;
        for (page, shown) in wanted.into_iter().zip(made) {
            kept += shown.as_ref().map_or(0, |s| s.png.len());
            parsed.pages[page].shown = shown.filter(|_| kept <= rules.most_bytes);
        }
    }
}

fn shown(worker: &Worker<'_>, place: &Place<'_>, parsed: &Parsed, page: usize, (rules, ocr): (&Rules, &ocr::Rules)) -> Option<Shown> {
    let (bytes, number) = place(page);
    let mut picture = worker.picture(number, bytes).ok().flatten()?;
    let page = &parsed.pages[page];
    if matches!(page.words, Some(Words::Ocr | Words::LayerAndOcr)) {
        // Its lines were found on the picture as it was turned for the OCR.
        if page.turns > 0 {
            picture = picture.quarters(page.turns);
        }
        picture.straighten(ocr);
    }
    let small = smaller(&picture.grey, rules)?;
    let bands = page.bands.as_ref().filter(|b| b.lines.len() == page.text.split('\n').count());
    let mut png = Vec::new();
    let (width, height) = (u32::try_from(small.width()).ok()?, u32::try_from(small.height()).ok()?);
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::NoFilter);
    encoder.write_image(small.dots(), width, height, ExtendedColorType::L8).ok()?;
    let (slope, lines) = bands.map(|b| on_picture(b, &picture, small.width())).unwrap_or_default();
    Some(Shown { png, width, height, slope, lines })
}

/// The bands in dots of the picture that is shown, `width` dots wide.
fn on_picture(bands: &Bands, picture: &Picture, width: usize) -> (f64, Vec<(i32, i32)>) {
    let scale = width as f64 / picture.grey.width() as f64;
    let dots = |y: f64| (((y + bands.slope * picture.left - picture.top) / picture.dot.1) * scale).round() as i32;
    // As points fall, so do dots, where both are as wide as high.
    let slope = bands.slope * picture.dot.0 / picture.dot.1;
    (slope, bands.lines.iter().map(|(top, bottom)| (dots(*top), dots(*bottom))).collect())
}

/// The picture at most so many dots wide, in few greys, its paper white.
fn smaller(grey: &Grey, rules: &Rules) -> Option<Grey> {
    let (width, height) = (grey.width().min(rules.width), (grey.height() * grey.width().min(rules.width)).div_ceil(grey.width()));
    let paper = u32::from(grey.paper().max(1));
    let step = 255 / u32::from(rules.greys.clamp(2, 255) - 1);
    let (across, down) = (edges(grey.width(), width), edges(grey.height(), height));
    let mut dots = Vec::with_capacity(width * height);
    for rows in down.windows(2) {
        for columns in across.windows(2) {
            let line = |y: usize| &grey.dots()[y * grey.width() + columns[0]..y * grey.width() + columns[1]];
            let sum: u32 = (rows[0]..rows[1]).flat_map(|y| line(y).iter().map(|d| u32::from(*d))).sum();
            let count = u32::try_from((rows[1] - rows[0]) * (columns[1] - columns[0])).ok()?.max(1);
            let light = (sum / count * 255 / paper).min(255);
            dots.push(u8::try_from(((light + step / 2) / step * step).min(255)).unwrap_or(u8::MAX));
        }
    }
    Grey::new(u32::try_from(width).ok()?, u32::try_from(height).ok()?, dots)
}

/// Where each of `into` parts of `of` dots begins, and the end of the last.
fn edges(of: usize, into: usize) -> Vec<usize> {
    (0..=into).map(|n| n * of / into.max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules { width: 100, greys: 16, most_pages: 1, most_bytes: 1 << 20 };

    #[test]
    fn a_picture_becomes_smaller_and_its_paper_white() {
        // Greyish paper with a black bar in its middle.
        let dots = (0..300 * 200).map(|i| if (90..110).contains(&(i / 300)) { 10 } else { 220 }).collect();
        let small = smaller(&Grey::new(300, 200, dots).expect("as many"), &RULES).expect("a picture");
        assert_eq!((small.width(), small.height()), (100, 67));
        assert_eq!((small.dots()[0], small.dots()[33 * 100 + 50]), (255, 17));
        // What is small stays as large as it is.
        let dots = vec![255; 30 * 20];
        assert_eq!(smaller(&Grey::new(30, 20, dots).expect("as many"), &RULES).expect("a picture").width(), 30);
    }

    #[test]
    fn lines_are_found_again_on_the_picture() {
        let grey = Grey::new(1000, 1400, vec![255; 1_400_000]).expect("as many");
        let picture = Picture { grey, left: 10.0, top: 20.0, dot: (0.5, 0.5), paper: (520.0, 740.0), layer: Vec::new() };
        let bands = Bands { slope: 0.01, lines: vec![(20.0, 30.0), (120.0, 132.0)] };
        assert_eq!(on_picture(&bands, &picture, 500), (0.01, vec![(0, 10), (100, 112)]));
    }
}
