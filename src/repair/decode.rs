//! The best path through a lattice: a beam of contexts carried from atom to atom, and for every word on it how much the next best loses.

use std::collections::HashMap;
use std::ops::Range;

use super::lattice::{Atom, Edge, Reading};
use super::propose::NEVER;
use crate::model::ngram::{Ngrams, State, WordId};
use crate::model::vocabulary::BREAK;

/// How much the search keeps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beam {
    /// Most contexts at one place.
    pub contexts: usize,
    /// How much dearer than the best a context may be.
    pub window: i32,
}

/// What was decided for a stretch of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub raw: Range<usize>,
    /// The atoms it reads.
    pub atoms: Range<usize>,
    pub words: [WordId; 2],
    /// What is written; `None` leaves it as read.
    pub text: Option<Box<str>>,
    /// A grammar made it.
    pub ruled: bool,
    /// What the path loses when this is read otherwise.
    pub margin: i32,
    /// What the path loses when this is left as it was read; no less than nothing where it is.
    pub kept: i32,
    /// The next best readings, best first, as written, with what each loses.
    pub others: Vec<(Box<str>, i32)>,
}

/// So many other readings are kept.
const MOST_OTHERS: usize = 4;

/// A context at a place, and the cheapest way to it.
#[derive(Clone, Copy)]
struct Hypothesis {
    state: State,
    cost: i32,
    arc: usize,
}

/// One reading, from one context to another.
#[derive(Clone, Copy)]
struct Arc {
    from: (usize, usize),
    edge: (usize, usize),
    to: (usize, usize),
    cost: i32,
}

/// The search over one stretch of text.
pub(super) struct Decoder<'d> {
    pub text: &'d str,
    pub atoms: &'d [Atom],
    pub ngrams: &'d Ngrams<'d>,
    /// What a word costs after a context, as it is written in a reading; a break is written in none.
    pub follow: &'d dyn Fn(State, WordId, Option<&Reading>) -> i32,
    pub beam: Beam,
}

/// The contexts reached so far at every place, and how.
#[derive(Default)]
struct Web {
    places: Vec<Vec<Hypothesis>>,
    arcs: Vec<Arc>,
}

impl Decoder<'_> {
    /// Decodes the atoms from `first` on, whose edges are `edges`. Returns what was chosen and the context it ends in.
    pub(super) fn decode(&self, first: usize, edges: &[Vec<Edge>], start: State) -> (Vec<Choice>, State) {
        let web = self.search(first, edges, start);
        let last = edges.len();
        let end = web.places[last].iter().enumerate().min_by_key(|(i, h)| (h.cost, *i)).map_or(0, |(i, _)| i);
        let state = web.places[last].get(end).map_or(start, |h| h.state);
        (web.trace(self.text, edges, (last, end), first), state)
    }

    fn search(&self, first: usize, edges: &[Vec<Edge>], start: State) -> Web {
        let mut web = Web { places: vec![Vec::new(); edges.len() + 1], arcs: Vec::new() };
        let mut slots: Vec<HashMap<State, usize>> = vec![HashMap::new(); edges.len() + 1];
        web.places[0].push(Hypothesis { state: start, cost: 0, arc: usize::MAX });
        for (at, leaving) in edges.iter().enumerate() {
            prune(&mut web.places[at], self.beam);
            for slot in 0..web.places[at].len() {
                let Hypothesis { mut state, cost, .. } = web.places[at][slot];
                if cost >= NEVER {
                    continue;
                }
                let mut reached = cost;
                if self.atoms[first + at].begins && state.last() != BREAK {
                    reached += (self.follow)(state, BREAK, None);
                    state = self.ngrams.after(state, BREAK);
                }
                for (e, edge) in leaving.iter().enumerate() {
                    let place = edge.to - first;
                    for (r, reading) in edge.readings.iter().enumerate() {
                        self.extend(&mut web, &mut slots[place], ((at, slot), (e, r), place), (state, cost, reached), reading);
                    }
                }
            }
        }
        web
    }

    fn extend(
        &self,
        web: &mut Web,
        slots: &mut HashMap<State, usize>,
        (from, edge, place): ((usize, usize), (usize, usize), usize),
        (mut state, before, reached): (State, i32, i32),
        reading: &Reading,
    ) {
        let mut cost = reached + reading.cost;
        let best = web.places[place].first().map_or(NEVER, |b| b.cost);
        if cost > best.saturating_add(self.beam.window) {
            return;
        }
        for &word in reading.words.iter().filter(|w| **w != 0) {
            cost += (self.follow)(state, word, Some(reading));
            state = self.ngrams.after(state, word);
        }
        let there = &mut web.places[place];
        let slot = *slots.entry(state).or_insert_with(|| {
            there.push(Hypothesis { state, cost: NEVER, arc: usize::MAX });
            there.len() - 1
        });
        if cost < there[slot].cost {
            there[slot] = Hypothesis { state, cost, arc: web.arcs.len() };
        }
        web.arcs.push(Arc { from, edge, to: (place, slot), cost: cost - before });
    }
}

/// Marks as unreachable what lies outside the beam. Places stay where they are, for arcs point to them.
fn prune(place: &mut [Hypothesis], beam: Beam) {
    let Some(best) = place.iter().map(|h| h.cost).min() else { return };
    let mut costs: Vec<i32> = place.iter().map(|h| h.cost).collect();
    let limit = if costs.len() > beam.contexts { *costs.select_nth_unstable(beam.contexts).1 } else { NEVER };
    let limit = limit.min(best.saturating_add(beam.window));
    for h in place.iter_mut().filter(|h| h.cost > limit) {
        h.cost = NEVER;
    }
}

impl Web {
    /// For every context of every place, the least that the rest of the way costs.
    fn backward(&self) -> Vec<Vec<i32>> {
        let mut after: Vec<Vec<i32>> = self.places.iter().map(|p| vec![NEVER; p.len()]).collect();
        if let Some(last) = after.last_mut() {
            last.fill(0);
        }
        // Arcs are in the order of their start, so from the last to the first every end is complete.
        for arc in self.arcs.iter().rev() {
            let rest = after[arc.to.0][arc.to.1].saturating_add(arc.cost);
            let here = &mut after[arc.from.0][arc.from.1];
            *here = rest.min(*here);
        }
        after
    }

    fn trace(&self, text: &str, edges: &[Vec<Edge>], end: (usize, usize), first: usize) -> Vec<Choice> {
        let mut path = Vec::new();
        let (mut place, mut slot) = end;
        while place > 0 {
            let Some(arc) = self.places[place].get(slot).and_then(|h| self.arcs.get(h.arc)) else { break };
            path.push(*arc);
            (place, slot) = arc.from;
        }
        path.reverse();
        let total = self.places[end.0].get(end.1).map_or(0, |h| h.cost);
        let after = self.backward();
        path.iter()
            .map(|arc| {
                let at = arc.from.0;
                let edge = &edges[at][arc.edge.0];
                let reading = &edge.readings[arc.edge.1];
                let mut others = self.others(text, arc, &edges[at], &after, total);
                let read = &text[edge.raw.clone()];
                let kept = others.iter().find(|o| &*o.0 == read).map_or(NEVER, |o| o.1);
                others.truncate(MOST_OTHERS);
                Choice {
                    raw: edge.raw.clone(),
                    atoms: first + at..edge.to,
                    words: reading.words,
                    text: reading.text.clone(),
                    ruled: reading.ruled,
                    margin: others.first().map_or(NEVER, |o| o.1),
                    kept,
                    others,
                }
            })
            .collect()
    }

    /// What else may be read where `chosen` begins, and what each loses.
    fn others(&self, text: &str, chosen: &Arc, edges: &[Edge], after: &[Vec<i32>], total: i32) -> Vec<(Box<str>, i32)> {
        let at = chosen.from.0;
        let from = self.arcs.partition_point(|a| a.from.0 < at);
        let mut best: HashMap<(usize, usize), i32> = HashMap::new();
        for arc in self.arcs[from..].iter().take_while(|a| a.from.0 == at).filter(|a| a.edge != chosen.edge) {
            let before = self.places[at][arc.from.1].cost;
            let through = before.saturating_add(arc.cost).saturating_add(after[arc.to.0][arc.to.1]);
            let slot = best.entry(arc.edge).or_insert(NEVER);
            *slot = through.min(*slot);
        }
        let written = |(edge, reading): (usize, usize)| -> Box<str> {
            let edge = &edges[edge];
            edge.readings[reading].text.clone().unwrap_or_else(|| text[edge.raw.clone()].into())
        };
        let own = written(chosen.edge);
        let mut all: Vec<(Box<str>, i32)> = best.into_iter().map(|(e, cost)| (written(e), (cost - total).max(0))).collect();
        all.retain(|(words, loss)| *words != own && *loss < NEVER / 2);
        all.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        all.dedup_by(|a, b| a.0 == b.0);
        all
    }
}
