//! Knows how a DOCX becomes lines: paragraphs with their numbers, tables with walls, tracked changes as if accepted.

mod body;
mod font;
mod numbering;

use std::collections::HashSet;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use self::body::Body;
use self::numbering::Numbering;
use super::failure::{Failure, Limit};
use super::legacy::Legacy;
use super::limits::Limits;
use super::parsed::{Parsed, ParsedPage};
use super::xml::Node;
use crate::text::{Condition, Words};

type Archive<'b> = ZipArchive<Cursor<&'b Vec<u8>>>;

/// The words of the document, without pages: Word makes those anew at every opening.
pub(super) fn read(zip: &mut Archive<'_>, legacy: &Legacy, limits: &Limits) -> Result<Parsed, Failure> {
    let mut document = part(zip, "word/document.xml", limits)?.ok_or_else(|| Failure::damaged("word/document.xml"))?;
    let numbering = part(zip, "word/numbering.xml", limits)?;
    let styles = part(zip, "word/styles.xml", limits)?;
    let mut letterhead = letterhead(zip, &document, limits)?;
    let mut notes = font::unicode(std::iter::once(&mut document).chain(&mut letterhead), styles.as_ref(), legacy);
    let mut body = Body::new(Numbering::new(numbering.as_ref(), styles.as_ref()), ruled_styles(styles.as_ref()), limits);
    if let Some(letterhead) = &letterhead {
        body.take(letterhead)?;
    }
    if let Some(root) = document.at(&["document", "body"]) {
        body.take(root)?;
    }
    if body::hides(&document) {
        notes.push(("text-hidden".to_owned(), String::new()));
    }
    Ok(Parsed { notes, ..Parsed::new(Words::Native, vec![ParsedPage::whole(Condition::Unknown, &body.text())]) })
}

fn part(zip: &mut Archive<'_>, name: &str, limits: &Limits) -> Result<Option<Node>, Failure> {
    let Ok(entry) = zip.by_name(name) else { return Ok(None) };
    let mut xml = Vec::new();
    // The size that the archive states need not be true.
    entry.take(limits.unpacked + 1).read_to_end(&mut xml).map_err(Failure::damaged)?;
    if xml.len() as u64 > limits.unpacked {
        return Err(Failure::limit(Limit::Unpacked, limits.unpacked));
    }
    Node::parse(&String::from_utf8_lossy(&xml), limits.nesting).map(Some)
}

/// Table styles that draw lines.
fn ruled_styles(styles: Option<&Node>) -> HashSet<String> {
    let all = styles.and_then(|s| s.child("styles")).into_iter().flat_map(|s| &s.children).filter(|c| c.name == "style");
    let ruled = all.filter(|s| s.at(&["tblPr", "tblBorders"]).is_some_and(body::draws));
    ruled.filter_map(|s| s.attribute("styleId").map(str::to_owned)).collect()
}

/// Fewer letters than this in the head of a page are a running title or a page number.
const LETTERHEAD: usize = 40;

/// The head of the first page, where it is a letterhead.
fn letterhead(zip: &mut Archive<'_>, document: &Node, limits: &Limits) -> Result<Option<Node>, Failure> {
    let mut found = Vec::new();
    document.all("headerReference", &mut found);
    let Some(id) = found.iter().find(|r| r.attribute("type") == Some("first")).and_then(|r| r.attribute("id")) else { return Ok(None) };
    let Some(links) = part(zip, "word/_rels/document.xml.rels", limits)? else { return Ok(None) };
    let mut all = Vec::new();
    links.all("Relationship", &mut all);
    let Some(target) = all.iter().find(|l| l.attribute("Id") == Some(id)).and_then(|l| l.attribute("Target")) else { return Ok(None) };
    let head = part(zip, &format!("word/{}", target.trim_start_matches("/word/")), limits)?;
    let mut head = head.and_then(|h| h.children.into_iter().find(|c| c.name == "hdr"));
    let letters = head.as_ref().map_or(0, |h| body::words(h).chars().filter(|c| c.is_alphabetic()).count());
    Ok(head.take().filter(|_| letters >= LETTERHEAD))
}
