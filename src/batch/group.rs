//! Knows which files of a folder belong together: each plan with its annexes, by the folder, by name, by "kèm theo … số …".

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde::Deserialize;

use crate::error::Result;
use crate::rules::RuleBook;
use crate::text::Role;
use crate::text::letters::fold;

const FILE: &str = "batch/group.yaml";

/// `rules/batch/group.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    plans: Vec<String>,
    sheets: Vec<String>,
    pictures: Vec<String>,
    annex: Annex,
    attached: String,
    numbered: String,
    head: usize,
    #[cfg_attr(not(test), expect(dead_code, reason = "tests run them"))]
    examples: Vec<Example>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Annex {
    anywhere: Vec<String>,
    first: Vec<String>,
    folders: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "tests run them"))]
struct Example {
    about: String,
    files: Vec<String>,
    #[serde(default)]
    heads: BTreeMap<String, String>,
    gives: Vec<Vec<String>>,
}

/// Groups the files of a folder.
#[derive(Debug)]
pub(super) struct Groups {
    rules: Rules,
    attached: Regex,
    numbered: Regex,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looks {
    Plan,
    Page,
    Annex,
    Sheet,
}

/// A file's name as words.
struct Name {
    words: Vec<String>,
    looks: Looks,
}

/// The files of one bundle, the plan first, as places in the list that was given.
pub(super) type Group = Vec<(usize, Role)>;

impl Groups {
    /// The rules of `rules/batch/group.yaml`.
    ///
    /// # Errors
    /// When the file is wrong.
    pub fn new(book: &RuleBook) -> Result<Self> {
        let rules: Rules = book.load(FILE)?;
        let regex = |pattern: &str| Regex::new(pattern).map_err(|e| book.fault(FILE, pattern, &e.to_string()));
        Ok(Self { attached: regex(&rules.attached)?, numbered: regex(&rules.numbered)?, rules })
    }

    /// True for the name of a folder of annexes.
    pub fn is_annexes(&self, folder: &str) -> bool {
        let words = words(folder);
        self.rules.annex.folders.iter().any(|sign| begins(&words, sign))
    }

    /// The bundles among `files`, which lie in one folder; `head` gives the first words of a file where its name does not tell whose it
    /// is. A file that is nothing we read is in no bundle, an annex of copies of one plan in several.
    pub fn of(&self, files: &[String], head: &mut dyn FnMut(usize) -> Option<String>) -> Vec<Group> {
        let names: Vec<Option<Name>> = files.iter().map(|f| self.name(f)).collect();
        let mut groups = self.plans(&names);
        let lone = groups.is_empty();
        let mut heads = Heads { groups: self, known: BTreeMap::new(), head };
        for (at, name) in names.iter().enumerate() {
            let Some(name) = name.as_ref().filter(|n| matches!(n.looks, Looks::Annex | Looks::Sheet)) else { continue };
            let owners = if lone { Vec::new() } else { self.owners(at, name, &names, &groups, &mut heads) };
            if owners.is_empty() {
                groups.push(vec![(at, Role::Plan)]);
            }
            owners.into_iter().for_each(|owner| groups[owner].push((at, Role::Annex)));
        }
        groups.sort_by_key(|g| g.first().map(|f| f.0));
        groups
    }

    fn name(&self, file: &str) -> Option<Name> {
        let (path, ending) = file.rsplit_once('.')?;
        let ending = ending.to_lowercase();
        let (folder, stem) = path.rsplit_once('/').map_or(("", path), |(folder, stem)| (folder, stem));
        let words = words(stem);
        let signs = &self.rules.annex;
        let is_annex = !folder.is_empty()
            || signs.anywhere.iter().any(|s| place(&words, s).is_some())
            || signs.first.iter().any(|s| begins(&words, s));
        let looks = match () {
            () if self.rules.sheets.contains(&ending) => Looks::Sheet,
            () if self.rules.plans.contains(&ending) => {
                if is_annex {
                    Looks::Annex
                } else {
                    Looks::Plan
                }
            }
            () if self.rules.pictures.contains(&ending) => {
                if is_annex {
                    Looks::Annex
                } else {
                    Looks::Page
                }
            }
            () => return None,
        };
        Some(Name { words, looks })
    }

    /// Every plan alone, and the pages of each plan that is pictures together, by their numbers.
    fn plans(&self, names: &[Option<Name>]) -> Vec<Group> {
        let mut groups = Vec::new();
        let mut pages = BTreeMap::<&[String], Vec<(u64, usize)>>::new();
        for (at, name) in names.iter().enumerate().filter_map(|(at, n)| Some((at, n.as_ref()?))) {
            match (name.looks, name.words.split_last()) {
                (Looks::Plan, _) => groups.push(vec![(at, Role::Plan)]),
                (Looks::Page, Some((last, before))) => match last.parse() {
                    Ok(number) => pages.entry(before).or_default().push((number, at)),
                    Err(_) => groups.push(vec![(at, Role::Plan)]),
                },
                (Looks::Page, None) => groups.push(vec![(at, Role::Plan)]),
                (Looks::Annex | Looks::Sheet, _) => {}
            }
        }
        for mut numbered in pages.into_values() {
            numbered.sort_unstable();
            let role = |nth| if nth == 0 { Role::Plan } else { Role::Annex };
            groups.push(numbered.into_iter().enumerate().map(|(nth, (_, at))| (at, role(nth))).collect());
        }
        groups.sort_by_key(|g| g.first().map(|f| f.0));
        groups
    }

    /// The groups that the annex `at` belongs to.
    fn owners(&self, at: usize, annex: &Name, names: &[Option<Name>], groups: &[Group], heads: &mut Heads<'_>) -> Vec<usize> {
        let plans: Vec<(usize, usize)> = groups
            .iter()
            .enumerate()
            .filter_map(|(nth, g)| Some((nth, g.first()?.0)))
            .filter(|(_, plan)| names[*plan].as_ref().is_some_and(|n| matches!(n.looks, Looks::Plan | Looks::Page)))
            .collect();
        if let [(only, _)] = plans.as_slice() {
            return vec![*only];
        }
        let own: BTreeSet<&String> = self.own_words(annex).collect();
        let score = |plan: usize| names[plan].as_ref().map_or(0, |n| shared(&own, &n.words.iter().collect()));
        let best = plans.iter().map(|(_, plan)| score(*plan)).max().unwrap_or_default();
        let named: Vec<usize> = plans.iter().filter(|(_, plan)| best > 0 && score(*plan) == best).map(|(nth, _)| *nth).collect();
        if let [_] = named.as_slice() {
            return named;
        }
        // By its words: the number that it names is one plan's own.
        let Some(number) = heads.attached(at) else { return Vec::new() };
        plans.iter().filter(|(_, plan)| heads.number(*plan).as_ref() == Some(&number)).map(|(nth, _)| *nth).collect()
    }

    /// The words of an annex's name without those that make it an annex and the number that follows them.
    fn own_words<'n>(&self, annex: &'n Name) -> impl Iterator<Item = &'n String> {
        let signs = self.rules.annex.anywhere.iter().chain(&self.rules.annex.first);
        let mut cut = BTreeSet::new();
        for sign in signs {
            let Some(from) = place(&annex.words, sign) else { continue };
            let to = from + sign.split(' ').count();
            let numbered = annex.words.get(to).is_some_and(|w| w.bytes().all(|b| b.is_ascii_digit() || b"ivx".contains(&b)));
            cut.extend(from..to + usize::from(numbered));
        }
        annex.words.iter().enumerate().filter(move |(at, _)| !cut.contains(at)).map(|(_, word)| word)
    }
}

/// What the first words of files say, each looked at once.
struct Heads<'a> {
    groups: &'a Groups,
    known: BTreeMap<usize, String>,
    head: &'a mut dyn FnMut(usize) -> Option<String>,
}

impl Heads<'_> {
    fn text(&mut self, at: usize) -> &str {
        let (head, most) = (&mut self.head, self.groups.rules.head);
        self.known.entry(at).or_insert_with(|| {
            let text: String = head(at).unwrap_or_default().chars().take(most).collect();
            fold(&text).split_whitespace().collect::<Vec<_>>().join(" ")
        })
    }

    /// The number of the plan that an annex names.
    fn attached(&mut self, at: usize) -> Option<(String, String)> {
        let regex = self.groups.attached.clone();
        number(&regex, self.text(at))
    }

    /// The own number of a plan.
    fn number(&mut self, at: usize) -> Option<(String, String)> {
        let regex = self.groups.numbered.clone();
        number(&regex, self.text(at))
    }
}

fn number(regex: &Regex, text: &str) -> Option<(String, String)> {
    let found = regex.captures(text)?;
    let digits = found.name("number")?.as_str().trim_start_matches('0');
    Some((digits.to_owned(), found.name("sign")?.as_str().to_owned()))
}

/// The words of a name, folded; letters and digits that touch are two words.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for c in fold(name).chars() {
        let kind = if c.is_ascii_digit() { Some(true) } else { c.is_alphanumeric().then_some(false) };
        match (kind, words.last_mut()) {
            (Some(_), Some(word)) if kind == last => word.push(c),
            (Some(_), _) => words.push(c.to_string()),
            (None, _) => {}
        }
        last = kind;
    }
    let plain = |w: String| if w.starts_with('0') { w.trim_start_matches('0').to_owned() } else { w };
    words.into_iter().map(plain).collect()
}

/// Where the words of `sign` stand together in `words`.
fn place(words: &[String], sign: &str) -> Option<usize> {
    let sign: Vec<&str> = sign.split(' ').collect();
    words.windows(sign.len()).position(|w| w.iter().zip(&sign).all(|(a, b)| a == b))
}

fn begins(words: &[String], sign: &str) -> bool {
    place(words, sign) == Some(0)
}

/// How many words two names share, where one of them says nothing that the other does not: a number, or two words at least.
fn shared(annex: &BTreeSet<&String>, plan: &BTreeSet<&String>) -> usize {
    let both: Vec<_> = annex.intersection(plan).collect();
    let numbers = both.iter().filter(|w| w.bytes().all(|b| b.is_ascii_digit())).count();
    let within = annex.is_subset(plan) || plan.is_subset(annex);
    if within && (numbers > 0 || both.len() > 1) { both.len() + numbers } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_grouped_as_it_says() {
        let groups = Groups::new(&RuleBook::embedded()).expect("our own rules");
        assert!(groups.rules.examples.len() > 5);
        for example in &groups.rules.examples {
            let found = groups.of(&example.files, &mut |at| example.heads.get(&example.files[at]).cloned());
            let told: Vec<Vec<&String>> = found.iter().map(|g| g.iter().map(|(at, _)| &example.files[*at]).collect()).collect();
            assert_eq!(told, example.gives.iter().map(|g| g.iter().collect()).collect::<Vec<Vec<_>>>(), "{}", example.about);
            assert!(found.iter().all(|g| g[0].1 == Role::Plan && g[1..].iter().all(|f| f.1 == Role::Annex)));
        }
    }

    #[test]
    fn an_annex_of_two_copies_hangs_on_both() {
        let groups = Groups::new(&RuleBook::embedded()).expect("our own rules");
        let files = ["ban goc.pdf", "ban sao.docx", "phu luc.xlsx"].map(str::to_owned);
        let found =
            groups.of(&files, &mut |at| Some(if at == 2 { "(Kèm theo Kế hoạch số 07/KH-UBND)" } else { "Số: 7/KH-UBND" }.to_owned()));
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    }

    #[test]
    fn folders_of_annexes_are_known_by_their_name() {
        let groups = Groups::new(&RuleBook::embedded()).expect("our own rules");
        assert!(groups.is_annexes("Phụ lục kèm theo"));
        assert!(!groups.is_annexes("Kế hoạch có phụ lục"));
    }
}
