//! The only door to the template engine: templates from the rule book, text of documents escaped as each format asks, and a mistake
//! in a template told in one sentence with its place.

use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;
use tera::{Context, ErrorKind, Tera};

use super::paper;
use crate::error::{Error, Kind, Result, Spot};
use crate::rules::RuleBook;

/// Where templates lie in the rule book.
pub(super) const FOLDER: &str = "render/templates/";
/// The ending of papers that become Word, Markdown and a web page.
const PAPER: &str = ".form";
/// The ending of templates that people edit in Word.
const WORD: &str = ".docx";

/// All templates, ours and the office's.
#[derive(Debug)]
pub(super) struct Templates {
    formats: Vec<Format>,
    papers: Vec<Source>,
    words: Vec<WordTemplate>,
}

/// The templates of one format share one way of escaping.
#[derive(Debug)]
struct Format {
    suffix: &'static str,
    tera: Tera,
    sources: Vec<Source>,
}

/// What a person wrote: the name under which the engine knows it, the path in the rule book, and the text.
#[derive(Clone, Debug)]
struct Source {
    name: String,
    path: String,
    text: String,
    /// The office's.
    own: bool,
}

/// A Word file with tags in it.
#[derive(Debug)]
pub(super) struct WordTemplate {
    pub(super) name: String,
    place: PathBuf,
    own: bool,
    pub(super) bytes: Vec<u8>,
}

impl WordTemplate {
    /// `error`, which names a part of the file, as one about the file.
    pub(super) fn placed(&self, error: Error) -> Error {
        let part = error.path().map(|p| p.display().to_string()).unwrap_or_default();
        let detail = error.detail_text().map_or_else(|| part.clone(), |d| format!("{part} {d}"));
        error.at(&self.place).detail(detail)
    }
}

/// How a paper becomes a template of some format.
type Setting = fn(&str) -> Result<String, paper::Mistake>;

impl Templates {
    /// Every template under `rules/render/templates/`, parsed.
    ///
    /// # Errors
    /// [`Kind::BadTemplate`] with file, line and column for the first that is wrong.
    pub(super) fn new(rules: &RuleBook) -> Result<Self> {
        let (mut papers, mut words) = (Vec::new(), Vec::new());
        for path in rules.list(FOLDER) {
            let name = path.trim_start_matches(FOLDER);
            if let Some(name) = name.strip_suffix(PAPER) {
                let text = rules.text(&path)?.replace("\r\n", "\n");
                papers.push(Source { name: name.to_owned(), text, own: rules.is_own(&path), path });
            } else if let Some(name) = name.strip_suffix(WORD) {
                let (place, own) = (rules.place(&path), rules.is_own(&path));
                words.push(WordTemplate { name: name.to_owned(), place, own, bytes: rules.bytes(&path)?.into_owned() });
            }
        }
        let formats: [(&str, tera::EscapeFn, Option<Setting>); 4] = [
            (".xml", escape_word, Some(|text| paper::word(text, paper::Tags::Plain))),
            (".md", escape_markdown, Some(paper::markdown)),
            (".html", escape_html, Some(paper::html)),
            (".txt", escape_text, None),
        ];
        let formats = formats.map(|(suffix, escape, setting)| Format::new(rules, suffix, escape, setting, &papers));
        Ok(Self { formats: formats.into_iter().collect::<Result<_>>()?, papers, words })
    }

    /// The template `name` (as in `checklist.md`) filled in with `data`.
    ///
    /// # Errors
    /// [`Kind::BadTemplate`] with the place, as when it asks for something that `data` has not.
    pub(super) fn fill(&self, name: &str, data: &impl Serialize) -> Result<String> {
        let known = |f: &&Format| name.ends_with(f.suffix) && f.sources.iter().any(|s| s.name == name);
        let format = self.formats.iter().find(known);
        let stem = |name: &'_ str| -> String { name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned() };
        let names: Vec<String> = self.names().map(stem).collect();
        let unknown = || crate::rules::unknown("template", &stem(name), names.iter().map(String::as_str));
        let format = format.ok_or_else(|| Error::new(Kind::Usage).detail(unknown()).hint("template list"))?;
        let context = Context::from_serialize(data).map_err(|e| told(&e, &format.sources))?;
        let filled = format.tera.render(name, &context).map_err(|e| told(&e, &format.sources))?;
        // Of a paper, a line end is what the paper says it is.
        let filled = if filled.contains(paper::BREAK) { filled.replace('\n', "").replace(paper::BREAK, "\n") } else { filled };
        Ok(tidy(&filled))
    }

    /// The Word file of an office's that stands for the template `name`.
    pub(super) fn word(&self, name: &str) -> Option<&WordTemplate> {
        self.words.iter().find(|w| w.name == name)
    }

    /// The template `name` as a Word file with tags in it: the office's own, or the paper made one.
    ///
    /// # Errors
    /// [`Kind::Usage`] when there is no such template.
    pub(super) fn as_word(&self, name: &str) -> Result<Vec<u8>> {
        if let Some(word) = self.word(name) {
            return Ok(word.bytes.clone());
        }
        let known = || self.papers.iter().map(|p| p.name.as_str());
        let paper = self.papers.iter().find(|p| p.name == name);
        let unknown = || crate::rules::unknown("template", name, known());
        let paper = paper.ok_or_else(|| Error::new(Kind::Usage).detail(unknown()).hint("template list"))?;
        let body = paper::word(&paper.text, paper::Tags::Lifted).map_err(|(line, sentence)| placed(paper, line, 1, &sentence))?;
        super::docx::pack(&body)
    }

    /// The names of all papers and Word files, sorted; whether each is a Word file, and whether it is the office's.
    pub(super) fn all(&self) -> std::collections::BTreeMap<&str, (bool, bool)> {
        let papers = self.papers.iter().map(|p| (p.name.as_str(), (false, p.own)));
        papers.chain(self.words.iter().map(|w| (w.name.as_str(), (true, w.own)))).collect()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.formats.iter().flat_map(|f| f.sources.iter().map(|s| s.name.as_str()))
    }
}

impl Format {
    fn new(rules: &RuleBook, suffix: &'static str, escape: tera::EscapeFn, setting: Option<Setting>, papers: &[Source]) -> Result<Self> {
        let mut tera = Tera::new();
        tera.autoescape_on([suffix]);
        tera.set_escape_fn(escape);
        let (mut sources, mut templates) = (Vec::new(), Vec::new());
        for path in rules.list(FOLDER).into_iter().filter(|p| p.ends_with(suffix)) {
            let text = rules.text(&path)?.replace("\r\n", "\n");
            let name = path.trim_start_matches(FOLDER).to_owned();
            templates.push((name.clone(), text.clone()));
            let own = rules.is_own(&path);
            sources.push(Source { name, path, text, own });
        }
        for source in papers {
            let name = format!("{}{suffix}", source.name);
            // A file of the format itself is the better one.
            let Some(setting) = setting.filter(|_| sources.iter().all(|s| s.name != name)) else { continue };
            let template = setting(&source.text).map_err(|(line, sentence)| placed(source, line, 1, &sentence))?;
            templates.push((name.clone(), template));
            sources.push(Source { name, ..source.clone() });
        }
        // All together, since one may include another.
        tera.add_raw_templates(templates.iter().map(|(n, t)| (n.as_str(), t.as_str()))).map_err(|e| told(&e, &sources))?;
        Ok(Self { suffix, tera, sources })
    }
}

/// At most one empty line in a row, none at either end: what a template leaves out leaves no hole.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.trim().lines().map(str::trim_end) {
        if !line.is_empty() || !out.ends_with("\n\n") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The XML template `text` filled in with `data`; a mistake is the place of its tag in `text`, in bytes, and a sentence.
pub(super) fn fill_xml(text: &str, data: &impl Serialize) -> Result<String, (Option<usize>, String)> {
    const NAME: &str = "part.xml";
    let told = |e: tera::Error| match e.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => (Some(report.span().range.start), plainly(report.message())),
        other => from_report(text, &other.to_string()),
    };
    let mut tera = Tera::new();
    tera.autoescape_on([".xml"]);
    tera.set_escape_fn(escape_word);
    tera.add_raw_template(NAME, text).map_err(told)?;
    let context = Context::from_serialize(data).map_err(told)?;
    tera.render(NAME, &context).map_err(told)
}

/// The sentence of a finished report, and its place as an offset into `text`.
fn from_report(text: &str, report: &str) -> (Option<usize>, String) {
    let (sentence, place) = sentence_and_place(report);
    let offset = place.and_then(|(_, line, column)| {
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        text[start..].char_indices().nth(column.saturating_sub(1)).map(|(at, _)| start + at)
    });
    (offset, plainly(&sentence))
}

/// The engine's sentence on one line; of the names that there are, the nearest to the one that is not, or all.
fn plainly(message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let missing = message.split_once("` is not defined. Available ").and_then(|(before, names)| {
        let name = before.strip_prefix("Variable `").or_else(|| before.strip_prefix("Field `"))?;
        Some((name, names.split_once(": ")?.1))
    });
    let told = |(name, known): (&str, &str)| {
        let told = crate::rules::unknown("name", name, known.split(", "));
        if told.contains(';') { told } else { format!("{told}; known are {known}") }
    };
    missing.map_or_else(|| message.clone(), told)
}

/// Some mistakes, as an unknown filter, come as the finished report alone: `error: …`, then ` --> file:line:column`.
fn sentence_and_place(report: &str) -> (String, Option<(String, usize, usize)>) {
    let sentence = report.lines().next().unwrap_or_default().trim_start_matches("error:").trim().to_owned();
    let place = report.lines().find_map(|l| l.trim_start().strip_prefix("--> "));
    let mut parts = place.unwrap_or_default().rsplitn(3, ':');
    let (column, line) = (parts.next().and_then(|c| c.parse().ok()), parts.next().and_then(|l| l.parse::<usize>().ok()));
    let place = match (parts.next(), line.filter(|l| *l > 0), column) {
        (Some(file), Some(line), Some(column)) => Some((file.to_owned(), line, column)),
        _ => None,
    };
    (sentence, place)
}

/// The engine's report as our error: the file, the line, one sentence.
fn told(error: &tera::Error, sources: &[Source]) -> Error {
    let known = |name: &str| sources.iter().find(|s| s.name == name);
    let (name, line, column, sentence) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            (report.filename().to_owned(), span.start_line, span.start_col + 1, report.message().to_owned())
        }
        other => match sentence_and_place(&other.to_string()) {
            (sentence, Some((file, line, column))) => (file, line, column, sentence),
            (sentence, None) => return Error::new(Kind::BadTemplate).at(format!("rules/{FOLDER}")).detail(sentence),
        },
    };
    match known(&name) {
        Some(source) => placed(source, line, if source.path.ends_with(PAPER) { 1 } else { column }, &sentence),
        None => Error::new(Kind::BadTemplate).at(format!("rules/{FOLDER}{name}")).detail(sentence),
    }
}

fn placed(source: &Source, line: usize, column: usize, sentence: &str) -> Error {
    let spot = Spot { line: line.max(1), column, text: source.text.clone() };
    let sentence = plainly(sentence);
    Error::new(Kind::BadTemplate).at(format!("rules/{}", source.path)).on(spot).detail(sentence)
}

/// True for letters that a reader can't see and that change how a line reads or where it ends.
pub(super) fn is_unseen(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{feff}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

/// `text` on one line, without unseen letters.
pub(super) fn one_line(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_unseen(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text within `w:t`: a line end becomes a break of the line, and no letter that XML forbids gets through.
fn escape_word(input: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let mut text = String::with_capacity(input.len() + 8);
    for c in input.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\n' => text.push_str("</w:t><w:br/><w:t xml:space=\"preserve\">"),
            '\t' => text.push(' '),
            c if is_unseen(c) || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => text.push(c),
        }
    }
    out.write_all(text.as_bytes())
}

/// Text within a web page; a line end becomes a break.
fn escape_html(input: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let seen: String = input.chars().filter(|c| !is_unseen(*c)).collect();
    let text = quick_xml::escape::escape(seen.as_str()).replace('\n', "<br>");
    out.write_all(text.as_bytes())
}

fn escape_text(input: &str, out: &mut dyn Write) -> std::io::Result<()> {
    out.write_all(input.chars().filter(|c| !is_unseen(*c)).collect::<String>().as_bytes())
}

/// Markdown's own signs are taken by their letter; a value never ends its line.
fn escape_markdown(input: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let mut text = String::with_capacity(input.len() + 8);
    let line = one_line(input);
    for (at, c) in line.char_indices() {
        let opens_a_block = matches!(c, '#' | '+' | '-' | '=') && at == 0
            || matches!(c, '.' | ')')
                && line[..at].bytes().all(|b| b.is_ascii_digit())
                && at > 0
                && line[at + 1..].chars().next().is_none_or(char::is_whitespace);
        match c {
            '&' if is_entity(&line[at..]) => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => text.extend(['\\', c]),
            c if opens_a_block => text.extend(['\\', c]),
            c => text.push(c),
        }
    }
    out.write_all(text.as_bytes())
}

/// True where `text` begins as the name of a letter does: `&lt;`. "TB&XH" is no such thing.
fn is_entity(text: &str) -> bool {
    let name = text[1..].trim_start_matches('#').trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    name.starts_with(';') && name.len() + 2 < text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, text: &str) -> Result<String> {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join(FOLDER);
        std::fs::create_dir_all(&folder).expect("makes");
        std::fs::write(folder.join(name), text).expect("writes");
        let data = serde_json::json!({ "what": "a|b <script>*x*\u{202e}\n# y", "nothing": null, "list": [1, 2] });
        Templates::new(&RuleBook::with_overlay(dir.path())?)?.fill(name, &data)
    }

    #[test]
    fn text_of_documents_stays_text() {
        assert_eq!(with("thử.md", "{{ what }}{{ nothing }}").expect("fills"), "a\\|b &lt;script&gt;\\*x\\* # y\n");
        for (text, told) in [("TB&XH, &", "TB&XH, &"), ("TB&XH;", "TB&amp;XH;"), ("&lt;b&#62;", "&amp;lt;b&amp;#62;"), ("&;", "&;")] {
            let mut out = Vec::new();
            escape_markdown(text, &mut out).expect("writes");
            assert_eq!(String::from_utf8(out).expect("UTF-8"), told);
        }
        assert_eq!(with("thử.txt", "{{ what }}").expect("fills"), "a|b <script>*x*\n# y\n");
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        for (text, line, words) in [
            ("một\n{{ wat }}", 2, "wat"),
            ("một\n\n{% for x in list %}{{ x }}", 3, ""),
            ("{{ what | shout }}", 1, "shout"),
            ("{{ what ", 1, ""),
            ("{% if %}x{% endif %}", 1, ""),
            ("{% endfor %}", 1, "tag"),
            ("{{ what.sub.sub }}", 1, ""),
            ("\n{% for x in wat %}{% endfor %}", 2, ""),
        ] {
            let error = with("sai.md", text).expect_err(text);
            assert_eq!(error.kind(), Kind::BadTemplate, "{text}");
            assert!(error.path().is_some_and(|p| p.ends_with("sai.md")), "{text}: {error}");
            assert_eq!(error.spot().map(|s| s.line), Some(line), "{text}: {error}");
            assert!(error.detail_text().is_some_and(|d| d.contains(words) && !d.contains('\n')), "{text}: {error}");
        }
    }
}
