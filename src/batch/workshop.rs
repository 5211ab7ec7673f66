//! The process that does the work: bundle after bundle through the corridor, outputs written and put on the disk before the answer is given.

use std::fs;
use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use jiff::civil::Date;

use super::Limits;
use super::key::{self, Version};
use super::order::{Answer, Order, line};
use crate::error::{Error, Kind, Result};
use crate::read::{Blob, Settings};
use crate::render::stage::sync_folder;
use crate::render::{Options, Output, Reading, Renderer, folder};
use crate::rules::RuleBook;
use crate::store::{Failure, Record};
use crate::text::Role;
use crate::{Corridor, Ingested};

/// Every stage, built once for any number of bundles.
pub struct Workshop {
    corridor: Corridor,
    renderer: Renderer,
    version: Version,
    limits: Limits,
    outputs: Outputs,
    today: Date,
}

/// What is written of every plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outputs {
    /// `plan.yaml` alone.
    Facts,
    /// Everything.
    All,
}

impl Workshop {
    /// The stages with the rules of `book`.
    ///
    /// # Errors
    /// When a rule is wrong.
    pub fn new(book: &RuleBook, settings: Settings, outputs: Outputs, today: Date) -> Result<Self> {
        let version = Version::new(book, &settings)?;
        let limits = Limits::new(book)?;
        Ok(Self { corridor: Corridor::new(book, settings)?, renderer: Renderer::new(book)?, version, limits, outputs, today })
    }

    /// Answers every line of `input` with one of `output`, in order, until the input ends. A line that is no order gets its answer too.
    ///
    /// # Errors
    /// When the input can't be read or the output takes no more.
    pub fn serve(&self, mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
        while let Some(line) = line(&mut input, self.limits.order)? {
            let began = Instant::now();
            let record = match line {
                Ok(line) => match serde_json::from_slice::<Order>(&line) {
                    Ok(order) => self.carry_out(&order),
                    Err(e) => refused(&line, &Error::new(Kind::BadRecord).detail(e.to_string())),
                },
                Err(length) => refused(&[], &Error::new(Kind::TooBig).detail(format!("file: {length}"))),
            };
            serde_json::to_writer(&mut output, &Answer { record, seconds: began.elapsed().as_secs_f64() })?;
            output.write_all(b"\n")?;
            output.flush()?;
        }
        Ok(())
    }

    /// What a bundle comes to, whatever happens on the way.
    fn carry_out(&self, order: &Order) -> Record {
        // The stages hold nothing that a bundle changes: what panicked may be used again.
        let mut key = String::new();
        match catch_unwind(AssertUnwindSafe(|| self.ingest(order, &mut key))) {
            Ok(Ok(record)) => record,
            Ok(Err(error)) => Record::failed(&order.bundle, &key, &Failure::from(&error)),
            Err(_) => Record::failed(&order.bundle, &key, &Failure::from(&Error::new(Kind::Crashed).detail("panic"))),
        }
    }

    /// `key` is set as soon as it is known, so that a failure has it too.
    fn ingest(&self, order: &Order, key: &mut String) -> Result<Record> {
        let reader = &self.corridor.reader;
        if order.files.is_empty() {
            return Err(Error::new(Kind::Empty).at(&order.bundle));
        }
        // Whether there is a place for outputs is asked first: without one nothing here is the bundle's fault.
        if let Some(place) = order.out.as_deref().and_then(Path::parent) {
            fs::create_dir_all(place).map_err(|e| Error::new(Kind::Unwritable).at(place).because(e))?;
        }
        let mut seen: Vec<(String, Option<Role>, String)> = Vec::new();
        if let Some(said) = order.out.as_ref().and_then(|out| fs::read(out.join(folder::CORRECTIONS)).ok()) {
            seen.push((folder::CORRECTIONS.to_owned(), None, key::sha256(&said)));
        }
        let mut blobs = Vec::new();
        for file in &order.files {
            let name = file.name();
            let bytes = file.fetch(|length| reader.fits(Path::new(&name), length))?;
            let role = file.role.map(Role::from);
            seen.push((name.clone(), role, key::sha256(&bytes)));
            blobs.push(Blob { name, role, bytes });
        }
        *key = self.version.key(seen.iter().map(|(name, role, hash)| (name.as_str(), *role, hash.as_str())));
        let source = reader.read_blobs(blobs.into_iter().map(Ok))?;
        let corrections = order.out.as_ref().map(folder::corrections).transpose()?.unwrap_or_default();
        let mut done = self.corridor.understand(source, &corrections, &mut |_| {});
        self.renderer.correct(&mut done.report, &corrections, &done.misfits);
        if let Some(out) = &order.out {
            self.write(&order.bundle, out, &done)?;
        }
        Ok(Record::of(&order.bundle, key, &done.report))
    }

    /// The outputs in their folder, on the disk itself: a power cut behind the answer loses nothing.
    fn write(&self, bundle: &str, out: &Path, done: &Ingested) -> Result<()> {
        let outputs = match self.outputs {
            Outputs::Facts => vec![Output { path: "plan.yaml".into(), bytes: done.report.write()?.into_bytes() }],
            Outputs::All => {
                let options = Options { today: self.today, calendar: folder::calendar(out), corrections: folder::corrections(out)? };
                self.renderer.render(&done.report, &Reading::new(&done.repaired), &options)?
            }
        };
        folder::write(out, &outputs, &[])?;
        // The names of the folders above it, which may be new: as many as the bundle's name has parts, and the store itself.
        let unwritable = |e| Error::new(Kind::Unwritable).at(out).because(e);
        out.ancestors().skip(1).take(bundle.split('/').count() + 1).try_for_each(sync_folder).map_err(unwritable)
    }
}

/// The answer to a line that is no order; its bundle's name where that can be read at all.
pub(super) fn refused(line: &[u8], error: &Error) -> Record {
    let told = serde_json::from_slice::<serde_json::Value>(line).unwrap_or_default();
    let bundle = told.get("bundle").and_then(serde_json::Value::as_str).unwrap_or_default();
    Record::failed(bundle, "", &Failure::from(error))
}
