//! Knows how to get words, drawn lines and page images out of a PDF.

mod damage;
mod device;
mod picture;
mod words;

use std::sync::Arc;

use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, TransformExt, interpret_page};

use self::device::Collector;
use super::failure::{Failure, Limit};
use super::layout::{Layout, Text};
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
    let (mut leaves, mut layers, mut torn) = (Vec::with_capacity(pages.len()), Vec::with_capacity(pages.len()), Vec::new());
    for page in pages.iter() {
        let mut seen = look_at(&pdf, page, &cache, false, limits)?;
        if seen.is_pictured() && !seen.glyphs.is_empty() {
            // The lines of its tables stand in the picture; without words nothing is laid out within them.
            seen = look_at(&pdf, page, &cache, true, limits)?;
        }
        torn.push(damage::is_torn(page, &seen));
        let hidden = seen.hidden as f32 / seen.glyphs.len().max(1) as f32;
        layers.push(Layer { hidden, picture: seen.is_pictured(), drawn: seen.is_drawn() });
        leaves.push(words::leaf(leaves.len(), seen, layout));
    }
    let bands = super::layout::bands(&leaves, layout);
    let texts = super::layout::pages(&leaves, layout).into_iter().zip(layers);
    let page = |((text, layer), number): ((Text, Layer), u32)| ParsedPage {
        layer: Some(layer),
        ..ParsedPage::numbered(number, Condition::Unknown, text.text)
    };
    let mut parsed = Parsed::new(Words::Layer, texts.zip(1..).map(page).collect());
    for ((page, bands), torn) in parsed.pages.iter_mut().zip(bands).zip(torn) {
        page.bands = page.layer.is_some_and(|l| l.picture).then_some(bands);
        if torn {
            page.note("page-damaged");
        }
    }
    if let Some(promised) = damage::promised(&pdf) {
        parsed.notes.push(("pages-lost".to_owned(), format!("{}/{promised}", promised - pages.len())));
    }
    Ok(parsed)
}

/// The upright picture of page `number` (from 0): its own where it is one picture, else the page drawn anew; `None` where it is blank.
pub(super) fn picture(bytes: Vec<u8>, number: usize, layout: &Layout, limits: &Limits) -> Result<Option<Picture>, Failure> {
    let pdf = Pdf::new(Arc::new(bytes)).map_err(refused)?;
    let Some(page) = pdf.pages().get(number) else { return Ok(None) };
    let mut seen = look_at(&pdf, page, &InterpreterCache::new(), true, limits)?;
    let turn = words::upright(&seen);
    let paper = turn.transform_rect_bbox(seen.paper);
    let size = (paper.width(), paper.height());
    let own = if seen.is_one_picture() { seen.image.take() } else { None };
    let own = own.and_then(|(grey, place)| picture::upright(&grey, turn * place, size));
    let picture = match own {
        Some(picture) => Some(picture),
        None if seen.is_drawn() || !seen.glyphs.is_empty() => {
            let dots = picture::dots_per_point(&seen, layout, limits);
            picture::drawn(page, dots).and_then(|grey| picture::upright(&grey, turn * Affine::scale(1.0 / dots), size))
        }
        None => None,
    };
    let layer = words::words(seen.glyphs, turn, layout);
    Ok(picture.map(|picture| Picture { layer, ..picture }))
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

fn look_at<'a>(
    pdf: &'a Pdf,
    page: &'a Page<'a>,
    cache: &InterpreterCache<'a>,
    unpack: bool,
    limits: &Limits,
) -> Result<Collector, Failure> {
    let (width, height) = page.render_dimensions();
    let paper = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(transform, paper, cache, pdf.xref(), InterpreterSettings::default());
    let mut collector = Collector::new(paper, unpack, limits);
    interpret_page(page, &mut context, &mut collector);
    collector.finish(limits)
}
