//! How a Word file looks: its page, and each paragraph with the font, size and weight of its letters, styles followed.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Error, Kind, Result};

/// Millimetres in a twentieth of a point.
const MM: f64 = 25.4 / 1440.0;

/// No style stands on more others than this.
const DEEPEST: usize = 20;

/// The look of a document. Lengths are in millimetres.
#[derive(Debug, Default)]
pub(super) struct Look {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) left: f64,
    pub(super) right: f64,
    /// A header counts the pages, and the first page has none.
    pub(super) page_number: bool,
    pub(super) paragraphs: Vec<Paragraph>,
}

#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub(super) text: String,
    pub(super) runs: Vec<Run>,
}

/// Letters that look alike.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) font: String,
    /// In points.
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) italic: bool,
}

/// What a style or a run says of its letters; what it is silent about comes from beneath.
#[derive(Clone, Debug, Default)]
struct Letters {
    font: Option<String>,
    /// In half points.
    size: Option<f64>,
    bold: Option<bool>,
    italic: Option<bool>,
}

#[derive(Debug, Default)]
struct Styles {
    defaults: Letters,
    /// By id: the style beneath it, and its own letters.
    styles: BTreeMap<String, (Option<String>, Letters)>,
    /// Of paragraphs that name none.
    normal: Option<String>,
}

impl Letters {
    fn over(self, beneath: &Self) -> Self {
        Self {
            font: self.font.or_else(|| beneath.font.clone()),
            size: self.size.or(beneath.size),
            bold: self.bold.or(beneath.bold),
            italic: self.italic.or(beneath.italic),
        }
    }

    /// Takes up a property of letters.
    fn take(&mut self, e: &BytesStart<'_>) {
        let on = || attribute(e, "w:val").is_none_or(|v| !matches!(v.as_str(), "0" | "false" | "off"));
        match e.name().as_ref() {
            "w:rFonts" => self.font = attribute(e, "w:ascii").or_else(|| attribute(e, "w:hAnsi")).or(self.font.take()),
            "w:sz" => self.size = attribute(e, "w:val").and_then(|v| v.parse().ok()).or(self.size),
            "w:b" => self.bold = Some(on()),
            "w:i" => self.italic = Some(on()),
            _ => {}
        }
    }
}

impl Styles {
    fn of(&self, id: Option<&str>) -> Letters {
        let mut letters = Letters::default();
        let mut next = id.map(str::to_owned).or_else(|| self.normal.clone());
        for _ in 0..DEEPEST {
            let Some((beneath, own)) = next.and_then(|id| self.styles.get(&id)) else { break };
            letters = letters.over(own);
            next = beneath.clone();
        }
        letters.over(&self.defaults)
    }

    fn read(xml: &str) -> Result<Self> {
        let mut styles = Self::default();
        let (mut current, mut in_defaults, mut in_run) = (None::<String>, false, false);
        walk(xml, |event| match event {
            Step::Open(e) | Step::Empty(e) => match e.name().as_ref() {
                "w:rPrDefault" => in_defaults = true,
                "w:rPr" => in_run = true,
                "w:style" => {
                    let id = attribute(e, "w:styleId").unwrap_or_default();
                    let is_default = attribute(e, "w:default").is_some_and(|v| v == "1" || v == "true");
                    if is_default && attribute(e, "w:type").as_deref() == Some("paragraph") {
                        styles.normal = Some(id.clone());
                    }
                    styles.styles.insert(id.clone(), (None, Letters::default()));
                    current = Some(id);
                }
                "w:basedOn" => {
                    if let Some(style) = current.as_ref().and_then(|id| styles.styles.get_mut(id)) {
                        style.0 = attribute(e, "w:val");
                    }
                }
                _ if in_defaults => styles.defaults.take(e),
                _ if in_run => {
                    if let Some(style) = current.as_ref().and_then(|id| styles.styles.get_mut(id)) {
                        style.1.take(e);
                    }
                }
                _ => {}
            },
            Step::Close("w:rPrDefault") => in_defaults = false,
            Step::Close("w:rPr") => in_run = false,
            Step::Close("w:style") => current = None,
            Step::Close(_) | Step::Words(_) => {}
        })?;
        Ok(styles)
    }
}

impl Look {
    /// The look of the Word file that `parts` make up.
    pub(super) fn read(parts: &[(String, Vec<u8>)]) -> Result<Self> {
        let part = |name: &str| parts.iter().find(|(n, _)| n == name).map(|(_, c)| String::from_utf8_lossy(c).into_owned());
        let document = part("word/document.xml").ok_or_else(|| Error::new(Kind::NotThisKind))?;
        let styles = part("word/styles.xml").map_or_else(|| Ok(Styles::default()), |xml| Styles::read(&xml))?;
        let mut look = Self::default();
        let first_page_apart = look.body(&document, &styles)?;
        let headers = parts.iter().filter(|(n, _)| n.starts_with("word/header"));
        let counts = headers.filter(|(_, c)| String::from_utf8_lossy(c).contains("PAGE")).count() > 0;
        look.page_number = first_page_apart && counts;
        Ok(look)
    }

    /// Reads the paragraphs and the last section; true when its first page stands apart.
    fn body(&mut self, xml: &str, styles: &Styles) -> Result<bool> {
        let mut first_page_apart = false;
        // A paragraph may hold others, in a frame of text.
        let mut open: Vec<(Paragraph, Letters)> = Vec::new();
        let (mut run, mut in_run, mut in_words) = (Letters::default(), false, false);
        walk(xml, |event| match event {
            Step::Open(e) | Step::Empty(e) => match e.name().as_ref() {
                "w:p" if matches!(event, Step::Open(_)) => open.push((Paragraph::default(), styles.of(None))),
                "w:pStyle" => {
                    if let Some(last) = open.last_mut() {
                        last.1 = styles.of(attribute(e, "w:val").as_deref());
                    }
                }
                "w:r" => (run, in_run) = (Letters::default(), true),
                "w:t" => in_words = true,
                "w:tab" | "w:br" if in_run => push(&mut open, &run, " "),
                "w:pgSz" => {
                    self.width = length(e, "w:w");
                    self.height = length(e, "w:h");
                }
                "w:pgMar" => {
                    (self.top, self.bottom) = (length(e, "w:top"), length(e, "w:bottom"));
                    (self.left, self.right) = (length(e, "w:left"), length(e, "w:right"));
                }
                "w:titlePg" => first_page_apart = true,
                _ if in_run => run.take(e),
                _ => {}
            },
            Step::Words(words) if in_words => push(&mut open, &run, words),
            Step::Close("w:t") => in_words = false,
            Step::Close("w:r") => in_run = false,
            Step::Close("w:p") => self.paragraphs.extend(open.pop().map(|(p, _)| p).filter(|p| !p.text.trim().is_empty())),
            Step::Close(_) | Step::Words(_) => {}
        })?;
        Ok(first_page_apart)
    }
}

fn push(open: &mut [(Paragraph, Letters)], run: &Letters, words: &str) {
    let Some((paragraph, beneath)) = open.last_mut() else { return };
    let l = run.clone().over(beneath);
    paragraph.text.push_str(words);
    paragraph.runs.push(Run {
        text: words.to_owned(),
        // Word's own letters where nobody says anything.
        font: l.font.unwrap_or_else(|| "Times New Roman".to_owned()),
        size: l.size.unwrap_or(20.0) / 2.0,
        bold: l.bold.unwrap_or(false),
        italic: l.italic.unwrap_or(false),
    });
}

fn length(e: &BytesStart<'_>, name: &str) -> f64 {
    attribute(e, name).and_then(|v| v.parse::<f64>().ok()).filter(|v| v.is_finite()).unwrap_or(0.0) * MM
}

fn attribute(e: &BytesStart<'_>, name: &str) -> Option<String> {
    e.attributes().flatten().find(|a| a.key.as_ref() == name).map(|a| a.value.to_string())
}

/// What a walk through XML comes by.
enum Step<'a> {
    Open(&'a BytesStart<'a>),
    Empty(&'a BytesStart<'a>),
    Close(&'a str),
    Words(&'a str),
}

fn walk(xml: &str, mut each: impl FnMut(Step<'_>)) -> Result<()> {
    let damaged = |e: quick_xml::Error| Error::new(Kind::Damaged).because(e);
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Eof => return Ok(()),
            Event::Start(e) => each(Step::Open(&e)),
            Event::Empty(e) => each(Step::Empty(&e)),
            Event::End(e) => each(Step::Close(e.name().as_ref())),
            Event::Text(t) => each(Step::Words(t.as_ref())),
            Event::GeneralRef(r) => {
                let entity = format!("&{};", &*r);
                each(Step::Words(&quick_xml::escape::unescape(&entity).unwrap_or_default()));
            }
            _ => {}
        }
    }
}
