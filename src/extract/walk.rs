//! Walks the clauses of a plan in order and finds the sentences in them that ask for something.

use std::collections::HashMap;
use std::ops::Range;

use super::actor::Actors;
use super::beside::is_open;
use super::due::{DueContext, DueFound, Dues};
use super::quota::Quotas;
use super::roster::Roster;
use super::sentence;
use super::task::{Draft, Tasks};
use super::view::{Label, View};
use crate::calendar::When;
use crate::parse::Marker;
use crate::text::Span;

/// A heading of fewer words is a title, not half a sentence.
const FEW_WORDS: usize = 9;
/// Parts of one sentence.
const MOST_PARTS: usize = 26;

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
    /// Whom a lead-in asks, and the clause it stands under: "Yêu cầu các thôn thực hiện như sau:".
    asked: Vec<(Option<usize>, Vec<usize>)>,
    /// The clause that says when the whole plan runs: no duty.
    pub period: Option<usize>,
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
        let (drafts, asked, sentences) = (Vec::new(), Vec::new(), HashMap::new());
        Self { rules, actors, dues, quotas, views, context, roster, drafts, asked, sentences, period: None }
    }

    /// The duties of the whole plan.
    pub fn all(&mut self) {
        for i in 0..self.views.len() {
            if self.views[i].parent.is_none() {
                self.clause(i);
            }
        }
        // Where a plan says who does what, a line that names neither doer nor time is a direction: what it asks is given out elsewhere.
        if self.drafts.iter().any(|d| d.named || !d.who.is_empty()) {
            self.drafts.retain(|d| !d.who.is_empty() || d.is_dated() || !d.with.is_empty() || d.product.is_some());
        }
    }

    fn clause(&mut self, i: usize) {
        let view = &self.views[i];
        if view.annex || self.period == Some(i) {
            return;
        }
        self.meet_heading(i);
        if let Some(head) = view.head.clone().filter(|_| view.marker == Marker::Paragraph && view.subject.as_ref().is_some_and(|s| s.asked))
        {
            self.ask(i, head);
        }
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
            if self.stands_alone(i, child) {
                self.lone_label(child);
                group = self.drafts.len();
                continue;
            }
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

    /// A numbered line about time among the clauses of several doers is none of theirs: "6. Thời gian gửi báo cáo: …".
    fn stands_alone(&self, i: usize, child: usize) -> bool {
        let view = &self.views[child];
        let numbered = !matches!(view.marker, Marker::Dash | Marker::Plus | Marker::Paragraph);
        let named = self.views[i].children.iter().take_while(|c| **c != child).filter(|c| self.views[**c].subject.is_some()).count();
        let time = view.labels.iter().any(|(l, r)| *l == Label::Time && !r.is_empty());
        numbered && named > 1 && time && view.labels.len() == 1
    }

    /// Other lines about the duty stand beside a content line: then the heading is the duty.
    pub(super) fn has_labels(&self, i: usize) -> bool {
        self.views[i]
            .children
            .iter()
            .any(|&c| matches!(self.views[c].labels.first(), Some((Label::Lead | Label::Support | Label::Time, _))))
    }

    /// A marked line with lines about the duties beside it.
    pub(super) fn is_labelled(&self, i: usize) -> bool {
        let view = &self.views[i];
        view.marker != Marker::Paragraph && view.parent.is_some_and(|p| self.has_labels(p))
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
            let above = self.actors.above(&view.text()[name.clone()]).map(|a| self.named_above(&view.path, &a.numbers));
            if let Some(above) = above.filter(|a| !a.is_empty()) {
                out.extend(above);
                continue;
            }
            let who = self.roster.meet(&self.actors.bodies, &view.text()[name.clone()], view.prose.span(name));
            out.extend(who.filter(|w| !out.contains(w)));
        }
        out
    }

    /// Those who have duties above the clause `path`: under the nearest clause with two or more of them, or under the `numbers` of it.
    fn named_above(&self, path: &str, numbers: &[String]) -> Vec<usize> {
        let mut under = Some(path);
        while let Some(clause) = under {
            let prefix = if clause.is_empty() { String::new() } else { format!("{clause}.") };
            let mut who: Vec<usize> = Vec::new();
            for draft in &self.drafts {
                let Some(rest) = draft.id.strip_prefix(&prefix) else { continue };
                let number = rest.split(['.', '-']).next().unwrap_or_default();
                if numbers.is_empty() || numbers.iter().any(|n| n == number) {
                    draft.who.iter().for_each(|w| {
                        if !who.contains(w) {
                            who.push(*w)
                        }
                    });
                }
            }
            if who.len() > 1 || !numbers.is_empty() && !who.is_empty() {
                return who;
            }
            under = if clause.is_empty() { None } else { Some(clause.rfind('.').map_or("", |k| &clause[..k])) };
        }
        Vec::new()
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
        let group = self.drafts.len();
        let nobody_above = self.inherited(i).is_empty();
        let mut carried: Option<Vec<usize>> = None;
        for s in sentence::sentences(&text[range.clone()]) {
            let s = s.start + range.start..s.end + range.start;
            let number = self.next_sentence(&view.path);
            if self.rules.is_formula(&text[s.clone()]) {
                continue;
            }
            if self.views[i].marker == Marker::Paragraph && self.rules.leads_in(&text[s.clone()]) && !self.is_dated(i, &text[s.clone()]) {
                self.ask(i, s);
                continue;
            }
            if self.times_the_last(i, s.clone(), group) {
                continue;
            }
            // A sentence that names nobody goes on about who was named before, where no heading says otherwise.
            carried = carried.filter(|_| nobody_above);
            let mut letter = 0;
            for part in self.parts(i, s) {
                self.part(i, part, &format!("{}-{number}", view.path), &mut letter, &mut carried);
            }
        }
    }

    /// The duties of one sentence: what semicolons divide, where a part has its own doer or its own time.
    fn parts(&self, i: usize, sentence: Range<usize>) -> Vec<Range<usize>> {
        let text = self.views[i].text();
        let mut parts = sentence::parts(text, sentence.clone(), |t| self.rules.opens(t, self.actors));
        // Semicolons divide the names of a list too.
        let named = self.actors.of_sentence(&text[sentence.clone()]).map_or(sentence.start, |s| sentence.start + s.end);
        while parts.len() > 1 && parts[1].start < named {
            parts[0].end = parts.remove(1).end;
        }
        let apart = |p: &Range<usize>| {
            let words = &text[p.clone()];
            self.is_dated(i, words) || (p.start > sentence.start && self.actors.of_sentence(words).is_some())
        };
        if parts.len() > MOST_PARTS || !parts.iter().any(apart) { vec![sentence] } else { parts }
    }

    fn is_dated(&self, i: usize, words: &str) -> bool {
        self.dues_of(i, words).iter().any(|d| !matches!(d.due.when, When::None { .. }))
    }

    /// Remembers whom a lead-in asks for what stands below it.
    fn ask(&mut self, i: usize, sentence: Range<usize>) {
        let Some(subject) = self.actors.of_sentence(&self.views[i].text()[sentence.clone()]).filter(|s| s.asked) else { return };
        let who = self.meet(i, subject.names.iter().map(|n| n.start + sentence.start..n.end + sentence.start));
        self.asked.push((self.views[i].parent, who));
    }

    /// A sentence of nothing but a time, behind a duty of the same clause that has none: its time.
    fn times_the_last(&mut self, i: usize, sentence: Range<usize>, group: usize) -> bool {
        let text = &self.views[i].text()[sentence.clone()];
        let Some(due) = self.dues_of(i, text).into_iter().next() else { return false };
        let undated = self.drafts[group..].last().is_some_and(|d| !d.is_dated());
        if !undated || !self.rules.is_timing(text, &due) {
            return false;
        }
        let at = self.views[i].prose.span(sentence.start + due.range.start..sentence.start + due.range.end);
        if let Some(last) = self.drafts.last_mut() {
            (last.due, last.dated, last.due_at) = (Some(due), true, Some(at));
        }
        true
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
        let dash = matches!(view.marker, Marker::Dash | Marker::Plus | Marker::Paragraph);
        // "… , cụ thể như sau:" before a list: the sentence is the lead-in itself.
        let timed = view.body.is_empty() && !self.dues.find(&view.text()[head], &self.context).is_empty();
        if (dash && words > FEW_WORDS && !view.body.is_empty()) || (timed && dash) { all } else { view.body.clone() }
    }

    pub(super) fn next_sentence(&mut self, path: &str) -> u32 {
        let n = self.sentences.entry(path.to_owned()).or_insert(0);
        *n += 1;
        *n
    }

    pub(super) fn is_yearly(&self, i: usize) -> bool {
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

    /// Who the nearest heading above names.
    pub(super) fn inherited(&mut self, i: usize) -> Vec<usize> {
        let mut at = Some(i);
        while let Some(k) = at {
            let view = &self.views[k];
            if let (Some(subject), Some(head)) = (&view.subject, &view.head) {
                return self.meet(k, subject.names.iter().map(|n| n.start + head.start..n.end + head.start));
            }
            if let Some((_, who)) = self.asked.iter().rev().find(|(under, _)| *under == view.parent) {
                return who.clone();
            }
            at = view.parent;
        }
        Vec::new()
    }

    /// The time of the nearest heading above that has one.
    pub(super) fn phase(&self, i: usize) -> Option<(DueFound, Span)> {
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
}
