//! Where a Word file departs from the form that Nghị định 30/2020/NĐ-CP asks for; what it asks is in `rules/render/norm.yaml`.

use regex::Regex;
use serde::Deserialize;

use super::look::{Look, Paragraph};
use crate::error::{Error, Kind, Result};
use crate::render::words::fill;
use crate::rules::RuleBook;

/// A departure from the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The rule: `margin-left`, `font`, `nation` …
    pub id: String,
    /// One sentence in Vietnamese.
    pub says: String,
    /// The paragraph, from 1, where it is about one.
    pub paragraph: Option<usize>,
}

/// What the form must be.
#[derive(Debug)]
pub struct Norm {
    file: NormFile,
    parts: Vec<(Part, Regex, Option<Regex>)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NormFile {
    page: PageRule,
    margins: Margins,
    font: FontRule,
    size: SizeRule,
    parts: Vec<Part>,
    not_bold: String,
    not_italic: String,
    wrong_size: String,
    page_number: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PageRule {
    width: f64,
    height: f64,
    near: f64,
    says: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Margins {
    top: SizeRule,
    bottom: SizeRule,
    left: SizeRule,
    right: SizeRule,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FontRule {
    name: String,
    says: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SizeRule {
    from: f64,
    to: f64,
    says: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    id: String,
    text: String,
    #[serde(default)]
    exact: Option<String>,
    /// Only a paragraph in capitals is meant.
    #[serde(default)]
    capitals: bool,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    size: Option<Range>,
    /// What is said where it is not there; nothing for a part that need not be.
    #[serde(default)]
    missing: String,
    #[serde(default)]
    wrong: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    from: f64,
    to: f64,
}

impl Norm {
    /// What the rule book asks for.
    ///
    /// # Errors
    /// When the rule file is not in its shape.
    pub fn new(rules: &RuleBook) -> Result<Self> {
        const FILE: &str = "render/norm.yaml";
        let file: NormFile = rules.load(FILE)?;
        let regex = |text: &str| Regex::new(text).map_err(|e| Error::new(Kind::BadRule).at(format!("rules/{FILE}")).detail(e.to_string()));
        let mut parts = Vec::new();
        for part in &file.parts {
            let found = if part.capitals { regex(&part.text)? } else { regex(&format!("(?i){}", part.text))? };
            parts.push((part.clone(), found, part.exact.as_deref().map(regex).transpose()?));
        }
        Ok(Self { file, parts })
    }

    /// Where the Word file `bytes` departs from the form, the page first, then part by part.
    ///
    /// # Errors
    /// [`Kind::NotThisKind`] when `bytes` are no Word file.
    pub fn check(&self, bytes: &[u8]) -> Result<Vec<Departure>> {
        let look = Look::read(&super::read(bytes)?)?;
        let mut found = Vec::new();
        self.page(&look, &mut found);
        self.letters(&look, &mut found);
        for (part, text, exact) in &self.parts {
            self.part(part, text, exact.as_ref(), &look, &mut found);
        }
        Ok(found)
    }

    fn page(&self, look: &Look, found: &mut Vec<Departure>) {
        let mut tell = |id: &str, says: String| found.push(Departure { id: id.to_owned(), says, paragraph: None });
        let p = &self.file.page;
        if (look.width - p.width).abs() > p.near || (look.height - p.height).abs() > p.near {
            // A table or an annex may lie across.
            if (look.height - p.width).abs() > p.near || (look.width - p.height).abs() > p.near {
                tell("page", fill(&p.says, &[("found", &format!("{:.0} × {:.0}", look.width, look.height))]));
            }
        }
        let m = &self.file.margins;
        for (id, rule, is) in [
            ("margin-top", &m.top, look.top),
            ("margin-bottom", &m.bottom, look.bottom),
            ("margin-left", &m.left, look.left),
            ("margin-right", &m.right, look.right),
        ] {
            // Word keeps twentieths of a point: half a millimetre is no departure.
            if is < rule.from - 0.5 || is > rule.to + 0.5 {
                tell(id, fill(&rule.says, &[("found", &format!("{is:.0}"))]));
            }
        }
        if !look.page_number {
            tell("page-number", self.file.page_number.clone());
        }
    }

    /// Each strange font and each strange size once, where it first stands.
    fn letters(&self, look: &Look, found: &mut Vec<Departure>) {
        let mut seen = std::collections::BTreeSet::new();
        for (nth, paragraph) in look.paragraphs.iter().enumerate() {
            for run in paragraph.runs.iter().filter(|r| !r.text.trim().is_empty()) {
                let text = shorten(&run.text);
                if run.font != self.file.font.name && seen.insert(format!("font {}", run.font)) {
                    let says = fill(&self.file.font.says, &[("found", &run.font), ("text", &text)]);
                    found.push(Departure { id: "font".into(), says, paragraph: Some(nth + 1) });
                }
                let size = &self.file.size;
                if (run.size < size.from || run.size > size.to) && seen.insert(format!("size {}", run.size)) {
                    let says = fill(&size.says, &[("found", &run.size.to_string()), ("text", &text)]);
                    found.push(Departure { id: "size".into(), says, paragraph: Some(nth + 1) });
                }
            }
        }
    }

    fn part(&self, part: &Part, text: &Regex, exact: Option<&Regex>, look: &Look, found: &mut Vec<Departure>) {
        let mut tell = |says: String, paragraph| found.push(Departure { id: part.id.clone(), says, paragraph });
        let at = look
            .paragraphs
            .iter()
            .position(|p| text.is_match(p.text.trim()) && (!part.capitals || !p.text.chars().any(char::is_lowercase)));
        let Some(at) = at else {
            if !part.missing.is_empty() {
                tell(part.missing.clone(), None);
            }
            return;
        };
        let paragraph = &look.paragraphs[at];
        let words = shorten(&paragraph.text);
        if exact.is_some_and(|e| !e.is_match(paragraph.text.trim())) {
            tell(fill(&part.wrong, &[("text", &words)]), Some(at + 1));
        }
        let all = |is: fn(&super::look::Run) -> bool| paragraph.runs.iter().filter(|r| !r.text.trim().is_empty()).all(is);
        if part.bold && !all(|r| r.bold) {
            tell(fill(&self.file.not_bold, &[("text", &words)]), Some(at + 1));
        }
        if part.italic && !all(|r| r.italic) {
            tell(fill(&self.file.not_italic, &[("text", &words)]), Some(at + 1));
        }
        if let (Some(range), Some(size)) = (&part.size, odd_size(paragraph, part.size.as_ref())) {
            let (from, to) = (range.from.to_string(), range.to.to_string());
            let parts = [("found", size.as_str()), ("from", &from), ("to", &to), ("text", &words)];
            tell(fill(&self.file.wrong_size, &parts), Some(at + 1));
        }
    }
}

fn odd_size(paragraph: &Paragraph, range: Option<&Range>) -> Option<String> {
    let range = range?;
    let odd = paragraph.runs.iter().find(|r| !r.text.trim().is_empty() && (r.size < range.from || r.size > range.to));
    odd.map(|r| r.size.to_string())
}

fn shorten(text: &str) -> String {
    let line = crate::render::template::one_line(text);
    if line.chars().count() > 60 { format!("{}…", line.chars().take(59).collect::<String>()) } else { line }
}
