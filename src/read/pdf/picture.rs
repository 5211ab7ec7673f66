//! Turns the picture of a page as the page shows it: the file may hold it lying on its side, upside down or mirrored.

use hayro_interpret::kurbo::{Affine, Point};

use super::super::ocr::Picture;
use super::super::raster::Grey;

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
