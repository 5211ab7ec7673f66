//! Judges the text of a page: is there any, is it Vietnamese, is it whole? A text layer that is there is not a text layer that is right.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::parsed::{Layer, ParsedPage};
use crate::rules::RuleBook;
use crate::rules::proof::Failure;
use crate::text::Condition;
use crate::text::letters::{fold, is_bare_syllable, is_marked};

/// What the text of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The letters are right, and no OCR wrote them.
    BornDigital,
    /// An OCR that knows Vietnamese wrote it.
    VietnameseOcr,
    /// An OCR of another language wrote it.
    ForeignOcr,
    /// Vietnamese without any of its marks.
    Stripped,
    /// Letters are missing, or words fell apart.
    Broken,
    /// UTF-8 that was read as Latin-1, beyond undoing.
    Mojibake,
    /// An encoding of the years before Unicode, or UTF-8 read as Latin-1; undone, and named in a note.
    Legacy,
    /// No text.
    None,
    /// Another language, or too little to say.
    Other,
}

impl Class {
    /// The name in `rules/read/decide.yaml`.
    pub fn id(self) -> &'static str {
        match self {
            Self::BornDigital => "born-digital",
            Self::VietnameseOcr => "vietnamese-ocr",
            Self::ForeignOcr => "foreign-ocr",
            Self::Stripped => "stripped",
            Self::Broken => "broken",
            Self::Mojibake => "mojibake",
            Self::Legacy => "legacy",
            Self::None => "none",
            Self::Other => "other",
        }
    }
}

/// What was counted on a page; shares are between 0 and 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Letters of any script.
    pub letters: usize,
    /// Words of two letters and more.
    pub words: usize,
    /// Letters that are not ASCII, of all letters.
    pub marked: f32,
    /// How many different letters with marks.
    pub distinct: usize,
    /// Words with a letter that only Vietnamese writes.
    pub vietnamese: f32,
    /// Words with the bare shape of a Vietnamese syllable.
    pub syllables: f32,
    /// Words of one letter, of all words.
    pub single: f32,
    /// Letters whose meaning the file doesn't tell.
    pub unmapped: f32,
    /// Letter pairs as of UTF-8 read as Latin-1, per letter.
    pub garbled: f32,
    /// Invisible glyphs, of all glyphs.
    pub hidden: f32,
    /// A picture covers the page.
    pub picture: bool,
}

/// Where the table lies.
pub(super) const FILE: &str = "read/decide.yaml";

/// The thresholds and the table of `rules/read/decide.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decide {
    few_letters: usize,
    few_words: usize,
    vietnamese: f32,
    syllables: f32,
    marked: f32,
    single: f32,
    unmapped: f32,
    garbled: f32,
    hidden: f32,
    mojibake: Vec<String>,
    classes: BTreeMap<Class, Rule>,
}

/// A line of the table, with texts that are of the class and texts that are nearly so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    condition: Condition,
    again: bool,
    #[serde(default)]
    examples: Vec<Specimen>,
    #[serde(default)]
    rejects: Vec<Specimen>,
}

/// The text of a page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Specimen {
    text: String,
    /// A picture covers the page and the text lies invisibly over it.
    #[serde(default)]
    scanned: bool,
}

/// What is done about a class.
#[derive(Clone, Copy, Debug)]
pub(super) struct Action {
    pub condition: Condition,
    pub again: bool,
}

impl Decide {
    /// What is done about `class`; nothing where the table doesn't name it.
    pub fn action(&self, class: Class) -> Action {
        let rule = self.classes.get(&class);
        rule.map_or(Action { condition: Condition::Unknown, again: false }, |r| Action { condition: r.condition, again: r.again })
    }

    /// True when so many letters are unknown that the page can't be whole.
    pub fn lost_letters(&self, evidence: &Evidence) -> bool {
        evidence.unmapped >= self.unmapped
    }

    /// Runs the examples and near misses of the table; `legacy` tells which texts are in an old encoding.
    pub fn prove(&self, legacy: impl Fn(&str) -> bool, book: &RuleBook) -> Vec<Failure> {
        let class = |specimen: &Specimen| {
            let layer = Layer { hidden: f32::from(u8::from(specimen.scanned)), picture: specimen.scanned, drawn: specimen.scanned };
            let page = ParsedPage { layer: Some(layer), ..ParsedPage::whole(Condition::Unknown, &specimen.text) };
            let class = self.judge(&[page])[0].0;
            let right = matches!(class, Class::BornDigital | Class::VietnameseOcr | Class::None);
            if !right && legacy(&specimen.text) { Class::Legacy } else { class }
        };
        let mut failures = Vec::new();
        for (due, rule) in &self.classes {
            let mut fail = |specimen: &Specimen, reason: String| {
                failures.push(Failure::new(book, FILE, due.id(), &specimen.text, reason));
            };
            for specimen in &rule.examples {
                let found = class(specimen);
                if found != *due {
                    fail(specimen, format!("“{}” is {}, not {}", specimen.text, found.id(), due.id()));
                }
            }
            for specimen in rule.rejects.iter().filter(|s| class(s) == *due) {
                fail(specimen, format!("“{}” is {}", specimen.text, due.id()));
            }
            if rule.examples.is_empty() || rule.rejects.is_empty() {
                failures.push(Failure::new(book, FILE, due.id(), due.id(), "it has no example or no near miss".into()));
            }
        }
        failures
    }

    /// Judges every page of a file; one of few words, or that says nothing of itself, goes with the others that are made like it.
    pub fn judge(&self, pages: &[ParsedPage]) -> Vec<(Class, Evidence)> {
        let mut found: Vec<(Class, Evidence)> = pages.iter().map(|p| self.judge_page(p)).collect();
        let alike = |a: &Evidence, b: &Evidence| a.picture == b.picture && (a.hidden >= self.hidden) == (b.hidden >= self.hidden);
        let unsure = |(class, e): &(Class, Evidence)| *class == Class::Other || e.words < self.few_words;
        for i in 0..found.len() {
            if found[i].0 == Class::None || !unsure(&found[i]) {
                continue;
            }
            let mut votes: BTreeMap<Class, usize> = BTreeMap::new();
            for (class, evidence) in found.iter().filter(|f| f.0 != Class::None && !unsure(f) && alike(&f.1, &found[i].1)) {
                *votes.entry(*class).or_default() += evidence.words;
            }
            if let Some((class, _)) = votes.into_iter().max_by_key(|(_, words)| *words) {
                found[i].0 = class;
            }
        }
        found
    }

    fn judge_page(&self, page: &ParsedPage) -> (Class, Evidence) {
        let e = self.evidence(&page.text, page.layer.as_ref());
        let by_ocr = e.picture || e.hidden >= self.hidden;
        let class = if e.letters == 0 || (e.letters < self.few_letters && e.picture) {
            Class::None
        } else if e.unmapped >= self.unmapped || (e.single >= self.single && e.letters >= self.few_letters) {
            Class::Broken
        } else if e.garbled >= self.garbled {
            Class::Mojibake
        } else if e.vietnamese >= self.vietnamese {
            if by_ocr { Class::VietnameseOcr } else { Class::BornDigital }
        } else if by_ocr {
            Class::ForeignOcr
        } else if e.syllables < self.syllables {
            Class::Other
        } else if e.marked > self.marked {
            Class::ForeignOcr
        } else {
            Class::Stripped
        };
        (class, e)
    }

    fn evidence(&self, text: &str, layer: Option<&Layer>) -> Evidence {
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().any(char::is_alphabetic)).collect();
        let long: Vec<&&str> = words.iter().filter(|w| w.chars().nth(1).is_some()).collect();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let unmapped = text.chars().filter(|c| *c == '\u{fffd}').count();
        let pure = |w: &str| w.chars().all(char::is_alphabetic);
        let share = |n: usize, of: usize| n as f32 / of.max(1) as f32;
        Evidence {
            letters,
            words: long.len(),
            marked: share(text.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).count(), letters),
            distinct: text.chars().filter(|c| is_marked(*c)).collect::<BTreeSet<_>>().len(),
            vietnamese: share(long.iter().filter(|w| w.chars().any(is_only_vietnamese)).count(), long.len()),
            syllables: share(long.iter().filter(|w| pure(w) && is_bare_syllable(&fold(w))).count(), long.len()),
            single: share(words.len() - long.len(), words.len()),
            unmapped: share(unmapped, letters + unmapped),
            garbled: share(self.mojibake.iter().map(|pair| text.matches(pair.as_str()).count()).sum(), letters),
            hidden: layer.map_or(0.0, |l| l.hidden),
            picture: layer.is_some_and(|l| l.picture),
        }
    }
}

/// Letters beyond Latin-1 that no other language an office meets writes: an OCR of another language can't give them.
fn is_only_vietnamese(c: char) -> bool {
    matches!(c, 'ă' | 'Ă' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | 'đ' | 'Đ' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | '\u{1ea0}'..='\u{1ef9}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = "Căn cứ Kế hoạch số 112 của huyện, Ủy ban nhân dân xã xây dựng kế hoạch tổng vệ sinh đường làng, ngõ xóm năm nay như sau; \
        các thôn đăng ký số hộ tham gia và gửi về xã trước ngày 15 tháng 02.";

    fn class(text: &str, hidden: f32, picture: bool) -> Class {
        let decide: Decide = RuleBook::embedded().load("read/decide.yaml").expect("our own rules");
        let page = ParsedPage { layer: Some(Layer { hidden, picture, drawn: picture }), ..ParsedPage::whole(Condition::Unknown, text) };
        decide.judge(&[page])[0].0
    }

    #[test]
    fn every_class_is_known_by_its_letters() {
        let foreign = "Can ctr Ké hoach sé 112 cia huyén, Uy ban nhan dan x4 xây dung ké hoach téng vé sinh dudng lang, ngd xém nam nay nhu sau; \
            c4c thén dang ky sé hd tham gia va giri vé x4 trudc ngay 15 thang 02.";
        let stripped: String = RIGHT.chars().map(|c| if c.is_ascii() { c } else { crate::text::letters::fold_char(c) }).collect();
        let spread = "Đ IỀ U KI Ệ N v à y ê u c ầ u c ủ a c á c th ô n tr o ng n ă m";
        let garbled: String = RIGHT.bytes().map(char::from).collect();
        assert_eq!(class(RIGHT, 0.0, false), Class::BornDigital);
        assert_eq!(class(RIGHT, 1.0, true), Class::VietnameseOcr);
        assert_eq!(class(foreign, 1.0, true), Class::ForeignOcr);
        assert_eq!(class(foreign, 0.0, false), Class::ForeignOcr);
        assert_eq!(class(&stripped, 0.0, false), Class::Stripped);
        assert_eq!(class(spread, 0.0, false), Class::Broken);
        assert_eq!(class("\u{fffd}\u{fffd} ab \u{fffd}c", 0.0, false), Class::Broken);
        assert_eq!(class(&garbled, 0.0, false), Class::Mojibake);
        assert_eq!(class("", 0.0, true), Class::None);
        assert_eq!(class("The quick brown fox jumps over the lazy dog, and runs on through the wood.", 0.0, false), Class::Other);
    }

    #[test]
    fn a_page_of_few_words_goes_with_its_file() {
        let decide: Decide = RuleBook::embedded().load("read/decide.yaml").expect("our own rules");
        let page = |text: &str| ParsedPage::whole(Condition::Unknown, text);
        let classes = decide.judge(&[page(RIGHT), page("Tong cong 128 24 50 54")]);
        assert_eq!(classes.iter().map(|c| c.0).collect::<Vec<_>>(), [Class::BornDigital, Class::BornDigital]);
    }
}
