//! Knows what each clause is to those around it: a section of duties or of aims, an actor's own, a line about the duties above it.

use std::ops::Range;

use serde::Deserialize;

use super::actor::{Actors, Subject};
use super::due::{DueContext, DueFound, Dues};
use super::phrase::{self, Phrase, PhraseRule};
use crate::error::Result;
use crate::parse::{Clause, Document, Marker, Prose};
use crate::rules::RuleBook;
use crate::rules::pattern::Spelled;
use crate::rules::proof::{Failure, Proof};
use crate::text::Span;

pub(super) const FILE: &str = "extract/task.yaml";
/// Words beside its time that a heading of a phase may have ("Đợt 1: …").
const PHASE_WORDS: usize = 6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub assigning: Vec<String>,
    pub sections: Vec<PhraseRule>,
    pub labels: Vec<PhraseRule>,
    pub formulas: Vec<PhraseRule>,
    pub lead_ins: Vec<PhraseRule>,
    pub timings: Vec<PhraseRule>,
    pub kinds: Vec<PhraseRule>,
    pub opens: Vec<String>,
    pub period: Vec<PhraseRule>,
    pub not_period: Vec<String>,
}

/// What stands below a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Duties.
    Works,
    /// Numbers to be reached.
    Aims,
    /// What was or is.
    Past,
    /// Reasons, words, places, money.
    Silent,
}

/// What a line says about the duties above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Lead,
    Support,
    Time,
    Product,
    Content,
    Other,
}

/// A clause and what it is to others.
#[derive(Debug)]
pub(super) struct View {
    /// Its words without the mark.
    pub prose: Prose,
    /// The heading in them.
    pub head: Option<Range<usize>>,
    /// The rest.
    pub body: Range<usize>,
    pub children: Vec<usize>,
    pub parent: Option<usize>,
    pub path: String,
    pub marker: Marker,
    pub section: Section,
    /// What its line is about, label by label, with the words behind each.
    pub labels: Vec<(Label, Range<usize>)>,
    /// Who its heading names.
    pub subject: Option<Subject>,
    /// A time in its heading, which is that of everything below.
    pub due: Option<DueFound>,
    /// In an annex, a form, an outline.
    pub annex: bool,
}

impl View {
    pub fn text(&self) -> &str {
        self.prose.text()
    }

    pub fn head_text(&self) -> Option<&str> {
        self.head.clone().map(|h| &self.prose.text()[h])
    }

    pub fn body_text(&self) -> &str {
        &self.prose.text()[self.body.clone()]
    }
}

/// Reads views.
#[derive(Debug)]
pub(super) struct Views {
    sections: Vec<(Section, Phrase)>,
    labels: Vec<(Label, Phrase)>,
}

impl Views {
    pub fn new(rules: &Rules) -> Result<Self> {
        let sections = Phrase::all(FILE, &rules.sections)?.into_iter().map(|p| {
            let section = match p.id.as_str() {
                "past" => Section::Past,
                "aims" => Section::Aims,
                "works" => Section::Works,
                _ => Section::Silent,
            };
            (section, p)
        });
        let labels = Phrase::all(FILE, &rules.labels)?.into_iter().map(|p| {
            let label = match p.id.as_str() {
                "lead" => Label::Lead,
                "support" => Label::Support,
                "time" => Label::Time,
                "product" => Label::Product,
                "content" => Label::Content,
                _ => Label::Other,
            };
            (label, p)
        });
        Ok(Self { sections: sections.collect(), labels: labels.collect() })
    }

    /// The view of every clause of `document`, in order.
    pub fn read(&self, text: &str, document: &Document, actors: &Actors, dues: &Dues, context: &DueContext<'_>) -> Vec<View> {
        let mut views: Vec<View> = Vec::with_capacity(document.clauses.len());
        for (i, clause) in document.clauses.iter().enumerate() {
            let above = clause.parent.map(|p| views[p].section);
            let view = self.view(text, clause, above, actors);
            views.push(view);
            if let Some(parent) = clause.parent {
                views[parent].children.push(i);
            }
        }
        Self::time(&mut views, dues, context);
        views
    }

    /// Reads the times in the headings of `views`, in a plan that is for the time in `context`.
    pub fn time(views: &mut [View], dues: &Dues, context: &DueContext<'_>) {
        views.iter_mut().for_each(|view| view.due = phase(view, dues, context));
    }

    fn view(&self, text: &str, clause: &Clause, above: Option<Section>, actors: &Actors) -> View {
        let prose = Prose::new(text, Span::new(clause.mark.end, clause.body.end.max(clause.mark.end)));
        let head = clause.heading.map(|h| prose.offset(h.start)..prose.offset(h.end).max(prose.offset(h.start)));
        let body = prose.offset(clause.body.start).min(prose.text().len())..prose.text().len();
        let words = head.clone().map_or("", |h| &prose.text()[h]);
        let labels = if head.is_some() { self.labels_of(prose.text(), head.clone().unwrap_or(0..0), body.clone()) } else { Vec::new() };
        let subject = if labels.is_empty() && head.is_some() { actors.of_heading(words) } else { None };
        // A dash whose words end in a colon leads in; it is no title.
        let title = !matches!(clause.marker, Marker::Dash | Marker::Plus);
        let spelled = Spelled::new(words);
        let own = self
            .sections
            .iter()
            .filter(|_| title && subject.is_none() && !words.is_empty())
            .find(|(_, p)| p.is_in(&spelled))
            .map(|(s, _)| *s);
        let section = own.or(above).unwrap_or(Section::Works);
        View {
            head,
            body,
            children: Vec::new(),
            parent: clause.parent,
            path: clause.path.clone(),
            marker: clause.marker,
            section,
            labels,
            subject,
            due: None,
            annex: clause.path.starts_with("PL"),
            prose,
        }
    }

    /// The labels of a line: "Đơn vị chủ trì: …; Đơn vị phối hợp: …".
    fn labels_of(&self, text: &str, head: Range<usize>, body: Range<usize>) -> Vec<(Label, Range<usize>)> {
        let Some(first) = self.label(&text[head]) else { return Vec::new() };
        let mut out = vec![(first, body.clone())];
        let mut at = body.start;
        while let Some(stop) = text[at..body.end].find([';', '.']).map(|i| at + i) {
            at = stop + 1;
            let rest = &text[at..body.end];
            let Some(colon) = rest.find(':') else { break };
            if let Some(label) = self.label(rest[..colon].trim()) {
                if let Some(last) = out.last_mut() {
                    last.1.end = stop;
                }
                out.push((label, (at + colon + 1).min(body.end)..body.end));
                at += colon + 1;
            }
        }
        out
    }

    fn label(&self, words: &str) -> Option<Label> {
        let words = words.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
        if words.is_empty() || words.chars().count() > 90 {
            return None;
        }
        let spelled = Spelled::new(words);
        self.labels.iter().find(|(_, p)| p.is_in(&spelled)).map(|(l, _)| *l)
    }
}

/// "Đợt 1: Từ ngày … đến ngày …:", "2. Tháng 5/2024": the time of all that stands below.
fn phase(view: &View, dues: &Dues, context: &DueContext<'_>) -> Option<DueFound> {
    if view.children.is_empty() && view.body.is_empty() || !view.labels.is_empty() {
        return None;
    }
    let few = |text: &str| text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count() <= PHASE_WORDS;
    let timed = |due: &DueFound| !matches!(due.due.when, crate::calendar::When::None { .. });
    let in_head = view.head.clone().and_then(|h| {
        let text = &view.text()[h];
        let found = dues.find(text, context).into_iter().find(timed)?;
        let bracket = text[..found.range.start].trim_end().ends_with('(') && text[found.range.end..].trim_start().starts_with(')');
        let rest = format!("{} {}", &text[..found.range.start], &text[found.range.end..]);
        let shown = found.range.start == 0 || few(&rest) && text[..found.range.start].trim_end().ends_with([',', '(', '-', '–']);
        (bracket || shown).then_some(found)
    });
    let body = view.body_text();
    let leads = || {
        let found = dues.find(body, context).into_iter().next().filter(timed)?;
        let opens = found.range.start == 0 && body.trim_end().ends_with(':') && !view.children.is_empty();
        opens.then_some(found)
    };
    in_head.or_else(leads)
}

impl Proof for Views {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let rules: Rules = book.load(FILE)?;
        let mut failures = Vec::new();
        for list in [&rules.sections, &rules.labels, &rules.formulas, &rules.lead_ins, &rules.timings, &rules.kinds, &rules.period] {
            phrase::prove(book, FILE, list, &mut failures)?;
        }
        Ok(failures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_prove_themselves() {
        let book = RuleBook::embedded();
        let views = Views::new(&book.load(FILE).expect("readable")).expect("right");
        let failures = views.prove(&book).expect("readable");
        let said: Vec<String> = failures.iter().map(|f| format!("{} line {}: {}", f.rule, f.spot.line, f.reason)).collect();
        assert_eq!(said, Vec::<String>::new());
    }
}
