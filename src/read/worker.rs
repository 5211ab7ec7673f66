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
use super::layout::{Layout, Word};
use super::limits::Limits;
use super::ocr::Picture;
use super::parsed::Parsed;
use super::raster::Grey;
use super::{office, pdf, scan};

/// The hidden word that makes the program a worker.
pub const COMMAND: &str = "read-worker";

/// What the child is to do with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Job {
    Pdf,
    PdfSecondOpinion,
    Archive,
    Compound,
    /// The pages of a picture file.
    Scan,
    /// The picture of this page (from 0) of a PDF or a picture file.
    Picture(usize),
}

/// A picture without its dots, which follow on the next line.
#[derive(Serialize, Deserialize)]
struct Frame {
    width: u32,
    height: u32,
    left: f64,
    top: f64,
    dot: (f64, f64),
    paper: (f64, f64),
    layer: Vec<Word>,
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
    if let Job::Picture(page) = order.job {
        let picture = picture(&order, page, bytes);
        let frame = picture.as_ref().map(|p| p.as_ref().map(Frame::of)).map_err(Clone::clone);
        serde_json::to_writer(&mut output, &frame)?;
        output.write_all(b"\n")?;
        output.write_all(picture.iter().flatten().next().map_or(&[], |p| p.grey.dots()))?;
    } else {
        serde_json::to_writer(&mut output, &carry_out(&order, bytes))?;
    }
    output.flush()
}

fn picture(order: &Order, page: usize, bytes: Vec<u8>) -> Result<Option<Picture>, Failure> {
    if scan::format(&bytes).is_some() {
        scan::picture(&bytes, page, &order.limits)
    } else {
        pdf::picture(bytes, page, &order.layout, &order.limits)
    }
}

impl Frame {
    fn of(picture: &Picture) -> Self {
        let Picture { grey, left, top, dot, paper, layer } = picture;
        let (width, height) = (grey.width() as u32, grey.height() as u32);
        Self { width, height, left: *left, top: *top, dot: *dot, paper: *paper, layer: layer.clone() }
    }

    fn with(self, dots: Vec<u8>) -> Option<Picture> {
        let Self { width, height, left, top, dot, paper, layer } = self;
        Grey::new(width, height, dots).map(|grey| Picture { grey, left, top, dot, paper, layer })
    }
}

fn carry_out(order: &Order, bytes: Vec<u8>) -> Answer {
    let (limits, layout) = (&order.limits, &order.layout);
    let parsed = match order.job {
        Job::Pdf => pdf::read(bytes, layout, limits)?,
        Job::PdfSecondOpinion => pdf::second_opinion(&bytes, limits)?,
        Job::Archive => office::archive(bytes, limits)?,
        Job::Compound => office::compound(bytes, limits)?,
        Job::Scan => scan::pages(bytes, limits)?,
        Job::Picture(_) => return Err(Failure::NoText),
    };
    parsed.within(limits)
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
        let order = self.order(job);
        match self.program {
            Some(program) => {
                let said = self.in_child(program, &order, bytes, self.limits.text.saturating_mul(2))?;
                serde_json::from_slice(&said).map_err(|_| Failure::limit(Limit::Text, self.limits.text as u64))?
            }
            None => in_thread(bytes.to_vec(), move |bytes| carry_out(&order, bytes)),
        }
    }

    /// The picture of page `page` (from 0) of the PDF or picture file in `bytes`; `None` where no picture covers it.
    pub fn picture(&self, page: usize, bytes: &[u8]) -> Result<Option<Picture>, Failure> {
        let order = self.order(Job::Picture(page));
        let Some(program) = self.program else { return in_thread(bytes.to_vec(), move |bytes| picture(&order, page, bytes)) };
        let most = usize::try_from(self.limits.pixels).unwrap_or(usize::MAX).saturating_add(self.limits.text);
        let said = self.in_child(program, &order, bytes, most)?;
        let cut = said.iter().position(|b| *b == b'\n').unwrap_or(said.len());
        let too_big = || Failure::limit(Limit::Pixels, self.limits.pixels);
        let frame: Result<Option<Frame>, Failure> = serde_json::from_slice(&said[..cut]).map_err(|_| too_big())?;
        frame?.map(|frame| frame.with(said[(cut + 1).min(said.len())..].to_vec()).ok_or_else(too_big)).transpose()
    }

    fn order(&self, job: Job) -> Order {
        Order { job, limits: self.limits.clone(), layout: self.layout.clone() }
    }

    /// What a child says to `order`, at most `most` bytes of it.
    fn in_child(&self, program: &Path, order: &Order, bytes: &[u8], most: usize) -> Result<Vec<u8>, Failure> {
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
            let control = control.stdout_filter(capped(most)).stderr_filter(capped(4096));
            #[cfg(any(target_os = "android", all(target_os = "linux", any(target_env = "gnu", target_env = "musl")), windows))]
            let control = control.memory_limit(self.limits.memory);
            control.wait()
        });
        match output.map_err(crashed)? {
            None => Err(Failure::TooSlow(self.limits.seconds)),
            Some(output) if output.status.success() => Ok(output.stdout),
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
fn in_thread<T: Send + 'static>(bytes: Vec<u8>, work: impl FnOnce(Vec<u8>) -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    let done = std::thread::Builder::new().spawn(move || work(bytes)).map(std::thread::JoinHandle::join);
    match done {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err(Failure::Crashed("panic".into())),
        Err(error) => Err(Failure::Crashed(error.to_string())),
    }
}
