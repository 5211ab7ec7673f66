//! Writes YAML that readers of 1.1 and of 1.2 understand alike: what an old reader would take for a date, a time, a number or a
//! truth value is quoted. Reading is the library's.

use serde::Serialize;
use serde_yaml::Value;

use crate::error::{Error, Kind, Result};

/// Keys whose value is a day, so that `2024-04-25` may stand there without quotes.
const DAY_KEYS: [&str; 5] = ["issued", "date", "from", "to", "until"];

/// A list or mapping is set on one line when it is at most this many letters wide.
const LINE: usize = 120;

/// `value` as YAML: block style, short inner lists and mappings on one line, keys in the order of the type.
///
/// # Errors
/// When `value` can't be told as YAML at all (a map with keys that are not words).
pub fn write(value: &impl Serialize) -> Result<String> {
    let value = serde_yaml::to_value(value).map_err(|e| Error::new(Kind::BadRecord).detail(e.to_string()).because(e))?;
    let mut out = String::new();
    block(&value, 0, &mut out);
    Ok(out)
}

fn block(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Mapping(map) if !map.is_empty() => {
            for (nth, (key, value)) in map.iter().enumerate() {
                if nth > 0 {
                    pad(indent, out);
                }
                let key = key_of(key);
                out.push_str(&scalar(&key, false));
                out.push(':');
                child(&key, value, indent, out);
            }
        }
        Value::Sequence(list) if !list.is_empty() => {
            for (nth, item) in list.iter().enumerate() {
                if nth > 0 {
                    pad(indent, out);
                }
                out.push('-');
                match flow("", item).filter(|f| f.chars().count() + indent + 2 <= LINE || is_leaf(item)) {
                    Some(line) => {
                        out.push(' ');
                        out.push_str(&line);
                        out.push('\n');
                    }
                    None => {
                        out.push(' ');
                        block(item, indent + 2, out);
                    }
                }
            }
        }
        other => {
            out.push_str(&leaf("", other, false));
            out.push('\n');
        }
    }
}

/// What follows `key:`.
fn child(key: &str, value: &Value, indent: usize, out: &mut String) {
    if is_leaf(value) {
        out.push(' ');
        out.push_str(&leaf(key, value, false));
        out.push('\n');
        return;
    }
    if let Some(line) = flow(key, value).filter(|f| f.chars().count() + indent + key.len() + 2 <= LINE) {
        out.push(' ');
        out.push_str(&line);
        out.push('\n');
        return;
    }
    out.push('\n');
    pad(indent + 2, out);
    block(value, indent + 2, out);
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn is_leaf(value: &Value) -> bool {
    match value {
        Value::Mapping(map) => map.is_empty(),
        Value::Sequence(list) => list.is_empty(),
        _ => true,
    }
}

/// `value` on one line; `None` for what nests too deep to be read so.
fn flow(key: &str, value: &Value) -> Option<String> {
    match value {
        Value::Mapping(map) if !map.is_empty() => {
            let parts: Option<Vec<String>> = map
                .iter()
                .map(|(k, v)| {
                    let k = key_of(k);
                    flow_inner(&k, v).map(|v| format!("{}: {v}", scalar(&k, true)))
                })
                .collect();
            parts.map(|p| format!("{{ {} }}", p.join(", ")))
        }
        Value::Sequence(list) if !list.is_empty() => {
            let parts: Option<Vec<String>> = list.iter().map(|v| is_leaf(v).then(|| leaf(key, v, true))).collect();
            parts.map(|p| format!("[{}]", p.join(", ")))
        }
        other => Some(leaf(key, other, true)),
    }
}

/// Within a flow mapping, leaves, lists of leaves and one more mapping of leaves.
fn flow_inner(key: &str, value: &Value) -> Option<String> {
    match value {
        Value::Mapping(map) if map.values().any(|v| !is_leaf(v)) => None,
        _ => flow(key, value),
    }
}

fn key_of(key: &Value) -> String {
    match key {
        Value::String(s) => s.clone(),
        other => leaf("", other, false),
    }
}

fn leaf(key: &str, value: &Value, in_flow: bool) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => number(n),
        Value::String(s) if DAY_KEYS.contains(&key) && is_day(s) => s.clone(),
        Value::String(s) => scalar(s, in_flow),
        Value::Mapping(_) => "{}".into(),
        Value::Sequence(_) => "[]".into(),
        Value::Tagged(t) => leaf(key, &t.value, in_flow),
    }
}

/// An old reader takes `1e300` for a word: it wants the point and the sign.
fn number(n: &serde_yaml::Number) -> String {
    let text = n.to_string();
    match text.split_once('e') {
        Some((head, power)) => {
            let head = if head.contains('.') { head.to_owned() } else { format!("{head}.0") };
            let power = if power.starts_with('-') { power.to_owned() } else { format!("+{power}") };
            format!("{head}e{power}")
        }
        None => text,
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// `text` plain where no reader can mistake it, else quoted.
fn scalar(text: &str, in_flow: bool) -> String {
    if is_plain(text, in_flow) {
        text.to_owned()
    } else if text.contains(['"', '\\']) && !text.chars().any(must_escape) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        double_quoted(text)
    }
}

fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if must_escape(c) && (c as u32) <= 0xff => out.push_str(&format!("\\x{:02X}", c as u32)),
            c if must_escape(c) && (c as u32) <= 0xffff => out.push_str(&format!("\\u{:04X}", c as u32)),
            c if must_escape(c) => out.push_str(&format!("\\U{:08X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Letters that YAML forbids in the open, and those that turn the writing round unseen.
fn must_escape(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || (c as u32) & 0xfffe == 0xfffe
        || matches!(c as u32, 0xfdd0..=0xfdef)
}

fn is_plain(text: &str, in_flow: bool) -> bool {
    const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "none"];
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else { return false };
    let opens = first.is_alphabetic() || (first.is_ascii_digit() && is_plainly_a_word(text)) || first == '“';
    opens
        && !last.is_whitespace()
        && last != ':'
        && !text.chars().any(must_escape)
        && !text.contains(": ")
        && !text.contains(" #")
        && !WORDS.contains(&text.to_lowercase().as_str())
        && !(in_flow && text.contains([',', '[', ']', '{', '}', ':', '"', '\'', '#', '&', '*', '!', '|', '>', '%', '@', '`', '?']))
}

/// Opens with a digit and yet is no number, time or date to anybody: it holds a letter that none of these hold.
fn is_plainly_a_word(text: &str) -> bool {
    text.chars().any(|c| c.is_alphabetic() && !c.is_ascii_hexdigit() && !matches!(c, 'x' | 'X' | 'o' | 'O' | 't' | 'T' | 'z' | 'Z'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn what_an_old_reader_would_mistake_is_quoted() {
        let words = [
            "15:00",
            "08-03",
            "2024-04-25",
            "no",
            "Off",
            "y",
            "NULL",
            "~",
            "",
            " x",
            "x ",
            "12",
            "1e5",
            "0x1F",
            "1_000",
            "-",
            "- a",
            "a: b",
            "a #b",
            "=",
            "<<",
            ".5",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "190:20:30",
            "2001-12-14t21:59:43Z",
            "a:",
            "0b11",
            "'",
            "\"",
        ];
        for word in words {
            let line = write(&word).expect("writes");
            assert!(line.starts_with(['"', '\'']), "{word:?} came out as {line}");
        }
        for word in ["77/KH-UBND", "Tổ dân phố Số 1", "08-CT/TU", "trước ngày 25/4/2024", "“Đợt cao điểm”", "weekly"] {
            assert_eq!(write(&word).expect("writes").trim_end(), word);
        }
    }

    #[test]
    fn a_day_is_plain_where_a_day_belongs() {
        let map = BTreeMap::from([("date", "2024-04-25"), ("title", "2024-04-25")]);
        assert_eq!(write(&map).expect("writes"), "date: 2024-04-25\ntitle: \"2024-04-25\"\n");
    }

    #[test]
    fn numbers_are_numbers_to_everybody() {
        assert_eq!(write(&[1.5, 1e300]).expect("writes"), "- 1.5\n- 1.0e+300\n");
    }

    proptest! {
        #[test]
        fn any_words_come_back(text in "\\PC*|.*|[\\s\\S]{0,40}", key in "[a-z]{1,8}") {
            let map = BTreeMap::from([(key, vec![text.clone(), text])]);
            let yaml = write(&map).expect("writes");
            let again: BTreeMap<String, Vec<String>> = serde_yaml::from_str(&yaml).map_err(|e| TestCaseError::fail(format!("{e}: {yaml}")))?;
            prop_assert_eq!(again, map);
        }
    }
}
