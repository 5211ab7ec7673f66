//! The rows that one bundle comes to, taken from its report: flat, with names in place of ids, so that a table can be read alone.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::calendar::{Due, When, occurrences};
use crate::extract::Figure;
use crate::render::Report;
use crate::render::record::{DocumentRecord, QuotaRecord, TaskRecord};
use crate::repair::Citation;
use crate::text::Sure;

/// A row: the columns of its table by name. Absent knowledge is an absent key.
pub type Row = Map<String, Value>;

/// How far a recurrence without an end is followed.
const YEARS: i16 = 5;

/// What one bundle came to: one row in `plans` with the rows that hang on it, or one row in `failures`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The bundle: the path of its plan from its root, the root's own name first.
    pub bundle: String,
    /// Hash of what was read and of the program, model and rules that read it.
    pub key: String,
    /// The year of issue, where it is known: the partition of every row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
    /// One row, or none when it failed.
    #[serde(default)]
    pub plans: Vec<Row>,
    /// What somebody must do.
    #[serde(default)]
    pub tasks: Vec<Row>,
    /// By when: of tasks and of quotas.
    #[serde(default)]
    pub dues: Vec<Row>,
    /// Numbers to be reached.
    #[serde(default)]
    pub quotas: Vec<Row>,
    /// What a careful reader would query.
    #[serde(default)]
    pub findings: Vec<Row>,
    /// One row when it failed.
    #[serde(default)]
    pub failures: Vec<Row>,
}

/// Why a bundle failed, as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// [`crate::error::Kind::id`].
    pub kind: String,
    /// The file it is about.
    pub file: Option<String>,
    /// One sentence: the limit reached.
    pub detail: Option<String>,
}

impl From<&crate::Error> for Failure {
    fn from(error: &crate::Error) -> Self {
        let text = |path: &std::path::Path| path.to_string_lossy().into_owned();
        Self { kind: error.kind().id().to_owned(), file: error.path().map(text), detail: error.detail_text().map(str::to_owned) }
    }
}

impl Record {
    /// The rows of `report`.
    pub fn of(bundle: &str, key: &str, report: &Report) -> Self {
        let document = &report.document;
        let mut dues = Vec::new();
        let mut task = |t: &TaskRecord| {
            dues.extend(t.due.as_ref().map(|d| due("task", &t.id, d, document)));
            task_row(t, report)
        };
        let tasks: Vec<Row> = report.tasks.iter().map(&mut task).collect();
        let mut quota = |q: &QuotaRecord| {
            dues.extend(q.by.as_ref().map(|d| due("quota", &q.id, d, document)));
            quota_row(q, report)
        };
        let quotas: Vec<Row> = report.quotas.iter().map(&mut quota).collect();
        let finding = |f: &crate::render::record::FindingRecord| {
            let mut row = Row::new();
            put(&mut row, "finding", &f.id);
            put(&mut row, "level", f.level);
            put(&mut row, "message", &f.message);
            f.at.iter().for_each(|at| cite(&mut row, at));
            row
        };
        let findings = report.findings.iter().map(finding).collect();
        let plan = plan_row(key, report, dues.len());
        let year = document.issued.map(Date::year);
        Self {
            bundle: bundle.to_owned(),
            key: key.to_owned(),
            year,
            plans: vec![plan],
            tasks,
            dues,
            quotas,
            findings,
            failures: Vec::new(),
        }
    }

    /// The one row of a bundle that failed.
    pub fn failed(bundle: &str, key: &str, failure: &Failure) -> Self {
        let mut row = Row::new();
        put(&mut row, "key", key);
        put(&mut row, "kind", &failure.kind);
        put(&mut row, "file", &failure.file);
        put(&mut row, "detail", &failure.detail);
        Self { bundle: bundle.to_owned(), key: key.to_owned(), failures: vec![row], ..Self::default() }
    }

    /// Why it failed; `None` when it did not.
    pub fn failure(&self) -> Option<Failure> {
        let row = self.failures.first()?;
        let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Failure { kind: text("kind").unwrap_or_default(), file: text("file"), detail: text("detail") })
    }

    /// The rows of `table`, by its name in [`super::TABLES`].
    pub fn rows(&self, table: &str) -> &[Row] {
        match table {
            "plans" => &self.plans,
            "tasks" => &self.tasks,
            "dues" => &self.dues,
            "quotas" => &self.quotas,
            "findings" => &self.findings,
            "failures" => &self.failures,
            _ => &[],
        }
    }
}

/// Puts `value` into `row` unless it is nothing.
fn put(row: &mut Row, name: &str, value: impl Serialize) {
    // What a row holds are strings, numbers and lists of them: these can always be told as JSON.
    let value = serde_json::to_value(value).unwrap_or_default();
    if !value.is_null() {
        row.insert(name.to_owned(), value);
    }
}

fn plan_row(key: &str, report: &Report, dues: usize) -> Row {
    let d = &report.document;
    let pages = report.source.iter().filter_map(|s| s.pages).reduce(|a, b| a.saturating_add(b));
    let sures = report.tasks.iter().map(|t| t.sure).chain(report.quotas.iter().map(|q| q.sure));
    let mut row = Row::new();
    put(&mut row, "key", key);
    put(&mut row, "files", report.source.iter().map(|s| &s.file).collect::<Vec<_>>());
    put(&mut row, "kind", &d.kind);
    put(&mut row, "number", &d.number);
    put(&mut row, "issued", d.issued);
    put(&mut row, "place", &d.place);
    put(&mut row, "issuer", &d.issuer);
    put(&mut row, "issuer_parent", &d.issuer_parent);
    put(&mut row, "title", &d.title);
    put(&mut row, "period_from", d.period.as_ref().and_then(|p| p.from));
    put(&mut row, "period_to", d.period.as_ref().and_then(|p| p.to));
    put(&mut row, "signed_by", d.signed.as_ref().and_then(|s| s.by.as_ref()));
    put(&mut row, "signed_title", d.signed.as_ref().and_then(|s| s.title.as_ref()));
    put(&mut row, "basis", d.basis.iter().filter_map(|b| b.number.as_ref()).collect::<Vec<_>>());
    put(&mut row, "pages", pages);
    put(&mut row, "tasks", report.tasks.len());
    put(&mut row, "dues", dues);
    put(&mut row, "quotas", report.quotas.len());
    put(&mut row, "annexes", report.annexes.len());
    put(&mut row, "findings", report.findings.len());
    put(&mut row, "doubtful", sures.filter(|s| *s == Sure::Doubtful).count());
    row
}

fn task_row(t: &TaskRecord, report: &Report) -> Row {
    let mut row = Row::new();
    put(&mut row, "task", &t.id);
    put(&mut row, "kind", t.kind);
    put(&mut row, "who", names(&t.who, report));
    put(&mut row, "supporters", names(&t.with, report));
    put(&mut row, "receivers", names(&t.to, report));
    put(&mut row, "via", &t.via);
    put(&mut row, "product", &t.product);
    put(&mut row, "what", &t.what);
    put(&mut row, "due_says", t.due.as_ref().map(|d| &d.says));
    put(&mut row, "sure", t.sure);
    put(&mut row, "rule", &t.rule);
    cite(&mut row, &t.at);
    row
}

fn quota_row(q: &QuotaRecord, report: &Report) -> Row {
    let amount = match q.amount {
        Figure::Whole(whole) => Some(whole as f64),
        Figure::Number(number) => Some(number),
        Figure::Words(_) | Figure::Empty(()) => None,
    };
    let mut row = Row::new();
    put(&mut row, "quota", &q.id);
    put(&mut row, "who", names(&q.who, report));
    put(&mut row, "what", &q.what);
    put(&mut row, "amount", amount);
    put(&mut row, "unit", &q.unit);
    put(&mut row, "bound", q.bound);
    put(&mut row, "per", q.per);
    put(&mut row, "change", q.change);
    put(&mut row, "against", &q.against);
    put(&mut row, "about", q.about);
    put(&mut row, "same_as", &q.same_as);
    put(&mut row, "sure", q.sure);
    put(&mut row, "rule", &q.rule);
    cite(&mut row, &q.at);
    row
}

fn names<'a>(ids: &'a [String], report: &'a Report) -> Vec<&'a str> {
    ids.iter().map(|id| report.name_of(id)).collect()
}

fn cite(row: &mut Row, at: &Citation) {
    put(row, "file", &at.file);
    put(row, "page", at.page);
    put(row, "sheet", &at.sheet);
    put(row, "cell", &at.cell);
    put(row, "line_from", at.lines[0]);
    put(row, "line_to", at.lines[1]);
    put(row, "quote", &at.quote);
    put(row, "as_read", &at.as_read);
}

/// The row of a due, its keys as in `plan.yaml` but for those that SQL keeps for itself.
fn due(fact: &str, id: &str, due: &Due, document: &DocumentRecord) -> Row {
    let mut row = Row::new();
    put(&mut row, "fact", fact);
    put(&mut row, "fact_id", id);
    let told = serde_json::to_value(due).unwrap_or_default();
    let name = |key: &str| match key {
        "date" => Some("due_date"),
        "time" => Some("due_time"),
        "from" => Some("due_from"),
        "to" => Some("due_to"),
        "of" => Some("event"),
        "if" => Some("condition"),
        "says" => Some("says"),
        "bound" => Some("bound"),
        "until" => Some("until"),
        "count" => Some("count"),
        "unit" => Some("unit"),
        _ => None,
    };
    for (key, value) in told.as_object().into_iter().flatten() {
        name(key).into_iter().for_each(|name| put(&mut row, name, value));
    }
    for (key, value) in told.get("repeat").and_then(Value::as_object).into_iter().flatten() {
        match key.as_str() {
            "every" | "times" | "step" => put(&mut row, key, value),
            // A day or a month is a number or a word; a column is of one kind.
            "day" => put(&mut row, "every_day", value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
            "month" => put(&mut row, "every_month", value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
            "day_to" => put(&mut row, "every_day_to", value),
            "time" => put(&mut row, "due_time", value),
            "from" => put(&mut row, "due_from", value),
            "until" => put(&mut row, "due_to", value),
            _ => {}
        }
    }
    row.insert("months".to_owned(), json!(months(due, document)));
    row
}

/// The months, as `2024-05`, in which it falls due; a recurrence is bounded as in the calendar.
fn months(due: &Due, document: &DocumentRecord) -> Vec<String> {
    let When::Repeat { bound, repeat } = &due.when else { return spread(due, Date::MIN, Date::MAX) };
    let repeat = repeat.bounded(document.issued, document.period.as_ref());
    // Without a day to begin from a recurrence falls on no day that can be named.
    let Some(from) = repeat.from else { return Vec::new() };
    let until = Date::new(from.year().saturating_add(YEARS).min(9999), 12, 31).unwrap_or(Date::MAX);
    spread(&Due { says: String::new(), when: When::Repeat { bound: *bound, repeat } }, from, until)
}

fn spread(due: &Due, from: Date, until: Date) -> Vec<String> {
    let mut months: Vec<String> = occurrences(due, from, until).map(|d| format!("{:04}-{:02}", d.year(), d.month())).collect();
    months.dedup();
    months
}
