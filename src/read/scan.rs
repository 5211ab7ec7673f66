//! Knows how files that are pictures of pages (PNG, JPEG, TIFF of one page or many) become grey dots.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

use super::failure::{Failure, Limit};
use super::limits::Limits;
use super::ocr::Picture;
use super::parsed::{Layer, Parsed, ParsedPage};
use super::raster::Grey;
use crate::text::{Condition, Words};

/// What kind of picture `bytes` are, by their first bytes.
pub(super) fn format(bytes: &[u8]) -> Option<ImageFormat> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some(ImageFormat::Png),
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(ImageFormat::Tiff),
        _ => None,
    }
}

/// The pages of a picture file; their words are read later.
pub(super) fn pages(bytes: Vec<u8>, limits: &Limits) -> Result<Parsed, Failure> {
    let mut count = 1;
    if format(&bytes) == Some(ImageFormat::Tiff) {
        let mut decoder = Decoder::new(Cursor::new(&bytes)).map_err(Failure::damaged)?;
        while decoder.more_images() {
            count += 1;
            Limits::hold(Limit::Pages, count, limits.pages)?;
            decoder.next_image().map_err(Failure::damaged)?;
        }
    }
    let layer = Some(Layer { hidden: 0.0, picture: true, drawn: true });
    let page = |number| ParsedPage { layer, ..ParsedPage::numbered(number, Condition::Unknown, String::new()) };
    let mut parsed = Parsed::new(Words::Ocr, (1..=count as u32).map(page).collect());
    if is_cut_short(&bytes) {
        parsed.pages.iter_mut().for_each(|page| page.note("page-damaged"));
    }
    Ok(parsed)
}

/// True for a JPEG without its end mark: its lower lines are gone, and decoders fill them with grey.
fn is_cut_short(bytes: &[u8]) -> bool {
    let last = |mark: &[u8]| bytes.windows(2).rposition(|w| w == mark);
    format(bytes) == Some(ImageFormat::Jpeg) && last(b"\xff\xda").is_some_and(|scan| last(b"\xff\xd9").is_none_or(|end| end < scan))
}

/// Page `number` (from 0). A picture doesn't say how large its paper was: the long side of A4 is taken.
pub(super) fn picture(bytes: &[u8], number: usize, limits: &Limits) -> Result<Option<Picture>, Failure> {
    let Some(format) = format(bytes) else { return Ok(None) };
    let grey = if format == ImageFormat::Tiff { tiff_page(bytes, number, limits)? } else { decoded(bytes, format, limits)? };
    let dot = 842.0 / grey.width().max(grey.height()) as f64;
    let paper = (grey.width() as f64 * dot, grey.height() as f64 * dot);
    Ok(Some(Picture { grey, left: 0.0, top: 0.0, dot: (dot, dot), paper, layer: Vec::new() }))
}

fn decoded(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<Grey, Failure> {
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().map_err(Failure::damaged)?;
    hold_pixels(width, height, limits)?;
    let picture = ImageReader::with_format(Cursor::new(bytes), format).decode().map_err(Failure::damaged)?.into_luma8();
    Grey::new(width, height, picture.into_raw()).ok_or_else(|| Failure::damaged("picture"))
}

fn hold_pixels(width: u32, height: u32, limits: &Limits) -> Result<(), Failure> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.pixels { Err(Failure::limit(Limit::Pixels, limits.pixels)) } else { Ok(()) }
}

fn tiff_page(bytes: &[u8], number: usize, limits: &Limits) -> Result<Grey, Failure> {
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(Failure::damaged)?;
    decoder.seek_to_image(number).map_err(Failure::damaged)?;
    let (width, height) = decoder.dimensions().map_err(Failure::damaged)?;
    hold_pixels(width, height, limits)?;
    let kind = decoder.colortype().map_err(Failure::damaged)?;
    let palette =
        if matches!(kind, ColorType::Palette(_)) { decoder.get_tag_u32_vec(Tag::ColorMap).unwrap_or_default() } else { Vec::new() };
    let samples = match decoder.read_image().map_err(Failure::damaged)? {
        DecodingResult::U8(bytes) => bytes,
        DecodingResult::U16(words) => words.into_iter().map(|w| (w >> 8) as u8).collect(),
        _ => return Err(Failure::damaged("TIFF")),
    };
    let (width_dots, mix) = (width as usize, |p: &[u8]| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8);
    let dots = match kind {
        ColorType::Gray(1) => {
            let row = |row: &[u8]| (0..width_dots).map(|x| 255 * ((row[x / 8] >> (7 - x % 8)) & 1)).collect::<Vec<_>>();
            samples.chunks_exact(width_dots.div_ceil(8)).flat_map(row).collect()
        }
        ColorType::Gray(8 | 16) => samples,
        ColorType::GrayA(8 | 16) => samples.chunks_exact(2).map(|p| p[0]).collect(),
        ColorType::RGB(8 | 16) => samples.chunks_exact(3).map(mix).collect(),
        ColorType::RGBA(8 | 16) => samples.chunks_exact(4).map(mix).collect(),
        ColorType::YCbCr(8) => samples.chunks_exact(3).map(|p| p[0]).collect(),
        ColorType::Palette(8) if palette.len() == 768 => {
            let shade = |i: usize| [palette[i], palette[256 + i], palette[512 + i]].map(|v| (v >> 8) as u8);
            samples.iter().map(|i| mix(&shade(usize::from(*i)))).collect()
        }
        other => return Err(Failure::damaged(format!("TIFF {other:?}"))),
    };
    Grey::new(width, height, dots).ok_or_else(|| Failure::damaged("TIFF"))
}
