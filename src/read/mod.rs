//! Reads the files of one bundle into one [`Source`]: plain text, PDF, Word, workbooks, folders of them.
//!
//! Every parser that meets foreign bytes runs in a child process of the program itself ([`worker`]) within the limits of
//! `rules/read/limits.yaml`; a crash, a hang or a bomb becomes one [`Error`] that names the file and the limit.

mod again;
mod bundle;
mod convert;
mod docx;
mod failure;
#[cfg(any(fuzzing, test))]
pub mod fuzz;
mod layout;
mod legacy;
mod limits;
mod notes;
mod ocr;
mod office;
mod paper;
mod parsed;
mod pdf;
mod plain;
mod raster;
mod scan;
mod scans;
mod scratch;
mod sheet;
mod shown;
mod verdict;
pub mod worker;
mod xml;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use self::failure::{Failure, Limit};
use self::layout::Layout;
use self::legacy::Legacy;
pub use self::limits::Limits;
pub use self::notes::Notes;
pub use self::ocr::{Ocr, Tesseract};
use self::paper::Paper;
use self::parsed::{Parsed, ParsedPage, clean};
use self::scans::Scans;
pub use self::verdict::{Class, Evidence};
use self::worker::{Job, Worker};
use crate::error::{Error, Kind, Result};
use crate::rules::RuleBook;
use crate::rules::proof::{self, Proof};
use crate::text::{Condition, File, Note, Role, Source, SourceBuilder, Words};

/// What the caller decides.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Our own program, which is started anew as the worker of every foreign file. Without it files are read in a thread of this
    /// process: that holds a panic, but neither a hang nor an abort, and is for trusted files only.
    pub worker: Option<PathBuf>,
    /// When pictures of pages are read.
    pub ocr: Ocr,
    /// Tesseract, where this machine has it ([`Tesseract::ask`]).
    pub tesseract: Option<Tesseract>,
    /// LibreOffice (`soffice`), where this machine has it: for DOC, RTF, ODT and HTML.
    pub office: Option<PathBuf>,
}

/// One file or folder to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Where it is; also the name it has in all that is written.
    pub path: PathBuf,
    /// What it is in the bundle; `None` lets its words decide.
    pub role: Option<Role>,
}

/// One file whose bytes are at hand, wherever they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// The name it has in all that is written.
    pub name: String,
    /// What it is in the bundle; `None` lets its words decide.
    pub role: Option<Role>,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Reads bundles.
#[derive(Clone, Debug)]
pub struct Reader {
    settings: Settings,
    limits: Limits,
    layout: Layout,
    signs: bundle::Signs,
    decide: verdict::Decide,
    ocr: ocr::Rules,
    legacy: Legacy,
    /// How pages are shown; `None` when nobody wants to see them.
    shown: Option<shown::Rules>,
}

/// What was found out about one page, and its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The file as the user named it.
    pub file: String,
    /// The page, from 1, where the file has pages.
    pub page: Option<u32>,
    /// The name of the sheet, for workbooks.
    pub sheet: Option<String>,
    /// What the text in the file is; `None` for sheets, whose letters are right.
    pub class: Option<(Class, Evidence)>,
    /// Where the words come from that are used.
    pub words: Words,
    /// Those words.
    pub text: String,
    /// What else is to be known of it; what is said of the whole file stands with its first page.
    pub notes: Vec<Note>,
}

/// Where the picture of a page of a document is: the bytes of its file, and its number (from 0) there.
type Place<'a> = dyn Fn(usize) -> (&'a [u8], usize) + Sync + 'a;

/// A file that has been read, before its place in the bundle is known.
struct Piece {
    path: PathBuf,
    role: Option<Role>,
    sha256: String,
    parsed: Parsed,
}

impl Reader {
    /// A reader with the limits and rules of `rules`.
    ///
    /// # Errors
    /// When a file under `rules/read/` is wrong.
    pub fn new(rules: &RuleBook, settings: Settings) -> Result<Self> {
        Ok(Self {
            settings,
            limits: rules.load("read/limits.yaml")?,
            layout: rules.load("read/layout.yaml")?,
            signs: rules.load("read/bundle.yaml")?,
            decide: rules.load(verdict::FILE)?,
            ocr: rules.load("read/ocr.yaml")?,
            legacy: rules.load("read/legacy.yaml")?,
            shown: None,
        })
    }

    /// A reader that keeps a small picture of every scanned page, to be shown beside its text.
    ///
    /// # Errors
    /// When `read/shown.yaml` is wrong.
    pub fn with_pictures(self, rules: &RuleBook) -> Result<Self> {
        Ok(Self { shown: Some(rules.load("read/shown.yaml")?), ..self })
    }

    /// Reads the files of one bundle, the plan first. A folder stands for the files in it.
    ///
    /// # Errors
    /// When a file is missing, empty, locked, damaged, of a kind that we do not read, holds no words, or reached a limit; the error names it.
    pub fn read(&self, inputs: &[Input]) -> Result<Source> {
        Ok(self.bind(self.gather(inputs)?))
    }

    /// Judges every page of the files: what its text is, and where the words come from that will be used.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn verdicts(&self, inputs: &[Input]) -> Result<Vec<Verdict>> {
        let mut verdicts = Vec::new();
        for (index, piece) in self.gather(inputs)?.into_iter().enumerate() {
            let file = piece.path.to_string_lossy().into_owned();
            let note = |(id, detail), page| Note { id, detail, file: index, page };
            let mut of_file: Vec<Note> = piece.parsed.notes.into_iter().map(|said| note(said, None)).collect();
            for page in piece.parsed.pages {
                let mut notes = std::mem::take(&mut of_file);
                notes.extend(page.notes.into_iter().map(|said| note(said, Some(verdicts.len()))));
                verdicts.push(Verdict {
                    file: file.clone(),
                    page: page.number,
                    sheet: page.sheet,
                    class: page.verdict,
                    words: page.words.unwrap_or(piece.parsed.words),
                    text: page.text,
                    notes,
                });
            }
        }
        Ok(verdicts)
    }

    fn gather(&self, inputs: &[Input]) -> Result<Vec<Piece>> {
        let mut pieces = Vec::new();
        let mut scans = Scans::default();
        for input in inputs {
            if input.path.is_dir() {
                pieces.extend(self.folder(&input.path)?);
                continue;
            }
            let blob = Blob { name: input.path.to_string_lossy().into_owned(), role: input.role, bytes: self.load(&input.path)? };
            match scans.take(blob) {
                None => {}
                Some(blob) => pieces.push(self.piece(&input.path, blob.role, &blob.bytes)?),
            }
        }
        pieces.extend(self.joined(scans, None)?);
        Ok(pieces)
    }

    /// Reads the bytes of one plan that have no file, as from standard input; `name` stands for it in all that is written.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_bytes(&self, name: &str, bytes: &[u8]) -> Result<Source> {
        Ok(self.bind(vec![self.piece(Path::new(name), Some(Role::Plan), bytes)?]))
    }

    /// Reads the files of one bundle, taken one after the other from `blobs`.
    ///
    /// # Errors
    /// As [`read`](Self::read), and the first error of `blobs`.
    pub fn read_blobs(&self, blobs: impl Iterator<Item = Result<Blob>>) -> Result<Source> {
        let mut pieces = Vec::new();
        let mut scans = Scans::default();
        for blob in blobs {
            let blob = blob?;
            self.fits(Path::new(&blob.name), blob.bytes.len() as u64)?;
            if let Some(blob) = scans.take(blob) {
                pieces.push(self.piece(Path::new(&blob.name), blob.role, &blob.bytes)?);
            }
        }
        pieces.extend(self.joined(scans, None)?);
        Ok(self.bind(pieces))
    }

    /// Whether a file of `length` bytes may be read at all.
    ///
    /// # Errors
    /// [`Kind::TooBig`] when it may not.
    pub fn fits(&self, path: &Path, length: u64) -> Result<()> {
        if length > self.limits.file { Err(Failure::limit(Limit::File, self.limits.file).at(path)) } else { Ok(()) }
    }

    /// Everything in a folder that we can read; other kinds of file may lie there too.
    fn folder(&self, dir: &Path) -> Result<Vec<Piece>> {
        let files = bundle::files(dir).map_err(|e| Error::io(dir, Kind::Unreadable, e))?;
        if files.is_empty() {
            return Err(Error::new(Kind::Empty).at(dir));
        }
        Limits::hold(Limit::Files, files.len(), self.limits.files).map_err(|f| f.at(dir))?;
        let mut pieces = Vec::new();
        let mut scans = Scans::default();
        let mut refused = None;
        for path in files {
            let blob = Blob { name: path.to_string_lossy().into_owned(), role: None, bytes: self.load(&path)? };
            let Some(blob) = scans.take(blob) else { continue };
            match self.piece(&path, None, &blob.bytes) {
                Ok(piece) => pieces.push(piece),
                Err(error) if matches!(error.kind(), Kind::UnknownKind | Kind::Empty) => refused = refused.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        pieces.extend(self.joined(scans, Some(dir))?);
        match refused {
            Some(error) if pieces.is_empty() => Err(error),
            _ => Ok(pieces),
        }
    }

    /// The bytes of a file that is not too long.
    fn load(&self, path: &Path) -> Result<Vec<u8>> {
        let unreadable = |e| Error::io(path, Kind::Unreadable, e);
        let length = std::fs::metadata(path).map_err(unreadable)?.len();
        self.fits(path, length)?;
        std::fs::read(path).map_err(unreadable)
    }

    fn piece(&self, path: &Path, role: Option<Role>, bytes: &[u8]) -> Result<Piece> {
        if bytes.is_empty() {
            return Err(Error::new(Kind::Empty).at(path));
        }
        let sha256 = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        let parsed = self.bytes(path, bytes).map_err(|failure| failure.at(path))?;
        Ok(Piece { path: path.to_path_buf(), role, sha256, parsed })
    }

    fn bytes(&self, path: &Path, bytes: &[u8]) -> Result<Parsed, Failure> {
        let worker = self.worker();
        let mut parsed = match paper::of(path, bytes, &self.legacy)? {
            Paper::Text(text) => plain::read(&text),
            Paper::Archive => worker.send(Job::Archive, bytes)?,
            Paper::Compound => worker.send(Job::Compound, bytes)?,
            Paper::Scan => worker.send(Job::Scan, bytes)?,
            Paper::Foreign(kind) => {
                let office = self.settings.office.as_ref().ok_or_else(|| Failure::Missing("libreoffice".to_owned()))?;
                worker.send(Job::Foreign(office.clone(), kind.to_owned()), bytes)?
            }
            Paper::Pdf => self.pdf(&worker, bytes)?,
        };
        if parsed.words == Words::Sheet {
            self.decode(&mut parsed);
            parsed.pages.iter_mut().for_each(|page| page.text = clean(&page.text));
        } else {
            self.look_at(&worker, &|page| (bytes, page), &mut parsed);
        }
        parsed.within(&self.limits)?.with_words()
    }

    fn worker(&self) -> Worker<'_> {
        Worker { program: self.settings.worker.as_deref(), limits: &self.limits, layout: &self.layout, legacy: &self.legacy }
    }

    /// Judges the text of every page, and reads and shows its picture where that is wanted.
    fn look_at(&self, worker: &Worker<'_>, place: &Place<'_>, parsed: &mut Parsed) {
        self.judge(parsed);
        self.read_again(worker, place, parsed);
        self.show(worker, place, parsed);
    }

    fn pdf(&self, worker: &Worker<'_>, bytes: &[u8]) -> Result<Parsed, Failure> {
        // The second reader fails badly on crafted files; what the first one said stands then.
        match worker.send(Job::Pdf, bytes) {
            Ok(first) if first.pages.iter().all(|p| p.text.trim().is_empty() && !p.layer.is_some_and(|l| l.picture || l.drawn)) => {
                let second = worker.send(Job::PdfSecondOpinion, bytes).ok().filter(Parsed::has_words);
                Ok(second.map_or_else(|| first.clone(), |second| second.with_notes_of(&first)))
            }
            Err(first @ Failure::Damaged(_)) => worker.send(Job::PdfSecondOpinion, bytes).map_err(|_| first),
            answer => answer,
        }
    }

    fn judge(&self, parsed: &mut Parsed) {
        let verdicts = self.decide.judge(&parsed.pages);
        for (page, (class, evidence)) in parsed.pages.iter_mut().zip(verdicts) {
            page.verdict = Some((class, evidence));
        }
        self.decode(parsed);
        for page in &mut parsed.pages {
            let class = page.verdict.as_ref().map_or(Class::Other, |v| v.0);
            // Typed or read by a Vietnamese OCR: plain text doesn't tell, and repair looks for itself.
            let unknown = parsed.words == Words::Native && class == Class::BornDigital;
            page.condition = if unknown { Condition::Unknown } else { self.decide.action(class).condition };
            page.text = clean(&page.text);
        }
    }

    /// Undoes an old encoding of the whole file, and says so.
    fn decode(&self, parsed: &mut Parsed) {
        let right = |p: &ParsedPage| p.verdict.as_ref().is_some_and(|(c, _)| matches!(c, Class::BornDigital | Class::VietnameseOcr));
        if parsed.pages.iter().any(right) {
            return;
        }
        let text = parsed.pages.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\u{c}");
        let Some((name, decoded)) = self.legacy.undo(&text) else { return };
        for (page, text) in parsed.pages.iter_mut().zip(decoded.split('\u{c}')) {
            page.text = text.to_owned();
            if let Some((class, _)) = page.verdict.as_mut().filter(|(c, _)| *c != Class::None) {
                *class = Class::Legacy;
            }
        }
        parsed.notes.push(("decoded".to_owned(), name));
    }

    /// Puts the plan first and the annexes behind it, in the order they came.
    fn bind(&self, mut pieces: Vec<Piece>) -> Source {
        if !pieces.iter().any(|p| p.role == Some(Role::Plan)) {
            let weight = |p: &Piece| {
                let text = p.parsed.pages.first().map_or("", |page| page.text.as_str());
                self.signs.weigh(&p.path, text, p.parsed.words == Words::Sheet)
            };
            // Of two that look alike the first is the plan.
            let open = pieces.iter().enumerate().filter(|(_, p)| p.role.is_none());
            if let Some((plan, _)) = open.rev().max_by_key(|(_, p)| weight(p)) {
                pieces[plan].role = Some(Role::Plan);
            }
        }
        pieces.sort_by_key(|p| p.role != Some(Role::Plan));
        let mut source = SourceBuilder::default();
        for piece in pieces {
            let name = piece.path.to_string_lossy().into_owned();
            let role = piece.role.unwrap_or(Role::Annex);
            source.file(File { name, sha256: piece.sha256, role, words: piece.parsed.words });
            for (id, detail) in piece.parsed.notes {
                source.note(&id, &detail, false);
            }
            for page in piece.parsed.pages {
                source.page(page.number, page.sheet, page.condition, &page.text, page.rows);
                if let Some(other) = page.other {
                    source.other(other);
                }
                if let Some(shown) = page.shown {
                    source.shown(shown);
                }
                for (id, detail) in page.notes {
                    source.note(&id, &detail, true);
                }
            }
        }
        source.finish()
    }
}

impl Proof for Reader {
    fn prove(&self, book: &RuleBook) -> Result<Vec<proof::Failure>> {
        let mut failures = self.decide.prove(|text| self.legacy.undo(text).is_some(), book);
        failures.extend(self.layout.prove(book));
        Ok(failures)
    }
}
