//! Knows everybody a plan names, and which names are one body's.

use std::collections::HashMap;

use super::Actor;
use crate::lexicon::Bodies;
use crate::text::{Span, letters};

/// Letters of an id.
const ID_LETTERS: usize = 72;

/// Everybody met so far, by the key of the name.
#[derive(Debug, Default)]
pub(super) struct Roster {
    /// Level and place of the body that issues the plan.
    home: Vec<String>,
    met: Vec<Met>,
    by_key: HashMap<String, usize>,
}

/// A body under the names it was met with.
#[derive(Debug)]
struct Met {
    key: String,
    names: Vec<String>,
    at: Span,
}

impl Roster {
    pub fn new(home: Vec<String>) -> Self {
        Self { home, ..Self::default() }
    }

    /// The number of the body that is called `name` at `at`.
    pub fn meet(&mut self, bodies: &Bodies, name: &str, at: Span) -> Option<usize> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != ')' && c != '”').to_owned();
        let key = bodies.key(&name, &self.home);
        if key.is_empty() {
            return None;
        }
        let next = self.met.len();
        let who = *self.by_key.entry(key.clone()).or_insert(next);
        if who == next {
            self.met.push(Met { key, names: Vec::new(), at });
        }
        let met = &mut self.met[who];
        met.at = if at.start < met.at.start { at } else { met.at };
        if !met.names.contains(&name) {
            met.names.push(name);
        }
        Some(who)
    }

    /// The actors in the order in which they are first named, and the id of each number that [`meet`](Self::meet) gave.
    pub fn finish(mut self, bodies: &Bodies) -> (Vec<Actor>, Vec<String>) {
        let whole: Vec<usize> = (0..self.met.len()).map(|i| self.whole(bodies, i)).collect();
        for (i, &w) in whole.iter().enumerate() {
            if w != i {
                let names = std::mem::take(&mut self.met[i].names);
                let at = self.met[i].at;
                let met = &mut self.met[w];
                met.at = if at.start < met.at.start { at } else { met.at };
                met.names.extend(names);
            }
        }
        let mut ids = vec![String::new(); self.met.len()];
        let mut order: Vec<usize> = (0..self.met.len()).filter(|&i| whole[i] == i).collect();
        order.sort_by_key(|&i| self.met[i].at.start);
        let mut taken: HashMap<String, u32> = HashMap::new();
        let mut actors = Vec::new();
        for i in order {
            let slug = slug(&self.met[i].key);
            let times = taken.entry(slug.clone()).or_insert(0);
            *times += 1;
            ids[i] = if *times > 1 { format!("{slug}-{times}") } else { slug };
            let mut names = std::mem::take(&mut self.met[i].names);
            let fullest = (0..names.len()).max_by_key(|&n| (bodies.weight(&names[n]), std::cmp::Reverse(n))).unwrap_or(0);
            let name = names.remove(fullest);
            actors.push(Actor { id: ids[i].clone(), name, also: names, at: self.met[i].at });
        }
        for i in 0..ids.len() {
            if whole[i] != i {
                ids[i] = ids[whole[i]].clone();
            }
        }
        (actors, ids)
    }

    /// The one longer name of which `i` is the short form; itself where there is none, or more than one.
    fn whole(&self, bodies: &Bodies, i: usize) -> usize {
        let longer: Vec<usize> = (0..self.met.len()).filter(|&k| bodies.extends(&self.met[i].key, &self.met[k].key)).collect();
        match longer.as_slice() {
            [one] => *one,
            _ => i,
        }
    }
}

fn slug(key: &str) -> String {
    let folded = letters::fold(key);
    let mut out = String::new();
    for word in folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            if out.len() + word.len() > ID_LETTERS {
                break;
            }
            out.push('-');
        }
        out.push_str(&word[..word.len().min(ID_LETTERS)]);
    }
    if out.is_empty() { "khac".to_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleBook;

    #[test]
    fn one_body_under_several_names_is_one_actor() {
        let bodies = Bodies::new(&RuleBook::embedded()).expect("rules");
        let mut roster = Roster::new(bodies.home("UBND xã Bình Lộc"));
        let names =
            ["Thành viên BCĐ xã", "Ủy ban nhân dân xã", "Các thành viên Ban Chỉ đạo chuyển đổi số xã", "UBND xã Bình Lộc", "UBND tỉnh"];
        let met: Vec<usize> = names.iter().enumerate().filter_map(|(i, n)| roster.meet(&bodies, n, Span::new(i, i + 1))).collect();
        let (actors, ids) = roster.finish(&bodies);
        assert_eq!(ids[met[0]], ids[met[2]]);
        assert_eq!(ids[met[1]], ids[met[3]]);
        assert_eq!(actors.len(), 3);
        assert!(actors.iter().all(|a| a.id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')));
    }
}
