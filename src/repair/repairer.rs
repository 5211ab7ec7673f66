//! The stage itself: judges each page, builds its lattice, decodes it, and writes down what was changed.

use std::ops::Range;

use serde::Deserialize;

use super::Repaired;
use super::decode::{Beam, Choice, Decoder};
use super::lattice::{Builder, atoms};
use super::propose::{NEVER, Proposer, Width};
use crate::error::Result;
use crate::model::Model;
use crate::model::channel::Channel;
use crate::model::judge::Damage;
use crate::model::ngram::{NAT, State};
use crate::rules::RuleBook;
use crate::text::{Cause, Condition, Edit, RawSpan, Source, Sure};

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
    pub abbreviation_letter: i32,
    pub code_kept: i32,
    pub code_letter: i32,
    pub sign_kept: i32,
    pub join: i32,
    pub split: i32,
    pub split_from: i32,
    pub candidates: usize,
    pub candidate_window: i32,
    pub contexts: usize,
    pub context_window: i32,
}

/// A stretch is decoded as a whole up to so many atoms, and ends where a sentence does from so many on.
const MOST_ATOMS: usize = 240;
const ENOUGH_ATOMS: usize = 60;

/// Gives damaged text its letters back.
#[derive(Clone, Debug)]
pub struct Repairer {
    model: Model<'static>,
    weights: Weights,
}

impl Repairer {
    /// The repairer that `rules` and the embedded model make.
    ///
    /// # Errors
    /// When a rule file is wrong or the model is not one.
    pub fn new(rules: &RuleBook) -> Result<Self> {
        Ok(Self { model: Model::embedded()?, weights: rules.load("repair/weights.yaml")? })
    }

    /// Repairs every page that needs it.
    pub fn repair(&self, source: Source) -> Repaired {
        let mut edits = Vec::new();
        for page in source.pages() {
            let text = &source.text()[page.span.range()];
            let damage = match page.condition {
                Condition::Unknown => self.model.judge(text).damage,
                Condition::ForeignOcr => Damage::ForeignOcr,
                Condition::Stripped => Damage::Stripped,
                Condition::Clean | Condition::VietnameseOcr => Damage::None,
            };
            if matches!(damage, Damage::ForeignOcr | Damage::Stripped) {
                edits.extend(self.repair_range(source.text(), page.span.range(), &self.model.foreign));
            }
        }
        Repaired::new(source, edits)
    }

    fn repair_range(&self, text: &str, range: Range<usize>, channel: &Channel<'_>) -> Vec<Edit> {
        let choices = self.choices(text, range, channel);
        choices.iter().filter_map(|c| edit(text, c)).collect()
    }

    fn choices(&self, text: &str, range: Range<usize>, channel: &Channel<'_>) -> Vec<Choice> {
        let w = &self.weights;
        let alphabet = channel.alphabet();
        let can_write = |c: char| c.is_ascii() || alphabet.binary_search(&c).is_ok();
        let atoms = atoms(text, range, &self.model.vocabulary, &can_write);
        let width = Width { candidates: w.candidates, window: w.candidate_window };
        let mut proposer = Proposer::new(self.model.vocabulary, self.model.ngrams, channel, width);
        let ngrams = &self.model.ngrams;
        let follow = |state: State, word: u16| ngrams.cost(state, word) * w.language / 100;
        let beam = Beam { contexts: w.contexts, window: w.context_window };
        let mut builder = Builder { text, atoms: &atoms, proposer: &mut proposer, vocabulary: self.model.vocabulary, weights: w };
        let decoder = Decoder { text, atoms: &atoms, ngrams, follow: &follow, beam };
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

fn edit(text: &str, choice: &Choice) -> Option<Edit> {
    let fixed = choice.text.as_deref()?;
    if fixed == &text[choice.raw.clone()] {
        return None;
    }
    let margin = choice.margin.min(NEVER) as f32 / NAT as f32;
    let sure = if margin > 6.0 {
        Sure::Certain
    } else if margin > 2.0 {
        Sure::Likely
    } else {
        Sure::Doubtful
    };
    let cause = if choice.atoms.len() > 1 || fixed.contains(' ') { Cause::Spacing } else { Cause::ForeignOcr };
    Some(Edit {
        raw: RawSpan::from(choice.raw.clone()),
        fixed: fixed.to_owned(),
        cause,
        sure,
        margin: margin.min(99.0),
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
