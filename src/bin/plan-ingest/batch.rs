//! The commands for archives: `batch`, `find`, and `worker` with its hidden half.

use std::ffi::OsString;
use std::fmt::Write;
use std::io::{BufReader, BufWriter, IsTerminal};
use std::path::{Path, PathBuf};

use indicatif::{HumanDuration, ProgressBar, ProgressState, ProgressStyle};
use plan_ingest::Result;
use plan_ingest::batch::{self, Job, Outputs, Program, Tally, Workshop};
use plan_ingest::error::{Error, Kind};
use plan_ingest::read::{Ocr, Settings};
use plan_ingest::store::{self, Ask, Found, Shard};

use crate::args::{BatchArgs, Common, FindArgs, OcrWhen, WorkerArgs};
use crate::machine;
use crate::terminal::{FOUND, UNDONE, say, tell, visible};
use crate::words::{Words, fill};

/// Goes through an archive, or lists its bundles.
pub fn run(args: &BatchArgs, common: &Common, words: &Words) -> Result<u8> {
    let book = common.book()?;
    let store = args.store.as_deref().unwrap_or(Path::new("store"));
    let job = job(args, common)?;
    if args.list {
        batch::list(&job, &book, &mut |order| {
            // An order is made of strings alone.
            say(serde_json::to_string(order).unwrap_or_default() + "\n");
        })?;
        return Ok(0);
    }
    let bar = Bar::new(common.quiet, words);
    let outcome = batch::run(&job, store, &book, &mut |tally| bar.show(tally))?;
    drop(bar);
    if !common.quiet {
        let numbers = [
            ("plans", outcome.store.plans.to_string()),
            ("failures", outcome.store.failures.to_string()),
            ("known", outcome.tally.known.to_string()),
            ("met", outcome.tally.met.to_string()),
            ("dir", visible(&store.display().to_string())),
        ];
        let numbers: Vec<(&str, &str)> = numbers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        say(fill(&words.batch["done"], &numbers) + "\n");
        if outcome.tally.failed > 0 {
            say(fill(&words.batch["failed"], &[("failed", &outcome.tally.failed.to_string())]) + "\n");
        }
    }
    Ok(if outcome.tally.failed > 0 { UNDONE } else { 0 })
}

fn job(args: &BatchArgs, common: &Common) -> Result<Job> {
    let outputs = if args.facts_only { Outputs::Facts } else { Outputs::All };
    let jobs = args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let program = program(args.pictures.ocr, outputs, common)?;
    let settings = settings(args.pictures.ocr.into());
    Ok(Job { roots: args.roots.clone(), shard: args.shard.unwrap_or(Shard::WHOLE), outputs, jobs, settings, program })
}

/// How the hidden half of a worker is started, so that it reads and writes as we were asked to.
fn program(ocr: OcrWhen, outputs: Outputs, common: &Common) -> Result<Program> {
    let path = std::env::current_exe().map_err(|e| Error::new(Kind::Crashed).because(e))?;
    let mut arguments: Vec<OsString> = vec![batch::COMMAND.into(), "--ocr".into(), ocr.id().into()];
    arguments.extend(["--today".into(), common.today().to_string().into()]);
    if outputs == Outputs::Facts {
        arguments.push("--facts-only".into());
    }
    if let Some(rules) = &common.rules {
        arguments.extend(["--rules".into(), rules.clone().into_os_string()]);
    }
    Ok(Program { path, arguments })
}

fn settings(ocr: Ocr) -> Settings {
    let tesseract = if ocr == Ocr::Never { None } else { machine::tesseract() };
    Settings { worker: std::env::current_exe().ok(), ocr, tesseract, ..Settings::default() }
}

/// Answers orders from standard input; tells the shape of the answers when asked for it.
pub fn worker(args: &WorkerArgs, common: &Common) -> Result<u8> {
    if args.schema {
        say(format!("{:#}\n", store::schema()));
        return Ok(0);
    }
    let outputs = if args.facts_only { Outputs::Facts } else { Outputs::All };
    let program = program(args.pictures.ocr, outputs, common)?;
    batch::supervise(&program, &common.book()?, std::io::stdin().lock(), std::io::stdout().lock())?;
    Ok(0)
}

/// The hidden half: works until its input ends.
pub fn workshop(args: &WorkerArgs, common: &Common) -> Result<u8> {
    let _held = args.hold.as_deref().map(|file| batch::hold(file, args.run)).transpose()?;
    let outputs = if args.facts_only { Outputs::Facts } else { Outputs::All };
    let workshop = Workshop::new(&common.book()?, settings(args.pictures.ocr.into()), outputs, common.today())?;
    let (input, output) = (BufReader::new(std::io::stdin().lock()), BufWriter::new(std::io::stdout().lock()));
    workshop.serve(input, output).map(|()| 0).map_err(|e| Error::new(Kind::Crashed).because(e))
}

/// Prints what a store has on what is asked.
pub fn find(args: &FindArgs, words: &Words) -> Result<u8> {
    let ask = Ask { words: args.words.clone(), who: args.who.clone(), due: args.due.clone(), most: args.most };
    let found = store::find(&args.store_dir, &ask)?;
    if found.is_empty() {
        tell(words.find["nothing"].clone() + "\n");
        return Ok(FOUND);
    }
    for one in &found {
        say(told(one, &args.store_dir, words));
    }
    if found.len() == args.most {
        tell(fill(&words.find["more"], &[("most", &args.most.to_string())]) + "\n");
    }
    Ok(0)
}

fn told(found: &Found, store: &Path, words: &Words) -> String {
    let text = |text: &Option<String>| visible(text.as_deref().unwrap_or_default()).replace('\n', " ");
    let number = found.number.as_deref().unwrap_or(&found.bundle);
    let mut out = match found.kind.as_str() {
        "plan" => format!("{} ({})\n  {}\n", visible(number), text(&found.issued), text(&found.title)),
        _ => format!("{} · {} ({})\n  {}\n", visible(number), visible(&found.id), text(&found.issued), text(&found.what)),
    };
    for (label, value) in [("who", &found.who), ("due", &found.due)] {
        if value.as_ref().is_some_and(|v| !v.is_empty()) {
            out += &format!("  {}: {}\n", words.find[label], text(value));
        }
    }
    if let Some((file, page, line)) = &found.place {
        let (page, line) = (page.unwrap_or_default().to_string(), line.to_string());
        let template =
            if found.place.as_ref().is_some_and(|p| p.1.is_some()) { &words.findings.place } else { &words.findings.place_no_page };
        out += &format!("  → {}\n", visible(&fill(template, &[("file", file), ("page", &page), ("from", &line)])));
    }
    let dir: PathBuf = store::outputs(store, &found.bundle);
    out + &format!("  {}\n", visible(&dir.display().to_string()))
}

/// How a run stands, on a terminal only: rate, failures, time left.
struct Bar(Option<ProgressBar>);

impl Bar {
    fn new(quiet: bool, words: &Words) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let template = fill(&words.batch["bar"], &[]);
        let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
        // Before the first bundle nothing is known of either.
        let rate = |state: &ProgressState, out: &mut dyn Write| {
            let _ = if state.pos() == 0 { write!(out, "–") } else { write!(out, "{:.1}/s", state.per_sec()) };
        };
        let left = |state: &ProgressState, out: &mut dyn Write| {
            let _ = if state.pos() == 0 { write!(out, "–") } else { write!(out, "{:#}", HumanDuration(state.eta())) };
        };
        let style = style.with_key("rate", rate).with_key("left", left);
        Self(Some(ProgressBar::new(0).with_style(style)))
    }

    fn show(&self, tally: Tally) {
        if let Some(bar) = &self.0 {
            bar.set_length(tally.met);
            bar.set_position(tally.past);
            bar.set_message(tally.failed.to_string());
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
