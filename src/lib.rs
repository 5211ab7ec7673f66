//! plan-ingest: a Vietnamese administrative plan arrives as scanned text and leaves as a list of what must be done, by whom, by
//! when, and for every line of that list a finger on the page it came from.
//!
//! | room | takes → gives | may fail? |
//! |---|---|---|
//! | [`read`] | files of one bundle → [`text::Source`]: one text, with places | yes |
//! | [`repair`] | Source → [`repair::Repaired`]: text + edit log, the Source kept inside | no |
//! | [`parse`] | Repaired → [`parse::Document`]: header, legal basis, clause tree, tables, closing | no |
//! | [`extract`] | Document → [`extract::Plan`]: actors, tasks with dues, quotas | no |
//! | [`correct`] | Plan + `corrections.yaml` → Plan | no |
//! | [`check`] | Document + Plan → findings | no |
//! | [`render`] | [`render::Report`] (facts and findings, each with its citation) → files | yes |
//! | [`store`] | the reports of an archive → journal, Parquet, JSON Lines, SQLite | yes |
//! | [`batch`] | folders of an archive → the corridor, many times, side by side | yes |
//!
//! Data goes one way. A stage is a struct built from the [`rules::RuleBook`]: building may fail, running the middle stages may not.

pub mod batch;
pub mod calendar;
pub mod check;
pub mod correct;
pub mod error;
pub mod extract;
pub mod lexicon;
pub mod model;
pub mod parse;
pub mod read;
pub mod render;
pub mod repair;
pub mod rules;
pub mod store;
pub mod text;

pub use error::{Error, Result};

/// The stages in the order in which they are gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are those of the rooms")]
pub enum Stage {
    Read,
    Repair,
    Parse,
    Extract,
    Check,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Read, Self::Repair, Self::Parse, Self::Extract, Self::Check];

    /// The name of the room.
    pub fn id(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Repair => "repair",
            Self::Parse => "parse",
            Self::Extract => "extract",
            Self::Check => "check",
        }
    }
}

/// The corridor: every stage, built once from the rule book, to be gone through by any number of bundles.
pub struct Corridor {
    /// Files → Source.
    pub reader: read::Reader,
    /// Source → Repaired.
    pub repairer: repair::Repairer,
    /// Repaired → Document.
    pub parser: parse::Parser,
    /// Document → Plan.
    pub extractor: extract::Extractor,
    /// Document and Plan → findings.
    pub checker: check::Checker,
}

/// What one bundle came to, stage by stage.
#[derive(Clone, Debug)]
pub struct Ingested {
    /// The repaired text, with the source inside.
    pub repaired: repair::Repaired,
    /// Its parts.
    pub document: parse::Document,
    /// Its facts.
    pub plan: extract::Plan,
    /// Corrections that a person should look at again: [`render::Renderer::correct`] tells them.
    pub misfits: Vec<correct::Misfit>,
    /// What a careful reader would query.
    pub findings: Vec<check::Finding>,
    /// Facts and findings, each with its citation: what is written.
    pub report: render::Report,
}

impl Corridor {
    /// Every stage with the rules of `rules`.
    ///
    /// # Errors
    /// When a rule is wrong: the error names file, line and column.
    pub fn new(rules: &rules::RuleBook, settings: read::Settings) -> Result<Self> {
        Ok(Self {
            reader: read::Reader::new(rules, settings)?,
            repairer: repair::Repairer::new(rules)?,
            parser: parse::Parser::new(rules)?,
            extractor: extract::Extractor::new(rules)?,
            checker: check::Checker::new(rules)?,
        })
    }

    /// Reads, repairs and understands one bundle; `watch` is told of each stage as it begins.
    ///
    /// # Errors
    /// When a file can't be read; the later stages do not fail.
    pub fn ingest(&self, inputs: &[read::Input], corrections: &correct::Corrections, watch: &mut dyn FnMut(Stage)) -> Result<Ingested> {
        watch(Stage::Read);
        let source = self.reader.read(inputs)?;
        Ok(self.understand(source, corrections, watch))
    }

    /// All stages behind the first.
    pub fn understand(&self, source: text::Source, corrections: &correct::Corrections, watch: &mut dyn FnMut(Stage)) -> Ingested {
        watch(Stage::Repair);
        let repaired = self.repairer.repair(source);
        watch(Stage::Parse);
        let document = self.parser.parse(&repaired);
        watch(Stage::Extract);
        let mut plan = self.extractor.extract(&repaired, &document);
        let (quote, find) = (|span| repaired.cite(span).quote, |quote: &str| repaired.find(quote));
        let misfits = corrections.over(&mut correct::Over { plan: &mut plan, quote, find });
        watch(Stage::Check);
        let findings = self.checker.check(&repaired, &document, &plan);
        let report = render::Report::new(&repaired, &document, &plan, &findings);
        Ingested { repaired, document, plan, misfits, findings, report }
    }
}

/// Runs the examples and near misses of every rule in `rules`; what does not hold comes back.
///
/// # Errors
/// When a rule file can't be read at all.
pub fn prove(rules: &rules::RuleBook) -> Result<Vec<rules::proof::Failure>> {
    use rules::proof::Proof as _;
    let mut failures = read::Reader::new(rules, read::Settings::default())?.prove(rules)?;
    failures.extend(repair::Repairer::new(rules)?.prove(rules)?);
    failures.extend(parse::Parser::new(rules)?.prove(rules)?);
    failures.extend(parse::table::Tables::new(rules)?.prove(rules)?);
    failures.extend(extract::Extractor::new(rules)?.prove(rules)?);
    failures.extend(check::Checker::new(rules)?.prove(rules)?);
    Ok(failures)
}
