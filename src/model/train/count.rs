//! Words and n-grams of the corpus, counted.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::corpus::{self, Text};
use crate::error::{Error, Kind, Result};
use crate::model::alphabet;
use crate::model::names::Row;
use crate::model::ngram::WordId;
use crate::model::unit::{Unit, units};
use crate::model::vocabulary::{BREAK, CODE, Case, FIRST, NUMBER, UNKNOWN, counted_form};
use unicode_normalization::UnicodeNormalization;

/// Words are numbered with two bytes.
const MOST_WORDS: usize = 60_000;

/// A name of the gazetteer counts as so many mentions.
const NAME_WEIGHT: u32 = 8;

/// How often a word was seen.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    administrative: u32,
    general: u32,
    /// In the middle of a sentence: in small letters, with a capital, in capitals.
    cases: [u32; 3],
}

/// The words of the texts that come often enough, most frequent first.
pub(super) fn words(texts: &[Text], names: &[String]) -> Result<Vec<(String, [u32; 3])>> {
    let mut seen: HashMap<String, Seen> = HashMap::new();
    for text in texts {
        corpus::paragraphs(text, |line, held_back| {
            if !held_back {
                count_words(&line.nfc().collect::<String>(), text.administrative, &mut seen);
            }
        })?;
    }
    for name in names {
        for (range, _) in units(name).filter(|(_, unit)| *unit == Unit::Word) {
            seen.entry(counted_form(&name[range])).or_default().administrative += NAME_WEIGHT;
        }
    }
    let mut all: Vec<(String, Seen)> = seen.into_iter().filter(|(w, s)| is_kept(w, *s)).collect();
    all.sort_by(|a, b| (b.1.administrative + b.1.general).cmp(&(a.1.administrative + a.1.general)).then_with(|| a.0.cmp(&b.0)));
    all.truncate(MOST_WORDS);
    Ok(all.into_iter().map(|(w, s)| (w, s.cases)).collect())
}

fn count_words(line: &str, administrative: bool, seen: &mut HashMap<String, Seen>) {
    // A line in capitals says nothing of how its words are capitalised.
    let shouted = line.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let mut begins = true;
    for (range, unit) in units(line) {
        if unit == Unit::Word {
            let word = &line[range];
            let form = counted_form(word);
            let entry = match seen.get_mut(&form) {
                Some(entry) => entry,
                None => seen.entry(form).or_default(),
            };
            if administrative {
                entry.administrative += 1;
            } else {
                entry.general += 1;
            }
            if !begins && !shouted {
                entry.cases[Case::of(word) as usize] += 1;
            }
        }
        begins = unit == Unit::Break;
    }
}

/// Rare strings are misprints more often than words, and every word makes the search wider.
fn is_kept(word: &str, seen: Seen) -> bool {
    let Some(letters) = alphabet::spell(word) else { return false };
    let (least_administrative, least_general) = if crate::text::letters::is_syllable(word) { (2, 6) } else { (8, 150) };
    letters.len() <= 12 && (seen.administrative >= least_administrative || seen.general >= least_general)
}

/// The texts as numbers, one stream for the administrative and one for the general ones; sentences and paragraphs end with a break.
pub(super) fn streams(texts: &[Text], names: &[String], words: &[(String, [u32; 3])]) -> Result<[Vec<WordId>; 2]> {
    let ids: HashMap<&str, WordId> = words.iter().enumerate().map(|(i, (w, _))| (w.as_str(), i as WordId + FIRST)).collect();
    let mut streams = [vec![BREAK], vec![BREAK]];
    for name in names {
        (0..NAME_WEIGHT).for_each(|_| add_ids(name, &ids, &mut streams[0]));
    }
    for text in texts {
        let stream = &mut streams[usize::from(!text.administrative)];
        corpus::paragraphs(text, |line, held_back| {
            if !held_back {
                add_ids(&line.nfc().collect::<String>(), &ids, stream);
            }
        })?;
    }
    Ok(streams)
}

fn add_ids(line: &str, ids: &HashMap<&str, WordId>, stream: &mut Vec<WordId>) {
    for (range, unit) in units(line) {
        let id = match unit {
            Unit::Word => ids.get(counted_form(&line[range]).as_str()).copied().unwrap_or(UNKNOWN),
            Unit::Number => NUMBER,
            Unit::Code => CODE,
            Unit::Break => BREAK,
        };
        if id != BREAK || stream.last() != Some(&BREAK) {
            stream.push(id);
        }
    }
    if stream.last() != Some(&BREAK) {
        stream.push(BREAK);
    }
}

/// The four-grams of `stream`, packed (the first word in the highest bits), sorted, each with its count.
pub(super) fn four_grams(stream: &[WordId]) -> Vec<(u64, u32)> {
    let mut keys: Vec<u64> = stream.windows(4).map(|w| w.iter().fold(0, |k, &id| k << 16 | u64::from(id))).collect();
    keys.sort_unstable();
    let mut counted: Vec<(u64, u32)> = Vec::new();
    for key in keys {
        match counted.last_mut() {
            Some(last) if last.0 == key => last.1 += 1,
            _ => counted.push((key, 1)),
        }
    }
    counted
}

/// The file of administrative units in the gazetteer: its columns are name, name without its kind, level, kind, code, parents.
const UNITS: &str = "admin_units.tsv";

/// The pairs of words in the names of administrative units, each with its province.
pub(super) fn units_by_province(gazetteer: &Path, words: &[(String, [u32; 3])]) -> Result<BTreeSet<Row>> {
    let file = gazetteer.join(UNITS);
    let text = std::fs::read_to_string(&file).map_err(|e| Error::io(&file, Kind::Unreadable, e))?;
    let ids: HashMap<&str, WordId> = words.iter().enumerate().map(|(i, (w, _))| (w.as_str(), i as WordId + FIRST)).collect();
    let (mut rows, mut provinces) = (BTreeSet::new(), HashMap::new());
    for line in text.lines().skip(1) {
        let fields: Vec<String> = line.split('\t').map(|f| f.nfc().collect()).collect();
        let [_, name, _, _, _, parents, ..] = fields.as_slice() else { continue };
        let own = parents.rsplit(", ").next().unwrap_or_default();
        let province = own.strip_prefix("Tỉnh ").or(own.strip_prefix("Thành phố ")).unwrap_or(name);
        let next = provinces.len() as u8;
        let province = *provinces.entry(counted_form(province)).or_insert(next);
        let spelled: Vec<Option<WordId>> = name.split_whitespace().map(|w| ids.get(counted_form(w).as_str()).copied()).collect();
        rows.extend(spelled.windows(2).filter_map(|w| Some((w[0]?, w[1]?, province))));
    }
    if provinces.len() > usize::from(u8::MAX) {
        return Err(Error::new(Kind::BadRecord).at(&file).detail("more provinces than a byte holds"));
    }
    Ok(rows)
}

/// The names in the gazetteer's tables (first column), NFC.
pub(super) fn names(gazetteer: &Path) -> Result<Vec<String>> {
    let mut all = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(gazetteer)
        .map_err(|e| Error::io(gazetteer, Kind::Unreadable, e))?
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "tsv"))
        .collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|e| Error::io(&file, Kind::Unreadable, e))?;
        all.extend(text.lines().skip(1).map(|line| line.split('\t').next().unwrap_or_default().nfc().collect::<String>()));
    }
    Ok(all)
}
