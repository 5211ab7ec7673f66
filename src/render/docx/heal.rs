//! Makes the tags in a part of a Word file whole: Word splits what a person typed over several runs, bends its quotes and escapes its
//! signs. A tag that rules a row or a paragraph (`{%tr … %}`, `{%p … %}`) takes the place of that row or paragraph.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::error::{Error, Kind, Result};

/// A piece of the part, as it stands in the file.
#[derive(Clone, Debug, PartialEq)]
struct Token {
    kind: Is,
    /// As in the file, angle brackets and all.
    raw: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Is {
    Open(String),
    Close(String),
    /// Letters within `w:t`.
    Words,
    Other,
}

/// The part `xml` as a template: every tag in one piece and as it was meant.
///
/// # Errors
/// [`Kind::Damaged`] when it is not XML, [`Kind::BadTemplate`] when words would be lost.
pub(super) fn template(xml: &str) -> Result<String> {
    let mut tokens = tokens(xml)?;
    whole(&mut tokens);
    let tokens = lifted(lifted(tokens, "tr", "w:tr")?, "p", "w:p")?;
    Ok(tokens.into_iter().map(|t| t.raw).collect())
}

fn tokens(xml: &str) -> Result<Vec<Token>> {
    let damaged = |e: quick_xml::Error| Error::new(Kind::Damaged).because(e);
    let mut reader = Reader::from_str(xml);
    let (mut tokens, mut at, mut in_words) = (Vec::new(), 0, false);
    loop {
        let event = reader.read_event().map_err(damaged)?;
        let end = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(xml.len());
        let raw = xml.get(at..end).unwrap_or_default().to_owned();
        at = end;
        let kind = match event {
            Event::Eof => return Ok(tokens),
            Event::Start(e) => {
                let name = e.name().as_ref().to_owned();
                in_words = name == "w:t";
                Is::Open(name)
            }
            Event::End(e) => {
                in_words = false;
                Is::Close(e.name().as_ref().to_owned())
            }
            Event::Text(_) | Event::GeneralRef(_) if in_words => Is::Words,
            _ => Is::Other,
        };
        match tokens.last_mut() {
            // An entity divides what is one stretch of letters.
            Some(Token { kind: Is::Words, raw: before }) if kind == Is::Words => before.push_str(&raw),
            _ => tokens.push(Token { kind, raw }),
        }
    }
}

/// Brings each tag of a paragraph into the run in which it begins.
fn whole(tokens: &mut [Token]) {
    let mut paragraph: Vec<usize> = Vec::new();
    for at in 0..tokens.len() {
        match &tokens[at].kind {
            Is::Words => paragraph.push(at),
            Is::Open(name) | Is::Close(name) if name == "w:p" => {
                join(tokens, &paragraph);
                paragraph.clear();
            }
            _ => {}
        }
    }
    join(tokens, &paragraph);
}

fn join(tokens: &mut [Token], paragraph: &[usize]) {
    let mut open: Option<(usize, String)> = None;
    for &at in paragraph {
        let mut kept = String::new();
        let mut rest = std::mem::take(&mut tokens[at].raw);
        loop {
            let Some((begun, mut tag)) = open.take() else {
                let Some(start) = opening(&rest) else {
                    // A brace at the very end may be the first half of an opening.
                    kept.push_str(&rest);
                    break;
                };
                kept.push_str(&rest[..start]);
                let tag = rest.split_off(start);
                open = Some((at, String::new()));
                rest = tag;
                continue;
            };
            tag.push_str(&rest);
            match closing(&tag) {
                Some(end) => {
                    rest = tag.split_off(end);
                    let tag = meant(&tag);
                    if begun == at { kept.push_str(&tag) } else { tokens[begun].raw.push_str(&tag) }
                }
                None => {
                    open = Some((begun, tag));
                    break;
                }
            }
        }
        tokens[at].raw = kept;
    }
    // What never closes stays as it was typed, for the engine to complain of.
    if let Some((at, tag)) = open {
        let whole = if tag.len() > 1 { meant(&tag) } else { tag };
        tokens[at].raw.push_str(&whole);
    }
}

/// Where a tag begins; a lone brace at the end may be the half of one.
fn opening(text: &str) -> Option<usize> {
    let full = ["{{", "{%", "{#"].iter().filter_map(|mark| text.find(mark)).min();
    full.or_else(|| text.ends_with('{').then(|| text.len() - 1))
}

/// One past the end of the tag that `text` begins with.
fn closing(text: &str) -> Option<usize> {
    let mark = match text.as_bytes().get(..2)? {
        b"{{" => "}}",
        b"{%" => "%}",
        b"{#" => "#}",
        // The brace at the end of a run was no half of a tag after all.
        _ => return Some(1),
    };
    text.get(2..)?.find(mark).map(|at| at + 4)
}

/// A tag as it was meant: entities undone, bent quotes straight.
fn meant(tag: &str) -> String {
    let plain = quick_xml::escape::unescape(tag).map_or_else(|_| tag.to_owned(), |t| t.into_owned());
    if plain.starts_with('{') && plain.len() > 1 {
        plain.replace(['“', '”', '„', '″'], "\"").replace(['‘', '’', '′'], "'").replace('\u{a0}', " ")
    } else {
        tag.to_owned()
    }
}

/// Each `{%tr … %}` in place of the row it stands in (`mark` `tr`, `element` `w:tr`), and likewise for paragraphs.
fn lifted(tokens: Vec<Token>, mark: &str, element: &str) -> Result<Vec<Token>> {
    let opens = format!("{{%{mark} ");
    let mut out: Vec<Token> = Vec::new();
    let mut skip_to: Option<usize> = None;
    for (at, token) in tokens.iter().enumerate() {
        if skip_to.is_some_and(|end| at <= end) {
            continue;
        }
        let found = matches!(token.kind, Is::Words).then(|| token.raw.find(&opens)).flatten();
        let Some(start) = found else {
            out.push(token.clone());
            continue;
        };
        let inner = &token.raw[start + opens.len()..];
        let tag = inner.split("%}").next().unwrap_or_default();
        match (beginning(&out, element), ending(&tokens, at, element)) {
            (Some(begin), Some(end)) => {
                let whole = format!("{opens}{tag}%}}");
                let lost = out.drain(begin..).chain(tokens[at..=end].iter().cloned()).filter(|t| t.kind == Is::Words);
                let lost: String = lost.map(|t| t.raw).collect::<String>().replacen(&whole, "", 1);
                if !lost.trim().is_empty() {
                    let sentence = format!("“{whole}{lost}”: `{whole}` stands beside other words, which would be lost");
                    let number = tokens[..at].iter().filter(|t| t.kind == Is::Close("w:p".to_owned())).count() + 1;
                    return Err(Error::new(Kind::BadTemplate).detail(format!("¶{number} {sentence}")));
                }
                out.push(Token { kind: Is::Other, raw: format!("{{% {} %}}", tag.trim()) });
                skip_to = Some(end);
            }
            _ => out.push(token.clone()),
        }
    }
    Ok(out)
}

/// Where the innermost open `element` begins.
fn beginning(tokens: &[Token], element: &str) -> Option<usize> {
    let mut closed = 0;
    for (at, token) in tokens.iter().enumerate().rev() {
        match &token.kind {
            Is::Close(name) if name == element => closed += 1,
            Is::Open(name) if name == element && closed > 0 => closed -= 1,
            Is::Open(name) if name == element => return Some(at),
            _ => {}
        }
    }
    None
}

/// Where the `element` around `at` ends.
fn ending(tokens: &[Token], at: usize, element: &str) -> Option<usize> {
    let mut opened = 0;
    for (at, token) in tokens.iter().enumerate().skip(at) {
        match &token.kind {
            Is::Open(name) if name == element => opened += 1,
            Is::Close(name) if name == element && opened > 0 => opened -= 1,
            Is::Close(name) if name == element => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn healed(xml: &str) -> String {
        template(xml).expect(xml)
    }

    #[test]
    fn a_tag_over_several_runs_is_one() {
        let xml = "<w:p><w:r><w:t>Số: {</w:t></w:r><w:r><w:t>{ head.</w:t></w:r><w:r><w:t>number }} và {{ x</w:t></w:r><w:r><w:t> }}.</w:t></w:r></w:p>";
        assert_eq!(
            healed(xml),
            "<w:p><w:r><w:t>Số: {{ head.number }}</w:t></w:r><w:r><w:t></w:t></w:r><w:r><w:t> và {{ x }}</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p>"
        );
    }

    #[test]
    fn quotes_and_signs_are_as_they_were_meant() {
        let xml = "<w:p><w:t>{{ a | default(value=“x &amp; y”) }} &amp; {% if a &gt; 1 %}{ 1 }{% endif %}</w:t></w:p>";
        assert_eq!(healed(xml), "<w:p><w:t>{{ a | default(value=\"x & y\") }} &amp; {% if a > 1 %}{ 1 }{% endif %}</w:t></w:p>");
    }

    #[test]
    fn a_tag_of_a_row_takes_the_rows_place() {
        let row = |t: &str| format!("<w:tr><w:tc><w:p><w:r><w:t>{t}</w:t></w:r></w:p></w:tc></w:tr>");
        let xml = format!("<w:tbl>{}{}{}</w:tbl>", row("{%tr for t in list %}"), row("{{ t }}"), row("{%tr endfor %}"));
        assert_eq!(healed(&xml), format!("<w:tbl>{{% for t in list %}}{}{{% endfor %}}</w:tbl>", row("{{ t }}")));
        // In a table within a cell, the inner row is meant.
        let nested = format!("<w:tr><w:tc><w:tbl>{}</w:tbl></w:tc></w:tr>", row("{%tr if a %}"));
        assert_eq!(healed(&nested), "<w:tr><w:tc><w:tbl>{% if a %}</w:tbl></w:tc></w:tr>");
        let paragraph = "<w:p><w:t>a</w:t></w:p><w:p><w:r><w:t>{%p en</w:t></w:r><w:r><w:t>dif %}</w:t></w:r></w:p>";
        assert_eq!(healed(paragraph), "<w:p><w:t>a</w:t></w:p>{% endif %}");
    }

    proptest! {
        #[test]
        fn text_without_tags_stays_as_it_is(runs in proptest::collection::vec("[a-zạ&<>{% }\"“ ]{0,8}", 1..6)) {
            let text: String = runs.iter().map(|r| format!("<w:r><w:t>{}</w:t></w:r>", quick_xml::escape::escape(r.as_str()))).collect();
            let xml = format!("<w:p>{text}</w:p>");
            let healed = template(&xml).expect("XML");
            let all: String = runs.concat();
            if !["{{", "{%", "{#"].iter().any(|m| all.contains(m)) {
                prop_assert_eq!(healed, xml);
            }
        }
    }
}
