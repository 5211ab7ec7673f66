//! Makes a duty of one sentence: who does it, who helps, whom it goes to, by when.

use std::ops::Range;

use super::TaskKind;
use super::actor::{Actors, Subject};
use super::beside::{pieces, tidy};
use super::due::{DueContext, DueFound};
use super::task::Draft;
use super::view::Section;
use super::walk::Walk;
use crate::calendar::{Bound, Due, When};

/// A duty of fewer words is told with the whole sentence it stands in.
const FEW_WORDS: usize = 9;

impl Walk<'_> {
    pub(super) fn part(&mut self, i: usize, part: Range<usize>, id: &str, letter: &mut u32, carried: &mut Option<Vec<usize>>) {
        let view = &self.views[i];
        let text = &view.text()[part.clone()];
        let subject = self.actors.of_sentence(text);
        let dues = self.dues_in(i, part.clone());
        // A line that is somebody's name asks for nothing.
        if dues.is_empty() && subject.as_ref().is_some_and(|s| !text[s.end.min(text.len())..].contains(char::is_alphanumeric)) {
            return;
        }
        let own = subject.as_ref().map(|s| self.meet(i, s.names.iter().map(|n| n.start + part.start..n.end + part.start)));
        let passive = own.is_none() && self.actors.is_passive(text);
        let who = match (&own, &*carried) {
            (Some(own), _) => own.clone(),
            (None, _) if passive => Vec::new(),
            (None, Some(before)) => before.clone(),
            (None, None) => self.inherited(i),
        };
        if subject.as_ref().is_some_and(|s| self.actors.is_past(text, s)) {
            return;
        }
        let timed = !dues.is_empty() || view.due.is_some() && part.start == view.body.start;
        if !self.asks(i, text, own.is_some(), who.is_empty(), timed) {
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

    /// The dues of the words `part` of clause `i`; what stands before its colon says what kind of time it is ("Đại hội: ngày 29/7").
    fn dues_in(&self, i: usize, part: Range<usize>) -> Vec<DueFound> {
        let view = &self.views[i];
        let text = view.text();
        if view.head.is_some() && part.start == view.body.start && part.start > 0 && part.start < 120 {
            let found = self.dues_of(i, &text[..part.end]);
            let moved = |d: DueFound| DueFound { range: d.range.start - part.start..d.range.end - part.start, ..d };
            let here: Vec<DueFound> = found.into_iter().filter(|d| d.range.start >= part.start).map(moved).collect();
            if here.len() == 1 && here[0].rule == "event-on" {
                return here;
            }
        }
        self.dues_of(i, &text[part])
    }

    /// Dues that say when the duty is done; not those of the numbers to be reached.
    pub(super) fn dues_of(&self, i: usize, text: &str) -> Vec<DueFound> {
        let context = DueContext { yearly: self.is_yearly(i), ..self.context };
        let found = self.dues.find(text, &context);
        let counted = self.quotas.find(text, &context, self.dues);
        // "đến năm 2030" is the number's; "trước ngày 30/6" is the duty's as well.
        let is_goal = |b: &&Due| matches!(b.when, When::Day { bound: Bound::By, .. });
        // Who is named in a section of works has a duty, but for what is strived for.
        let strives = |t: &str| t.trim_start().to_lowercase().starts_with("phấn đấu");
        let named = || match self.actors.of_sentence(text) {
            Some(s) => !strives(&text[s.end.min(text.len())..]),
            None => self.views[i].subject.is_some() && !strives(text),
        };
        let does = self.views[i].section == Section::Works && (self.rules.opens(text, self.actors) || named());
        let of_quota = |d: &DueFound| !does && counted.iter().any(|q| q.by.as_ref().filter(is_goal).is_some_and(|b| b.says == d.due.says));
        tidy(text, found.into_iter().filter(|d| !of_quota(d)).collect())
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

    #[expect(clippy::too_many_arguments, reason = "the parts of one duty")]
    pub(super) fn draft(
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
        // "Đại hội trù bị: chiều ngày 28/7": what happens then stands before the colon.
        let start = match (&view.head, &due) {
            (Some(head), Some(due)) if start >= head.end && is_only(&words[start..told_in.end], &due.due.says) => head.start,
            _ => start,
        };
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

    pub(super) fn met_in(&mut self, i: usize, range: Range<usize>, find: impl Fn(&Actors, &str) -> Vec<Range<usize>>) -> Vec<usize> {
        let names = find(self.actors, &self.views[i].text()[range.clone()]);
        self.meet(i, names.into_iter().map(|n| n.start + range.start..n.end + range.start))
    }
}

/// True when `text` is the words of a time and hardly more.
fn is_only(text: &str, says: &str) -> bool {
    let words = |t: &str| t.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
    words(text) <= words(says) + 1
}
