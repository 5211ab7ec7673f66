//! `report`, `template` and `check-form`: reports filled from the workbook, the templates they are made from, and the form they keep.

use std::path::{Path, PathBuf};

use plan_ingest::error::{Error, Kind};
use plan_ingest::read::{Input, Reader, Settings};
use plan_ingest::render::docx::Norm;
use plan_ingest::render::{Ask, Folder, Format, Options, Progress, Renderer, Report, Rows, Wanted, folder};
use plan_ingest::rules::{RuleBook, unknown};
use plan_ingest::text::{Role, Source};
use plan_ingest::{Result, render};

use crate::args::{Common, ReportArgs, ReportAs, TemplateJob};
use crate::terminal::{FOUND, say, visible};
use crate::words::{Words, fill};

impl From<ReportAs> for Format {
    fn from(format: ReportAs) -> Self {
        match format {
            ReportAs::Docx => Self::Docx,
            ReportAs::Md => Self::Markdown,
            ReportAs::Html => Self::Html,
        }
    }
}

/// Fills the report that is asked for, or tells which there are.
pub fn report(asked: &ReportArgs, common: &Common, words: &Words) -> Result<u8> {
    let book = common.book()?;
    let renderer = Renderer::new(&book)?.redacting(asked.redact);
    let Folder { mut report, corrections, .. } = Folder::open(&asked.dir)?;
    renderer.correct(&mut report, &corrections, &[]);
    let Some(name) = &asked.name else {
        say(list(&renderer, &report, words));
        return Ok(0);
    };
    let wanted = chosen(&renderer, &report, name).map_err(|e| e.hint(format!("report {}", asked.dir.display())))?;
    let progress = entered(&renderer, &report, asked, &book)?;
    let reporters: Vec<Option<&str>> = match &asked.reporter {
        Some(who) => vec![Some(actor(&report, who)?)],
        None if asked.each => renderer.reporters(&report, &wanted).into_iter().map(Some).collect(),
        None => vec![None],
    };
    let as_of = asked.as_of.unwrap_or_else(|| common.today());
    let options = Options { today: common.today(), calendar: None, corrections };
    let (mut outputs, mut missing) = (Vec::new(), Vec::new());
    for reporter in reporters {
        let (template, format) = (asked.template.as_deref(), asked.report_format.into());
        let ask = Ask { progress: Some(&progress), as_of: Some(as_of), reporter, template, format };
        let filled = renderer.report(&report, &wanted, &ask, &options)?;
        missing.extend(filled.missing.into_iter().filter(|m| !missing.contains(m)).collect::<Vec<_>>());
        outputs.push(filled.output);
    }
    let written = folder::add(&asked.dir, &outputs)?;
    if !common.quiet {
        for path in &written {
            say(fill(&words.reports["written"], &[("path", &asked.dir.join(path).display().to_string())]) + "\n");
        }
        for what in &missing {
            say(fill(&words.reports["missing"], &[("what", &visible(what))]) + "\n");
        }
    }
    for fault in &progress.faults {
        crate::terminal::tell(fill(&words.reports["fault"], &[("what", &visible(fault))]) + "\n");
    }
    Ok(if progress.faults.is_empty() { 0 } else { FOUND })
}

/// The reports that the plan asks for: what each is called for by, who writes it to whom, and when.
fn list(renderer: &Renderer, report: &Report, words: &Words) -> String {
    let line = |w: &Wanted| {
        let task = w.task.as_ref().and_then(|id| report.tasks.iter().find(|t| t.id == *id));
        let names = |ids: &[String]| ids.iter().map(|id| report.name_of(id)).collect::<Vec<_>>().join(", ");
        let mut text = format!("{}  {}\n", w.name, w.about);
        if let Some(task) = task {
            let due = task.due.as_ref().map_or("", |d| d.says.as_str());
            let parts = [("who", names(&task.who)), ("to", names(&task.to)), ("due", due.to_owned())];
            for (key, value) in parts.iter().filter(|(_, v)| !v.is_empty()) {
                text += &format!("    {}: {}\n", words.reports[*key], visible(value));
            }
        }
        text
    };
    renderer.wanted(report).iter().map(line).collect()
}

/// The report called `name`: by its own name, the id of its duty, or the form that only it takes; else a paper without a duty.
fn chosen(renderer: &Renderer, report: &Report, name: &str) -> Result<Wanted> {
    let mut wanted = renderer.wanted(report);
    let by_form: Vec<usize> = (0..wanted.len()).filter(|n| wanted[*n].form == name).collect();
    let found = wanted.iter().position(|w| w.name == name || w.task.as_deref() == Some(name));
    match (found, by_form.as_slice()) {
        (Some(nth), _) => Ok(wanted.swap_remove(nth)),
        (None, [nth]) => Ok(wanted.swap_remove(*nth)),
        (None, []) if renderer.templates().iter().any(|t| t.name == name) => Ok(Wanted::of_no_duty(name)),
        (None, []) => Err(Error::new(Kind::Usage).detail(unknown("report", name, wanted.iter().map(|w| w.name.as_str())))),
        (None, several) => {
            let names: Vec<&str> = several.iter().map(|n| wanted[*n].name.as_str()).collect();
            Err(Error::new(Kind::Usage).detail(format!("several: {}", names.join(", "))))
        }
    }
}

/// The id of the actor whom a person names by a name or an id.
fn actor<'a>(report: &'a Report, who: &str) -> Result<&'a str> {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let named = |a: &&render::record::ActorRecord| a.id == who || std::iter::once(&a.name).chain(&a.also).any(|n| plain(n) == plain(who));
    let found = report.actors.iter().find(named).map(|a| a.id.as_str());
    let known = report.actors.iter().map(|a| a.name.as_str());
    found.ok_or_else(|| Error::new(Kind::Usage).detail(unknown("actor", who, known)).hint("names as in checklist.md"))
}

/// What was entered in the workbook: the one that is named, here or in the plan's folder, or the folder's own.
fn entered(renderer: &Renderer, report: &Report, asked: &ReportArgs, book: &RuleBook) -> Result<Progress> {
    let path = match &asked.progress {
        Some(path) if path.exists() || path.is_absolute() => path.clone(),
        Some(path) if asked.dir.join(path).exists() => asked.dir.join(path),
        Some(path) => path.clone(),
        None => asked.dir.join("plan.xlsx"),
    };
    let reader = Reader::new(book, Settings { worker: std::env::current_exe().ok(), ..Settings::default() })?;
    let anew = |e: Error| {
        if e.kind() == Kind::NotFound && asked.progress.is_none() { e.hint(format!("render {}", asked.dir.display())) } else { e }
    };
    let source = reader.read(&[Input { path, role: Some(Role::Plan) }]).map_err(anew)?;
    Ok(renderer.progress(report, &sheets(&source)))
}

/// The sheets of a workbook that was read, cell by cell.
fn sheets(source: &Source) -> Vec<Rows> {
    let rows = |page: &plan_ingest::text::Page| {
        let lines = source.text()[page.span.range()].lines().map(|line| line.split('\t').map(str::to_owned).collect());
        let numbers = page.rows.iter().copied().chain(page.rows.last().map_or(1, |n| n + 1)..);
        Rows { sheet: page.sheet.clone().unwrap_or_default(), rows: numbers.zip(lines).collect() }
    };
    source.pages().iter().filter(|p| p.sheet.is_some()).map(rows).collect()
}

/// What `template` is asked for.
pub fn template(job: TemplateJob, common: &Common, words: &Words) -> Result<u8> {
    let book = common.book()?;
    match job {
        TemplateJob::List => {
            for template in Renderer::new(&book)?.templates() {
                let whose = &words.reports[if template.own { "own" } else { "shipped" }];
                say(format!("{}  ({whose})\n", template.name));
            }
            Ok(0)
        }
        TemplateJob::New { template_name: name, from, template_out } => {
            let bytes = Renderer::new(&book)?.template(from.as_deref().unwrap_or("bao-cao"))?;
            let path = template_out.unwrap_or_else(|| match &common.rules {
                Some(dir) => dir.join("render").join("templates").join(format!("{name}.docx")),
                None => PathBuf::from(format!("{name}.docx")),
            });
            put_new(&path, &bytes)?;
            say(fill(&words.reports["written"], &[("path", &path.display().to_string())]) + "\n");
            Ok(0)
        }
        TemplateJob::Check { templates: files } => {
            // Building reads every text template, the office's own among them.
            let renderer = Renderer::new(&book)?;
            let norm = Norm::new(&book)?;
            for (path, bytes) in own_or(files, &renderer)? {
                let filled = renderer.try_template(&bytes).map_err(|e| told_of(&path, e))?;
                say(fill(&words.reports["good"], &[("path", &path.display().to_string())]) + "\n");
                say(departures(&norm, &filled, words)?.1);
            }
            Ok(0)
        }
    }
}

/// The files that are named, or else the office's own templates.
fn own_or(files: Vec<PathBuf>, renderer: &Renderer) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    if files.is_empty() {
        let own = renderer.templates().into_iter().filter(|t| t.own && t.word);
        return own.map(|t| Ok((PathBuf::from(format!("{}.docx", t.name)), renderer.template(&t.name)?))).collect();
    }
    files.into_iter().map(|path| Ok((path.clone(), read(&path)?))).collect()
}

/// An error about a part of a Word file as one about the file, the part named in its sentence.
fn told_of(path: &Path, error: Error) -> Error {
    let part = error.path().map(|p| p.display().to_string());
    let detail: Vec<String> = part.into_iter().chain(error.detail_text().map(str::to_owned)).collect();
    error.at(path).detail(detail.join(" "))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| Error::io(path, Kind::Unreadable, e))
}

/// A new file; one that is there is never overwritten.
fn put_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let unwritable = |e: std::io::Error| Error::new(Kind::Unwritable).at(path).detail(e.to_string()).because(e);
    if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        std::fs::create_dir_all(dir).map_err(unwritable)?;
    }
    let mut file = std::fs::File::create_new(path).map_err(unwritable)?;
    std::io::Write::write_all(&mut file, bytes).map_err(unwritable)
}

/// Tells where a Word file departs from the form of Nghị định 30/2020/NĐ-CP.
pub fn check_form(path: &Path, common: &Common, words: &Words) -> Result<u8> {
    let norm = Norm::new(&common.book()?)?;
    let told = |e: Error| if e.kind() == Kind::NotThisKind { e.at(path).hint("a Word file") } else { e.at(path) };
    let (found, text) = departures(&norm, &read(path)?, words).map_err(told)?;
    say(text);
    Ok(if found { FOUND } else { 0 })
}

/// A line for each departure.
fn departures(norm: &Norm, bytes: &[u8], words: &Words) -> Result<(bool, String)> {
    let found = norm.check(bytes)?;
    if found.is_empty() {
        return Ok((false, words.reports["in_form"].clone() + "\n"));
    }
    let line = |d: &render::docx::Departure| {
        let place = d.paragraph.map(|n| fill(&words.reports["paragraph"], &[("n", &n.to_string())])).unwrap_or_default();
        format!("[{}] {}{place}\n", d.id, visible(&d.says))
    };
    Ok((true, found.iter().map(line).collect()))
}
