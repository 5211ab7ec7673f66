//! Knows which files belong together and which of them is the plan.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::text::letters::fold;

/// The words of `rules/read/bundle.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signs {
    plan: Words,
    annex: Words,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    names: Vec<String>,
    heads: Vec<String>,
}

/// How much of a text is its head, in letters.
const HEAD: usize = 2000;

impl Signs {
    /// How much a file looks like the plan rather than an annex: above 0 the plan, below 0 an annex.
    pub fn weigh(&self, path: &Path, text: &str, is_sheet: bool) -> i32 {
        let name = format!(" {} ", spaced(&fold(&path.file_stem().map(|n| n.to_string_lossy()).unwrap_or_default())));
        let head = fold(&text.chars().take(HEAD).collect::<String>());
        let named = |words: &[String]| words.iter().filter(|w| name.contains(&format!(" {w} "))).count() as i32;
        let headed = |words: &[String]| words.iter().filter(|w| head.contains(w.as_str())).count() as i32;
        let name = (named(&self.plan.names).min(1) - named(&self.annex.names).min(1)) * 2;
        name + headed(&self.plan.heads) - headed(&self.annex.heads) - if is_sheet { 6 } else { 0 }
    }
}

fn spaced(name: &str) -> String {
    let letters: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The files of a folder that may belong to a bundle, in the order a person would put them: `2.pdf` before `10.pdf`.
pub(super) fn files(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(['.', '~']));
        if !hidden && path.is_file() {
            files.push(path);
        }
    }
    files.sort_by(|a, b| natural(&a.to_string_lossy(), &b.to_string_lossy()));
    Ok(files)
}

/// Digits compare as numbers, everything else as letters.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |s: &str| s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len());
        let (da, db) = (digits(a), digits(b));
        let order = if da > 0 && db > 0 {
            let number = |s: &str| s.trim_start_matches('0').to_owned();
            let (na, nb) = (number(&a[..da]), number(&b[..db]));
            (a, b) = (&a[da..], &b[db..]);
            na.len().cmp(&nb.len()).then(na.cmp(&nb))
        } else {
            let (mut ca, mut cb) = (a.chars(), b.chars());
            let order = match (ca.next(), cb.next()) {
                (None, None) => return Ordering::Equal,
                (x, y) => x.cmp(&y),
            };
            (a, b) = (ca.as_str(), cb.as_str());
            order
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_count() {
        let mut names = ["trang10.png", "trang2.png", "Trang1.png", "trang02b.png"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["Trang1.png", "trang2.png", "trang02b.png", "trang10.png"]);
    }
}
