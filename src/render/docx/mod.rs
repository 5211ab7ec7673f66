//! Word files: a `.docx` with tags in it is filled like any other template, and our own are packed from the XML that a diff can show.

mod blocks;
mod heal;
mod look;
mod norm;

pub use norm::{Departure, Norm};

use std::io::{Cursor, Read, Write};

use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::template;
use crate::error::{Error, Kind, Result};

/// No template is larger than this many bytes, unpacked.
const MOST: u64 = 32 << 20;
/// Nor are there more parts.
const MOST_PARTS: usize = 2_000;

const CONTENT_TYPES: &str = include_str!("content-types.xml");
const RELATIONS: &str = include_str!("relations.xml");
const DOCUMENT_RELATIONS: &str = include_str!("document-relations.xml");
const STYLES: &str = include_str!("styles.xml");
const SETTINGS: &str = include_str!("settings.xml");
const HEADER: &str = include_str!("header.xml");
const DOCUMENT: &str = include_str!("document.xml");

/// A Word file around `body` (paragraphs and tables in WordprocessingML), its page set as Nghị định 30/2020/NĐ-CP asks.
pub(super) fn pack(body: &str) -> Result<Vec<u8>> {
    let document = super::words::fill(DOCUMENT, &[("body", body)]);
    write(&[
        ("[Content_Types].xml", CONTENT_TYPES.as_bytes()),
        ("_rels/.rels", RELATIONS.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.as_bytes()),
        ("word/styles.xml", STYLES.as_bytes()),
        ("word/settings.xml", SETTINGS.as_bytes()),
        ("word/header1.xml", HEADER.as_bytes()),
    ])
}

/// The Word template `bytes` filled in with `data`: its text, headers, footers and notes.
///
/// # Errors
/// [`Kind::NotThisKind`] when `bytes` are no Word file, [`Kind::BadTemplate`] with the paragraph for a mistake in a tag.
pub fn fill(bytes: &[u8], data: &impl Serialize) -> Result<Vec<u8>> {
    let mut parts = read(bytes)?;
    if !parts.iter().any(|(name, _)| name == "word/document.xml") {
        return Err(Error::new(Kind::NotThisKind));
    }
    for (name, content) in parts.iter_mut().filter(|(name, _)| holds_text(name)) {
        let xml = std::str::from_utf8(content).map_err(|e| Error::new(Kind::Damaged).at(&*name).because(e))?;
        let text = heal::template(xml).map_err(|e| e.at(&*name))?;
        blocks::check(&text).map_err(|(at, sentence)| mistake(name, &text, Some(at), &sentence))?;
        *content = template::fill_xml(&text, data).map_err(|(at, sentence)| mistake(name, &text, at, &sentence))?.into_bytes();
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, c)| (n.as_str(), c.as_slice())).collect();
    write(&parts)
}

/// The parts of a Word file in which a person writes.
fn holds_text(name: &str) -> bool {
    let stem = name.strip_prefix("word/").and_then(|n| n.strip_suffix(".xml")).unwrap_or_default();
    let stem = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    ["document", "header", "footer", "footnotes", "endnotes"].contains(&stem)
}

/// One sentence: what is wrong, in which paragraph.
fn mistake(part: &str, xml: &str, at: Option<usize>, sentence: &str) -> Error {
    let error = Error::new(Kind::BadTemplate).at(part);
    let Some(at) = at.filter(|at| xml.is_char_boundary(*at)) else { return error.detail(sentence) };
    let start = xml[..at].rfind("<w:p>").max(xml[..at].rfind("<w:p ")).unwrap_or(0);
    let end = xml[at..].find("</w:p>").map_or(xml.len(), |e| at + e);
    let number = xml[..at].matches("</w:p>").count() + 1;
    error.detail(format!("¶{number} “{}”: {sentence}", plain(&xml[start..end])))
}

/// The words of a stretch of XML; tags of a template may hold `<` and `>` themselves.
fn plain(xml: &str) -> String {
    let mut out = String::new();
    for piece in xml.split("<w:t").skip(1) {
        let words = piece.split_once('>').map_or("", |(_, w)| w).split("</w:t>").next().unwrap_or_default();
        out.push_str(words);
    }
    let words = if out.is_empty() { xml } else { &out };
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

fn read(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>> {
    let not_word = |e: zip::result::ZipError| Error::new(Kind::NotThisKind).because(e);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(not_word)?;
    if archive.len() > MOST_PARTS {
        return Err(Error::new(Kind::TooBig));
    }
    let (mut parts, mut left) = (Vec::new(), MOST);
    for nth in 0..archive.len() {
        let file = archive.by_index(nth).map_err(not_word)?;
        let name = file.name().map_err(not_word)?.into_owned();
        let mut content = Vec::new();
        file.take(left + 1).read_to_end(&mut content).map_err(|e| Error::new(Kind::Damaged).because(e))?;
        left = left.checked_sub(content.len() as u64).ok_or_else(|| Error::new(Kind::TooBig).at(&name))?;
        parts.push((name, content));
    }
    Ok(parts)
}

/// The same parts are always the same bytes: no file carries the time.
fn write(parts: &[(&str, &[u8])]) -> Result<Vec<u8>> {
    let failed = |e: zip::result::ZipError| Error::new(Kind::BadRecord).because(e);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(zip::DateTime::default());
    for (name, content) in parts {
        zip.start_file(*name, options).map_err(failed)?;
        zip.write_all(content).map_err(|e| Error::new(Kind::BadRecord).because(e))?;
    }
    Ok(zip.finish().map_err(failed)?.into_inner())
}
