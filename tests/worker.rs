//! The child that meets foreign bytes may hang, burst or be killed; the parent says so in one sentence, and nothing is left behind.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use plan_ingest::rules::RuleBook;
use tempfile::TempDir;

/// A desk with a folder for temporary files, a folder of rules, and one paper.
struct Desk(TempDir);

impl Desk {
    fn with(name: &str, paper: &[u8]) -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        for folder in ["tmp", "bin", "rules/read"] {
            fs::create_dir_all(desk.at(folder)).expect("a folder");
        }
        fs::write(desk.at(name), paper).expect("written");
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// One limit is another.
    fn limit(self, from: &str, to: &str) -> Self {
        let limits = RuleBook::embedded().text("read/limits.yaml").expect("embedded").into_owned();
        assert!(limits.contains(from), "{from}");
        fs::write(self.at("rules/read/limits.yaml"), limits.replace(from, to)).expect("written");
        self
    }

    /// What stands on the path as LibreOffice.
    fn office(self, script: &str) -> Self {
        let program = self.at("bin/soffice");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("written");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("our own file");
        self
    }

    fn command(&self, paper: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plan-ingest"));
        let path = format!("{}:/usr/bin:/bin", self.at("bin").display());
        command.args(["--lang", "en", "read", "--ocr", "never", "--rules"]).arg(self.at("rules")).arg(self.at(paper));
        command.env("TMPDIR", self.at("tmp")).env("PATH", path).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn read(&self, paper: &str) -> Output {
        self.command(paper).output().expect("it starts")
    }

    fn start(&self, paper: &str) -> Child {
        self.command(paper).spawn().expect("it starts")
    }

    fn left_behind(&self) -> Vec<PathBuf> {
        fs::read_dir(self.at("tmp")).expect("readable").map(|e| e.expect("readable").path()).collect()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The processes whose parent is `parent`.
fn children(parent: u32) -> Vec<u32> {
    let ids = fs::read_dir("/proc").expect("Linux").filter_map(|e| e.ok()?.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1)?.parse().ok()) == Some(parent)
    })
    .collect()
}

/// True when the process is there and no corpse.
fn lives(id: u32) -> bool {
    fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| !stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z')))
}

/// Waits for something that will be so soon.
fn soon<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(40), "{what} did not come about");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn kill(id: u32) {
    assert!(Command::new("kill").args(["-9", &id.to_string()]).status().expect("kill").success());
}

/// A PDF whose one page draws a form 200 times, which draws another 200 times, and so on, five deep: it would take days.
fn endless() -> Vec<u8> {
    let mut pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n".to_vec();
    pdf.extend(b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>endobj\n");
    let body = "/F Do ".repeat(200);
    pdf.extend(format!("4 0 obj<</Length {}>>stream\n{body}\nendstream endobj\n", body.len()).bytes());
    for object in 5..10 {
        let resources = format!("/Resources<</XObject<</F {} 0 R>>>>", object + 1);
        let head = format!("{object} 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]{resources}/Length {}>>", body.len());
        pdf.extend(format!("{head}stream\n{body}\nendstream endobj\n").bytes());
    }
    pdf.extend(b"10 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 0>>stream\n\nendstream endobj trailer<</Root 1 0 R>>");
    pdf
}

/// A Word file with this body.
fn word(body: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).expect("a name");
    write!(zip, "<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>").expect("in memory");
    zip.finish().expect("in memory").into_inner()
}

#[test]
fn a_hang_is_stopped_and_the_limit_named() {
    let desk = Desk::with("treo.pdf", &endless()).limit("seconds: 60", "seconds: 1");
    let output = desk.read("treo.pdf");
    let said = said(&output);
    assert!(
        !output.status.success() && said.contains("took too long") && said.contains("treo.pdf") && said.contains("seconds: 1"),
        "{said}"
    );
}

#[test]
fn a_bomb_is_measured_before_it_goes_off() {
    let bomb = word(&" ".repeat(40 << 20));
    assert!(bomb.len() < 100_000);
    let desk = Desk::with("bom.docx", &bomb).limit("unpacked: 536870912", "unpacked: 20000000");
    assert!(said(&desk.read("bom.docx")).contains("unpacked: 20000000"));
    // The size that an archive states need not be true: here it says one byte.
    let mut liar = bomb;
    let size = (40_u32 << 20) + 58;
    for at in 0..liar.len() - 4 {
        let told = u32::from_le_bytes([liar[at], liar[at + 1], liar[at + 2], liar[at + 3]]);
        if told.abs_diff(size) < 100 {
            liar[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
        }
    }
    let desk = Desk::with("bom.docx", &liar).limit("unpacked: 536870912", "unpacked: 20000000");
    let output = desk.read("bom.docx");
    assert!(!output.status.success() && said(&output).contains("bom.docx"), "{}", said(&output));
}

/// Found by the fuzzer: the reader of XLS panics on a file that is shorter than it says.
#[test]
fn a_workbook_cut_short_is_one_sentence() {
    let whole = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/read/annex.xls")).expect("the fixture");
    for length in (600..whole.len()).step_by(700) {
        let desk = Desk::with("cut.xls", &whole[..length]);
        let output = desk.read("cut.xls");
        let said = said(&output);
        assert!(output.status.success() || (said.contains("cut.xls") && !said.contains("panicked")), "{length}: {said}");
    }
}

#[test]
fn nesting_has_an_end() {
    let desk = Desk::with("sau.docx", &word(&"<w:sdt>".repeat(5000)));
    let said = said(&desk.read("sau.docx"));
    assert!(said.contains("over a limit") && said.contains("nesting: 120"), "{said}");
}

#[test]
fn a_worker_killed_from_outside_is_a_crash_of_that_file_alone() {
    let desk = Desk::with("treo.pdf", &endless());
    let parent = desk.start("treo.pdf");
    let worker = soon("a worker", || children(parent.id()).first().copied());
    kill(worker);
    let output = parent.wait_with_output().expect("it ends");
    let said = said(&output);
    assert!(!output.status.success() && said.contains("crashed on") && said.contains("treo.pdf"), "{said}");
}

#[test]
fn a_worker_whose_parent_is_killed_ends_too() {
    let desk = Desk::with("treo.pdf", &endless());
    let mut parent = desk.start("treo.pdf");
    let worker = soon("a worker", || children(parent.id()).first().copied());
    kill(parent.id());
    parent.wait().expect("it was killed");
    soon("the end of the worker", || (!lives(worker)).then_some(()));
}

/// Stands for a LibreOffice that hangs, and for what it starts.
const HANGS: &str = "sleep 300 & echo $! > \"$TMPDIR/../../started\"; wait";

#[test]
fn a_libreoffice_that_hangs_is_ended_with_all_that_it_started() {
    let desk = Desk::with("cu.rtf", b"{\\rtf1 Ke hoach}").limit("seconds: 60", "seconds: 1").office(HANGS);
    let output = desk.read("cu.rtf");
    assert!(said(&output).contains("seconds: 1"), "{}", said(&output));
    let started: u32 = fs::read_to_string(desk.at("started")).expect("it ran").trim().parse().expect("a number");
    soon("the end of what it started", || (!lives(started)).then_some(()));
    assert_eq!(desk.left_behind(), [] as [PathBuf; 0]);
}

#[test]
fn a_killed_run_leaves_neither_libreoffice_nor_its_files() {
    let desk = Desk::with("cu.rtf", b"{\\rtf1 Ke hoach}").office(HANGS);
    let mut parent = desk.start("cu.rtf");
    let read = |path: &Path| fs::read_to_string(path).ok()?.trim().parse::<u32>().ok();
    let started = soon("LibreOffice", || read(&desk.at("started")));
    assert!(lives(started) && !desk.left_behind().is_empty());
    kill(parent.id());
    parent.wait().expect("it was killed");
    soon("the end of LibreOffice", || (!lives(started)).then_some(()));
    soon("an empty folder", || desk.left_behind().is_empty().then_some(()));
}

#[test]
fn what_a_killed_worker_leaves_is_swept_by_the_next_run() {
    let desk = Desk::with("cu.rtf", b"{\\rtf1 Ke hoach}").office(HANGS);
    let parent = desk.start("cu.rtf");
    soon("LibreOffice", || desk.at("started").exists().then_some(()));
    let worker = children(parent.id())[0];
    kill(worker);
    parent.wait_with_output().expect("it ends");
    assert!(!desk.left_behind().is_empty(), "a killed worker can't clear up");
    let started: u32 = soon("its number", || fs::read_to_string(desk.at("started")).ok()?.trim().parse().ok());
    Command::new("kill").arg(started.to_string()).status().expect("kill");
    let desk = desk.office("exit 1");
    assert!(!desk.read("cu.rtf").status.success());
    assert_eq!(desk.left_behind(), [] as [PathBuf; 0]);
}

#[test]
fn without_libreoffice_a_sentence_says_what_is_missing() {
    let desk = Desk::with("cu.rtf", b"{\\rtf1 Ke hoach}");
    let mut command = desk.command("cu.rtf");
    let output = command.env("PATH", desk.at("bin")).output().expect("it starts");
    let said = said(&output);
    assert!(!output.status.success() && said.contains("libreoffice") && said.contains("doctor"), "{said}");
}
