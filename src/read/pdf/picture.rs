//! Turns the picture of a page as the page shows it: the file may hold it lying on its side, upside down or mirrored.

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use hayro_interpret::InterpreterSettings;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, Point};

use super::super::layout::Layout;
use super::super::limits::Limits;
use super::super::ocr::Picture;
use super::super::raster::Grey;
use super::device::Collector;

/// How finely a page is drawn, in dots a point: as finely as its pictures are, or so that its letters are as large as an OCR likes
/// them, within the limits.
pub(super) fn dots_per_point(seen: &Collector, layout: &Layout, limits: &Limits) -> f64 {
    let mut sizes: Vec<f64> = seen.glyphs.iter().map(|g| g.size).filter(|s| *s > 1.0).collect();
    sizes.sort_by(f64::total_cmp);
    let by_type = sizes.get(sizes.len() / 2).map_or(layout.drawn_least, |size| layout.drawn_type / size);
    let wanted = by_type.max(seen.finest).clamp(layout.drawn_least, layout.drawn_most);
    let side = f64::from(u16::MAX) / seen.paper.width().max(seen.paper.height()).max(1.0);
    wanted.min((limits.pixels as f64 / seen.paper.area().max(1.0)).sqrt()).min(side)
}

/// The page drawn on white; `None` where it has no size.
pub(super) fn drawn(page: &Page<'_>, dots: f64) -> Option<Grey> {
    let scale = dots as f32;
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let pixmap = render(page, &RenderCache::new(), &InterpreterSettings::default(), &RenderSettings::default(), &settings);
    let grey = |p: &[u8]| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8;
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    Grey::new(width, height, pixmap.data_as_u8_slice().chunks_exact(4).map(grey).collect())
}

/// The picture upright; `None` when it lies askew on the page by more than a scan would.
pub(super) fn upright(grey: &Grey, place: Affine, paper: (f64, f64)) -> Option<Picture> {
    let [a, b, c, d, ..] = place.as_coeffs();
    let on_its_side = b.abs() > a.abs();
    let (along, across) =
        if on_its_side { (b.abs().min(c.abs()), a.abs().max(d.abs())) } else { (a.abs().min(d.abs()), b.abs().max(c.abs())) };
    if along <= 0.0 || across > 0.1 * along {
        return None;
    }
    let (width, height) = if on_its_side { (grey.height(), grey.width()) } else { (grey.width(), grey.height()) };
    let shape = place.transform_rect_bbox(hayro_interpret::kurbo::Rect::new(0.0, 0.0, grey.width() as f64, grey.height() as f64));
    let dot = (shape.width() / width as f64, shape.height() / height as f64);
    let back = place.inverse();
    let mut dots = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let on_page = Point::new(shape.x0 + (x as f64 + 0.5) * dot.0, shape.y0 + (y as f64 + 0.5) * dot.1);
            let from = back * on_page;
            let column = (from.x.max(0.0) as usize).min(grey.width() - 1);
            let row = (from.y.max(0.0) as usize).min(grey.height() - 1);
            dots.push(grey.dots()[row * grey.width() + column]);
        }
    }
    Some(Picture { grey: Grey::new(width as u32, height as u32, dots)?, left: shape.x0, top: shape.y0, dot, paper, layer: Vec::new() })
}
