//! The calendar as other people's programs read it: Python's icalendar and ical.js expand it to the days of the plan, no more and no less.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::civil::{Date, Weekday, date};
use plan_ingest::calendar::{Bound, Day, Due, Every, Repeat, When};
use plan_ingest::correct::Corrections;
use plan_ingest::render::record::DocumentRecord;
use plan_ingest::render::{Folder, Options, Renderer, Report};
use plan_ingest::rules::RuleBook;

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/calendar");

/// First day, last day.
type Days = (Date, Date);

fn plan() -> Report {
    Folder::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render/plan")).expect("a folder").report
}

/// The plan of the fixtures with a duty for every way of saying a due.
fn every_due() -> Report {
    let mut report = plan();
    let kept = report.tasks[0].clone();
    report.tasks.clear();
    for (nth, due) in [
        "{says: x, bound: before, date: 2025-09-01}",
        "{says: x, bound: before, date: 2025-09-05, time: '15:00'}",
        "{says: x, bound: by, date: 2025-12-31}",
        "{says: x, bound: exactly, date: 2025-09-12, time: '08:30'}",
        "{says: x, bound: during, from: 2025-08-21, to: 2025-10-10}",
        "{says: x, bound: during, from: 2025-08-21}",
        "{says: x, bound: after, count: 5, unit: day, of: y, date: 2025-09-07}",
        "{says: x, bound: exactly, repeat: {every: day}}",
        "{says: x, bound: before, repeat: {every: day, time: '16:00'}}",
        "{says: x, bound: before, repeat: {every: week, day: tue, time: '15:00'}}",
        "{says: x, bound: before, repeat: {every: week, day: mon}}",
        "{says: x, bound: by, repeat: {every: week, day: fri, step: 2}}",
        "{says: x, bound: exactly, repeat: {every: week}}",
        "{says: x, bound: exactly, repeat: {every: month, day: 28}}",
        "{says: x, bound: exactly, repeat: {every: month, day: 31}}",
        "{says: x, bound: before, repeat: {every: month, day: 1, until: 2027-02-01}}",
        "{says: x, bound: by, repeat: {every: month, day: last, time: '17:00'}}",
        "{says: x, bound: during, repeat: {every: month, day: 1, day_to: 5}}",
        "{says: x, bound: by, repeat: {every: month, day: 15, step: 2}}",
        "{says: x, bound: before, repeat: {every: quarter, day: 25, month: last}}",
        "{says: x, bound: by, repeat: {every: half-year, day: 10, month: last, until: 2027-12-31}}",
        "{says: x, bound: before, repeat: {every: year, day: 20, month: 11, until: 2029-12-31}}",
    ]
    .into_iter()
    .enumerate()
    {
        let mut task = kept.clone();
        task.id = format!("V.{}-1", nth + 1);
        task.due = Some(serde_yaml::from_str(due).expect(due));
        report.tasks.push(task);
    }
    report
}

/// The days of a due, told from the plan alone.
fn days(due: &Due, document: &DocumentRecord) -> Vec<Days> {
    let eve = |d: Date| d.yesterday().expect("a day before");
    match &due.when {
        When::Day { bound: Bound::Before, date, time: None } => vec![(eve(*date), eve(*date))],
        When::Day { date, .. } | When::After { date: Some(date), .. } | When::BeforeEvent { date: Some(date), .. } => vec![(*date, *date)],
        When::During { from, to, .. } => vec![(*from, to.unwrap_or(*from))],
        When::Repeat { bound, repeat } => {
            let mut r: Repeat = repeat.bounded(document.issued, document.period.as_ref());
            let eves = *bound == Bound::Before && r.time.is_none() && r.day.is_some() && r.every != Every::Day;
            if r.every == Every::Week && r.day.is_none() {
                r.day = Some(Day::Week(Weekday::Friday));
            }
            let first = |last: Date| match (r.day, r.day_to) {
                (Some(Day::Month(d)), Some(_)) => Date::new(last.year(), last.month(), i8::try_from(d).expect("a day")).expect("a day"),
                _ => last,
            };
            let all = r.days(r.from.expect("a beginning"), r.until.expect("an end"));
            all.map(|d| if eves { (eve(d), eve(d)) } else { (first(d), d) }).collect()
        }
        _ => Vec::new(),
    }
}

/// Every event of the plan: id of the task, and its days.
fn expected(report: &Report, only: impl Fn(&[String]) -> bool) -> Vec<(String, Days)> {
    let own = report.tasks.iter().filter(|t| only(&[t.who.clone(), t.with.clone()].concat()));
    let mut all: Vec<_> = own
        .filter_map(|t| t.due.as_ref().map(|d| (t, d)))
        .flat_map(|(t, due)| days(due, &report.document).into_iter().map(|d| (t.id.clone(), d)))
        .collect();
    all.sort();
    all
}

/// What a program makes of a calendar.
fn expanded(command: &mut Command, ics: &[u8]) -> Vec<(String, Days)> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    child.stdin.take().expect("piped").write_all(ics).expect("feeds");
    let output = child.wait_with_output().expect("ends");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let mut all: Vec<_> = said
        .lines()
        .map(|line| {
            let [uid, first, last] = line.trim().split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            let id = uid.split_once("20250820.").and_then(|(_, id)| id.strip_suffix("@plan-ingest")).expect(uid);
            // Where each day of a series is an event of its own, the day is part of its name.
            let id = id.rsplit_once('.').filter(|(_, day)| day.len() == 8 && day.parse::<u32>().is_ok()).map_or(id, |(id, _)| id);
            (id.to_owned(), (first.parse().expect(first), last.parse().expect(last)))
        })
        .collect();
    all.sort();
    all
}

/// The programs that this machine has; one that it lacks is named.
#[expect(clippy::print_stderr, reason = "what is skipped is told")]
fn readers() -> Vec<Command> {
    let mut readers = Vec::new();
    if Command::new("python3").args(["-c", "import icalendar, dateutil"]).stderr(Stdio::null()).status().is_ok_and(|s| s.success()) {
        let mut python = Command::new("python3");
        python.arg(format!("{HERE}/expand.py"));
        readers.push(python);
    } else {
        eprintln!("skipped: there is no python3 with icalendar");
    }
    let package = std::env::var_os("ICAL_JS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/node/node_modules/ical.js"), PathBuf::from);
    if package.join("dist/ical.js").is_file() && Command::new("node").arg("--version").stdout(Stdio::null()).status().is_ok() {
        let mut node = Command::new("node");
        node.arg(format!("{HERE}/expand.mjs")).arg(package);
        readers.push(node);
    } else {
        eprintln!("skipped: there is no node with ical.js; `npm install --prefix target/node ical.js` brings it");
    }
    readers
}

#[test]
fn other_programs_find_the_days_of_the_plan_and_no_others() {
    let renderer = Renderer::new(&RuleBook::embedded()).expect("our own rules");
    let options = Options { today: date(2025, 8, 21), calendar: None, corrections: Corrections::default() };
    for mut reader in readers() {
        for report in [plan(), every_due()] {
            let outputs = renderer.render(&report, &Default::default(), &options).expect("renders");
            let mut calendars = 0;
            for output in outputs.iter().filter(|o| o.path.ends_with(".ics")) {
                let actor = output.path.strip_prefix("calendar/").and_then(|p| p.strip_suffix(".ics"));
                // What all the neighbourhood groups do, each of them does.
                let one_of = |w: &str, a: &str| w == a || (w == "to-dan-pho" && a.starts_with("to-dan-pho-"));
                let expected = expected(&report, |who| actor.is_none_or(|a| who.iter().any(|w| one_of(w, a))));
                assert!(!expected.is_empty(), "{}", output.path);
                let found = expanded(&mut reader, &output.bytes);
                let unlike = |a: &[(String, Days)], b: &[(String, Days)]| a.iter().filter(|e| !b.contains(e)).cloned().collect::<Vec<_>>();
                let (lost, made_up) = (unlike(&expected, &found), unlike(&found, &expected));
                assert!(found == expected, "{} by {reader:?}: lost {lost:?}, made up {made_up:?}", output.path);
                calendars += 1;
            }
            assert!(calendars > 1);
        }
    }
}

/// The folder of the plan of the fixtures, under another number.
fn folder_of(temp: &Path, number: &str) -> PathBuf {
    let dir = temp.join(number.replace('/', "-"));
    std::fs::create_dir(&dir).expect("makes");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render/plan");
    for file in ["plan.yaml", "repaired.txt", "repairs.yaml"] {
        let text = std::fs::read_to_string(from.join(file)).expect("reads");
        std::fs::write(dir.join(file), text.replace("41/KH-UBND", number)).expect("writes");
    }
    dir
}

#[test]
fn one_calendar_of_several_plans() {
    let temp = tempfile::tempdir().expect("a folder");
    let (one, two) = (folder_of(temp.path(), "41/KH-UBND"), folder_of(temp.path(), "42/KH-UBND"));
    let out = temp.path().join("chung.ics");
    let merge = |dirs: &[&Path], today: &str| {
        let mut command = assert_cmd::Command::cargo_bin("plan-ingest").expect("our program");
        command.arg("calendar").args(dirs).arg("-o").arg(&out).args(["--today", today, "--lang", "en"]).assert()
    };
    let said = merge(&[&one, &two], "2025-08-21").success().get_output().stdout.clone();
    assert!(String::from_utf8(said).expect("UTF-8").contains("of 2 plans"));
    let first = std::fs::read_to_string(&out).expect("reads");
    let unfolded = first.replace("\r\n ", "");
    for plan in ["41/KH-UBND", "42/KH-UBND"] {
        assert_eq!(unfolded.lines().filter(|l| l.starts_with("SUMMARY:") && l.ends_with(&format!("[{plan}]"))).count(), 9, "{first}");
    }
    assert!(unfolded.lines().filter(|l| l.starts_with("SUMMARY:")).all(|l| l.chars().count() <= 131));
    for mut reader in readers() {
        let both = expected(&plan(), |_| true).into_iter().flat_map(|e| [e.clone(), e]).collect::<Vec<_>>();
        assert_eq!(expanded(&mut reader, first.as_bytes()), both);
    }
    // The same plans are the same bytes, on another day too.
    merge(&[&one, &two], "2025-09-30").success();
    assert_eq!(std::fs::read_to_string(&out).expect("reads"), first);
    // What a person corrects changes the event, and its number.
    let said = "corrections: 1\nchanged:\n- {about: task, id: III.1-1, quote: \"Công chức\", now: {due: {says: x, bound: by, date: 2025-08-27}}}\n";
    let quote = plan().tasks[0].at.quote.clone();
    std::fs::write(two.join("corrections.yaml"), said.replace("Công chức", &quote.replace('"', "'"))).expect("writes");
    merge(&[&one, &two], "2025-09-30").success();
    let second = std::fs::read_to_string(&out).expect("reads");
    assert_eq!((second.matches("SEQUENCE:1\r\n").count(), second.matches("SEQUENCE:0\r\n").count()), (1, 17));
    // A plan given twice would stand there twice.
    let twice = merge(&[&one, &one], "2025-08-21").failure().get_output().stderr.clone();
    assert!(String::from_utf8(twice).expect("UTF-8").contains("41/KH-UBND"));
    assert_eq!(std::fs::read_to_string(&out).expect("reads"), second, "what failed changes nothing");
    std::fs::write(&out, "ghi chú của tôi").expect("writes");
    merge(&[&one], "2025-08-21").failure();
    assert_eq!(std::fs::read_to_string(&out).expect("reads"), "ghi chú của tôi");
}
