//! The reports that a plan asks for: which form each takes, and the form filled with what the plan says and what was entered.

mod choice;
mod form;
mod progress;
mod standing;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;

pub use choice::Wanted;
pub use progress::{Progress, Rows};

pub(super) use progress::Places;

use super::template::Templates;
use super::{Material, Output, docx, name};
use crate::error::{Error, Kind, Result};
use crate::rules::RuleBook;

/// What a report is made for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask<'a> {
    /// What was entered.
    pub progress: Option<&'a Progress>,
    /// Results up to this day.
    pub as_of: Option<Date>,
    /// The id of the one who reports, where it is one of several.
    pub reporter: Option<&'a str>,
    /// The template, where it is not the one that the rules choose.
    pub template: Option<&'a str>,
    /// What kind of file.
    pub format: Format,
}

/// A report that was filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The file.
    pub output: Output,
    /// The numbers that nobody has entered yet, in words.
    pub missing: Vec<String>,
}

/// What kind of file a report becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as people know them")]
pub enum Format {
    #[default]
    Docx,
    Markdown,
    Html,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }
}

/// The rules and words of reports: `rules/render/reports.yaml`.
#[derive(Debug)]
pub(super) struct Settings {
    choice: choice::Choice,
    form: form::Words,
    standing: standing::Said,
    faults: progress::Faults,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    forms: Vec<choice::FormRule>,
    letters: Vec<choice::Letter>,
    staff: String,
    collects: String,
    many: String,
    alone: String,
    body_open: String,
    listed: String,
    signs: Vec<choice::Sign>,
    sign_open: String,
    deputy: String,
    deputies: Vec<String>,
    sign_forms: std::collections::BTreeMap<String, String>,
    blank: String,
    number: String,
    number_open: String,
    kinds: choice::Kinds,
    date: String,
    date_open: String,
    next_days: i64,
    lines: u32,
    standing: standing::Said,
    faults: progress::Faults,
}

impl Settings {
    pub(super) fn new(rules: &RuleBook) -> Result<Self> {
        const FILE: &str = "render/reports.yaml";
        let file: File = rules.load(FILE)?;
        let choice =
            choice::Choice::new(file.forms, file.letters, [&file.staff, &file.collects, &file.many, &file.alone, &file.listed], file.signs)
                .map_err(|(what, reason)| rules.fault(FILE, &what, &reason))?;
        let form = form::Words {
            body_open: file.body_open,
            sign_open: file.sign_open,
            deputy: file.deputy,
            deputies: file.deputies,
            sign_forms: file.sign_forms,
            blank: file.blank,
            number: file.number,
            number_open: file.number_open,
            kinds: file.kinds,
            date: file.date,
            date_open: file.date_open,
            next_days: file.next_days,
            lines: file.lines,
        };
        Ok(Self { choice, form, standing: file.standing, faults: file.faults })
    }

    pub(super) fn read(&self, places: &Places<'_>, sheets: &[Rows], report: &super::Report) -> Progress {
        progress::read(places, sheets, report, &self.faults)
    }

    /// The ids that stand for many, the actor `id` among them.
    pub(super) fn of_all<'a>(&self, id: &'a str, report: &'a super::Report) -> Vec<&'a str> {
        self.choice.also(id, report).into_iter().filter(|other| *other != id).collect()
    }

    pub(super) fn reporters<'a>(&self, report: &'a super::Report, wanted: &Wanted) -> Vec<&'a str> {
        let task = wanted.task.as_ref().and_then(|id| report.tasks.iter().find(|t| t.id == *id));
        let mut all: Vec<&str> = Vec::new();
        // Where the plan names nobody, those who have numbers to reach.
        let named = task.is_some_and(|t| !t.who.is_empty());
        let with_quotas = report.quotas.iter().filter(|_| !named).flat_map(|q| &q.who).map(String::as_str);
        for id in task.into_iter().flat_map(|t| &t.who).flat_map(|id| self.choice.members(id, report)).chain(with_quotas) {
            if !all.contains(&id) {
                all.push(id);
            }
        }
        all
    }

    /// The reports that `report` asks for, in the order of the plan; letters last.
    pub(super) fn wanted(&self, report: &super::Report) -> Vec<Wanted> {
        self.choice.wanted(report)
    }
}

/// Each report that the plan asks for as a form to be filled in by hand, under `reports/`.
pub(super) fn render(material: &Material<'_>, settings: &Settings) -> Result<Vec<Output>> {
    let mut taken = BTreeSet::new();
    let mut all = Vec::new();
    for wanted in settings.wanted(material.report) {
        let stem = name::unlike(&name::safe(&wanted.name), &mut taken);
        let form = form::Form::new(material, settings, &wanted, &Ask::default());
        for format in [Format::Docx, Format::Markdown] {
            all.push(fill(material.templates, &wanted.form, &form, format, &format!("reports/{stem}"))?);
        }
    }
    Ok(all)
}

/// The report `wanted` as `ask` wants it, under `reports/`.
pub(super) fn one(material: &Material<'_>, settings: &Settings, wanted: &Wanted, ask: &Ask<'_>) -> Result<Filled> {
    let mut stem = name::safe(&wanted.name);
    for part in ask.reporter.iter().copied().map(str::to_owned).chain(ask.as_of.map(|d| d.to_string())) {
        stem = format!("{stem}-{}", name::safe(&part));
    }
    let form = form::Form::new(material, settings, wanted, ask);
    let output = fill(material.templates, ask.template.unwrap_or(&wanted.form), &form, ask.format, &format!("reports/{stem}"))?;
    Ok(Filled { output, missing: form.missing().to_vec() })
}

/// The template `name` tried on a report of the plan of `material`, so that what it asks for and nothing has is told.
pub(super) fn probe(material: &Material<'_>, settings: &Settings, bytes: &[u8]) -> Result<Vec<u8>> {
    let wanted = settings.wanted(material.report);
    let wanted = wanted.first().ok_or_else(|| Error::new(Kind::BadRecord).detail("no report in the sample"))?;
    docx::fill(bytes, &form::Form::new(material, settings, wanted, &Ask::default()))
}

fn fill(templates: &Templates, form: &str, data: &form::Form<'_>, format: Format, stem: &str) -> Result<Output> {
    let path = format!("{stem}.{}", format.ending());
    let bytes = match (format, templates.word(form)) {
        (Format::Docx, Some(own)) => docx::fill(&own.bytes, data).map_err(|e| own.placed(e))?,
        (Format::Docx, None) => docx::pack(&templates.fill(&format!("{form}.xml"), data)?)?,
        (Format::Markdown, _) => templates.fill(&format!("{form}.md"), data)?.into_bytes(),
        (Format::Html, _) => templates.fill(&format!("{form}.html"), data)?.into_bytes(),
    };
    Ok(Output { path, bytes })
}
