//! What a careful reader would query: [`Document`] and [`Plan`] in, findings out.
//! One file per finding; its message lives in `rules/check/`, what to do about it in `rules/render/advice.yaml`.

mod abbreviation_unexpanded;
mod annex_date_differs;
mod annex_differs;
mod annex_missing;
mod case;
mod cell_mended;
mod conflicting_due;
mod day_missing;
mod digit_doubtful;
mod document_cited_twice_differently;
mod document_date_impossible;
mod document_sign_differs;
mod document_sign_unknown;
mod due_before_signing;
mod due_on_holiday;
mod due_on_weekend;
mod due_outside_period;
mod empty_column;
mod file_damaged;
mod no_doer;
mod no_due;
mod no_receiver;
mod number_damaged;
mod overlapping_duty;
mod page_unreadable;
mod proof;
mod quota_differs;
mod quota_not_in_annex;
mod reference_missing;
mod replaced_plan;
mod rule;
mod short_notice;
mod total_differs;
mod unit_doubtful;
mod weekday_differs;
mod year_missing;

use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::error::Result;
use crate::extract::Plan;
use crate::lexicon::Units;
use crate::parse::Document;
use crate::repair::Repaired;
use crate::rules::RuleBook;
use crate::text::Span;

use case::{Case, Words};
use rule::Rule;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// A reader may want to know.
    Note,
    /// A reader should ask.
    Warning,
    /// The document can't mean what it says.
    Error,
}

/// Something in the document that a careful reader would query.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// `annex-date-differs` …
    pub id: &'static str,
    /// How much it matters.
    pub level: Level,
    /// One sentence in Vietnamese.
    pub message: String,
    /// Where; `None` when the whole document is meant.
    pub at: Option<Span>,
    /// The other places it is about.
    pub also: Vec<Span>,
}

/// One kind of finding: its id, which names its rule file too, and how it is looked for.
struct Check {
    id: &'static str,
    look: fn(&Case<'_>, &Rule) -> Vec<Found>,
}

/// What a check found: the values of its message's holes, and where.
struct Found {
    says: Vec<(&'static str, String)>,
    at: Option<Span>,
    also: Vec<Span>,
}

/// Every check, by the thing it looks at: annexes, quotas, dues, doers, references, text.
const CHECKS: &[Check] = &[
    Check { id: "total-differs", look: total_differs::look },
    Check { id: "annex-differs", look: annex_differs::look },
    Check { id: "annex-date-differs", look: annex_date_differs::look },
    Check { id: "annex-missing", look: annex_missing::look },
    Check { id: "empty-column", look: empty_column::look },
    Check { id: "cell-mended", look: cell_mended::look },
    Check { id: "digit-doubtful", look: digit_doubtful::look },
    Check { id: "quota-differs", look: quota_differs::look },
    Check { id: "quota-not-in-annex", look: quota_not_in_annex::look },
    Check { id: "weekday-differs", look: weekday_differs::look },
    Check { id: "due-before-signing", look: due_before_signing::look },
    Check { id: "due-outside-period", look: due_outside_period::look },
    Check { id: "due-on-holiday", look: due_on_holiday::look },
    Check { id: "due-on-weekend", look: due_on_weekend::look },
    Check { id: "short-notice", look: short_notice::look },
    Check { id: "year-missing", look: year_missing::look },
    Check { id: "day-missing", look: day_missing::look },
    Check { id: "no-due", look: no_due::look },
    Check { id: "no-doer", look: no_doer::look },
    Check { id: "no-receiver", look: no_receiver::look },
    Check { id: "overlapping-duty", look: overlapping_duty::look },
    Check { id: "conflicting-due", look: conflicting_due::look },
    Check { id: "reference-missing", look: reference_missing::look },
    Check { id: "number-damaged", look: number_damaged::look },
    Check { id: "document-date-impossible", look: document_date_impossible::look },
    Check { id: "document-cited-twice-differently", look: document_cited_twice_differently::look },
    Check { id: "document-sign-differs", look: document_sign_differs::look },
    Check { id: "document-sign-unknown", look: document_sign_unknown::look },
    Check { id: "replaced-plan", look: replaced_plan::look },
    Check { id: "unit-doubtful", look: unit_doubtful::look },
    Check { id: "abbreviation-unexpanded", look: abbreviation_unexpanded::look },
    Check { id: "file-damaged", look: file_damaged::look },
    Check { id: "page-unreadable", look: page_unreadable::look },
];

/// Looks for everything a careful reader would query.
#[derive(Debug)]
pub struct Checker {
    calendar: Calendar,
    words: Words,
    units: Units,
    /// One for each of [`CHECKS`].
    rules: Vec<Rule>,
}

impl Checker {
    /// A checker by the words, levels and messages of `rules/check/`.
    ///
    /// # Errors
    /// When a rule file can't be read or is not in its shape.
    pub fn new(book: &RuleBook) -> Result<Self> {
        let rules = CHECKS.iter().map(|c| book.load(&rule_file(c.id))).collect::<Result<_>>()?;
        Ok(Self { calendar: Calendar::new(book)?, words: Words::new(), units: Units::new(book)?, rules })
    }

    /// What a careful reader would query, the gravest first, then in the order of the plan.
    pub fn check(&self, repaired: &Repaired, document: &Document, plan: &Plan) -> Vec<Finding> {
        let case = Case::new(repaired, document, plan, &self.calendar, &self.words, &self.units);
        let mut findings: Vec<Finding> = Vec::new();
        for (check, rule) in CHECKS.iter().zip(&self.rules) {
            let found = (check.look)(&case, rule).into_iter();
            findings.extend(found.map(|f| Finding {
                id: check.id,
                level: rule.level,
                message: rule.message(&f.says),
                at: f.at,
                also: f.also,
            }));
        }
        findings.sort_by_key(|f| (std::cmp::Reverse(f.level), f.at.map_or(0, |at| at.start)));
        findings
    }
}

fn rule_file(id: &str) -> String {
    format!("check/{id}.yaml")
}

#[cfg(test)]
mod tests;
