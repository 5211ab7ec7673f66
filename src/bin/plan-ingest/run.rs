//! What each command does: a few lines that call the library and print what comes of it.

use std::path::{Path, PathBuf};

use plan_ingest::correct::Corrections;
use plan_ingest::error::{Error, Kind};
use plan_ingest::lexicon::Learned;
use plan_ingest::read::{Input, Ocr, Reader, Settings};
use plan_ingest::render::{Folder, Options, Reading, Renderer, Report, folder, record};
use plan_ingest::rules::RuleBook;
use plan_ingest::text::{Note, Role, Source};
use plan_ingest::{Corridor, Result, Stage};

use crate::args::{Bundle, Cli, Common, Job, RulesJob, Run};
use crate::notes::{notes, remark, whole};
use crate::terminal::{self, FOUND, Progress, UNDONE, say};
use crate::words::{Words, fill};
use crate::{batch, calendar, explain, machine, manual, model, repair, report, review, summary};

/// Does what the command line asks for; the exit status comes back.
pub fn run(cli: Cli, words: &Words) -> Result<u8> {
    let common = cli.common;
    match cli.command.unwrap_or(Job::Run(cli.run)) {
        Job::Run(run) => ingest(&run, &common, words),
        Job::Repair { file, pictures, format, explain } => {
            let file = file.as_deref().filter(|f| *f != Path::new("-"));
            let ocr = if file.is_some() { pictures.ocr.into() } else { Ocr::Never };
            let corridor = corridor(&common, ocr, &file.map(PathBuf::from).into_iter().collect::<Vec<_>>())?;
            match explain {
                Some(line) => repair::explain(&corridor, file, line, words),
                None => repair::repair(&corridor, &common.book()?, file, format, words),
            }
        }
        Job::Extract(bundle) => extract(&bundle, &common, words),
        Job::Read(bundle) => read(&bundle, &common, words),
        Job::Explain { dir, id } => {
            let told = Renderer::new(&common.book()?)?.explain(&Folder::open(&dir)?, &id)?;
            say(explain::told(&told, words));
            Ok(0)
        }
        Job::Check { record, fail_on } => check(&record, fail_on.into(), words),
        Job::Review { dir, port } => {
            let server = review::Server::new(dir, &common.book()?, common.today(), port)?;
            say(fill(&words.review["open"], &[("address", &server.address())]) + "\n");
            server.run(review::interrupted())?;
            say(words.review["closed"].clone() + "\n");
            Ok(0)
        }
        Job::Render { dir, redact } => render_again(&dir, redact, &common, words),
        Job::Report(asked) => report::report(&asked, &common, words),
        Job::Template(job) => report::template(job, &common, words),
        Job::CheckForm { word_file } => report::check_form(&word_file, &common, words),
        Job::Learn { learn_dirs } => learn(&learn_dirs, &common, words),
        Job::Completions { shell } => Ok(manual::completions(shell, words)),
        Job::Man { page } => manual::page(page.as_deref(), words),
        Job::Calendar { dirs, calendar_out, redact } => {
            let renderer = Renderer::new(&common.book()?)?.redacting(redact);
            let events = calendar::merge(&dirs, &calendar_out, &renderer, common.today())?;
            if !common.quiet {
                let parts =
                    [("plans", dirs.len().to_string()), ("events", events.to_string()), ("file", calendar_out.display().to_string())];
                let parts: Vec<(&str, &str)> = parts.iter().map(|(name, part)| (*name, part.as_str())).collect();
                say(terminal::visible(&fill(&words.calendar["merged"], &parts)) + "\n");
            }
            Ok(0)
        }
        Job::Rules(RulesJob::Check { book: dir }) => prove(dir.or(common.rules.clone()), words),
        Job::Schema => {
            say(record::schema()? + "\n");
            Ok(0)
        }
        Job::Batch(args) => batch::run(&args, &common, words),
        Job::Find(args) => batch::find(&args, words),
        Job::Worker(args) => batch::worker(&args, &common),
        Job::BatchWorker(args) => batch::workshop(&args, &common),
        Job::Doctor => machine::examine(&common.book()?, words),
        Job::Model(job) => model::run(job, &common.book()?, words),
        Job::ReadWorker => plan_ingest::read::worker::serve(std::io::stdin(), std::io::stdout().lock())
            .map(|()| 0)
            .map_err(|e| Error::new(Kind::Crashed).because(e)),
    }
}

/// Every stage.
fn corridor(common: &Common, ocr: Ocr, paths: &[PathBuf]) -> Result<Corridor> {
    Corridor::new(&common.book()?, settings(ocr, paths))
}

/// What this machine has for the reader. Without our own path there is no child to send foreign bytes to; the reader then holds out in a
/// thread.
fn settings(ocr: Ocr, paths: &[PathBuf]) -> Settings {
    // Asking Tesseract what it can takes longer than reading a text does.
    let pictures = paths.iter().any(|p| p.is_dir() || p.extension().is_none_or(|e| !e.eq_ignore_ascii_case("txt")));
    let tesseract = if pictures && ocr != Ocr::Never { machine::tesseract() } else { None };
    Settings { worker: std::env::current_exe().ok(), ocr, tesseract, office: machine::office() }
}

fn inputs(bundle: &Bundle) -> Vec<Input> {
    // A plan named alone is the plan, whatever it looks like; of several the reader tells which one it is.
    let role = if bundle.paths.len() == 1 { Some(Role::Plan) } else { None };
    let paths = bundle.paths.iter().map(|path| Input { path: path.clone(), role });
    paths.chain(bundle.annex.iter().map(|path| Input { path: path.clone(), role: Some(Role::Annex) })).collect()
}

fn ingest(run: &Run, common: &Common, words: &Words) -> Result<u8> {
    let book = common.book()?;
    let renderer = Renderer::new(&book)?.redacting(run.redact);
    let mut corridor = corridor(common, run.bundle.pictures.ocr.into(), &run.bundle.paths)?;
    corridor.reader = corridor.reader.with_pictures(&book)?;
    let progress = Progress::new(Stage::ALL.len() as u64 + 1, common.quiet);
    progress.step(&words.stages[Stage::Read.id()]);
    let source = corridor.reader.read(&inputs(&run.bundle))?;
    let out = match &run.out {
        Some(out) => out.clone(),
        None => beside(&run.bundle.paths, &source),
    };
    // What a person said of an earlier run is laid over this one.
    let corrections = folder::corrections(&out)?;
    let mut done = corridor.understand(source, &corrections, &mut |stage| progress.step(&words.stages[stage.id()]));
    renderer.correct(&mut done.report, &corrections, &done.misfits);
    progress.step(&words.stages["write"]);
    let reading = Reading::new(&done.repaired);
    let written = write(&renderer, &done.report, &reading, &out, common)?;
    drop(progress);
    if !common.quiet {
        say(summary::told(&done.report, &reading, &written, &out, words));
        say(notes(&book, done.repaired.source().notes(), words)?);
    }
    Ok(whole(done.repaired.source()))
}

/// The folder that takes the results: `<stem>.plan` beside the plan, or beside the folder that was read.
fn beside(paths: &[PathBuf], source: &Source) -> PathBuf {
    let plan = source.files().first().map(|f| PathBuf::from(&f.name));
    let base = match paths {
        [dir, ..] if dir.is_dir() => dir.canonicalize().unwrap_or_else(|_| dir.clone()),
        [first, ..] => plan.unwrap_or_else(|| first.clone()),
        [] => PathBuf::new(),
    };
    let mut name = if base.is_dir() { base.file_name() } else { base.file_stem() }.unwrap_or_default().to_os_string();
    name.push(".plan");
    base.with_file_name(name)
}

/// Places that may take the results where `out` can't: here, at home, among temporary files.
fn elsewhere(out: &Path) -> Vec<PathBuf> {
    let name = out.file_name().unwrap_or(out.as_os_str());
    let home = ["HOME", "USERPROFILE"].into_iter().find_map(std::env::var_os).map(PathBuf::from);
    let places = [Some(PathBuf::from(".")), home, Some(std::env::temp_dir())];
    places.into_iter().flatten().map(|dir| if dir == Path::new(".") { PathBuf::from(name) } else { dir.join(name) }).collect()
}

fn write(renderer: &Renderer, report: &Report, reading: &Reading, out: &Path, common: &Common) -> Result<folder::Written> {
    let options = Options { today: common.today(), calendar: folder::calendar(out), corrections: folder::corrections(out)? };
    let outputs = renderer.render(report, reading, &options)?;
    folder::write(out, &outputs, &elsewhere(out))
}

fn extract(bundle: &Bundle, common: &Common, words: &Words) -> Result<u8> {
    let progress = Progress::new(Stage::ALL.len() as u64, common.quiet);
    let corridor = corridor(common, bundle.pictures.ocr.into(), &bundle.paths)?;
    let done = corridor.ingest(&inputs(bundle), &Corrections::default(), &mut |s| progress.step(&words.stages[s.id()]))?;
    drop(progress);
    say(done.report.write()?);
    remark(&common.book()?, done.repaired.source(), words)
}

/// Every page with the verdict on its text and the evidence, then the text that will be used.
fn read(bundle: &Bundle, common: &Common, words: &Words) -> Result<u8> {
    // The other stages, and the model, take longer to build than a page takes to read.
    let reader = Reader::new(&common.book()?, settings(bundle.pictures.ocr.into(), &bundle.paths))?;
    let pages = reader.verdicts(&inputs(bundle))?;
    for page in &pages {
        say(terminal::verdict(page, words));
    }
    let told: Vec<Note> = pages.iter().flat_map(|p| p.notes.iter().cloned()).collect();
    terminal::tell(notes(&common.book()?, &told, words)?);
    let lost = told.iter().any(Note::is_damage) || pages.iter().all(|p| p.notes.iter().any(Note::is_unread));
    Ok(if lost { UNDONE } else { 0 })
}

fn check(path: &Path, fail_on: plan_ingest::check::Level, words: &Words) -> Result<u8> {
    let file = if path.is_dir() { path.join("plan.yaml") } else { path.to_path_buf() };
    let text = std::fs::read_to_string(&file).map_err(|e| Error::io(&file, Kind::Unreadable, e))?;
    let report = record::read(&text).map_err(|e| e.at(&file))?;
    say(terminal::findings(&report.findings, words));
    Ok(if report.findings.iter().any(|f| f.level >= fail_on) { FOUND } else { 0 })
}

fn render_again(dir: &Path, redact: bool, common: &Common, words: &Words) -> Result<u8> {
    let renderer = Renderer::new(&common.book()?)?.redacting(redact);
    let Folder { mut report, reading, corrections, .. } = Folder::open(dir)?;
    renderer.correct(&mut report, &corrections, &[]);
    let written = write(&renderer, &report, &reading, dir, common)?;
    if !common.quiet {
        say(summary::told(&report, &reading, &written, dir, words));
    }
    Ok(0)
}

/// Adds what people accepted and set right in `dirs` to the office's own folder of rules.
fn learn(dirs: &[PathBuf], common: &Common, words: &Words) -> Result<u8> {
    let Some(rules) = &common.rules else { return Err(Error::new(Kind::Usage).detail("missing field `--rules`")) };
    let mut learned = Learned::load(&common.book()?)?;
    for dir in dirs {
        plan_ingest::render::learn(&Folder::open(dir)?, &mut learned);
    }
    let path = folder::save_learned(rules, &learned)?;
    let [names, met, confusions] = learned.sizes().map(|n| n.to_string());
    let parts = [("names", names.as_str()), ("words", &met), ("confusions", &confusions), ("path", &path.display().to_string())];
    say(fill(&words.reports["learned"], &parts) + "\n");
    Ok(0)
}

fn prove(dir: Option<PathBuf>, words: &Words) -> Result<u8> {
    let book = match dir {
        Some(dir) => RuleBook::with_overlay(dir)?,
        None => RuleBook::embedded(),
    };
    // Building every stage reads every file, those without examples too.
    Corridor::new(&book, Settings::default())?;
    Renderer::new(&book)?;
    let failures = plan_ingest::prove(&book)?;
    for failure in &failures {
        let title = format!("{} ({}).", fill(&words.rules["failure"], &[("rule", &failure.rule)]), failure.reason);
        terminal::tell(terminal::report(&title, "", Some(&book.place(&failure.path).display().to_string()), Some(&failure.spot), words));
    }
    if failures.is_empty() {
        let files = book.list("").len().to_string();
        say(fill(&words.rules["good"], &[("files", &files)]) + "\n");
        return Ok(0);
    }
    terminal::tell(fill(&words.rules["bad"], &[("count", &failures.len().to_string())]) + "\n");
    Ok(FOUND)
}
