//! The worker for engines: a line in, a line out, in order, whatever the line is and whatever becomes of the process behind it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/plans/phan-loai-rac/input/plan.txt");
const LOCKED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/bad/co-mat-khau.pdf");

struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Worker {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plan-ingest"));
        let mut child = command.args(["worker", "--ocr", "never"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().expect("a pipe")));
        Self { child, input, output }
    }

    fn say(&mut self, line: &str) {
        let input = self.input.as_mut().expect("open");
        input.write_all(line.as_bytes()).and_then(|()| input.write_all(b"\n")).and_then(|()| input.flush()).expect("it listens");
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).expect("JSON")
    }

    fn ask(&mut self, order: &Value) -> Value {
        self.say(&order.to_string());
        self.hear()
    }

    fn end(mut self) {
        drop(self.input.take());
        assert!(self.child.wait().expect("it ends").success());
    }
}

fn kind(answer: &Value) -> &str {
    answer["failures"][0]["kind"].as_str().unwrap_or_default()
}

#[test]
fn every_line_has_its_answer_in_order() {
    let mut worker = Worker::start();
    let text = std::fs::read(PLAN).expect("reads");
    let order = |name: &str, file: Value| json!({ "bundle": name, "files": [file] }).to_string();
    let named = |mut file: Value| {
        file["name"] = json!("kh.txt");
        file["role"] = json!("plan");
        file
    };
    for line in [
        order("path", named(json!({ "path": PLAN }))),
        order("uri", named(json!({ "uri": format!("file://{PLAN}") }))),
        order("bytes", named(json!({ "bytes": base64(&text) }))),
        order("locked", json!({ "path": LOCKED })),
        order("gone", json!({ "path": "/nicht/da.txt" })),
        order("elsewhere", json!({ "uri": "s3://kho/kh.pdf" })),
        "not an order".to_owned(),
        String::new(),
        json!({ "bundle": "misspelt", "file": [] }).to_string(),
        json!({ "bundle": "nothing", "files": [] }).to_string(),
    ] {
        worker.say(&line);
    }
    let answers: Vec<Value> = (0..10).map(|_| worker.hear()).collect();
    let names: Vec<&str> = answers.iter().map(|a| a["bundle"].as_str().expect("a name")).collect();
    assert_eq!(names, ["path", "uri", "bytes", "locked", "gone", "elsewhere", "", "", "misspelt", "nothing"]);
    let facts = |a: &Value| {
        let mut facts = a.clone();
        facts.as_object_mut().expect("an object").retain(|key, _| !["bundle", "seconds"].contains(&key.as_str()));
        facts
    };
    assert_eq!(facts(&answers[0]), facts(&answers[1]), "however it comes, it is the same");
    assert_eq!(facts(&answers[0]), facts(&answers[2]));
    assert_eq!(answers[0]["plans"].as_array().map(Vec::len), Some(1));
    assert!(answers[0]["tasks"].as_array().is_some_and(|t| t.len() > 5));
    assert!(answers[0]["plans"][0]["key"] == answers[0]["key"]);
    let kinds: Vec<&str> = answers[3..].iter().map(kind).collect();
    assert_eq!(kinds, ["locked", "not-found", "missing", "bad-record", "bad-record", "bad-record", "empty"]);
    assert!(answers[3..].iter().all(|a| a["plans"].as_array().is_some_and(Vec::is_empty)));
    worker.end();
}

#[test]
#[cfg(target_os = "linux")]
fn a_process_that_dies_is_one_failure() {
    let mut worker = Worker::start();
    let order = |name: &str| json!({ "bundle": name, "files": [{ "path": PLAN, "name": "kh.txt" }] });
    assert_eq!(kind(&worker.ask(&order("first"))), "");
    let id = worker.child.id();
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).expect("reads");
    let child = children.split_whitespace().next().expect("a process behind it").to_owned();
    assert!(Command::new("kill").args(["-9", &child]).status().expect("kills").success());
    let answer = worker.ask(&order("second"));
    assert_eq!((answer["bundle"].as_str(), kind(&answer)), (Some("second"), "crashed"));
    assert_eq!(kind(&worker.ask(&order("third"))), "", "another process took its place");
    worker.end();
}

#[test]
fn the_shape_of_answers_is_told() {
    let output = Command::new(env!("CARGO_BIN_EXE_plan-ingest")).args(["worker", "--schema"]).output().expect("it starts");
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let names: Vec<&str> = schema["tables"].as_array().expect("tables").iter().filter_map(|t| t["name"].as_str()).collect();
    assert_eq!(names, ["plans", "tasks", "dues", "quotas", "findings", "failures"]);
}

/// Base64 written out, so that the worker's own reading of it is what is tested.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let number = (0..3).fold(0_u32, |n, at| n << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= three.len() { letter.into() } else { '=' });
        }
    }
    out
}
