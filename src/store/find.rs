//! Finds tasks, quotas and plans in a store by words, doer and month; marks may be left out.

use std::path::Path;
use std::str::FromStr;

use rusqlite::{Connection, OpenFlags, Row, params_from_iter};

use super::journal::told;
use crate::error::{Error, Kind, Result};
use crate::text::letters::fold;

/// A month, as `2024-05` or as offices write it, `5/2024`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month(String);

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Option<Vec<u16>> = text.split(['-', '/', '.']).map(|n| n.parse().ok()).collect();
        match numbers.as_deref() {
            Some([year @ 1000..=9999, month @ 1..=12] | [month @ 1..=12, year @ 1000..=9999]) => Ok(Self(format!("{year}-{month:02}"))),
            _ => Err("not-a-month".to_owned()),
        }
    }
}

/// What is asked for; what is left out is not looked at.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// Words that stand together.
    pub words: Option<String>,
    /// Words of the name of who does it, supports it or receives it.
    pub who: Option<String>,
    /// The month in which it is due.
    pub due: Option<Month>,
    /// At most how many answers.
    pub most: usize,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// `task`, `quota` or `plan`.
    pub kind: String,
    /// The bundle.
    pub bundle: String,
    /// The id of the task or quota; empty for a plan.
    pub id: String,
    /// Number and sign of the plan.
    pub number: Option<String>,
    /// The day of issue.
    pub issued: Option<String>,
    /// The title of the plan.
    pub title: Option<String>,
    /// What is to be done or reached.
    pub what: Option<String>,
    /// Who.
    pub who: Option<String>,
    /// When, in the words of the plan.
    pub due: Option<String>,
    /// The file, page and line.
    pub place: Option<(String, Option<u32>, u32)>,
}

/// Answers looked at before those whose marks agree are put first.
const LOOKED_AT: usize = 500;

const ANSWER: &str = "
    SELECT f.kind, f.bundle, f.id, p.number, p.issued, p.title,
        coalesce(t.what, q.what), q.amount, q.unit,
        coalesce(t.who, q.who), coalesce(t.due_says, d.says), coalesce(t.file, q.file), coalesce(t.page, q.page),
        coalesce(t.line_from, q.line_from)
    FROM {from}
    CROSS JOIN facts f ON f.fact = {fact}
    CROSS JOIN plans p ON p.bundle = f.bundle
    LEFT JOIN tasks t ON f.kind = 'task' AND t.bundle = f.bundle AND t.task = f.id
    LEFT JOIN quotas q ON f.kind = 'quota' AND q.bundle = f.bundle AND q.quota = f.id
    LEFT JOIN dues d ON d.bundle = f.bundle AND d.fact = f.kind AND d.fact_id = f.id
    WHERE {where} ORDER BY {fact} DESC LIMIT {most}";

/// What the store `dir` has on `ask`: plans of the latest year first, and of what stands alike those whose marks agree.
///
/// # Errors
/// [`Kind::NotFound`] when `dir` is no store; [`Kind::Usage`] when nothing is asked; [`Kind::BadRecord`] when its file is damaged.
pub fn find(dir: &Path, ask: &Ask) -> Result<Vec<Found>> {
    let path = dir.join("plans.sqlite");
    if !path.is_file() {
        return Err(Error::new(Kind::NotFound).at(path));
    }
    let columns = [("what", &ask.words), ("who", &ask.who)];
    let phrases: Vec<String> = columns.into_iter().filter_map(|(column, text)| phrase(column, text.as_deref()?)).collect();
    let (from, fact, mut conditions) = match (phrases.is_empty(), &ask.due) {
        (true, None) => return Err(Error::new(Kind::Usage).detail("nothing to find")),
        (true, Some(_)) => ("falls m", "m.fact", vec![]),
        (false, None) => ("words", "words.rowid", vec!["words MATCH ?"]),
        (false, Some(_)) => ("words CROSS JOIN falls m ON m.fact = words.rowid", "words.rowid", vec!["words MATCH ?"]),
    };
    let mut values = Vec::from_iter((!phrases.is_empty()).then(|| phrases.join(" AND ")));
    if let Some(Month(month)) = &ask.due {
        conditions.push("m.month = ?");
        values.push(month.clone());
    }
    let looked_at = LOOKED_AT.max(ask.most).to_string();
    let parts = [("{from}", from), ("{fact}", fact), ("{where}", &conditions.join(" AND ")), ("{most}", &looked_at)];
    let query = parts.iter().fold(ANSWER.to_owned(), |query, (hole, part)| query.replace(hole, part));
    let run = || {
        let db = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut query = db.prepare(&query)?;
        query.query_map(params_from_iter(values), answer)?.collect::<rusqlite::Result<Vec<Found>>>()
    };
    let mut found = run().map_err(|e| told(e, &path))?;
    if let Some(words) = &ask.words {
        let words = words.to_lowercase();
        let agrees = |text: &Option<String>| text.as_ref().is_some_and(|t| t.to_lowercase().contains(&words));
        found.sort_by_key(|f| !(agrees(&f.what) || f.kind == "plan" && agrees(&f.title)));
    }
    found.truncate(ask.most);
    Ok(found)
}

/// The words of `text` in a row, as the index knows them; nothing in `text` is taken for a sign of the query's language.
fn phrase(column: &str, text: &str) -> Option<String> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    (!words.is_empty()).then(|| format!("{column} : \"{}\"", words.join(" ")))
}

fn answer(row: &Row<'_>) -> rusqlite::Result<Found> {
    let (what, amount, unit): (Option<String>, Option<f64>, Option<String>) = (row.get(6)?, row.get(7)?, row.get(8)?);
    let counted = amount.map(|amount| format!("{}: {amount} {}", what.as_deref().unwrap_or_default(), unit.unwrap_or_default()));
    let file: Option<String> = row.get(11)?;
    let (page, line): (Option<u32>, Option<u32>) = (row.get(12)?, row.get(13)?);
    Ok(Found {
        kind: row.get(0)?,
        bundle: row.get(1)?,
        id: row.get(2)?,
        number: row.get(3)?,
        issued: row.get(4)?,
        title: row.get(5)?,
        what: counted.or(what),
        who: row.get(9)?,
        due: row.get(10)?,
        place: file.map(|file| (file, page, line.unwrap_or(1))),
    })
}
