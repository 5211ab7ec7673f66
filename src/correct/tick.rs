//! What is done: a person ticks a duty off, or one day of a duty that comes round.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::lay::{Misfit, Seen, Why, found};
use super::{About, Corrections, Entry, Fields};

/// A duty, or one day of it, that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tick {
    /// The duty's id when it was ticked.
    pub id: String,
    /// The words of the plan that the duty rests on.
    pub quote: String,
    /// Which day of a duty that comes round: the last day on which it stands in the calendar. Absent for the duty as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub due: Option<Date>,
    /// The day on which it was ticked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub date: Option<Date>,
}

impl Corrections {
    /// For each fact seen the ticks that are set at it, by the day of the duty; and the ticks of duties that are not there.
    pub fn ticked(&self, seen: &[Seen<'_>]) -> (Vec<Vec<Tick>>, Vec<Tick>) {
        let mut duties: BTreeMap<(&str, &str), Vec<&Tick>> = BTreeMap::new();
        for tick in &self.done {
            duties.entry((&tick.id, &tick.quote)).or_default().push(tick);
        }
        let anchors: Vec<_> = duties.keys().map(|(id, quote)| (About::Task, *id, *quote)).collect();
        let (mut of, mut rest) = (vec![Vec::new(); seen.len()], Vec::new());
        for (mut ticks, nth) in duties.into_values().zip(found(&anchors, seen)) {
            ticks.sort_by_key(|t| (t.due, t.date));
            let place = nth.map_or(&mut rest, |nth| &mut of[nth]);
            place.extend(ticks.into_iter().cloned());
        }
        (of, rest)
    }

    /// Ticks of duties that nobody finds any more, those that the person took out aside.
    pub(super) fn unticked(&self, seen: &[Seen<'_>]) -> Vec<Misfit> {
        let removed = |t: &Tick| self.removed.iter().any(|e| (&e.id, &e.quote) == (&t.id, &t.quote));
        let mut rest = self.ticked(seen).1;
        rest.retain(|t| !removed(t) && !self.added.iter().any(|e| (&e.id, &e.quote) == (&t.id, &t.quote)));
        rest.dedup_by(|a, b| (&a.id, &a.quote) == (&b.id, &b.quote));
        let entry =
            |t: Tick| Entry { about: About::Task, id: t.id, quote: t.quote, was: Fields::default(), now: Fields::default(), note: None };
        rest.into_iter().map(|t| Misfit { why: Why::Unticked, entry: entry(t), stands: None }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn task<'a>(id: &'a str, quote: &str) -> Seen<'a> {
        Seen { about: About::Task, id, quote: quote.into(), fields: Fields::default() }
    }

    #[test]
    fn a_tick_follows_its_duty_and_one_without_a_duty_is_told() {
        let yaml = "corrections: 1\ndone:\n- {id: I-1, quote: Nop bao cao tuan, due: 2024-05-07, date: 2024-05-06}\n\
                    - {id: I-1, quote: Nop bao cao tuan, due: 2024-04-30}\n- {id: I-2, quote: Họp tổ dân phố, date: 2024-05-01}\n\
                    - {id: I-9, quote: Treo băng rôn, date: 2024-05-01}\n";
        let corrections = Corrections::read(yaml).expect("reads");
        assert!(!corrections.is_empty());
        assert_eq!(Corrections::read(&corrections.write().expect("writes")).expect("reads"), corrections);
        let seen = [task("II-1", "Họp tổ dân phố"), task("I-1", "Nộp báo cáo tuần"), task("I-2", "Lập danh sách")];
        let (of, rest) = corrections.ticked(&seen);
        assert_eq!(of.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 0]);
        assert_eq!(of[1][0].due, Some(date(2024, 4, 30)), "by day");
        assert_eq!(rest.iter().map(|t| t.id.as_str()).collect::<Vec<_>>(), ["I-9"]);
        let told = corrections.lay(&seen, &[]).misfits;
        assert!(matches!(&told[..], [m] if m.why == Why::Unticked && m.entry.quote == "Treo băng rôn"), "{told:?}");
    }

    #[test]
    fn a_tick_of_what_was_taken_out_needs_no_word() {
        let yaml = "corrections: 1\nremoved:\n- {about: task, id: I-1, quote: x}\ndone:\n- {id: I-1, quote: x}\n";
        assert_eq!(Corrections::read(yaml).expect("reads").lay(&[task("I-2", "y")], &[]).misfits, []);
    }
}
