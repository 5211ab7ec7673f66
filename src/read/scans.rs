//! Pictures of pages, a file each, that are one document together: they are read in the natural order of their names.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::failure::Failure;
use super::parsed::{Parsed, ParsedPage};
use super::worker::Job;
use super::{Blob, Piece, Reader, bundle, scan};
use crate::error::Result;
use crate::text::{Role, Words};

/// The picture files among those that are read, for every part that they play.
#[derive(Default)]
pub(super) struct Scans(Vec<Blob>);

impl Scans {
    /// Takes a picture; whatever else it is comes back.
    pub fn take(&mut self, blob: Blob) -> Option<Blob> {
        if scan::format(&blob.bytes).is_none() {
            return Some(blob);
        }
        self.0.push(blob);
        None
    }
}

impl Reader {
    /// The documents that the pictures make up: one of the plan's, one of its annexes', one of those that nothing is said of. It has the
    /// name of `folder`, or of its first picture.
    pub(super) fn joined(&self, scans: Scans, folder: Option<&Path>) -> Result<Vec<Piece>> {
        let mut pieces = Vec::new();
        for role in [Some(Role::Plan), None, Some(Role::Annex)] {
            let mut files: Vec<&Blob> = scans.0.iter().filter(|blob| blob.role == role).collect();
            files.sort_by(|a, b| bundle::natural(&a.name, &b.name));
            match files.as_slice() {
                [] => {}
                [file] => pieces.push(self.piece(Path::new(&file.name), role, &file.bytes)?),
                [first, ..] => pieces.push(self.document(folder.unwrap_or(Path::new(&first.name)), role, &files)?),
            }
        }
        Ok(pieces)
    }

    fn document(&self, name: &Path, role: Option<Role>, files: &[&Blob]) -> Result<Piece> {
        self.fits(name, files.iter().map(|file| file.bytes.len() as u64).sum())?;
        let worker = self.worker();
        let mut document = Parsed::new(Words::Ocr, Vec::new());
        let mut places: Vec<(&[u8], usize)> = Vec::new();
        let mut told = Vec::new();
        for file in files {
            let parsed = worker.send(Job::Scan, &file.bytes).map_err(|failure| failure.at(Path::new(&file.name)))?;
            told.push(format!("{} = {}", document.pages.len() + 1, short(&file.name)));
            for (at, page) in parsed.pages.into_iter().enumerate() {
                places.push((&file.bytes, at));
                let number = u32::try_from(places.len()).unwrap_or(u32::MAX);
                let torn = page.has_note("page-damaged");
                document.pages.push(ParsedPage { number: Some(number), notes: Vec::new(), ..page });
                if let Some(page) = document.pages.last_mut().filter(|_| torn) {
                    page.note("page-damaged");
                }
            }
        }
        document.notes.push(("pages-joined".to_owned(), told.join(", ")));
        self.look_at(&worker, &|page| places[page], &mut document);
        let read = |document: Parsed| document.within(&self.limits)?.with_words();
        let parsed = read(document).map_err(|failure: Failure| failure.at(name))?;
        let mut sum = Sha256::new();
        files.iter().for_each(|file| sum.update(&file.bytes));
        let sha256 = sum.finalize().iter().map(|b| format!("{b:02x}")).collect();
        Ok(Piece { path: PathBuf::from(name), role, sha256, parsed })
    }
}

/// The name of a file without its folders.
fn short(name: &str) -> String {
    Path::new(name).file_name().map_or_else(|| name.to_owned(), |n| n.to_string_lossy().into_owned())
}
