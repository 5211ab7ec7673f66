//! Gives the duties above a line what the line says of them: who leads, who helps, by when, what comes of it.

use std::ops::Range;

use super::due::DueFound;
use super::task::Draft;
use super::view::{Label, Section};
use super::walk::Walk;

impl Walk<'_> {
    /// The lines about the duties since `group`, or about the heading of `i` where there are none.
    pub(super) fn labels(&mut self, i: usize, child: usize, group: usize) {
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
    pub(super) fn lone_label(&mut self, child: usize) {
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
    pub(super) fn heading_duty(&mut self, i: usize) {
        let view = &self.views[i];
        let content = view.labels.first().filter(|(l, r)| *l == Label::Content && !r.is_empty()).map(|(_, r)| r.clone());
        let range = content.or_else(|| view.head.clone()).unwrap_or(0..view.text().len());
        let number = self.next_sentence(&view.path);
        let who = self.inherited(i);
        let draft = self.draft(i, format!("{}-{number}", view.path), range.clone(), range, None, who, None);
        self.drafts.push(draft);
    }
}
