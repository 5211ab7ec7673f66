//! Finds the duties of a plan: walks its clauses, takes each sentence that asks for something, and gives it its doers and its due.

use std::collections::HashMap;
use std::ops::Range;

use super::actor::{Actors, Subject};
use super::beside::{is_open, pieces, tidy};
use super::due::{DueContext, DueFound, Dues};
use super::phrase::Phrase;
use super::quota::Quotas;
use super::roster::Roster;
use super::sentence;
use super::view::{FILE, Label, Rules, Section, View};
use super::{Fact, Task, TaskKind};
use crate::error::Result;
use crate::repair::Repaired;
use crate::rules::pattern::Spelled;
use crate::text::{Span, Sure};

/// A duty of fewer words is told with the whole sentence it stands in.
const FEW_WORDS: usize = 9;
/// Parts of one sentence.
const MOST_PARTS: usize = 26;

/// The rules of duties.
#[derive(Debug)]
pub(super) struct Tasks {
    assigning: Vec<String>,
    formulas: Vec<Phrase>,
    kinds: Vec<Phrase>,
    opens: Vec<String>,
}

/// A duty whose actors are still numbers of the roster.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    id: String,
    at: Span,
    kind: TaskKind,
    who: Vec<usize>,
    /// The sentence itself names who does it.
    named: bool,
    with: Vec<usize>,
    to: Vec<usize>,
    via: Option<String>,
    product: Option<String>,
    what: String,
    due: Option<DueFound>,
    /// The sentence itself says when.
    dated: bool,
    /// Where its due stands, where that is another line.
    due_at: Option<Span>,
}

/// A walk over the clauses of one plan.
pub(super) struct Walk<'a> {
    pub rules: &'a Tasks,
    pub actors: &'a Actors,
    pub dues: &'a Dues,
    pub quotas: &'a Quotas,
    pub views: &'a [View],
    pub context: DueContext<'a>,
    pub roster: Roster,
    pub drafts: Vec<Draft>,
    /// Sentences met under each path.
    sentences: HashMap<String, u32>,
    /// The clause that says when the whole plan runs: no duty.
    pub period: Option<usize>,
}

impl Tasks {
    pub fn new(rules: &Rules) -> Result<Self> {
        Ok(Self {
            assigning: rules.assigning.clone(),
            formulas: Phrase::all(FILE, &rules.formulas)?,
            kinds: Phrase::all(FILE, &rules.kinds)?,
            opens: rules.opens.clone(),
        })
    }

    /// Documents of this kind give work to somebody.
    pub fn assigns(&self, kind: Option<&str>) -> bool {
        kind.is_none_or(|k| self.assigning.iter().any(|a| a == k))
    }

    pub fn is_formula(&self, sentence: &str) -> bool {
        let spelled = Spelled::new(sentence.trim_end_matches(['.', '/', ' ']));
        self.formulas.iter().any(|f| f.is_in(&spelled))
    }

    pub fn kind(&self, text: &str, due: Option<&DueFound>) -> TaskKind {
        if due.is_some_and(|d| d.cut_off) {
            return TaskKind::Milestone;
        }
        let spelled = Spelled::new(text);
        self.kinds.iter().find(|k| k.is_in(&spelled)).and_then(|k| k.kind).unwrap_or(TaskKind::Task)
    }

    fn opens(&self, text: &str, actors: &Actors) -> bool {
        let lower = text.to_lowercase();
        let verb = self.opens.iter().any(|o| lower.strip_prefix(o.as_str()).is_some_and(|r| !r.starts_with(char::is_alphanumeric)));
        let enough = text.split_whitespace().nth(3).is_some();
        enough && (verb || actors.bodies.list(text, 0).is_some_and(|l| l.does))
    }
}

impl<'a> Walk<'a> {
    pub fn new(
        rules: &'a Tasks,
        actors: &'a Actors,
        dues: &'a Dues,
        quotas: &'a Quotas,
        views: &'a [View],
        context: DueContext<'a>,
        roster: Roster,
    ) -> Self {
        let (drafts, sentences) = (Vec::new(), HashMap::new());
        Self { rules, actors, dues, quotas, views, context, roster, drafts, sentences, period: None }
    }

    /// The duties of the whole plan.
    pub fn all(&mut self) {
        for i in 0..self.views.len() {
            if self.views[i].parent.is_none() {
                self.clause(i);
            }
        }
    }

    fn clause(&mut self, i: usize) {
        let view = &self.views[i];
        if view.annex || self.period == Some(i) {
            return;
        }
        self.meet_heading(i);
        if view.due.as_ref().is_some_and(is_open) {
            self.heading_duty(i);
        }
        let mut group = self.drafts.len();
        if view.labels.is_empty()
            || (view.labels[0].0 == Label::Content
                && view.parent.is_none_or(|p| self.views[p].labels.is_empty())
                && view.children.is_empty())
        {
            self.own(i);
        }
        let mut closed = false;
        for &child in &view.children {
            let labels = &self.views[child].labels;
            if labels.is_empty() {
                if closed {
                    group = self.drafts.len();
                    closed = false;
                }
                self.clause(child);
                continue;
            }
            closed |= labels.iter().any(|(l, _)| matches!(l, Label::Lead | Label::Support | Label::Time | Label::Product));
            self.labels(i, child, group);
            let described = matches!(labels[0].0, Label::Content) && self.has_labels(i);
            if !self.views[child].children.is_empty() {
                let below = self.drafts.len();
                self.clause(child);
                // What a time line holds as sentences of its own is no part of the group above.
                group = if labels[0].0 == Label::Time { group.min(below) } else { group };
            } else if matches!(labels[0].0, Label::Content) && !described {
                self.clause(child);
            }
        }
    }

    /// Other lines about the duty stand beside a content line: then the heading is the duty.
    fn has_labels(&self, i: usize) -> bool {
        self.views[i]
            .children
            .iter()
            .any(|&c| matches!(self.views[c].labels.first(), Some((Label::Lead | Label::Support | Label::Time, _))))
    }

    /// A marked line with lines about the duties beside it.
    fn is_labelled(&self, i: usize) -> bool {
        let view = &self.views[i];
        view.marker != crate::parse::Marker::Paragraph && view.parent.is_some_and(|p| self.has_labels(p))
    }

    /// Everybody a heading names is an actor, with or without a duty.
    fn meet_heading(&mut self, i: usize) {
        let view = &self.views[i];
        if let (Some(subject), Some(head)) = (&view.subject, &view.head) {
            self.meet(i, subject.names.iter().map(|n| n.start + head.start..n.end + head.start));
        }
    }

    /// The numbers of names in the words of clause `i`.
    pub(super) fn meet(&mut self, i: usize, names: impl Iterator<Item = Range<usize>>) -> Vec<usize> {
        let view = &self.views[i];
        let mut out = Vec::new();
        for name in names {
            let who = self.roster.meet(&self.actors.bodies, &view.text()[name.clone()], view.prose.span(name));
            out.extend(who.filter(|w| !out.contains(w)));
        }
        out
    }

    /// The sentences of clause `i` itself.
    fn own(&mut self, i: usize) {
        let view = &self.views[i];
        let range = self.duty_range(i);
        if range.is_empty() {
            if view.children.is_empty() && view.parent.is_some() && view.due.is_some() {
                self.heading_duty(i);
            }
            return;
        }
        let text = view.text();
        let nobody_above = self.inherited(i).is_empty();
        let mut carried: Option<Vec<usize>> = None;
        for s in sentence::sentences(&text[range.clone()]) {
            let s = s.start + range.start..s.end + range.start;
            let number = self.next_sentence(&view.path);
            if self.rules.is_formula(&text[s.clone()]) {
                continue;
            }
            // A sentence that names nobody goes on about who was named before, where no heading says otherwise.
            carried = carried.filter(|_| nobody_above);
            let mut letter = 0;
            for part in sentence::parts(text, s, |t| self.rules.opens(t, self.actors)).into_iter().take(MOST_PARTS) {
                self.part(i, part, &format!("{}-{number}", view.path), &mut letter, &mut carried);
            }
        }
    }

    /// The words of clause `i` that may ask for something: behind a title, or all where the heading is itself half the sentence.
    fn duty_range(&self, i: usize) -> Range<usize> {
        let view = &self.views[i];
        let all = 0..view.text().len();
        let Some(head) = view.head.clone() else { return all };
        if view.subject.is_some() || !view.labels.is_empty() || view.due.is_some() {
            let after_due = view.due.as_ref().filter(|d| view.subject.is_none() && view.body_text().trim_start().starts_with(&d.due.says));
            return after_due.map_or(view.body.clone(), |_| view.text().len()..view.text().len());
        }
        let words = view.text()[head.clone()].split_whitespace().count();
        let dash = matches!(view.marker, crate::parse::Marker::Dash | crate::parse::Marker::Plus | crate::parse::Marker::Paragraph);
        // "… , cụ thể như sau:" before a list: the sentence is the lead-in itself.
        let timed = view.body.is_empty() && !self.dues.find(&view.text()[head], &self.context).is_empty();
        if (dash && words > FEW_WORDS && !view.body.is_empty()) || (timed && dash) { all } else { view.body.clone() }
    }

    fn next_sentence(&mut self, path: &str) -> u32 {
        let n = self.sentences.entry(path.to_owned()).or_insert(0);
        *n += 1;
        *n
    }

    fn part(&mut self, i: usize, part: Range<usize>, id: &str, letter: &mut u32, carried: &mut Option<Vec<usize>>) {
        let view = &self.views[i];
        let text = &view.text()[part.clone()];
        let subject = self.actors.of_sentence(text);
        let dues = self.dues_of(i, text);
        let own = subject.as_ref().map(|s| self.meet(i, s.names.iter().map(|n| n.start + part.start..n.end + part.start)));
        let passive = own.is_none() && self.actors.is_passive(text);
        let who = match (&own, &*carried) {
            (Some(own), _) => own.clone(),
            (None, _) if passive => Vec::new(),
            (None, Some(before)) => before.clone(),
            (None, None) => self.inherited(i),
        };
        if !self.asks(i, text, own.is_some(), who.is_empty(), !dues.is_empty()) {
            return;
        }
        if own.is_some() {
            carried.clone_from(&own);
        }
        let pieces = pieces(text, &dues);
        for (piece, due) in pieces {
            let id = match *letter {
                0 => id.to_owned(),
                n => format!("{id}{}", char::from(b'a' + n.min(25) as u8)),
            };
            *letter += 1;
            let place = part.start + piece.start..part.start + piece.end;
            let draft = self.draft(i, id, part.clone(), place, subject.as_ref(), who.clone(), due);
            self.drafts.push(draft);
        }
    }

    /// Dues that say when the duty is done; not those of the numbers to be reached.
    fn dues_of(&self, i: usize, text: &str) -> Vec<DueFound> {
        let context = DueContext { yearly: self.is_yearly(i), ..self.context };
        let found = self.dues.find(text, &context);
        let counted = self.quotas.find(text, &context, self.dues);
        let of_quota = |d: &DueFound| counted.iter().any(|q| q.by.as_ref().is_some_and(|b| b.says == d.due.says));
        tidy(text, found.into_iter().filter(|d| !of_quota(d)).collect())
    }

    fn is_yearly(&self, i: usize) -> bool {
        let mut at = Some(i);
        while let Some(k) = at {
            let head = self.views[k].head_text().unwrap_or_default().to_lowercase();
            if head.contains("hằng năm") || head.contains("hàng năm") {
                return true;
            }
            at = self.views[k].parent;
        }
        false
    }

    /// True when the sentence asks somebody for something.
    fn asks(&self, i: usize, text: &str, named: bool, nobody: bool, dated: bool) -> bool {
        let verb = || self.actors.bodies.verb_at(text, 0) || self.rules.opens(text, self.actors);
        match self.views[i].section {
            // A line below that says who or when makes a duty of every bullet above it.
            Section::Works => dated || !nobody || self.is_labelled(i) || verb(),
            Section::Aims => named && (!dated || self.actors.of_sentence(text).is_some_and(|s| s.lead.is_empty())),
            Section::Silent => named && dated,
            Section::Past => false,
        }
    }

    /// Who the nearest heading above names.
    pub(super) fn inherited(&mut self, i: usize) -> Vec<usize> {
        let mut at = Some(i);
        while let Some(k) = at {
            let view = &self.views[k];
            if let (Some(subject), Some(head)) = (&view.subject, &view.head) {
                return self.meet(k, subject.names.iter().map(|n| n.start + head.start..n.end + head.start));
            }
            at = view.parent;
        }
        Vec::new()
    }

    /// The time of the nearest heading above that has one.
    fn phase(&self, i: usize) -> Option<(DueFound, Span)> {
        let mut at = Some(i);
        while let Some(k) = at {
            let view = &self.views[k];
            if let Some(due) = view.due.as_ref().filter(|d| k == i || !is_open(d)) {
                return Some((due.clone(), view.prose.span(0..view.text().len())));
            }
            at = view.parent;
        }
        None
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one duty")]
    fn draft(
        &mut self,
        i: usize,
        id: String,
        part: Range<usize>,
        piece: Range<usize>,
        subject: Option<&Subject>,
        who: Vec<usize>,
        due: Option<DueFound>,
    ) -> Draft {
        let view = &self.views[i];
        let words = view.text();
        let small = words[piece.clone()].split_whitespace().count() < FEW_WORDS;
        let told_in = if small { part.clone() } else { piece.clone() };
        // The quote of a clause's first words shows the heading that names the doer.
        let first = part.start == view.body.start && view.subject.is_some() && piece.start == part.start;
        let at = view.prose.span(if first { 0..piece.end } else { told_in.clone() });
        let begin =
            subject.filter(|s| s.lead.is_empty() || s.lead.start == 0 && s.lead.end < 20).map_or(part.start, |s| part.start + s.end);
        let start = if told_in.start == part.start && begin < told_in.end && begin > part.start { begin } else { told_in.start };
        let what =
            words[start..told_in.end].trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '/')).to_owned();
        let kind = self.rules.kind(&words[told_in.clone()], due.as_ref());
        let told_range = start..told_in.end;
        let with = self.met_in(i, told_range.clone(), |a, t| a.supporting(t));
        let to = if matches!(kind, TaskKind::Report | TaskKind::Registration) {
            self.met_in(i, told_range.clone(), |a, t| a.told(t))
        } else {
            Vec::new()
        };
        let via =
            self.actors.through(&words[told_range.clone()]).map(|r| words[told_range.start + r.start..told_range.start + r.end].to_owned());
        let with: Vec<usize> = with.into_iter().filter(|w| !who.contains(w)).collect();
        let to = to.into_iter().filter(|t| !who.contains(t) && !with.contains(t)).collect();
        let (dated, named) = (due.is_some(), subject.is_some());
        let due_at = due.as_ref().and_then(|d| {
            words[piece.clone()].find(&d.due.says).map(|k| view.prose.span(piece.start + k..piece.start + k + d.due.says.len()))
        });
        let above = if dated { None } else { self.phase(i) };
        let (due, due_at) = above.map_or((due, due_at), |(d, at)| (Some(d), Some(at)));
        Draft { id, at, kind, who, named, with, to, via, product: None, what, due, dated, due_at }
    }

    fn met_in(&mut self, i: usize, range: Range<usize>, find: impl Fn(&Actors, &str) -> Vec<Range<usize>>) -> Vec<usize> {
        let names = find(self.actors, &self.views[i].text()[range.clone()]);
        self.meet(i, names.into_iter().map(|n| n.start + range.start..n.end + range.start))
    }

    /// The lines about the duties since `group`, or about the heading of `i` where there are none.
    fn labels(&mut self, i: usize, child: usize, group: usize) {
        let labels = self.views[child].labels.clone();
        let said =
            |l: &(Label, Range<usize>)| matches!(l.0, Label::Lead | Label::Support | Label::Time | Label::Product) && !l.1.is_empty();
        if !labels.iter().any(said)
            || self.period == Some(child)
            || matches!(self.views[i].section, Section::Silent | Section::Past | Section::Aims)
        {
            return;
        }
        if self.drafts.len() == group {
            if self.views[i].subject.is_some() || self.views[i].parent.is_none() || self.views[i].head.is_none() {
                return self.lone_label(child);
            }
            self.heading_duty(i);
        }
        for (label, range) in labels.into_iter().filter(said) {
            match label {
                Label::Lead => self.led_by(child, range, group),
                Label::Support => {
                    let with = self.met_in(child, range, |a, t| a.listed(t));
                    self.drafts[group..].iter_mut().for_each(|d| d.with.extend(with.iter().filter(|w| !d.who.contains(w))));
                }
                Label::Time => self.timed(child, range, group),
                Label::Product => {
                    let words = self.views[child].text()[range].trim().trim_end_matches(['.', ';']).to_owned();
                    self.drafts[group..].iter_mut().for_each(|d| d.product = Some(words.clone()));
                }
                Label::Content | Label::Other => {}
            }
        }
    }

    /// A time line with nobody's duty above it: a milestone of its own.
    fn lone_label(&mut self, child: usize) {
        let view = &self.views[child];
        let Some((_, range)) = view.labels.iter().find(|(l, _)| *l == Label::Time) else { return };
        let text = view.text()[range.clone()].to_owned();
        if self.dues_of(child, &text).is_empty() {
            return;
        }
        let number = self.next_sentence(&view.path);
        let (mut letter, mut carried) = (0, None);
        self.part(child, range.clone(), &format!("{}-{number}", view.path), &mut letter, &mut carried);
    }

    fn led_by(&mut self, child: usize, range: Range<usize>, group: usize) {
        let text = &self.views[child].text()[range.clone()];
        let names = self.actors.listed(text);
        let who = self.meet(child, names.into_iter().map(|n| n.start + range.start..n.end + range.start));
        let with = self.met_in(child, range, |a, t| a.supporting(t));
        let who: Vec<usize> = who.into_iter().filter(|w| !with.contains(w)).collect();
        if who.is_empty() {
            return;
        }
        for draft in self.drafts[group..].iter_mut().filter(|d| !d.named) {
            draft.who.clone_from(&who);
            draft.with.retain(|w| !who.contains(w));
            draft.with.extend(with.iter().filter(|w| !who.contains(w)));
        }
    }

    fn timed(&mut self, child: usize, range: Range<usize>, group: usize) {
        let view = &self.views[child];
        // The label is part of what the rules read: "Thời gian thực hiện: năm 2026 - 2027".
        let said = self.dues_of(child, &view.text()[..range.end]);
        let found: Vec<DueFound> = said.into_iter().filter(|d| d.range.end > range.start).collect();
        let Some(first) = found.first() else { return };
        let at = view.prose.span(first.range.start.max(range.start)..first.range.end);
        let open = self.drafts[group..].iter_mut().filter(|d| !d.dated);
        for draft in open {
            (draft.due, draft.dated, draft.due_at) = (Some(first.clone()), true, Some(at));
        }
        // One duty with two dates is two duties.
        if let ([_, more @ ..], 1) = (found.as_slice(), self.drafts.len() - group) {
            let twin = self.drafts[group].clone();
            for (k, due) in more.iter().enumerate() {
                let id = format!("{}{}", twin.id, char::from(b'b' + k.min(24) as u8));
                self.drafts.push(Draft { id, due: Some(due.clone()), ..twin.clone() });
            }
        }
    }

    /// The duty that the heading of `i` is.
    fn heading_duty(&mut self, i: usize) {
        let view = &self.views[i];
        let content = view.labels.first().filter(|(l, r)| *l == Label::Content && !r.is_empty()).map(|(_, r)| r.clone());
        let range = content.or_else(|| view.head.clone()).unwrap_or(0..view.text().len());
        let number = self.next_sentence(&view.path);
        let who = self.inherited(i);
        let draft = self.draft(i, format!("{}-{number}", view.path), range.clone(), range, None, who, None);
        self.drafts.push(draft);
    }
}

/// The duties as facts, ids in the place of numbers.
pub(super) fn facts(drafts: Vec<Draft>, ids: &[String], repaired: &Repaired) -> Vec<Fact<Task>> {
    let name = |numbers: Vec<usize>| {
        let mut out: Vec<String> = Vec::new();
        for n in numbers {
            if !out.contains(&ids[n]) {
                out.push(ids[n].clone());
            }
        }
        out
    };
    let mut facts: Vec<Fact<Task>> = Vec::with_capacity(drafts.len());
    for d in drafts {
        let who = name(d.who);
        let with = name(d.with).into_iter().filter(|w| !who.contains(w)).collect();
        let to = name(d.to).into_iter().filter(|t| !who.contains(t)).collect();
        let letters = repaired.sure(d.due_at.unwrap_or(d.at));
        let sure = d.due.as_ref().map_or(Sure::Certain, |f| f.sure).min(letters);
        let rule = d.due.as_ref().map_or_else(|| "sentence".to_owned(), |f| f.rule.clone());
        let due = d.due.map(|f| f.due);
        let what = Task { kind: d.kind, who, with, product: d.product, what: d.what, to, via: d.via, due };
        facts.push(Fact { id: d.id, what, at: d.at, rule, sure });
    }
    facts.sort_by_key(|f| f.at.start);
    facts
}
