//! Many bundles: an archive is walked, grouped and gone through by worker processes side by side, and what is done is not done again.

mod group;
mod hand;
mod hold;
mod key;
mod order;
mod report;
mod walk;
mod workshop;

pub use hand::{COMMAND, Program};
pub use hold::hold;
pub use order::{Answer, Order, OrderFile, RoleName};
pub use workshop::{Outputs, Workshop};

use std::fs::File;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::group::Groups;
use self::hand::Hand;
use self::key::Version;
use self::order::line;
use self::walk::{Folder, Walk};
use self::workshop::refused;
use crate::error::{Error, Kind, Result};
use crate::read::{Input, Reader, Settings};
use crate::render::folder::CORRECTIONS;
use crate::rules::RuleBook;
use crate::store::{self, Journal, Journals, Record, Shard};
use crate::text::Role;

/// `rules/batch/limits.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    seconds: u64,
    order: u64,
}

impl Limits {
    /// The limits of `book`.
    ///
    /// # Errors
    /// When the file is wrong.
    pub fn new(book: &RuleBook) -> Result<Self> {
        book.load("batch/limits.yaml")
    }
}

/// What a batch is asked to do.
#[derive(Clone, Debug)]
pub struct Job {
    /// The folders of the archive.
    pub roots: Vec<PathBuf>,
    /// Which part of it.
    pub shard: Shard,
    /// What is written of every plan.
    pub outputs: Outputs,
    /// How many worker processes; one at least.
    pub jobs: usize,
    /// How files are read: by the workers, and here where only the words of an annex tell whose it is.
    pub settings: Settings,
    /// How a worker is started; `--hold FILE --run N` is added.
    pub program: Program,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Bundles that the walk met, in this shard.
    pub met: u64,
    /// Of these, dealt with so far.
    pub past: u64,
    /// Of those, the ones that were done by an earlier run.
    pub known: u64,
    /// Of those dealt with, the ones that failed, now or then.
    pub failed: u64,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// This run.
    pub tally: Tally,
    /// Plans and failures in the whole store.
    pub store: store::Count,
    /// True when the dataset was written anew.
    pub written: bool,
}

/// A bundle on its way from the walk to a worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Bundle {
    root: String,
    name: String,
    files: Vec<OrderFile>,
}

/// Work for a hand: a bundle and what is known of it.
struct Task {
    bundle: Bundle,
    known: Option<store::Known>,
}

/// What became of it.
enum Done {
    /// It was done before; true when it failed then.
    Before,
    /// Its rows, and the key under which they are kept.
    Now(Box<Record>, String),
}

/// Results are put on the disk after as many, or as long, whichever comes first.
const TOGETHER: usize = 64;
const AT_LEAST_EVERY: Duration = Duration::from_secs(1);

/// Goes through an archive. `watch` is told how it stands, after the walk and after every bundle.
///
/// # Errors
/// When a root or a rule can't be read, another run is at work in the store, or the store can't be written: all that was done before is
/// kept, and the next run goes on from there. A bundle that fails is no error.
pub fn run(job: &Job, store: &Path, book: &RuleBook, watch: &mut dyn FnMut(Tally)) -> Result<Outcome> {
    let roots = job.roots.iter().map(|r| walk::name(r)).collect::<Result<Vec<_>>>()?;
    if let Some(twice) = roots.iter().enumerate().find(|(nth, name)| roots[..*nth].contains(name)) {
        return Err(Error::new(Kind::Usage).at(&job.roots[twice.0]).detail("two folders of one name"));
    }
    let limits = Limits::new(book)?;
    let journals = store::journal(store);
    let mut journal = Journal::open(&journals, job.shard)?;
    let hold = journals.join(format!("{}-of-{}.hold", job.shard.nth, job.shard.of));
    let number = hold::begin(&hold)?;
    journal.begin()?;
    meet(job, store, book, &mut |bundle| {
        let told = serde_json::to_string(bundle).map_err(|e| Error::new(Kind::BadRecord).because(e))?;
        if in_shard(&bundle.name, job.shard) { journal.meet(&bundle.name, &told) } else { Ok(()) }
    })?;
    for root in &roots {
        journal.forget(root)?;
    }
    journal.commit()?;
    let mut tally = Tally { met: journal.met()?, ..Tally::default() };
    watch(tally);
    let mut program = job.program.clone();
    program.arguments.extend(["--hold".into(), hold.into_os_string(), "--run".into(), number.to_string().into()]);
    let version = Version::new(book, &job.settings)?;
    let crew = Crew { program: &program, limits: &limits, version: &version, outputs: job.outputs, store };
    crew.work(job.jobs.max(1), &mut journal, &mut tally, watch)?;
    let written = store::write(store)?;
    report::write(store, book)?;
    Ok(Outcome { tally, store: Journals::open(&journals)?.count()?, written })
}

/// Tells every bundle of the archive as the order that a worker takes, without a place for outputs.
///
/// # Errors
/// When a root or a rule can't be read.
pub fn list(job: &Job, book: &RuleBook, each: &mut dyn FnMut(&Order)) -> Result<()> {
    meet(job, Path::new(""), book, &mut |bundle| {
        if in_shard(&bundle.name, job.shard) {
            each(&Order { bundle: bundle.name.clone(), files: bundle.files.clone(), out: None });
        }
        Ok(())
    })
}

/// Passes lines on to a worker process and its answers back, in order; a worker that dies or hangs is one failure, and is replaced.
///
/// # Errors
/// When the input can't be read or the output takes no more.
pub fn supervise(program: &Program, book: &RuleBook, mut input: impl BufRead, mut output: impl Write) -> Result<()> {
    let limits = Limits::new(book)?;
    let broken = |e: io::Error| Error::new(Kind::Unwritable).at("-").because(e);
    let mut hand = Hand::new(program, &limits);
    while let Some(line) = line(&mut input, limits.order).map_err(broken)? {
        let answer = match line {
            Ok(line) => hand.ask(&line),
            Err(length) => {
                let error = Error::new(Kind::TooBig).detail(format!("file: {length}"));
                Answer { record: refused(&[], &error), seconds: 0.0 }
            }
        };
        serde_json::to_writer(&mut output, &answer).map_err(|e| broken(e.into()))?;
        output.write_all(b"\n").and_then(|()| output.flush()).map_err(broken)?;
    }
    Ok(())
}

/// Which bundles a shard has is told by their names alone.
fn in_shard(bundle: &str, shard: Shard) -> bool {
    let hash = Sha256::digest(bundle.as_bytes());
    let number = hash.iter().take(8).fold(0_u64, |n, b| n << 8 | u64::from(*b));
    number % u64::from(shard.of.max(1)) + 1 == u64::from(shard.nth)
}

/// Walks the roots; `each` is told every bundle.
fn meet(job: &Job, store: &Path, book: &RuleBook, each: &mut dyn FnMut(&Bundle) -> Result<()>) -> Result<()> {
    let groups = Groups::new(book)?;
    let reader = Reader::new(book, job.settings.clone())?;
    for root in &job.roots {
        let root_name = walk::name(root)?;
        let is_annexes = |folder: &str| groups.is_annexes(folder);
        for folder in Walk::new(root, store, &is_annexes)? {
            if !folder.readable {
                // The folder itself is told as a bundle, so that it is named among the failures.
                let file = OrderFile { name: Some(folder.name.clone()), path: Some(folder.path.clone()), ..OrderFile::default() };
                each(&Bundle { root: root_name.clone(), name: folder.name, files: vec![file] })?;
                continue;
            }
            for (name, path) in &folder.unnamed {
                // No line can tell its path: it goes by an address, and comes back among the failures.
                let name = format!("{}/{name}", folder.name);
                let file = OrderFile { name: Some(name.clone()), uri: Some(walk::address(path)), ..OrderFile::default() };
                each(&Bundle { root: root_name.clone(), name, files: vec![file] })?;
            }
            let mut head = |at: usize| {
                let input = Input { path: folder.path.join(&folder.files[at]), role: Some(Role::Plan) };
                reader.read(&[input]).ok().map(|source| source.text().to_owned())
            };
            for group in groups.of(&folder.files, &mut head) {
                each(&bundle(&root_name, &folder, &group))?;
            }
        }
    }
    Ok(())
}

fn bundle(root: &str, folder: &Folder, group: &[(usize, Role)]) -> Bundle {
    let file = |(at, role): &(usize, Role)| OrderFile {
        name: Some(format!("{}/{}", folder.name, folder.files[*at])),
        role: Some((*role).into()),
        path: Some(folder.path.join(&folder.files[*at])),
        ..OrderFile::default()
    };
    let files: Vec<OrderFile> = group.iter().map(file).collect();
    Bundle { root: root.to_owned(), name: files.first().map(OrderFile::name).unwrap_or_default(), files }
}

/// The hands at work on one run.
struct Crew<'a> {
    program: &'a Program,
    limits: &'a Limits,
    version: &'a Version,
    outputs: Outputs,
    store: &'a Path,
}

impl Crew<'_> {
    /// Goes through all that was met, `jobs` hands side by side; only this thread writes the journal.
    fn work(&self, jobs: usize, journal: &mut Journal, tally: &mut Tally, watch: &mut dyn FnMut(Tally)) -> Result<()> {
        let (tasks, taken) = channel::<Task>();
        let (answers, done) = channel::<(String, Done, bool)>();
        let taken = Mutex::new(taken);
        std::thread::scope(|scope| {
            for _ in 0..jobs {
                let (taken, answers) = (&taken, answers.clone());
                scope.spawn(move || self.hand(taken, &answers));
            }
            drop(answers);
            let worked = self.lead(jobs, tasks, &done, journal, tally, watch);
            // What is still on its way is of no use to anybody; the hands end with the channel.
            worked
        })
    }

    /// Hands out what was met, a few tasks ahead of the hands, and keeps what comes back.
    fn lead(
        &self,
        jobs: usize,
        tasks: Sender<Task>,
        done: &Receiver<(String, Done, bool)>,
        journal: &mut Journal,
        tally: &mut Tally,
        watch: &mut dyn FnMut(Tally),
    ) -> Result<()> {
        let (mut after, mut ahead, mut out) = (0, std::collections::VecDeque::new(), 0_usize);
        let (mut gathered, mut since) = (0_usize, Instant::now());
        journal.begin()?;
        loop {
            while out < jobs * 2 {
                if ahead.is_empty() {
                    ahead.extend(journal.next(after)?);
                }
                let Some((nth, told, known)) = ahead.pop_front() else { break };
                after = nth;
                let bundle: Bundle = serde_json::from_str(&told).map_err(|e| Error::new(Kind::BadRecord).because(e))?;
                out += usize::from(tasks.send(Task { bundle, known }).is_ok());
            }
            if out == 0 {
                return journal.commit();
            }
            let Ok((root, came, failed_before)) = done.recv() else { return Err(Error::new(Kind::Crashed)) };
            out -= 1;
            tally.past += 1;
            match came {
                Done::Before => {
                    tally.known += 1;
                    tally.failed += u64::from(failed_before);
                }
                Done::Now(record, key) => {
                    if let Some(stop) = self.unwritable(&record) {
                        journal.commit()?;
                        return Err(stop);
                    }
                    tally.failed += u64::from(!record.failures.is_empty());
                    journal.put(&root, &key, &record, is_settled(&record))?;
                    gathered += 1;
                }
            }
            if gathered >= TOGETHER || (gathered > 0 && since.elapsed() >= AT_LEAST_EVERY) {
                journal.commit()?;
                journal.begin()?;
                (gathered, since) = (0, Instant::now());
            }
            watch(*tally);
        }
    }

    /// That the outputs of a plan can't be written is no fault of the plan: the run stops there.
    fn unwritable(&self, record: &Record) -> Option<Error> {
        let failure = record.failure().filter(|f| f.kind == Kind::Unwritable.id())?;
        Some(Error::new(Kind::Unwritable).at(failure.file.map_or_else(|| self.store.to_path_buf(), PathBuf::from)))
    }

    fn hand(&self, taken: &Mutex<Receiver<Task>>, answers: &Sender<(String, Done, bool)>) {
        let mut hand = Hand::new(self.program, self.limits);
        loop {
            let task = taken.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(Task { bundle, known }) = task else { return };
            let failed = known.as_ref().is_some_and(|k| k.failed);
            let done = if self.is_done(&bundle, known.as_ref()) { Done::Before } else { self.ask(&mut hand, &bundle) };
            if answers.send((bundle.root, done, failed)).is_err() {
                return;
            }
        }
    }

    fn ask(&self, hand: &mut Hand<'_>, bundle: &Bundle) -> Done {
        let out = Some(store::outputs(self.store, &bundle.name));
        let order = Order { bundle: bundle.name.clone(), files: bundle.files.clone(), out };
        let record = match serde_json::to_vec(&order) {
            Ok(line) => hand.ask(&line).record,
            Err(e) => refused(&[], &Error::new(Kind::BadRecord).because(e)),
        };
        let key = self.kept_under(&record.key, self.outputs);
        Done::Now(Box::new(Record { bundle: bundle.name.clone(), ..record }), key)
    }

    /// The key of the rows, and which outputs were written.
    fn kept_under(&self, key: &str, outputs: Outputs) -> String {
        let outputs = match outputs {
            Outputs::Facts => "facts",
            Outputs::All => "all",
        };
        format!("{key} {outputs}")
    }

    /// True when the bundle was done from the same bytes by the same version, its outputs are there, and another try would change nothing.
    fn is_done(&self, bundle: &Bundle, known: Option<&store::Known>) -> bool {
        let Some(known) = known.filter(|k| k.settled) else { return false };
        let out = store::outputs(self.store, &bundle.name);
        if !known.failed && !out.join("plan.yaml").is_file() {
            return false;
        }
        let Some(key) = self.key(bundle, &out) else { return false };
        [self.outputs, Outputs::All].iter().any(|outputs| self.kept_under(&key, *outputs) == known.key)
    }

    /// The key of what lies there now; `None` where a file can't be read.
    fn key(&self, bundle: &Bundle, out: &Path) -> Option<String> {
        let mut seen = Vec::new();
        if let Ok(said) = std::fs::read(out.join(CORRECTIONS)) {
            seen.push((CORRECTIONS.to_owned(), None, key::sha256(&said)));
        }
        for file in &bundle.files {
            seen.push((file.name(), file.role.map(Role::from), hash(file.path.as_deref()?).ok()?));
        }
        Some(self.version.key(seen.iter().map(|(name, role, hash)| (name.as_str(), *role, hash.as_str()))))
    }
}

/// The SHA-256 of a file, which need not fit in memory.
fn hash(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut file = File::open(path)?;
    let mut held = vec![0; 1 << 16];
    loop {
        let length = io::Read::read(&mut file, &mut held)?;
        if length == 0 {
            return Ok(hash.finalize().iter().map(|b| format!("{b:02x}")).collect());
        }
        hash.update(&held[..length]);
    }
}

/// False for a failure that lies in the machine or the moment rather than in the bytes: the next run tries again.
fn is_settled(record: &Record) -> bool {
    let of_the_bytes = [Kind::Empty, Kind::NotThisKind, Kind::UnknownKind, Kind::Locked, Kind::Damaged, Kind::NoText, Kind::TooBig];
    record.failure().is_none_or(|failure| !record.key.is_empty() && of_the_bytes.iter().any(|kind| kind.id() == failure.kind))
}
