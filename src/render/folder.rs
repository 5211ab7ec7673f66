//! The folder of a plan: written as a whole or not at all, what a person put there left alone, and read back for `render` and `explain`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::stage::{Stage, sync_folder};
use super::{Output, Reading, Report, record};
use crate::correct::Corrections;
use crate::error::{Error, Kind, Result};

/// Lists what the tool wrote, with hashes, so that it knows its own files from a person's.
pub const MANIFEST: &str = ".plan-ingest.yaml";

/// What a plan's folder holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Folder {
    /// Where it is.
    pub dir: PathBuf,
    /// Its `plan.yaml`.
    pub report: Report,
    /// Its `repaired.txt` and `repairs.yaml`.
    pub reading: Reading,
    /// Its `calendar.ics`, where there is one.
    pub calendar: Option<String>,
    /// Its `corrections.yaml`; none where there is no such file.
    pub corrections: Corrections,
}

impl Folder {
    /// The folder `dir`, read.
    ///
    /// # Errors
    /// When `dir` or its `plan.yaml` is not there, or a file in it does not hold what it should: path, line and reason are named.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self> {
        let dir = dir.as_ref();
        let whole = |e: Error| if dir.is_dir() { e.hint("a folder with plan.yaml") } else { e };
        let report = record::read(&read(&dir.join("plan.yaml")).map_err(whole)?).map_err(|e| e.at(dir.join("plan.yaml")))?;
        let log = read(&dir.join("repairs.yaml"))?;
        let mut reading = Reading::read(&read(&dir.join("repaired.txt"))?, &log).map_err(|e| e.at(dir.join("repairs.yaml")))?;
        let paths = reading.log.pages.iter().filter_map(|p| p.picture.as_ref()).map(|p| p.path.clone());
        // A page whose picture is gone is shown by its text.
        let found = |path: String| fs::read(dir.join(inside(&path).ok()?)).ok().map(|bytes| (path, bytes));
        reading.pictures = paths.filter_map(found).collect();
        Ok(Self { report, reading, calendar: calendar(dir), corrections: corrections(dir)?, dir: dir.to_path_buf() })
    }
}

/// The `calendar.ics` in `dir`, where one is: [`Options::calendar`](super::Options::calendar) of the next run.
pub fn calendar(dir: impl AsRef<Path>) -> Option<String> {
    fs::read_to_string(dir.as_ref().join("calendar.ics")).ok()
}

/// The name of the file in which a person's word is kept.
pub const CORRECTIONS: &str = "corrections.yaml";

/// What a person has said of the plan in `dir`; nothing where there is no `corrections.yaml`.
///
/// # Errors
/// When the file is there and can't be read, or does not hold what it should: path, line and reason are named.
pub fn corrections(dir: impl AsRef<Path>) -> Result<Corrections> {
    let path = dir.as_ref().join(CORRECTIONS);
    match fs::read_to_string(&path) {
        Ok(text) => Corrections::read(&text).map_err(|e| e.at(path)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Corrections::default()),
        Err(e) => Err(Error::io(path, Kind::Unreadable, e)),
    }
}

/// Writes `corrections.yaml` into `dir`, whole or not at all.
///
/// # Errors
/// [`Kind::Unwritable`] when it can't be written.
pub fn save_corrections(dir: impl AsRef<Path>, corrections: &Corrections) -> Result<()> {
    save(dir.as_ref().join(CORRECTIONS), super::yaml::write(corrections)?.as_bytes())
}

/// Writes a file, whole or not at all.
///
/// # Errors
/// [`Kind::Unwritable`] when it can't be written.
pub fn save(path: impl AsRef<Path>, bytes: &[u8]) -> Result<()> {
    let path = path.as_ref();
    let unwritable = |e| Error::new(Kind::Unwritable).at(path).because(e);
    let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = |file: &mut File| io::Write::write_all(file, bytes);
    Stage::within(dir).and_then(|stage| stage.save(path, write)).map_err(unwritable)
}

/// Writes what an office has learned into its folder of rules, whole or not at all; always to the same file, whatever was learned.
///
/// # Errors
/// [`Kind::Unwritable`] when it can't be written.
pub fn save_learned(rules: impl AsRef<Path>, learned: &crate::lexicon::Learned) -> Result<PathBuf> {
    let path = rules.as_ref().join(crate::lexicon::learned::FILE);
    let dir = path.parent().unwrap_or(rules.as_ref());
    fs::create_dir_all(dir).map_err(|e| Error::new(Kind::Unwritable).at(&path).because(e))?;
    save(&path, super::yaml::write(learned)?.as_bytes())?;
    Ok(path)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|e| Error::io(path, Kind::Unreadable, e))
}

/// What came of writing a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files that now hold what was rendered.
    pub written: Vec<String>,
    /// The files that a person has changed or put there: they were left as they are.
    pub kept: Vec<String>,
    /// The files of an earlier run that are no longer made.
    pub removed: Vec<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    plan_ingest: u32,
    /// The SHA-256 of each file as the tool wrote it; two while a run is under way.
    files: BTreeMap<String, Vec<String>>,
    /// Likewise for what was added by itself: reports of a day.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    added: BTreeMap<String, Vec<String>>,
}

/// Writes `outputs` into `dir`: every one of them or, on failure, none. A file that the tool wrote and nobody changed is replaced, or
/// removed when it is no longer made; any other is kept and named.
///
/// # Errors
/// [`Kind::Unwritable`] when `dir` can't be written; the hint is the first of `elsewhere` that can.
pub fn write(dir: impl AsRef<Path>, outputs: &[Output], elsewhere: &[PathBuf]) -> Result<Written> {
    let dir = dir.as_ref();
    Writing::begin(dir).and_then(|w| w.run(outputs)).map_err(|e| match elsewhere.iter().find(|place| is_writable(place)) {
        Some(place) if e.kind() == Kind::Unwritable => e.hint(place.display().to_string()),
        _ => e,
    })
}

/// Adds `outputs` to what is in `dir`, and leaves the rest alone. Where a person changed a file that was added before, the new one gets
/// a name of its own; the paths come back.
///
/// # Errors
/// [`Kind::Unwritable`] when `dir` can't be written.
pub fn add(dir: impl AsRef<Path>, outputs: &[Output]) -> Result<Vec<String>> {
    Writing::begin(dir.as_ref())?.add(outputs)
}

/// True when a file can be made in `dir`, or in the nearest folder above it that exists.
pub fn is_writable(dir: &Path) -> bool {
    match dir.ancestors().find(|d| d.as_os_str().is_empty() || d.exists()) {
        Some(d) if d.as_os_str().is_empty() => tempfile::tempfile_in(".").is_ok(),
        Some(d) => d.is_dir() && tempfile::tempfile_in(d).is_ok(),
        None => false,
    }
}

/// One run of writing: new files wait in `stage`, old ones in `aside`, until all is done.
struct Writing<'a> {
    dir: &'a Path,
    stage: Stage,
    manifest: Manifest,
    /// Moves done so far, to be undone in reverse.
    moved: Vec<(PathBuf, PathBuf)>,
}

impl<'a> Writing<'a> {
    fn begin(dir: &'a Path) -> Result<Self> {
        let unwritable = |e| Error::new(Kind::Unwritable).at(dir).because(e);
        fs::create_dir_all(dir).map_err(unwritable)?;
        let stage = Stage::within(dir).map_err(unwritable)?;
        // A manifest that can't be read makes every file a person's: nothing of theirs can be lost by that.
        let manifest = fs::read_to_string(dir.join(MANIFEST)).ok().and_then(|t| record::read_record(&t).ok()).unwrap_or_default();
        Ok(Self { dir, stage, manifest, moved: Vec::new() })
    }

    fn run(mut self, outputs: &[Output]) -> Result<Written> {
        let mut result = Written::default();
        let mut hashes = BTreeMap::new();
        for output in outputs {
            let path = inside(&output.path)?;
            if self.is_ours(&output.path) {
                self.put(&self.stage.path().join("new").join(&path), &output.bytes)?;
                hashes.insert(output.path.clone(), hash(&output.bytes));
                result.written.push(output.path.clone());
            } else {
                result.kept.push(output.path.clone());
            }
        }
        let made = |path: &String| outputs.iter().any(|o| o.path == *path);
        let gone: Vec<String> = self.manifest.files.keys().filter(|p| !made(p)).cloned().collect();
        for path in gone {
            match inside(&path) {
                Ok(inner) if self.dir.join(&inner).exists() => {
                    if self.is_ours(&path) {
                        result.removed.push(path)
                    } else {
                        result.kept.push(path)
                    }
                }
                _ => {}
            }
        }
        let told = self.note(&hashes, true, "")?;
        if let Err(e) = self.replace(&result) {
            self.undo();
            return Err(e);
        }
        self.note(&hashes, false, &told)?;
        Ok(result)
    }

    fn add(mut self, outputs: &[Output]) -> Result<Vec<String>> {
        let mut written = Vec::new();
        for output in outputs {
            let path = self.free(&output.path);
            self.put(&self.stage.path().join("new").join(inside(&path)?), &output.bytes)?;
            self.manifest.added.entry(path.clone()).or_default().push(hash(&output.bytes));
            written.push(path);
        }
        let (files, added) = (self.manifest.files.clone(), self.manifest.added.clone());
        self.save(&super::yaml::write(&Manifest { plan_ingest: record::VERSION, files, added })?)?;
        if let Err(e) = self.replace(&Written { written: written.clone(), ..Written::default() }) {
            self.undo();
            return Err(e);
        }
        Ok(written)
    }

    /// `path`, or the first like it, numbered, where no file of a person's stands.
    fn free(&self, path: &str) -> String {
        let (stem, ending) = path.rsplit_once('.').unwrap_or((path, ""));
        let numbered = (2..).map(|n| format!("{stem}-{n}.{ending}"));
        std::iter::once(path.to_owned()).chain(numbered).find(|p| self.is_ours(p)).unwrap_or_default()
    }

    /// True for a path where nothing stands, or a file just as the tool left it.
    fn is_ours(&self, path: &str) -> bool {
        let file = self.dir.join(path);
        match fs::read(&file) {
            Ok(bytes) => {
                let known = [self.manifest.files.get(path), self.manifest.added.get(path)];
                known.into_iter().flatten().any(|known| known.contains(&hash(&bytes)))
            }
            Err(e) => e.kind() == io::ErrorKind::NotFound,
        }
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        let unwritable = |e| Error::new(Kind::Unwritable).at(self.dir).because(e);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(unwritable)?;
        }
        // On the disk before it takes its place: what a power cut leaves of a file would pass for a person's.
        File::create(path).and_then(|mut file| io::Write::write_all(&mut file, bytes).and_then(|()| file.sync_all())).map_err(unwritable)
    }

    /// The manifest before the moves knows the old and the new of each file, so that a run cut off in between still knows its own; its
    /// text comes back. Where it is what it was `before`, it stands as it is.
    fn note(&mut self, hashes: &BTreeMap<String, String>, under_way: bool, before: &str) -> Result<String> {
        let mut files: BTreeMap<String, Vec<String>> = hashes.iter().map(|(p, h)| (p.clone(), vec![h.clone()])).collect();
        if under_way {
            for (path, known) in &self.manifest.files {
                files.entry(path.clone()).or_default().extend(known.iter().cloned());
            }
        } else {
            // A file that a person changed stays known by what we once wrote, should they put it back.
            let changed = |p: &&String| !hashes.contains_key(*p) && self.dir.join(p).exists();
            let kept: Vec<String> = self.manifest.files.keys().filter(changed).cloned().collect();
            files.extend(kept.into_iter().filter_map(|p| self.manifest.files.get(&p).cloned().map(|h| (p, h))));
        }
        files.values_mut().for_each(|h| {
            h.sort();
            h.dedup();
        });
        let text = super::yaml::write(&Manifest { plan_ingest: record::VERSION, files, added: self.manifest.added.clone() })?;
        if text != before {
            self.save(&text)?;
        }
        Ok(text)
    }

    fn save(&self, manifest: &str) -> Result<()> {
        let new = self.stage.path().join("manifest");
        self.put(&new, manifest.as_bytes())?;
        let place = self.dir.join(MANIFEST);
        let put = fs::rename(&new, &place).and_then(|()| sync_folder(self.dir));
        put.map_err(|e| Error::new(Kind::Unwritable).at(place).because(e))
    }

    fn replace(&mut self, result: &Written) -> Result<()> {
        for path in result.written.iter().chain(&result.removed) {
            let target = self.dir.join(path);
            if target.exists() {
                self.shift(&target, &self.stage.path().join("old").join(path))?;
            }
        }
        for path in &result.written {
            self.shift(&self.stage.path().join("new").join(path), &self.dir.join(path))?;
        }
        // The folders above a new one too, up to this one.
        let above = |path: &'_ String| {
            self.dir.join(path).ancestors().skip(1).take_while(|f| f.starts_with(self.dir)).map(Path::to_path_buf).collect::<Vec<_>>()
        };
        let folders: BTreeSet<PathBuf> = result.written.iter().chain(&result.removed).flat_map(above).collect();
        let sync = |folder: &PathBuf| sync_folder(folder).map_err(|e| Error::new(Kind::Unwritable).at(folder).because(e));
        folders.iter().try_for_each(sync)
    }

    fn shift(&mut self, from: &Path, to: &Path) -> Result<()> {
        let unwritable = |e| Error::new(Kind::Unwritable).at(if from.starts_with(self.stage.path()) { to } else { from }).because(e);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(unwritable)?;
        }
        fs::rename(from, to).map_err(unwritable)?;
        self.moved.push((from.to_path_buf(), to.to_path_buf()));
        Ok(())
    }

    fn undo(&mut self) {
        for (from, to) in self.moved.drain(..).rev() {
            if let Err(e) = fs::rename(&to, &from) {
                tracing::warn!(file = %from.display(), "could not be put back: {e}");
            }
        }
    }
}

/// `path` as one that stays inside the folder.
fn inside(path: &str) -> Result<PathBuf> {
    let path = Path::new(path);
    let plain = path.components().all(|c| matches!(c, Component::Normal(_)));
    if plain && path.components().next().is_some() { Ok(path.to_path_buf()) } else { Err(Error::new(Kind::Unwritable).at(path)) }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(path: &str, text: &str) -> Output {
        Output::text(path, text.to_owned())
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(dir).expect("reads").map(|e| e.expect("reads").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_run_replaces_its_own_and_keeps_what_a_person_did() {
        let temp = tempfile::tempdir().expect("a folder");
        let dir = temp.path().join("kế hoạch.plan");
        let first = write(&dir, &[out("a.txt", "1"), out("b.txt", "1"), out("sub/c.txt", "1")], &[]).expect("writes");
        assert_eq!(first.written, ["a.txt", "b.txt", "sub/c.txt"]);
        fs::write(dir.join("b.txt"), "sửa tay").expect("writes");
        fs::write(dir.join("ghi chú.txt"), "của tôi").expect("writes");
        let second = write(&dir, &[out("a.txt", "2"), out("b.txt", "2"), out("ghi chú.txt", "2")], &[]).expect("writes");
        assert_eq!((second.written, second.kept), (vec!["a.txt".into()], vec!["b.txt".into(), "ghi chú.txt".into()]));
        assert_eq!(second.removed, ["sub/c.txt"]);
        let text = |name: &str| fs::read_to_string(dir.join(name)).expect("reads");
        assert_eq!((text("a.txt"), text("b.txt"), text("ghi chú.txt")), ("2".into(), "sửa tay".into(), "của tôi".into()));
        assert_eq!(names(&dir), [MANIFEST, "a.txt", "b.txt", "ghi chú.txt", "sub"]);
        // Once the person's file is gone, ours comes back.
        fs::remove_file(dir.join("b.txt")).expect("removes");
        assert!(write(&dir, &[out("a.txt", "2"), out("b.txt", "2")], &[]).expect("writes").kept.is_empty());
        assert_eq!(text("b.txt"), "2");
    }

    #[test]
    fn what_a_person_said_is_kept_as_it_was() {
        let temp = tempfile::tempdir().expect("a folder");
        assert!(corrections(temp.path()).expect("none yet").is_empty());
        let yaml = "corrections: 1\nmade_for: {number: 41/KH-UBND}\nactors:\n- {id: a, name: 'Tổ: #1'}\nchanged:\n\
                    - {about: task, id: I-1, quote: 'x: y', now: {due: null, who: [a], product: null}}\n\
                    - {about: task, id: I-2, quote: \"- \\u202Ez\", now: {due: {says: thứ ba, bound: before, repeat: {every: week, day: tue, time: '15:00'}}}}\n\
                    - {about: quota, id: I-3, quote: '15:00', was: {amount: 1.5}, now: {amount: 12, unit: '%'}}\n\
                    - {about: cell, id: 1.2.3, quote: a | b | c, now: {value: null}}\n";
        let said = Corrections::read(yaml).expect("reads");
        save_corrections(temp.path(), &said).expect("saves");
        assert_eq!(corrections(temp.path()).expect("reads"), said);
        assert_eq!(names(temp.path()), [CORRECTIONS], "nothing else is left");
        fs::write(temp.path().join(CORRECTIONS), "corrections: 1\nchnged: []\n").expect("writes");
        let error = corrections(temp.path()).expect_err("a slip");
        assert_eq!((error.kind(), error.spot().map(|s| s.line)), (Kind::BadRecord, Some(2)));
    }

    #[test]
    fn a_run_that_fails_leaves_everything_as_it_was() {
        let temp = tempfile::tempdir().expect("a folder");
        let dir = temp.path().join("x");
        write(&dir, &[out("a.txt", "1")], &[]).expect("writes");
        // The same file twice: the second move finds nothing to move.
        let error = write(&dir, &[out("b.txt", "2"), out("a.txt", "2"), out("a.txt", "2")], &[]).expect_err("moved twice");
        assert_eq!(error.kind(), Kind::Unwritable);
        assert_eq!(fs::read_to_string(dir.join("a.txt")).expect("reads"), "1");
        assert_eq!(names(&dir), [MANIFEST, "a.txt"], "nothing of the attempt stays");
        // And the next run still knows its own.
        assert!(write(&dir, &[out("a.txt", "3")], &[]).expect("writes").kept.is_empty());
    }

    #[test]
    fn no_output_leaves_its_folder() {
        let temp = tempfile::tempdir().expect("a folder");
        for path in ["../x", "/etc/x", "a/../../x", "", "."] {
            assert!(write(temp.path().join("d"), &[out(path, "x")], &[]).is_err(), "{path}");
        }
        assert_eq!(names(temp.path()), ["d"]);
    }

    #[test]
    fn a_place_that_cannot_be_written_names_one_that_can() {
        let temp = tempfile::tempdir().expect("a folder");
        let file = temp.path().join("file");
        fs::write(&file, "x").expect("writes");
        let there = temp.path().join("there");
        let error = write(file.join("out"), &[out("a", "1")], &[file.join("no"), there.clone()]).expect_err("a file is no folder");
        assert_eq!((error.kind(), error.hint_text()), (Kind::Unwritable, Some(there.display().to_string().as_str())));
    }
}
