//! `review.html`: one file in which a person goes over everything found, beside the text it rests on; no server and no network needed.

mod corrected;
mod data;

pub(super) use corrected::{correct, done};
pub use data::version;

use std::collections::BTreeMap;

use base64::Engine as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::record::Report;
use super::slot;
use super::words::Words;
use super::{Reading, calendar, findings};
use crate::calendar::Calendar;
use crate::correct::Corrections;
use crate::error::{Error, Kind, Result};
use crate::repair::Citation;
use crate::rules::RuleBook;

const FRAME: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
/// The program of the page, in the order in which its parts build on one another.
const PARTS: [&str; 8] = [
    include_str!("page/dom.js"),
    include_str!("page/dues.js"),
    include_str!("page/state.js"),
    include_str!("page/source.js"),
    include_str!("page/overview.js"),
    include_str!("page/items.js"),
    include_str!("page/editor.js"),
    include_str!("page/main.js"),
];

/// Where a page stands and so how it saves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// A file that was double-clicked: it hands `corrections.yaml` to the person.
    File,
    /// Our own server: it hands `corrections.yaml` to the server, at `corrections` beside the page.
    Server,
}

/// The words of the page and of what corrections come to: `rules/render/review.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewWords {
    page: BTreeMap<String, String>,
    eyes: BTreeMap<String, String>,
    /// Ids of findings that are about sums.
    sums: Vec<String>,
    /// What a cell is called.
    cell: String,
    misfit: MisfitWords,
    done: DoneWords,
}

/// How it is told that a duty is done.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DoneWords {
    whole: String,
    dated: String,
    days: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MisfitWords {
    unfit: String,
    unfit_instead: String,
    differs: String,
    unticked: String,
    nothing: String,
}

impl ReviewWords {
    pub(super) fn new(rules: &RuleBook) -> Result<Self> {
        rules.load("render/review.yaml")
    }
}

/// What the page is made with besides the plan.
pub(super) struct Tools<'a> {
    pub(super) words: &'a Words,
    pub(super) review: &'a ReviewWords,
    pub(super) advice: &'a findings::Advice,
    pub(super) settings: &'a calendar::Settings,
    pub(super) holidays: &'a Calendar,
    pub(super) today: jiff::civil::Date,
    /// What the plan is called.
    pub(super) name: String,
}

/// The page of `report`; `corrections` are those made so far.
pub(super) fn page(report: &Report, reading: &Reading, corrections: &Corrections, home: Home, tools: &Tools<'_>) -> Result<String> {
    let data = data::PageData::new(report, reading, corrections, home, tools);
    let json = serde_json::to_string(&data).map_err(|e| Error::new(Kind::BadRecord).because(e))?;
    let program = format!("\"use strict\";\n(() => {{\n{}\n}})();\n", PARTS.join("\n").replace("\r\n", "\n"));
    let style = STYLE.replace("\r\n", "\n");
    let connect = match home {
        Home::File => "",
        Home::Server => " connect-src 'self';",
    };
    let policy = format!(
        "default-src 'none'; script-src {}; style-src {}; img-src data:;{connect} base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        source_hash(&program),
        source_hash(&style)
    );
    let word = |name: &str| in_html(tools.review.page.get(name).map_or("", String::as_str));
    let (title, needs_script) = (word("title"), word("needs_script"));
    let parts = [
        ("policy", policy.as_str()),
        ("title", title.as_str()),
        ("style", style.as_str()),
        ("needs_script", needs_script.as_str()),
        ("data", &in_script(&json)),
        ("program", program.as_str()),
    ];
    // Neither our own style nor our own program holds a hole; what is filled in is not looked at again.
    let mut rest = FRAME.replace("\r\n", "\n");
    let mut page = String::with_capacity(json.len() + program.len() + style.len() + rest.len());
    for (name, value) in parts {
        if let Some((before, after)) = rest.split_once(&format!("{{{{{name}}}}}")) {
            page = page + before + value;
            rest = after.to_owned();
        }
    }
    Ok(page + &rest)
}

/// The source of a script or style as a policy names it.
fn source_hash(text: &str) -> String {
    format!("'sha256-{}'", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes())))
}

fn in_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// JSON that no reader of HTML or JavaScript can take for anything else.
fn in_script(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 32);
    for c in json.chars() {
        match c {
            // Marks that turn the writing round would do so in the file's own text too.
            '<' | '>' | '&' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
                out.push_str(&format!("\\u{:04x}", c as u32))
            }
            c => out.push(c),
        }
    }
    out
}

/// A stretch of days as the page has it: first and last.
#[derive(Clone, Debug, Serialize)]
struct Stretch(jiff::civil::Date, jiff::civil::Date);

impl From<&(jiff::civil::Date, jiff::civil::Date)> for Stretch {
    fn from((from, to): &(jiff::civil::Date, jiff::civil::Date)) -> Self {
        Self(*from, *to)
    }
}

/// The days on which a due stands, its hour, and what must be told about them.
fn days(due: &crate::calendar::Due, report: &Report, tools: &Tools<'_>) -> Option<slot::Slot> {
    slot::slot(due, &report.document, tools.settings.open_weekday())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_never_closes_its_script() {
        let json = serde_json::to_string("</script><!-- & \u{2028}").expect("json");
        let safe = in_script(&json);
        assert!(!safe.contains(['<', '>', '&', '\u{2028}']));
        assert_eq!(serde_json::from_str::<String>(&safe).expect("the same"), "</script><!-- & \u{2028}");
    }

    #[test]
    fn our_own_program_and_style_hold_no_hole_and_no_end() {
        for part in PARTS.iter().chain([&STYLE]) {
            assert!(!part.contains("{{") && !part.to_lowercase().contains("</s"), "{part}");
            assert!(!part.contains("innerHTML") && !part.contains("insertAdjacent") && !part.contains("document.write"));
        }
    }
}
