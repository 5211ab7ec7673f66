//! The child process that meets foreign bytes in our stead, and may die of them: one job in, one answer out.
//!
//! The parent writes a line of JSON (what to do, within which limits) and the bytes of the file; the child answers in JSON. It opens
//! no file and knows no path.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use process_control::{ChildExt, Control, Output};
use serde::{Deserialize, Serialize};

use super::failure::{Failure, Limit};
use super::layout::Layout;
use super::limits::Limits;
use super::parsed::Parsed;
use super::{office, pdf};

/// The hidden word that makes the program a worker.
pub const COMMAND: &str = "read-worker";

/// What the child is to do with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Job {
    Pdf,
    PdfSecondOpinion,
    Archive,
    Compound,
}

#[derive(Serialize, Deserialize)]
struct Order {
    job: Job,
    limits: Limits,
    layout: Layout,
}

type Answer = Result<Parsed, Failure>;

/// The child's side: reads one order with its bytes from `input`, does it, writes the answer to `output`.
///
/// # Errors
/// When the order can't be read or the answer can't be written.
pub fn serve(input: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let mut line = String::new();
    input.read_line(&mut line)?;
    let order: Order = serde_json::from_str(&line)?;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    serde_json::to_writer(&mut output, &carry_out(&order, bytes))?;
    output.flush()
}

fn carry_out(order: &Order, bytes: Vec<u8>) -> Answer {
    let (limits, layout) = (&order.limits, &order.layout);
    let parsed = match order.job {
        Job::Pdf => pdf::read(bytes, layout, limits)?,
        Job::PdfSecondOpinion => pdf::second_opinion(&bytes, limits)?,
        Job::Archive => office::archive(bytes, limits)?,
        Job::Compound => office::compound(bytes, limits)?,
    };
    parsed.checked(limits)
}

/// The parent's side.
#[derive(Clone, Debug)]
pub(super) struct Worker<'a> {
    pub program: Option<&'a Path>,
    pub limits: &'a Limits,
    pub layout: &'a Layout,
}

impl Worker<'_> {
    /// Has `job` done on `bytes`, whatever becomes of the child.
    pub fn send(&self, job: Job, bytes: &[u8]) -> Answer {
        let order = Order { job, limits: self.limits.clone(), layout: self.layout.clone() };
        match self.program {
            Some(program) => self.in_child(program, &order, bytes),
            None => in_thread(order, bytes.to_vec()),
        }
    }

    fn in_child(&self, program: &Path, order: &Order, bytes: &[u8]) -> Answer {
        let crashed = |why: io::Error| Failure::Crashed(why.to_string());
        let mut line = serde_json::to_vec(order).map_err(Failure::damaged)?;
        line.push(b'\n');
        // What a parser says as it dies is for us, not for the person at the terminal, who gets one sentence.
        let mut child = Command::new(program)
            .arg(COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(crashed)?;
        let stdin = child.stdin.take();
        let output = std::thread::scope(|scope| {
            scope.spawn(move || {
                // A child that dies while it is being fed is told by its exit, not by the broken pipe.
                let mut stdin = stdin;
                stdin.as_mut().map(|to| to.write_all(&line).and_then(|()| to.write_all(bytes)))
            });
            let control = child.controlled_with_output().time_limit(Duration::from_secs(self.limits.seconds)).terminate_for_timeout();
            let control = control.stdout_filter(capped(self.limits.text.saturating_mul(2))).stderr_filter(capped(4096));
            #[cfg(any(target_os = "android", all(target_os = "linux", any(target_env = "gnu", target_env = "musl")), windows))]
            let control = control.memory_limit(self.limits.memory);
            control.wait()
        });
        match output.map_err(crashed)? {
            None => Err(Failure::TooSlow(self.limits.seconds)),
            Some(output) if output.status.success() => {
                serde_json::from_slice(&output.stdout).map_err(|_| Failure::limit(Limit::Text, self.limits.text as u64))?
            }
            Some(output) => Err(self.post_mortem(&output)),
        }
    }

    /// Why a child died.
    fn post_mortem(&self, output: &Output) -> Failure {
        let words = String::from_utf8_lossy(&output.stderr);
        if words.contains("memory allocation of") || words.contains("capacity overflow") {
            return Failure::limit(Limit::Memory, self.limits.memory as u64);
        }
        Failure::Crashed(output.status.to_string())
    }
}

/// Keeps the first `most` bytes of what a child says.
fn capped(most: usize) -> impl FnMut(&[u8]) -> io::Result<bool> + Send + 'static {
    let mut kept = 0;
    move |bytes| {
        kept += bytes.len();
        Ok(kept <= most)
    }
}

/// Without a program to start there is a thread: a panic stays in it, a hang or an abort does not.
fn in_thread(order: Order, bytes: Vec<u8>) -> Answer {
    let done = std::thread::Builder::new().spawn(move || carry_out(&order, bytes)).map(std::thread::JoinHandle::join);
    match done {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(Failure::Crashed("panic".into())),
        Err(error) => Err(Failure::Crashed(error.to_string())),
    }
}
