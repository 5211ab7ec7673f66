//! Listens while a page is drawn: where each glyph stands and what it means, which straight lines are drawn, which image lies beneath.

use hayro_interpret::font::{Glyph as Shape, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect, Shape as _, Vec2};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, LumaData, Paint, RgbData, SoftMask,
};

use super::super::failure::{Failure, Limit};
use super::super::layout::Stroke;
use super::super::limits::Limits;
use super::super::raster::Grey;

/// A glyph with its place on the page, in points from the top left corner.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// What it means; U+FFFD where the file doesn't say.
    pub text: String,
    /// Where its base line begins.
    pub origin: Point,
    /// From the origin to where the next glyph begins.
    pub advance: Vec2,
    /// Size of the type.
    pub size: f64,
}

/// What was drawn on one page.
pub(super) struct Collector {
    pub paper: Rect,
    pub glyphs: Vec<Glyph>,
    pub strokes: Vec<Stroke>,
    /// How many of the glyphs are drawn invisibly.
    pub hidden: usize,
    /// The first image that covers the page, as grey dots, and where it lies.
    pub image: Option<(Grey, Affine)>,
    /// How many images are drawn, how much of the page they cover together, and the dots of the finest for each point.
    pub images: usize,
    pub pictured: f64,
    pub finest: f64,
    /// How many outlines with curves are filled: letters that were turned into drawings.
    pub outlines: usize,
    /// The image is unpacked, not only measured.
    unpack: bool,
    clips: Vec<Rect>,
    most_glyphs: usize,
    most_strokes: usize,
    most_pixels: u64,
    over: Option<Limit>,
}

/// An image that covers less of the page than this is a stamp or an emblem.
const PAGE_IMAGE: f64 = 0.4;

/// Images that together cover less of the page than this hold no words to speak of.
const SOME_IMAGE: f64 = 0.05;

/// So many filled outlines with curves are letters.
const OUTLINES: usize = 60;

impl Collector {
    pub fn new(paper: Rect, unpack: bool, limits: &Limits) -> Self {
        Self {
            paper,
            glyphs: Vec::new(),
            strokes: Vec::new(),
            hidden: 0,
            image: None,
            images: 0,
            pictured: 0.0,
            finest: 0.0,
            outlines: 0,
            unpack,
            clips: vec![paper],
            most_glyphs: limits.glyphs,
            most_strokes: limits.rules,
            most_pixels: limits.pixels,
            over: None,
        }
    }

    /// The page is one picture and nothing else is drawn but invisible words: the picture may be read as it is.
    pub fn is_one_picture(&self) -> bool {
        self.image.is_some() && self.images == 1 && self.outlines < OUTLINES && self.hidden == self.glyphs.len()
    }

    /// Pictures cover the page.
    pub fn is_pictured(&self) -> bool {
        self.pictured >= PAGE_IMAGE
    }

    /// Something is drawn that may be words.
    pub fn is_drawn(&self) -> bool {
        self.pictured >= SOME_IMAGE || self.outlines >= OUTLINES
    }

    /// The page, unless it held more than the limits allow.
    pub fn finish(self, limits: &Limits) -> Result<Self, Failure> {
        match self.over {
            Some(Limit::Rules) => Err(Failure::limit(Limit::Rules, limits.rules as u64)),
            Some(what) => Err(Failure::limit(what, limits.glyphs as u64)),
            None => Ok(self),
        }
    }

    fn clip(&self) -> Rect {
        self.clips.last().copied().unwrap_or(self.paper)
    }

    fn push_clip(&mut self, bounds: Rect) {
        self.clips.push(self.clip().intersect(bounds));
    }

    fn stroke(&mut self, from: Point, to: Point) {
        if !(from.is_finite() && to.is_finite()) || self.over.is_some() {
            return;
        }
        if self.strokes.len() >= self.most_strokes {
            self.over = Some(Limit::Rules);
            return;
        }
        self.strokes.push(Stroke::new((from.x, from.y), (to.x, to.y)));
    }

    /// Straight pieces of a path that is drawn with a pen.
    fn outline(&mut self, path: &BezPath, transform: Affine) {
        let (mut start, mut at) = (Point::ZERO, Point::ZERO);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(p) => (start, at) = (p, p),
                PathEl::LineTo(p) => {
                    self.stroke(transform * at, transform * p);
                    at = p;
                }
                PathEl::ClosePath => {
                    self.stroke(transform * at, transform * start);
                    at = start;
                }
                PathEl::QuadTo(_, p) | PathEl::CurveTo(_, _, p) => at = p,
            }
        }
    }

    /// Thin filled shapes are lines too.
    fn filled(&mut self, path: &BezPath, transform: Affine) {
        let mut piece = BezPath::new();
        for element in path.elements() {
            if matches!(element, PathEl::MoveTo(_)) && !piece.is_empty() {
                self.bar((transform * std::mem::take(&mut piece)).bounding_box());
            }
            piece.push(*element);
        }
        if matches!(piece.elements().first(), Some(PathEl::MoveTo(_))) {
            self.bar((transform * piece).bounding_box());
        }
    }

    fn bar(&mut self, shape: Rect) {
        let middle = shape.center();
        if shape.height() <= super::words::BAR && shape.width() > shape.height() {
            self.stroke(Point::new(shape.x0, middle.y), Point::new(shape.x1, middle.y));
        } else if shape.width() <= super::words::BAR {
            self.stroke(Point::new(middle.x, shape.y0), Point::new(middle.x, shape.y1));
        }
    }
}

impl<'a> Device<'a> for Collector {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        if is_paper(&props.paint) {
            return;
        }
        let curved = path.elements().iter().any(|e| matches!(e, PathEl::CurveTo(..) | PathEl::QuadTo(..)));
        self.outlines += usize::from(curved && !matches!(mode, DrawMode::Stroke(_)));
        match mode {
            DrawMode::Fill(_) => self.filled(path, props.transform),
            DrawMode::Stroke(_) | DrawMode::FillAndStroke(..) => self.outline(path, props.transform),
            DrawMode::Invisible => {}
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let glyphs = run.glyphs();
        for (i, glyph) in glyphs.iter().enumerate() {
            if self.glyphs.len() >= self.most_glyphs {
                self.over = self.over.or(Some(Limit::Glyphs));
                return;
            }
            let place = props.transform * glyph.transform();
            let origin = place * Point::ZERO;
            let up = place * Point::new(0.0, 1000.0) - origin;
            let width = match &**glyph {
                Shape::Outline(outline) => outline.advance_width().unwrap_or(500.0),
                Shape::Type3(type3) => type3.advance_width().unwrap_or(500.0),
            };
            let mut advance = place * Point::new(f64::from(width), 0.0) - origin;
            if let Some(next) = glyphs.get(i + 1) {
                // A stand-in font is stretched to fit; it never reaches past the next glyph of its run.
                let step = props.transform * (next.transform() * Point::ZERO) - origin;
                if step.dot(advance) > 0.0 && step.hypot2() < advance.hypot2() {
                    advance = step;
                }
            }
            if !(origin.is_finite() && advance.is_finite() && up.is_finite()) {
                continue;
            }
            let middle = origin + advance * 0.5 + up * 0.25;
            if !self.clip().inflate(1.0, 1.0).contains(middle) {
                continue;
            }
            let text = match glyph.as_unicode() {
                Some(BfString::Char(c)) => c.to_string(),
                Some(BfString::String(s)) => s,
                None => '\u{fffd}'.to_string(),
            };
            self.hidden += usize::from(matches!(mode, DrawMode::Invisible));
            self.glyphs.push(Glyph { text, origin, advance, size: up.hypot() });
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let covers = props.transform.determinant().abs() * f64::from(image.width()) * f64::from(image.height());
        let pixels = u64::from(image.width()) * u64::from(image.height());
        // What is smaller than a letter is an ornament.
        if covers > 100.0 {
            self.images += 1;
            self.pictured += covers / self.paper.area().max(1.0);
            self.finest = self.finest.max(props.transform.determinant().abs().sqrt().recip());
        }
        if !self.unpack || covers < PAGE_IMAGE * self.paper.area() || pixels > self.most_pixels || self.image.is_some() {
            return;
        }
        let mut grey = None;
        match image {
            Image::Raster(raster) => raster.with_rgba(|data, _| grey = Some(to_grey(data)), None),
            Image::Stencil(stencil) => stencil.with_stencil(|luma, _| grey = Some(stencil_to_grey(luma)), None),
        }
        self.image = grey.flatten().map(|g| (g, props.transform));
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.push_clip(clip.path.bounding_box());
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.push_clip(*rect);
    }

    fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn pop_transparency_group(&mut self) {}
}

/// True for a line in the colour of the paper, drawn to rub something out.
fn is_paper(paint: &Paint<'_>) -> bool {
    match paint {
        Paint::Color(color) => {
            let [r, g, b, a] = color.to_rgba().to_rgba8();
            a == 0 || (r > 245 && g > 245 && b > 245)
        }
        Paint::Pattern(_) => false,
    }
}

fn to_grey(data: ImageData) -> Option<Grey> {
    match data {
        ImageData::Luma(LumaData { data, width, height, .. }) => Grey::new(width, height, data),
        ImageData::Rgb(RgbData { data, width, height, .. }) => {
            let mix = |p: &[u8]| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8;
            Grey::new(width, height, data.chunks_exact(3).map(mix).collect())
        }
    }
}

/// In a stencil the painted dots are opaque.
fn stencil_to_grey(luma: LumaData) -> Option<Grey> {
    Grey::new(luma.width, luma.height, luma.data.iter().map(|v| 255 - v).collect())
}
