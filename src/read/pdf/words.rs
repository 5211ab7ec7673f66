//! Glyphs to words, all in the upright frame of the page: a page printed sideways is turned first.

use hayro_interpret::kurbo::{Affine, Point, Rect, Vec2};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::super::layout::{GIVEN, Layout, Leaf, Stroke, Word};
use super::super::raster;
use super::device::{Collector, Glyph};

/// A filled shape thinner than this, in points, is a drawn line.
pub(super) const BAR: f64 = 3.0;

/// Everything on one page that layout needs, turned and straightened.
pub(super) fn leaf(number: usize, mut seen: Collector, layout: &Layout) -> Leaf {
    if let Some((grey, place)) = &seen.image {
        let onto_page = |p: (f64, f64)| *place * Point::new(p.0, p.1);
        seen.strokes.extend(raster::strokes(grey).into_iter().map(|r| stroke(onto_page(r.from), onto_page(r.to))));
    }
    let turn = upright(&seen);
    let move_to = |p: (f64, f64)| turn * Point::new(p.0, p.1);
    let strokes = seen.strokes.iter().map(|s| stroke(move_to(s.from), move_to(s.to))).collect();
    let paper = turn.transform_rect_bbox(seen.paper);
    Leaf::new(number, (paper.width(), paper.height()), words(seen.glyphs, turn, layout), strokes, layout)
}

fn stroke(from: Point, to: Point) -> Stroke {
    Stroke::new((from.x, from.y), (to.x, to.y))
}

/// The turn by quarters that makes most of the glyphs read from left to right.
pub(super) fn upright(seen: &Collector) -> Affine {
    let mut quarters = [0_usize; 4];
    for glyph in &seen.glyphs {
        quarters[quarter(glyph.advance)] += 1;
    }
    let most = (0..4).max_by_key(|&q| (quarters[q], 4 - q)).unwrap_or(0);
    let Rect { x1: width, y1: height, .. } = seen.paper;
    match most {
        1 => Affine::new([0.0, -1.0, 1.0, 0.0, 0.0, width]),
        2 => Affine::new([-1.0, 0.0, 0.0, -1.0, width, height]),
        3 => Affine::new([0.0, 1.0, -1.0, 0.0, height, 0.0]),
        _ => Affine::IDENTITY,
    }
}

/// 0 to the right, 1 downwards, 2 to the left, 3 upwards.
fn quarter(advance: Vec2) -> usize {
    match (advance.x.abs() >= advance.y.abs(), advance.x >= 0.0, advance.y >= 0.0) {
        (true, true, _) => 0,
        (true, false, _) => 2,
        (false, _, true) => 1,
        (false, _, false) => 3,
    }
}

fn turned(glyph: Glyph, turn: Affine) -> Glyph {
    let end = turn * (glyph.origin + glyph.advance);
    let origin = turn * glyph.origin;
    Glyph { origin, advance: end - origin, ..glyph }
}

/// A word that is still growing.
struct Open {
    word: Word,
    end: Point,
    last: String,
    last_origin: Point,
}

/// Glyphs in the order they were drawn, turned, and joined while each begins where the one before ends.
pub(super) fn words(glyphs: Vec<Glyph>, turn: Affine, layout: &Layout) -> Vec<Word> {
    let glyphs: Vec<Glyph> = glyphs.into_iter().map(|g| turned(g, turn)).collect();
    let blanks = glyphs.iter().filter(|g| is_blank(&g.text)).count();
    let space_em = if blanks * 15 > glyphs.len() { layout.sure_space_em } else { layout.space_em };
    let mut words = Vec::new();
    let mut open: Option<Open> = None;
    for glyph in &glyphs {
        let text = meaning(&glyph.text, layout);
        if is_blank(&text) {
            if let Some(mut ended) = open.take() {
                ended.word.blank_after = true;
                words.push(ended.word);
            }
            continue;
        }
        if text.is_empty() || glyph.size < 0.5 {
            continue;
        }
        match &mut open {
            Some(o) if is_again(o, glyph, &text) => {}
            Some(o) if text.chars().all(is_combining_mark) && near(o, glyph, 1.0) => o.word.text.push_str(&text),
            Some(o) if near(o, glyph, space_em) => grow(o, glyph, &text),
            _ => {
                words.extend(open.take().map(|o| o.word));
                open = Some(begin(glyph, text));
            }
        }
    }
    words.extend(open.map(|o| o.word));
    words
}

fn begin(glyph: &Glyph, text: String) -> Open {
    let end = glyph.origin + glyph.advance;
    let word = Word {
        x0: glyph.origin.x.min(end.x),
        x1: end.x.max(glyph.origin.x),
        base: glyph.origin.y,
        base_end: end.y,
        size: glyph.size,
        text: text.clone(),
        blank_after: false,
        confidence: GIVEN,
    };
    Open { word, end, last: text, last_origin: glyph.origin }
}

fn grow(open: &mut Open, glyph: &Glyph, text: &str) {
    let end = glyph.origin + glyph.advance;
    let word = &mut open.word;
    word.text.push_str(text);
    word.x0 = word.x0.min(glyph.origin.x);
    word.x1 = word.x1.max(end.x);
    word.base_end = end.y;
    word.size = word.size.max(glyph.size);
    (open.end, open.last, open.last_origin) = (end, text.to_owned(), glyph.origin);
}

/// Begins where the word ends, on its base line.
fn near(open: &Open, glyph: &Glyph, space_em: f64) -> bool {
    let em = open.word.size.max(glyph.size);
    let gap = glyph.origin - open.end;
    gap.x > -0.5 * em && gap.x < space_em * em && gap.y.abs() < 0.35 * em && glyph.advance.x.abs() >= glyph.advance.y.abs()
}

/// The same glyph drawn once more at the same place, to look bold.
fn is_again(open: &Open, glyph: &Glyph, text: &str) -> bool {
    open.last == text && (open.last_origin - glyph.origin).hypot() < 0.12 * glyph.size
}

fn is_blank(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_whitespace() || c == '\u{a0}')
}

/// What a glyph adds to the text: bullets of symbol fonts by their table, ligatures as letters, nothing for control characters.
fn meaning(text: &str, layout: &Layout) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{fb00}'..='\u{fb06}' => out.extend(c.nfkc()),
            '\u{e000}'..='\u{f8ff}' => out.push_str(layout.symbols.get(&c).map_or("\u{fffd}", String::as_str)),
            c if c.is_whitespace() => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    if out.trim().is_empty() { out } else { out.trim().to_owned() }
}
