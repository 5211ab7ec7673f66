//! What a PDF names and does not hold: a file that was cut short still opens, with pages whose words or pictures are gone.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Object, Stream};
use hayro_interpret::hayro_syntax::page::Page;

use super::device::Collector;

/// True when words or pictures of this page are lost: its drawing, a picture, or the font without which its letters mean nothing.
pub(super) fn is_torn(page: &Page<'_>, seen: &Collector) -> bool {
    lacks_drawing(page)
        || lacks_picture(page)
        || (lacks_font(page) && (seen.glyphs.is_empty() || seen.glyphs.iter().any(|g| g.text == "\u{fffd}")))
}

/// How many pages the file says that it has, where it says more than can be found.
pub(super) fn promised(pdf: &Pdf) -> Option<usize> {
    let root: Dict<'_> = pdf.xref().get(pdf.xref().root_id())?;
    let count = root.get::<Dict<'_>>("Pages")?.get::<i32>("Count")?;
    usize::try_from(count).ok().filter(|count| *count > pdf.pages().len())
}

fn lacks_drawing(page: &Page<'_>) -> bool {
    let contents = page.raw();
    if !contents.contains_key("Contents") {
        return false;
    }
    match contents.get::<Array<'_>>("Contents") {
        Some(parts) => parts.raw_iter().count() > parts.iter::<Stream<'_>>().filter(|s| s.decoded_data().is_ok()).count(),
        None => page.page_stream().is_none(),
    }
}

fn lacks_picture(page: &Page<'_>) -> bool {
    let pictures = &page.resources().x_objects;
    pictures.keys().any(|name| pictures.get::<Stream<'_>>(&*name).is_none())
}

fn lacks_font(page: &Page<'_>) -> bool {
    let fonts = &page.resources().fonts;
    let whole = |font: Dict<'_>| {
        let below = font.get::<Array<'_>>("DescendantFonts");
        let lost = below.is_some_and(|b| b.raw_iter().count() > b.iter::<Dict<'_>>().count());
        let meaning = font.get::<Object<'_>>("ToUnicode").is_none() && font.contains_key("ToUnicode");
        !lost && !meaning
    };
    fonts.keys().any(|name| !fonts.get::<Dict<'_>>(&*name).is_some_and(whole))
}
