//! The stage itself: judges each page, builds its lattice, decodes it, and writes down what was changed.

use std::ops::Range;

use serde::Deserialize;

use super::Repaired;
use super::decode::{Beam, Choice, Decoder};
use super::grammar::Grammar;
use super::lattice::{Atom, Builder, Hold, Locks, Reading, atoms};
use super::memory::{Memory, lessons};
use super::proof;
use super::propose::{Proposer, Width};
use super::witness::{self, Other, Testimony};
use crate::error::Result;
use crate::lexicon::Learned;
use crate::model::Model;
use crate::model::adapt::adapt;
use crate::model::channel::Channel;
use crate::model::judge::{Damage, Thresholds};
use crate::model::ngram::{NAT, State, WordId};
use crate::model::vocabulary::NUMBER;
use crate::rules::RuleBook;
use crate::text::{Cause, Condition, Edit, Page, RawSpan, Source, Sure};

/// How evidence is weighed: `rules/repair/weights.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Weights {
    pub damage: i32,
    pub language: i32,
    pub case: i32,
    pub begins: [i32; 3],
    pub shouted: [i32; 3],
    pub unknown: i32,
    pub unknown_letter: i32,
    pub abbreviation: i32,
    pub abbreviation_letter: i32,
    pub explained: i32,
    pub code_kept: i32,
    pub code_letter: i32,
    pub sign_kept: i32,
    pub foreign_word: i32,
    pub digits: i32,
    pub grammar: i32,
    pub sound: i32,
    pub join: i32,
    pub split: i32,
    pub split_from: i32,
    pub candidates: usize,
    pub candidate_window: i32,
    pub contexts: usize,
    pub context_window: i32,
    pub least_margin: i32,
    pub light: Light,
    pub readings: usize,
    pub lesson_margin: i32,
    pub trust: u32,
    pub memory_margin: i32,
    pub memory_word: i32,
    pub memory_string: i32,
    pub memory_pair: i32,
    pub memory_kept: i32,
    pub taught: i32,
    pub home_name: i32,
    pub certain: i32,
    pub likely: i32,
}

impl Weights {
    /// The weights where the text is right but for slips.
    fn lightened(&self) -> Self {
        let light = &self.light;
        Self {
            unknown: light.unknown,
            unknown_letter: light.unknown_letter,
            abbreviation: light.unknown,
            abbreviation_letter: light.unknown_letter,
            damage: light.damage,
            least_margin: light.least_margin,
            ..self.clone()
        }
    }
}

/// How evidence is weighed where the text is right but for slips.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Light {
    pub unknown: i32,
    pub unknown_letter: i32,
    pub damage: i32,
    pub least_margin: i32,
}

/// A stretch is decoded as a whole up to so many atoms, and ends where a sentence does from so many on.
const MOST_ATOMS: usize = 240;
const ENOUGH_ATOMS: usize = 60;

/// Gives damaged text its letters back.
#[derive(Clone, Debug)]
pub struct Repairer {
    pub(super) model: Model<'static>,
    weights: Weights,
    /// The weights where the text is right but for slips.
    light: Weights,
    /// From where on letters tell what was done to them.
    pub(super) judge: Thresholds,
    /// Numbers, Roman numerals and codes.
    pub(super) grammar: Grammar,
    /// How two readings of a page are weighed against each other.
    witness: witness::Rules,
    /// What the office's accepted plans have taught.
    learned: Learned,
}

/// One choice of the search, for people who ask why.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Where.
    pub raw: RawSpan,
    /// What was read.
    pub read: String,
    /// What was chosen.
    pub chosen: String,
    /// By how much it beat the next, in natural-log units.
    pub margin: f32,
    /// What else was considered, best first, with what each would have lost.
    pub others: Vec<(String, f32)>,
}

impl Repairer {
    /// The repairer that `rules` and the embedded model make.
    ///
    /// # Errors
    /// When a rule file is wrong or the model is not one.
    pub fn new(rules: &RuleBook) -> Result<Self> {
        Self::with_model(rules, Model::embedded()?)
    }

    /// The repairer that `rules` and another model make.
    ///
    /// # Errors
    /// When a rule file is wrong.
    pub fn with_model(rules: &RuleBook, model: Model<'static>) -> Result<Self> {
        let weights: Weights = rules.load("repair/weights.yaml")?;
        let light = weights.lightened();
        let (judge, grammar) = (rules.load(proof::JUDGE)?, rules.load(proof::CODES)?);
        Ok(Self { model, weights, light, judge, grammar, witness: rules.load("repair/witness.yaml")?, learned: Learned::load(rules)? })
    }

    /// Repairs every page that needs it.
    pub fn repair(&self, source: Source) -> Repaired {
        let testimony = Testimony::of(&source, &self.witness);
        let damages = self.damages(&source);
        let mut edits = testimony.doubts.clone();
        for damage in [Condition::ForeignOcr, Condition::VietnameseOcr, Condition::Stripped] {
            let ranges = ranges(&source, &damages, &testimony, damage);
            if !ranges.is_empty() {
                edits.extend(self.repair_ranges(source.text(), &ranges, damage, &testimony));
            }
        }
        Repaired::new(source, edits)
    }

    /// The condition of every page. Where `read` does not know it the letters tell, and on a page of few words those of all such pages.
    fn damages(&self, source: &Source) -> Vec<Condition> {
        let unknown: Vec<&str> =
            source.pages().iter().filter(|p| p.condition == Condition::Unknown).map(|p| &source.text()[p.span.range()]).collect();
        let all = self.model.judge(&unknown.join("\n"), &self.judge);
        let judged = |text: &str| {
            let own = self.model.judge(text, &self.judge);
            match if own.words < self.judge.few { all.damage } else { own.damage } {
                Damage::ForeignOcr => Condition::ForeignOcr,
                Damage::Stripped => Condition::Stripped,
                Damage::None | Damage::Unknown => Condition::Clean,
            }
        };
        let page = |p: &Page| if p.condition == Condition::Unknown { judged(&source.text()[p.span.range()]) } else { p.condition };
        source.pages().iter().map(page).collect()
    }

    /// Every choice that was made on a page's lines, changed or not, in order: what `plan-ingest repair --explain` shows.
    pub fn explain(&self, source: &Source) -> Vec<Explained> {
        let testimony = Testimony::of(source, &self.witness);
        let mut all = Vec::new();
        for (page, damage) in source.pages().iter().zip(self.damages(source)) {
            if damage == Condition::Clean {
                continue;
            }
            let choices = self.read(source.text(), &[page.span.range()], damage, self.weights_for(damage), &testimony);
            all.extend(choices.into_iter().map(|choice| {
                let read = source.text()[choice.raw.clone()].to_owned();
                let losses = choice.others.iter().map(|(text, loss)| (text.to_string(), *loss as f32 / NAT as f32));
                Explained {
                    raw: RawSpan::from(choice.raw),
                    chosen: choice.text.map_or_else(|| read.clone(), String::from),
                    read,
                    margin: choice.margin.min(99 * NAT) as f32 / NAT as f32,
                    others: losses.collect(),
                }
            }));
        }
        all
    }

    fn repair_ranges(&self, text: &str, ranges: &[Range<usize>], damage: Condition, testimony: &Testimony) -> Vec<Edit> {
        let weights = self.weights_for(damage);
        let choices = self.read(text, ranges, damage, weights, testimony);
        choices.iter().filter(|c| c.kept >= weights.least_margin).filter_map(|c| edit(text, c, damage, weights)).collect()
    }

    /// Reads the ranges twice: the second time with what the first has taught about this document.
    fn read(&self, text: &str, ranges: &[Range<usize>], damage: Condition, weights: &Weights, testimony: &Testimony) -> Vec<Choice> {
        let channel = self.channel(damage);
        let alphabet = channel.alphabet();
        let can_write = |c: char| c.is_ascii() || alphabet.binary_search(&c).is_ok();
        let locks = Locks { can_write: &can_write, codes: damage == Condition::VietnameseOcr };
        let mut atoms: Vec<Atom> = ranges.iter().flat_map(|r| atoms(text, r.clone(), &self.model.vocabulary, &locks)).collect();
        if damage == Condition::VietnameseOcr {
            return self.with_other(text, &mut atoms, channel, weights, testimony);
        }
        let mut choices = self.choices(text, &atoms, channel, None, None, weights);
        for _ in 1..weights.readings {
            let mut memory = Memory::of(text, &choices, weights.memory_margin, self.model.names);
            memory.teach(&self.learned, &self.model.vocabulary);
            let own = if damage == Condition::ForeignOcr {
                let lessons = lessons(text, &atoms, &choices, weights.lesson_margin, &self.model.vocabulary);
                adapt(channel, &lessons, f64::from(weights.trust)).ok()
            } else {
                None
            };
            choices = self.choices(text, &atoms, own.as_ref().unwrap_or(channel), Some(&memory), None, weights);
        }
        choices
    }

    fn channel(&self, damage: Condition) -> &Channel<'static> {
        match damage {
            Condition::VietnameseOcr | Condition::Clean => &self.model.vietnamese,
            Condition::Stripped => &self.model.stripped,
            Condition::ForeignOcr | Condition::Unknown => &self.model.foreign,
        }
    }

    /// Reads what a Vietnamese OCR wrote, beside the other reading of the same pages where there is one.
    fn with_other(&self, text: &str, atoms: &mut [Atom], channel: &Channel<'_>, weights: &Weights, testimony: &Testimony) -> Vec<Choice> {
        let Some(condition) = testimony.condition else { return self.choices(text, atoms, channel, None, None, weights) };
        for atom in atoms.iter_mut().filter(|a| testimony.disputes(&a.raw)) {
            atom.hold = Hold::Free;
        }
        let general = self.channel(condition);
        let own = adapt(general, &testimony.lessons(&self.witness), f64::from(self.witness.trust)).ok();
        let width = Width { candidates: weights.candidates, window: weights.candidate_window };
        let proposer = Proposer::new(self.model.vocabulary, self.model.ngrams, own.as_ref().unwrap_or(general), width);
        let other = Other { testimony, proposer, rules: &self.witness };
        self.choices(text, atoms, channel, None, Some(other), weights)
    }

    fn weights_for(&self, damage: Condition) -> &Weights {
        if damage == Condition::VietnameseOcr { &self.light } else { &self.weights }
    }

    fn choices<'c>(
        &'c self,
        text: &'c str,
        atoms: &'c [Atom],
        channel: &'c Channel<'_>,
        memory: Option<&'c Memory>,
        other: Option<Other<'c, 'c>>,
        w: &'c Weights,
    ) -> Vec<Choice> {
        let width = Width { candidates: w.candidates, window: w.candidate_window };
        let mut proposer = Proposer::new(self.model.vocabulary, self.model.ngrams, channel, width);
        let ngrams = &self.model.ngrams;
        let follow = |state: State, word: WordId, reading: Option<&Reading>| {
            let general = ngrams.cost(state, word) * w.language / 100;
            let capital = || reading.and_then(|r| r.text.as_deref()).is_none_or(|t| t.starts_with(char::is_uppercase));
            memory.and_then(|m| m.follow(state, word, capital, w)).map_or(general, |own| own.min(general))
        };
        let beam = Beam { contexts: w.contexts, window: w.context_window };
        let vocabulary = self.model.vocabulary;
        let mut builder = Builder {
            text,
            atoms,
            proposer: &mut proposer,
            vocabulary,
            ngrams: *ngrams,
            memory,
            weights: w,
            grammar: &self.grammar,
            other,
        };
        let decoder = Decoder { text, atoms, ngrams, follow: &follow, beam };
        let (mut all, mut state, mut from) = (Vec::new(), State::default(), 0);
        while from < atoms.len() {
            let most = (from + MOST_ATOMS).min(atoms.len());
            let to = (from + ENOUGH_ATOMS..most).find(|&i| atoms[i].begins).unwrap_or(most);
            let edges: Vec<_> = (from..to).map(|i| builder.edges(i, to)).collect();
            let (choices, end) = decoder.decode(from, &edges, state);
            all.extend(choices);
            state = end;
            from = to;
        }
        all
    }
}

/// What of `source` was damaged so: whole pages, those words aside that were taken from the other reading of their page.
fn ranges(source: &Source, damages: &[Condition], testimony: &Testimony, damage: Condition) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = testimony.alone.iter().filter(|a| a.1 == damage).map(|a| a.0.clone()).collect();
    for (page, _) in source.pages().iter().zip(damages).filter(|(_, d)| **d == damage) {
        let span = page.span.range();
        let mut from = span.start;
        for (alone, _) in testimony.alone.iter().filter(|a| span.start <= a.0.start && a.0.end <= span.end) {
            all.push(from..alone.start);
            from = alone.end;
        }
        all.push(from..span.end);
    }
    all.retain(|r| !r.is_empty());
    all.sort_by_key(|r| r.start);
    all
}

fn edit(text: &str, choice: &Choice, damage: Condition, weights: &Weights) -> Option<Edit> {
    let fixed = choice.text.as_deref()?;
    if fixed == &text[choice.raw.clone()] {
        return None;
    }
    // A digit is never changed with more than a doubt.
    let digits = choice.words[0] == NUMBER || text[choice.raw.clone()].bytes().all(|b| b.is_ascii_digit());
    let sure = if choice.margin >= weights.certain && !digits && !choice.ruled {
        Sure::Certain
    } else if choice.margin >= weights.likely && !digits {
        Sure::Likely
    } else {
        Sure::Doubtful
    };
    let cause = match damage {
        _ if digits => Cause::Digit,
        _ if choice.ruled => Cause::Code,
        _ if choice.atoms.len() > 1 || fixed.contains(' ') => Cause::Spacing,
        Condition::VietnameseOcr => Cause::VietnameseOcr,
        Condition::Stripped => Cause::Stripped,
        _ => Cause::ForeignOcr,
    };
    Some(Edit {
        raw: RawSpan::from(choice.raw.clone()),
        fixed: fixed.to_owned(),
        cause,
        sure,
        margin: choice.margin.min(99 * NAT) as f32 / NAT as f32,
        others: choice.others.iter().map(|o| o.0.to_string()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static REPAIRER: LazyLock<Repairer> = LazyLock::new(|| Repairer::new(&RuleBook::embedded()).expect("our own rules"));

    fn repaired(text: &str, condition: Condition) -> Repaired {
        REPAIRER.repair(Source::of_text("x", text, condition))
    }

    #[test]
    fn damaged_words_come_back() {
        let text =
            "Té chirc thuc hién nhiém vu dugc giao nam 2024 theo Ké hoach s6 12/KH-UBND\nngay 03/4/2024 cua Uy ban nhan dan phuong.\n";
        let fixed = repaired(text, Condition::Unknown);
        assert_eq!(
            fixed.text(),
            "Tổ chức thực hiện nhiệm vụ được giao năm 2024 theo Kế hoạch số 12/KH-UBND\nngày 03/4/2024 của Ủy ban nhân dân phường.\n"
        );
        assert!(fixed.log().edits().iter().all(|e| e.cause == Cause::ForeignOcr));
    }

    #[test]
    fn right_text_stays() {
        for text in [
            "Ủy ban nhân dân phường tổ chức thực hiện Kế hoạch số 12/KH-UBND ngày 03/4/2024.\n",
            "The quick brown fox jumps over the lazy dog; see https://example.org/a?b=c or write to a.b@example.org.\n",
            "",
        ] {
            assert_eq!(repaired(text, Condition::Unknown).text(), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn any_text_is_survived_and_edits_fit(text in "(\\PC|[\n\t ]|é|[a-z0-9’¢¥|]{1,5}){0,80}") {
            let once = repaired(&text, Condition::ForeignOcr);
            let twice = repaired(&text, Condition::ForeignOcr);
            prop_assert_eq!(once.text(), twice.text());
            prop_assert_eq!(once.log().apply(once.source().text()), once.text());
            prop_assert_eq!(once.text().matches('\n').count(), once.source().text().matches('\n').count());
        }
    }
}
