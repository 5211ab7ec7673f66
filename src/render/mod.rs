//! Writes what people and machines read: a [`Report`] (facts and findings, each with its citation) in, files out. One file per output.

mod calendar;
pub mod docx;
mod explain;
mod findings;
pub mod folder;
mod gather;
mod learn;
mod months;
mod name;
mod paper;
mod picture;
pub mod reading;
pub mod record;
mod redact;
mod reports;
mod review;
mod share;
mod slot;
pub(crate) mod stage;
mod stream;
mod template;
mod view;
mod words;
mod workbook;
mod yaml;

pub use explain::{Explanation, Line};
pub use folder::Folder;
pub use learn::learn;
pub use reading::Reading;
pub use record::Report;
pub use reports::{Ask, Filled, Format, Progress, Rows, Wanted};
pub use review::{Home, version};
pub use stream::LogStream;

use jiff::civil::Date;

use crate::calendar::Calendar;
use crate::correct::{Corrections, Misfit};
use crate::error::{Error, Kind, Result};
use crate::rules::RuleBook;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Where, inside the folder of the plan; parts are divided by `/`.
    pub path: String,
    /// What.
    pub bytes: Vec<u8>,
}

impl Output {
    fn text(path: impl Into<String>, text: String) -> Self {
        Self { path: path.into(), bytes: text.into_bytes() }
    }
}

/// What outputs depend on besides the plan.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day that counts as today.
    pub today: Date,
    /// The `calendar.ics` that this run replaces, so that its events keep their numbers.
    pub calendar: Option<String>,
    /// What a person has said so far: the review page starts from it.
    pub corrections: Corrections,
}

/// What every output is made from.
struct Material<'a> {
    report: &'a Report,
    view: view::View,
    /// Where each task's due stands in a calendar.
    slots: Vec<Option<slot::Slot>>,
    words: &'a words::Words,
    templates: &'a template::Templates,
    calendar: &'a calendar::Settings,
    holidays: &'a Calendar,
    options: &'a Options,
}

/// Makes every output of a plan; built from the rule book, where its words and templates are.
#[derive(Debug)]
pub struct Renderer {
    words: words::Words,
    advice: findings::Advice,
    calendar: calendar::Settings,
    workbook: workbook::Settings,
    reports: reports::Settings,
    picture: picture::Settings,
    templates: template::Templates,
    review: review::ReviewWords,
    redaction: redact::Redaction,
    /// Whether telephone numbers and names of private persons are left out of what is passed on.
    redacting: bool,
    holidays: Calendar,
}

/// A template of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// What it is called for by.
    pub name: String,
    /// A Word file, not a paper.
    pub word: bool,
    /// The office's, not ours.
    pub own: bool,
}

impl Renderer {
    /// A renderer with the words and templates of `rules`.
    ///
    /// # Errors
    /// When a file of words or a template is wrong; the error holds the place.
    pub fn new(rules: &RuleBook) -> Result<Self> {
        Ok(Self {
            words: words::Words::new(rules)?,
            advice: findings::Advice::new(rules)?,
            calendar: calendar::Settings::new(rules)?,
            workbook: workbook::Settings::new(rules)?,
            reports: reports::Settings::new(rules)?,
            picture: picture::Settings::new(rules)?,
            templates: template::Templates::new(rules)?,
            review: review::ReviewWords::new(rules)?,
            redaction: redact::Redaction::new(rules)?,
            redacting: false,
            holidays: Calendar::new(rules)?,
        })
    }

    /// The same renderer, which leaves telephone numbers and the names of private persons out of what is passed on (checklists, calendars,
    /// workbook, reports, messages) where `redacting`.
    #[must_use]
    pub fn redacting(self, redacting: bool) -> Self {
        Self { redacting, ..self }
    }

    /// What of `report` is passed on.
    fn passed_on<'a>(&self, report: &'a Report) -> Result<std::borrow::Cow<'a, Report>> {
        use std::borrow::Cow;
        if self.redacting { self.redaction.report(report).map(Cow::Owned) } else { Ok(Cow::Borrowed(report)) }
    }

    /// All outputs of one plan, in the order in which a person may want to read them.
    ///
    /// # Errors
    /// When a template asks for something that there is not.
    pub fn render(&self, report: &Report, reading: &Reading, options: &Options) -> Result<Vec<Output>> {
        let passed_on = self.passed_on(report)?;
        let material = self.material(&passed_on, options);
        let calendar = calendar::Calendar::new(&material)?;
        let own = view::View::new(report, &self.words, &self.advice, options.today);
        let mut outputs = vec![
            Output::text("plan.yaml", report.write()?),
            Output::text("checklist.md", self.templates.fill("checklist.md", &material.view)?),
            Output::text("findings.txt", self.templates.fill("findings.txt", &own)?),
        ];
        let corrections = &options.corrections;
        outputs.push(Output::text("review.html", self.review(report, reading, corrections, options.today, Home::File)?));
        outputs.extend(calendar.write(None)?.map(|text| Output::text("calendar.ics", text)));
        outputs.extend(picture::render(&material, &self.picture).map(|text| Output::text("calendar.svg", text)));
        outputs.push(Output { path: "plan.xlsx".into(), bytes: workbook::render(&material, &self.workbook)? });
        outputs.push(Output { path: "checklist.docx".into(), bytes: share::whole(&material, &self.picture)? });
        outputs.extend(reports::render(&material, &self.reports)?);
        outputs.extend(share::render(&material, &calendar, &self.reports, &self.picture)?);
        outputs.push(Output::text("repaired.txt", reading.text.clone()));
        outputs.push(Output::text("repairs.yaml", reading.write_log()?));
        outputs.extend(reading.pictures.iter().map(|(path, bytes)| Output { path: path.clone(), bytes: bytes.clone() }));
        Ok(outputs)
    }

    /// What was entered in the workbook of `report`: results and states of duties. What is wrong there is told in
    /// [`Progress::faults`], and left out.
    pub fn progress(&self, report: &Report, sheets: &[Rows]) -> Progress {
        self.reports.read(&self.workbook.places(), sheets, report)
    }

    /// The reports that the plan asks for.
    pub fn wanted(&self, report: &Report) -> Vec<Wanted> {
        self.reports.wanted(report)
    }

    /// The report `wanted`, filled in as `ask` wants it.
    ///
    /// # Errors
    /// [`Kind::Usage`] when nobody has the id of the reporter, or there is no such template; when a template is wrong.
    pub fn report(&self, report: &Report, wanted: &Wanted, ask: &Ask<'_>, options: &Options) -> Result<Filled> {
        if let Some(who) = ask.reporter.filter(|who| report.actors.iter().all(|a| a.id != **who)) {
            let known = report.actors.iter().map(|a| a.id.as_str());
            return Err(Error::new(Kind::Usage).detail(crate::rules::unknown("actor", who, known)));
        }
        let passed_on = self.passed_on(report)?;
        reports::one(&self.material(&passed_on, options), &self.reports, wanted, ask)
    }

    /// The templates of papers that there are, ours and the office's.
    pub fn templates(&self) -> Vec<Template> {
        let papers = self.templates.all().into_iter();
        papers.map(|(name, (word, own))| Template { name: name.to_owned(), word, own }).collect()
    }

    /// The template `name` as a Word file with tags in it, to be edited.
    ///
    /// # Errors
    /// [`Kind::Usage`] when there is no such template; the nearest that is known is named.
    pub fn template(&self, name: &str) -> Result<Vec<u8>> {
        self.templates.as_word(name)
    }

    /// A Word template filled in for a report of an invented plan, so that what it asks for and no plan has is told.
    ///
    /// # Errors
    /// [`Kind::NotThisKind`] when `bytes` are no Word file, [`Kind::BadTemplate`] with the paragraph for a mistake in a tag.
    pub fn try_template(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        let sample = record::read(include_str!("../../rules/render/sample.yaml"))?;
        let today = sample.document.issued.unwrap_or_default();
        let options = Options { today, calendar: None, corrections: Corrections::default() };
        reports::probe(&self.material(&sample, &options), &self.reports, bytes)
    }

    /// Those who write the report `wanted`, each one where a name stands for many: the ids of actors.
    pub fn reporters<'a>(&self, report: &'a Report, wanted: &Wanted) -> Vec<&'a str> {
        self.reports.reporters(report, wanted)
    }

    fn material<'a>(&'a self, report: &'a Report, options: &'a Options) -> Material<'a> {
        let open_weekday = self.calendar.open_weekday();
        let slot = |t: &record::TaskRecord| t.due.as_ref().and_then(|d| slot::slot(d, &report.document, open_weekday));
        let slots: Vec<_> = report.tasks.iter().map(slot).collect();
        let mut view = view::View::new(report, &self.words, &self.advice, options.today);
        view.tick(&review::done(report, &slots, &options.corrections, &self.review));
        view.agenda = view::agenda(&view.tasks, &slots, &self.words, &self.holidays);
        Material {
            report,
            view,
            slots,
            words: &self.words,
            templates: &self.templates,
            calendar: &self.calendar,
            holidays: &self.holidays,
            options,
        }
    }

    /// One calendar of several plans, each with what a person said of it; every event names its plan. `before` is the calendar that this
    /// one replaces, so that its events keep their numbers.
    ///
    /// # Errors
    /// [`Kind::Usage`] with the plan's name when a plan is there twice; when a template is wrong.
    pub fn calendar(&self, plans: &[(Report, Corrections)], today: Date, before: Option<&str>) -> Result<String> {
        let options: Vec<Options> = plans.iter().map(|(_, said)| Options { today, calendar: None, corrections: said.clone() }).collect();
        let passed_on = plans.iter().map(|(report, _)| self.passed_on(report)).collect::<Result<Vec<_>>>()?;
        let materials: Vec<Material<'_>> = passed_on.iter().zip(&options).map(|(report, options)| self.material(report, options)).collect();
        let calendar = calendar::Calendar::merged(&materials, &self.calendar, before)?;
        Ok(calendar.write(None)?.unwrap_or_default())
    }

    /// The review page of a plan on which a person has said `corrections` so far.
    ///
    /// # Errors
    /// Never in practice: only when the page's data can't be told as JSON.
    pub fn review(&self, report: &Report, reading: &Reading, corrections: &Corrections, today: Date, home: Home) -> Result<String> {
        let name = view::View::new(report, &self.words, &self.advice, today).head.name;
        let tools = review::Tools {
            words: &self.words,
            review: &self.review,
            advice: &self.advice,
            settings: &self.calendar,
            holidays: &self.holidays,
            today,
            name,
        };
        review::page(report, reading, corrections, home, &tools)
    }

    /// Lays what a person said over `report`; entries that no longer fit become findings, those of `earlier` (from
    /// [`Corrections::over`]) among them. Laid twice, it is the same.
    pub fn correct(&self, report: &mut Report, corrections: &Corrections, earlier: &[Misfit]) {
        review::correct(report, corrections, earlier, &self.review, &self.words);
    }

    /// One fact of a folder, told in full: a task or a quota by its id.
    ///
    /// # Errors
    /// [`Kind::Usage`] when nothing there has that id; the nearest that is known is named.
    pub fn explain(&self, folder: &Folder, id: &str) -> Result<Explanation> {
        explain::explain(folder, id, &self.words)
    }
}
