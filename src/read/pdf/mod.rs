//! Knows how to get words, drawn lines and page images out of a PDF.

mod device;
mod picture;
mod words;

use std::sync::Arc;

use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::Rect;
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, TransformExt, interpret_page};

use self::device::Collector;
use super::failure::{Failure, Limit};
use super::layout::Layout;
use super::limits::Limits;
use super::ocr::Picture;
use super::parsed::{Layer, Parsed, ParsedPage};
use crate::text::{Condition, Words};

/// The text layer of every page, in reading order.
pub(super) fn read(bytes: Vec<u8>, layout: &Layout, limits: &Limits) -> Result<Parsed, Failure> {
    let pdf = Pdf::new(Arc::new(bytes)).map_err(refused)?;
    let pages = pdf.pages();
    Limits::hold(Limit::Pages, pages.len(), limits.pages)?;
    let cache = InterpreterCache::new();
    let (mut leaves, mut layers) = (Vec::with_capacity(pages.len()), Vec::with_capacity(pages.len()));
    for page in pages.iter() {
        let seen = look_at(&pdf, page, &cache, limits)?;
        let hidden = seen.hidden as f32 / seen.glyphs.len().max(1) as f32;
        layers.push(Layer { hidden, picture: seen.image.is_some() });
        leaves.push(words::leaf(leaves.len(), seen, layout));
    }
    let bands = super::layout::bands(&leaves, layout);
    let texts = super::layout::pages(&leaves, layout).into_iter().zip(layers);
    let page = |((text, layer), number)| ParsedPage { layer: Some(layer), ..ParsedPage::numbered(number, Condition::Unknown, text) };
    let mut parsed = Parsed::new(Words::Layer, texts.zip(1..).map(page).collect());
    for (page, bands) in parsed.pages.iter_mut().zip(bands) {
        page.bands = page.layer.is_some_and(|l| l.picture).then_some(bands);
    }
    Ok(parsed)
}

/// The upright picture of page `number` (from 0); `None` where no picture covers the page.
pub(super) fn picture(bytes: Vec<u8>, number: usize, limits: &Limits) -> Result<Option<Picture>, Failure> {
    let pdf = Pdf::new(Arc::new(bytes)).map_err(refused)?;
    let Some(page) = pdf.pages().get(number) else { return Ok(None) };
    let seen = look_at(&pdf, page, &InterpreterCache::new(), limits)?;
    let paper = (seen.paper.width(), seen.paper.height());
    Ok(seen.image.and_then(|(grey, place)| picture::upright(&grey, place, paper)))
}

/// The second opinion, by another reader: plain text without places, for files where the first gets nothing.
pub(super) fn second_opinion(bytes: &[u8], limits: &Limits) -> Result<Parsed, Failure> {
    let pages = pdf_extract::extract_text_from_mem_by_pages(bytes).map_err(Failure::damaged)?;
    Limits::hold(Limit::Pages, pages.len(), limits.pages)?;
    let lines = |text: &str| text.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    let text = |text: &String| lines(text).into_iter().filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n");
    let pages = pages.iter().zip(1..).map(|(page, number)| ParsedPage::numbered(number, Condition::Unknown, text(page))).collect();
    Ok(Parsed::new(Words::Layer, pages))
}

fn refused(error: LoadPdfError) -> Failure {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm) => Failure::Locked,
        LoadPdfError::Decryption(other) => Failure::damaged(format!("{other:?}")),
        LoadPdfError::Invalid => Failure::damaged("PDF"),
    }
}

fn look_at<'a>(pdf: &'a Pdf, page: &'a Page<'a>, cache: &InterpreterCache<'a>, limits: &Limits) -> Result<Collector, Failure> {
    let (width, height) = page.render_dimensions();
    let paper = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(transform, paper, cache, pdf.xref(), InterpreterSettings::default());
    let mut collector = Collector::new(paper, limits);
    interpret_page(page, &mut context, &mut collector);
    collector.finish(limits)
}
