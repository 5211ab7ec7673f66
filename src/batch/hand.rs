//! A worker process and the pipe to it: given a line it answers with one; when it dies or hangs the next line starts another.

use std::ffi::OsString;
use std::io::{self, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use super::Limits;
use super::order::{Answer, line};
use super::workshop::refused;
use crate::error::{Error, Kind};

/// How a worker process is started: our own program and what it is told.
#[derive(Clone, Debug)]
pub struct Program {
    /// Our own program.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

/// The name of the hidden command that is the worker's side.
pub const COMMAND: &str = "batch-worker";

/// One worker process, started when there is first something to do.
pub(super) struct Hand<'a> {
    program: &'a Program,
    limits: &'a Limits,
    at_work: Option<Process>,
}

struct Process {
    child: Child,
    stdin: ChildStdin,
    answers: Receiver<Vec<u8>>,
}

impl<'a> Hand<'a> {
    pub fn new(program: &'a Program, limits: &'a Limits) -> Self {
        Self { program, limits, at_work: None }
    }

    /// The answer to `order`, a line without its end; what kills the worker becomes a failure of this bundle.
    pub fn ask(&mut self, order: &[u8]) -> Answer {
        let began = std::time::Instant::now();
        let answer = self.talk(order);
        answer.unwrap_or_else(|error| {
            self.dismiss();
            Answer { record: refused(order, &error), seconds: began.elapsed().as_secs_f64() }
        })
    }

    fn talk(&mut self, order: &[u8]) -> Result<Answer, Error> {
        let crashed = |e: io::Error| Error::new(Kind::Crashed).because(e);
        let process = match &mut self.at_work {
            Some(process) => process,
            none => none.insert(Process::start(self.program).map_err(crashed)?),
        };
        // A worker that dies while it is being told is known by its answer, which does not come.
        let told = process.stdin.write_all(order).and_then(|()| process.stdin.write_all(b"\n")).and_then(|()| process.stdin.flush());
        drop(told);
        match process.answers.recv_timeout(Duration::from_secs(self.limits.seconds)) {
            Ok(line) => serde_json::from_slice(&line).map_err(|e| Error::new(Kind::Crashed).detail("answer").because(e)),
            Err(RecvTimeoutError::Timeout) => Err(Error::new(Kind::TooSlow).detail(format!("seconds: {}", self.limits.seconds))),
            Err(RecvTimeoutError::Disconnected) => {
                let status = process.child.wait().map(|s| s.to_string());
                Err(Error::new(Kind::Crashed).detail(status.unwrap_or_default()))
            }
        }
    }

    /// Ends the worker, whatever it is doing.
    fn dismiss(&mut self) {
        if let Some(mut process) = self.at_work.take() {
            // It may be gone already; then there is nothing to end.
            let _ = process.child.kill();
            let _ = process.child.wait();
        }
    }
}

impl Drop for Hand<'_> {
    fn drop(&mut self) {
        self.dismiss();
    }
}

impl Process {
    fn start(program: &Program) -> io::Result<Self> {
        let mut child = Command::new(&program.path)
            .args(&program.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        let stdin = child.stdin.take().ok_or_else(gone)?;
        let mut stdout = BufReader::new(child.stdout.take().ok_or_else(gone)?);
        let (said, answers) = sync_channel(1);
        std::thread::Builder::new().name("answers".into()).spawn(move || {
            while let Ok(Some(Ok(line))) = line(&mut stdout, u64::MAX) {
                if said.send(line).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self { child, stdin, answers })
    }
}
