//! The key of a bundle: what is read, and the program, model and rules that read it. The same key is the same result.

use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::read::{Ocr, Settings};
use crate::rules::RuleBook;
use crate::text::Role;

/// Everything but the bundle itself that a result depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(String);

impl Version {
    /// The version of our code, the model and the rules of `book`, with what `settings` let be read.
    ///
    /// # Errors
    /// When a rule can't be read.
    pub fn new(book: &RuleBook, settings: &Settings) -> Result<Self> {
        let mut hash = Sha256::new();
        let mut part = |name: &str, text: &str| {
            hash.update(format!("{name} {}\n", text.len()));
            hash.update(text);
        };
        part("code", concat!(env!("CARGO_PKG_VERSION"), " ", env!("PLAN_INGEST_CODE")));
        part("model", &crate::model::info(None)?.sha256);
        // The words of the terminal change nothing that is written.
        for path in book.list("").into_iter().filter(|p| !p.starts_with("terminal/")) {
            part(&path, &book.text(&path)?.replace("\r\n", "\n"));
        }
        let languages = settings.tesseract.as_ref().filter(|_| settings.ocr != Ocr::Never).map(|t| t.languages.join(" "));
        part("pictures", &format!("{:?} {:?}", settings.ocr, languages));
        part("office", if settings.office.is_some() { "yes" } else { "no" });
        Ok(Self(hex(hash)))
    }

    /// The key of a bundle of `files`: name, role and SHA-256 of each.
    pub fn key<'a>(&self, files: impl Iterator<Item = (&'a str, Option<Role>, &'a str)>) -> String {
        let mut hash = Sha256::new();
        hash.update(&self.0);
        for (name, role, sha256) in files {
            let role = match role {
                Some(Role::Plan) => "plan",
                Some(Role::Annex) => "annex",
                None => "any",
            };
            hash.update(format!("\n{sha256} {role} {} {name}", name.len()));
        }
        hex(hash)
    }
}

/// The SHA-256 of `bytes`, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(Sha256::new_with_prefix(bytes))
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_the_result_changes_the_key() {
        let book = RuleBook::embedded();
        let never = Settings { ocr: Ocr::Never, ..Settings::default() };
        let version = Version::new(&book, &never).expect("our own rules");
        let key = |version: &Version, name, role, hash| version.key([(name, role, hash)].into_iter());
        let first = key(&version, "a.txt", Some(Role::Plan), "1");
        assert_eq!(first, key(&version, "a.txt", Some(Role::Plan), "1"));
        assert_ne!(first, key(&version, "b.txt", Some(Role::Plan), "1"));
        assert_ne!(first, key(&version, "a.txt", Some(Role::Annex), "1"));
        assert_ne!(first, key(&version, "a.txt", Some(Role::Plan), "2"));
        let auto = Version::new(&book, &Settings::default()).expect("our own rules");
        assert_ne!(version, auto);
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(dir.path().join("read")).expect("makes");
        let limits = book.text("read/limits.yaml").expect("there").replace("pages: 3000", "pages: 3001");
        std::fs::write(dir.path().join("read/limits.yaml"), limits).expect("writes");
        let office = RuleBook::with_overlay(dir.path()).expect("reads");
        assert_ne!(version, Version::new(&office, &never).expect("reads"));
    }
}
