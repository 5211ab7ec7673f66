//! The child process that meets foreign bytes in our stead, and may die of them: one job in, one answer out.
//!
//! The parent writes a line of JSON (what to do, within which limits) and the bytes of the file; the child answers in JSON. It opens
//! no file of the person's. The parent keeps the child's input open: where it ends, the parent is gone, and the child goes too.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use process_control::{ChildExt, Control, Output};
use serde::{Deserialize, Serialize};

use super::convert::{self, Leash};
use super::failure::{Failure, Limit};
use super::layout::{Layout, Word};
use super::legacy::Legacy;
use super::limits::Limits;
use super::ocr::Picture;
use super::parsed::Parsed;
use super::raster::Grey;
use super::{office, pdf, scan};

/// The hidden word that makes the program a worker.
pub const COMMAND: &str = "read-worker";

/// Seconds that a worker has to clear up after LibreOffice.
const GRACE: u64 = 10;

/// `CREATE_NEW_PROCESS_GROUP` of Windows.
#[cfg(windows)]
const NEW_PROCESS_GROUP: u32 = 0x200;

/// What the child is to do with the bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Job {
    Pdf,
    PdfSecondOpinion,
    Archive,
    Compound,
    /// What only LibreOffice (the program) reads, by its extension.
    Foreign(PathBuf, String),
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
    /// How many bytes the file has.
    length: u64,
    limits: Limits,
    layout: Layout,
    legacy: Legacy,
}

type Answer = Result<Parsed, Failure>;

/// The child's side: reads one order with its bytes from `input`, does it, writes the answer to `output`. The process ends when `input`
/// does: then nobody waits for the answer any more.
///
/// # Errors
/// When the order can't be read or the answer can't be written.
pub fn serve(input: impl Read + Send + 'static, mut output: impl Write) -> io::Result<()> {
    let mut input = BufReader::new(input);
    let mut line = String::new();
    input.read_line(&mut line)?;
    let order: Order = serde_json::from_str(&line)?;
    let mut bytes = Vec::new();
    (&mut input).take(order.length).read_to_end(&mut bytes)?;
    let leash = Leash::default();
    let held = leash.clone();
    std::thread::Builder::new().spawn(move || {
        let _ = io::copy(&mut input, &mut io::sink());
        held.pull();
        std::process::exit(1);
    })?;
    if let Job::Picture(page) = order.job {
        let picture = picture(&order, page, bytes);
        let frame = picture.as_ref().map(|p| p.as_ref().map(Frame::of)).map_err(Clone::clone);
        serde_json::to_writer(&mut output, &frame)?;
        output.write_all(b"\n")?;
        output.write_all(picture.iter().flatten().next().map_or(&[], |p| p.grey.dots()))?;
    } else {
        serde_json::to_writer(&mut output, &carry_out(&order, bytes, &leash))?;
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

fn carry_out(order: &Order, bytes: Vec<u8>, leash: &Leash) -> Answer {
    let (limits, layout) = (&order.limits, &order.layout);
    let parsed = match &order.job {
        Job::Pdf => pdf::read(bytes, layout, limits)?,
        Job::PdfSecondOpinion => pdf::second_opinion(&bytes, limits)?,
        Job::Archive => office::archive(bytes, &order.legacy, limits)?,
        Job::Compound => office::compound(bytes, limits)?,
        Job::Foreign(program, kind) => office::archive(convert::to_docx(program, &bytes, kind, limits, leash)?, &order.legacy, limits)?,
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
    pub legacy: &'a Legacy,
}

impl Worker<'_> {
    /// Has `job` done on `bytes`, whatever becomes of the child.
    pub fn send(&self, job: Job, bytes: &[u8]) -> Answer {
        let order = self.order(job, bytes);
        match self.program {
            Some(program) => {
                let said = self.in_child(program, &order, bytes, self.limits.text.saturating_mul(2))?;
                serde_json::from_slice(&said).map_err(|_| Failure::limit(Limit::Text, self.limits.text as u64))?
            }
            None => in_thread(bytes.to_vec(), move |bytes| carry_out(&order, bytes, &Leash::default())),
        }
    }

    /// The picture of page `page` (from 0) of the PDF or picture file in `bytes`; `None` where no picture covers it.
    pub fn picture(&self, page: usize, bytes: &[u8]) -> Result<Option<Picture>, Failure> {
        let order = self.order(Job::Picture(page), bytes);
        let Some(program) = self.program else { return in_thread(bytes.to_vec(), move |bytes| picture(&order, page, bytes)) };
        let most = usize::try_from(self.limits.pixels).unwrap_or(usize::MAX).saturating_add(self.limits.text);
        let said = self.in_child(program, &order, bytes, most)?;
        let cut = said.iter().position(|b| *b == b'\n').unwrap_or(said.len());
        let too_big = || Failure::limit(Limit::Pixels, self.limits.pixels);
        let frame: Result<Option<Frame>, Failure> = serde_json::from_slice(&said[..cut]).map_err(|_| too_big())?;
        frame?.map(|frame| frame.with(said[(cut + 1).min(said.len())..].to_vec()).ok_or_else(too_big)).transpose()
    }

    fn order(&self, job: Job, bytes: &[u8]) -> Order {
        Order { job, length: bytes.len() as u64, limits: self.limits.clone(), layout: self.layout.clone(), legacy: self.legacy.clone() }
    }

    /// What a child says to `order`, at most `most` bytes of it.
    fn in_child(&self, program: &Path, order: &Order, bytes: &[u8], most: usize) -> Result<Vec<u8>, Failure> {
        let crashed = |why: io::Error| Failure::Crashed(why.to_string());
        let mut line = serde_json::to_vec(order).map_err(Failure::damaged)?;
        line.push(b'\n');
        // LibreOffice has the time of a file for itself, and the worker has to take away what it leaves.
        let seconds = self.limits.seconds + if matches!(order.job, Job::Foreign(..)) { GRACE } else { 0 };
        let mut child = start(program).map_err(crashed)?;
        let stdin = child.stdin.take();
        let output = std::thread::scope(|scope| {
            let feeding = scope.spawn(move || {
                // A child that dies while it is being fed is told by its exit, not by the broken pipe.
                let mut stdin = stdin;
                let _ = stdin.as_mut().map(|to| to.write_all(&line).and_then(|()| to.write_all(bytes)).and_then(|()| to.flush()));
                stdin
            });
            let control = child.controlled_with_output().time_limit(Duration::from_secs(seconds)).terminate_for_timeout();
            let control = control.stdout_filter(capped(most)).stderr_filter(capped(4096));
            #[cfg(any(target_os = "android", all(target_os = "linux", any(target_env = "gnu", target_env = "musl")), windows))]
            let control = control.memory_limit(self.limits.memory);
            let output = control.wait();
            // Kept open until the child is done.
            drop(feeding.join());
            output
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

/// A worker that waits for its order.
fn start(program: &Path) -> io::Result<Child> {
    let mut command = Command::new(program);
    // Ctrl-C is for the parent: the worker sees its input end, and takes away what lies about.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    #[cfg(windows)]
    std::os::windows::process::CommandExt::creation_flags(&mut command, NEW_PROCESS_GROUP);
    // What a parser says as it dies is for us, not for the person at the terminal, who gets one sentence.
    command.arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
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
