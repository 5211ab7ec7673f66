//! Finds the fact each entry is about, though ids have moved and letters were read better since, and says what becomes of it.

use super::entry::{Entry, List};
use super::{About, ActorName, Corrections, Fields};
use crate::text::letters::fold;

/// Quotes of the same id this much alike (pairs of letters shared) are the same words, read better or worse.
const SAME_ID: f64 = 0.7;
/// Under another id they must be nearly the same.
const OTHER_ID: f64 = 0.9;

/// A fact as this run has it.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    /// What kind.
    pub about: About,
    /// Its id.
    pub id: &'a str,
    /// The words it rests on.
    pub quote: String,
    /// What it says.
    pub fields: Fields,
}

/// What becomes of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Nobody has spoken of it.
    Open,
    /// It stands, with these fields.
    Accepted(Fields),
    /// A person has set these fields.
    Changed(Fields),
    /// It goes.
    Removed,
}

/// An entry and the list it stands in.
pub type Listed = (List, Entry);

/// What comes of laying corrections over the facts of a plan.
#[derive(Clone, Debug, Default)]
pub struct Laid {
    /// One for each fact seen, in their order.
    pub verdicts: Vec<Verdict>,
    /// Facts that a person put in and that are not there yet.
    pub added: Vec<Entry>,
    /// Actors that nothing but these corrections names.
    pub actors: Vec<ActorName>,
    /// Entries that a person should look at again.
    pub misfits: Vec<Misfit>,
}

/// An entry and the reading of now do not go together. The person's word stays in the file in any case.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// Why.
    pub why: Why,
    /// The entry.
    pub entry: Entry,
    /// What stands there now: id, words, fields.
    pub stands: Option<(String, String, Fields)>,
}

/// Why an entry and the reading of now do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing in the plan has these words any more.
    Unfit,
    /// The fact is found and reads otherwise than when the person looked; the person's word was taken.
    Differs,
    /// Ticked off, and nothing in the plan has these words any more.
    Unticked,
}

impl Corrections {
    /// What these corrections make of `seen`. `actors` are the plan's own: id and every name.
    pub fn lay(&self, seen: &[Seen<'_>], actors: &[(String, Vec<String>)]) -> Laid {
        let mut laid = Laid { verdicts: vec![Verdict::Open; seen.len()], ..Laid::default() };
        let entries = self.with_actors_of(actors, &mut laid.actors);
        for ((list, entry), found) in entries.iter().zip(found(&anchors(&entries), seen)) {
            match found {
                Some(nth) => laid.verdicts[nth] = verdict(*list, entry, &seen[nth], &mut laid.misfits),
                None if *list == List::Added => laid.added.push(entry.clone()),
                // A finding that is made no longer has nothing left to be said about.
                None if entry.about == About::Finding => {}
                None => {
                    let stands = seen.iter().find(|s| s.about == entry.about && s.id == entry.id);
                    // What is not there any more is as good as removed.
                    if *list != List::Removed || stands.is_some() {
                        let stands = stands.map(|s| (s.id.to_owned(), s.quote.clone(), s.fields.clone()));
                        laid.misfits.push(Misfit { why: Why::Unfit, entry: entry.clone(), stands });
                    }
                }
            }
        }
        laid.misfits.extend(self.unticked(seen));
        laid
    }

    /// For each fact seen the entry that is about it, and the entries that are about none of them.
    pub fn matched(&self, seen: &[Seen<'_>]) -> (Vec<Option<Listed>>, Vec<Listed>) {
        let entries: Vec<Listed> = self.entries().map(|(list, e)| (list, e.clone())).collect();
        let (mut of, mut rest) = (vec![None; seen.len()], Vec::new());
        for (entry, nth) in entries.iter().zip(found(&anchors(&entries), seen)) {
            match nth {
                Some(nth) => of[nth] = Some(entry.clone()),
                None => rest.push(entry.clone()),
            }
        }
        (of, rest)
    }

    /// The entries with every actor under the id it has in this run.
    fn with_actors_of(&self, known: &[(String, Vec<String>)], new: &mut Vec<ActorName>) -> Vec<(List, Entry)> {
        let mut entries: Vec<(List, Entry)> = self.entries().map(|(list, e)| (list, e.clone())).collect();
        for id in entries.iter_mut().flat_map(|(_, e)| e.now.actors_mut()) {
            if known.iter().any(|(k, _)| k == id) {
                continue;
            }
            let name = self.actors.iter().find(|a| a.id == *id).map_or(id.as_str(), |a| a.name.as_str());
            match known.iter().find(|(_, names)| names.iter().any(|n| plain(n) == plain(name))) {
                Some((k, _)) => id.clone_from(k),
                None if new.iter().any(|a| a.id == *id) => {}
                None => new.push(ActorName { id: id.clone(), name: name.to_owned() }),
            }
        }
        entries
    }
}

fn verdict(list: List, entry: &Entry, seen: &Seen<'_>, misfits: &mut Vec<Misfit>) -> Verdict {
    let contradicted = match list {
        List::Accepted => !entry.now.unlike(&seen.fields).is_empty(),
        // What was read when the person set it otherwise is no news; a third reading is.
        List::Changed => !entry.was.unlike(&seen.fields).is_empty() && !entry.now.unlike(&seen.fields).is_empty(),
        List::Removed | List::Added => false,
    };
    if contradicted {
        let stands = Some((seen.id.to_owned(), seen.quote.clone(), seen.fields.clone()));
        misfits.push(Misfit { why: Why::Differs, entry: entry.clone(), stands });
    }
    match list {
        List::Accepted => Verdict::Accepted(entry.now.clone()),
        List::Changed | List::Added => Verdict::Changed(entry.now.clone()),
        List::Removed => Verdict::Removed,
    }
}

/// What a person's word is about: the kind of fact, its id and its words.
pub(super) type Anchor<'a> = (About, &'a str, &'a str);

fn anchors(entries: &[Listed]) -> Vec<Anchor<'_>> {
    entries.iter().map(|(_, e)| (e.about, e.id.as_str(), e.quote.as_str())).collect()
}

/// For each anchor the fact it is about, no fact twice: the surest matches choose first.
pub(super) fn found(anchors: &[Anchor<'_>], seen: &[Seen<'_>]) -> Vec<Option<usize>> {
    let words: Vec<String> = seen.iter().map(|s| plain(&s.quote)).collect();
    let asked: Vec<String> = anchors.iter().map(|(.., quote)| plain(quote)).collect();
    let mut found = vec![None; anchors.len()];
    let mut taken = vec![false; seen.len()];
    for pass in [Pass::Same, Pass::Moved, Pass::Reread, Pass::MovedAndReread] {
        for (nth, anchor) in anchors.iter().enumerate().filter(|(n, _)| found[*n].is_none()).collect::<Vec<_>>() {
            let free = (0..seen.len()).filter(|s| !taken[*s] && seen[*s].about == anchor.0);
            let scored = free.filter_map(|s| pass.score(anchor, &asked[nth], &seen[s], &words[s]).map(|score| (score, s)));
            if let Some((_, s)) = scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))) {
                found[nth] = Some(s);
                taken[s] = true;
            }
        }
    }
    found
}

/// Ways in which an entry and a fact may be the same, the surest first.
#[derive(Clone, Copy)]
enum Pass {
    Same,
    Moved,
    Reread,
    MovedAndReread,
}

impl Pass {
    fn score(self, (about, id, _): &Anchor<'_>, asked: &str, seen: &Seen<'_>, words: &str) -> Option<f64> {
        // All findings of one kind have one id, and all findings of other kinds are other findings.
        let same_id = *id == seen.id;
        match (self, same_id) {
            (Self::Same, true) => (asked == words).then_some(1.0),
            (Self::Moved, false) if *about != About::Finding => (asked == words && !words.is_empty()).then_some(1.0),
            (Self::Reread, true) => Some(alike(asked, words)).filter(|a| *a >= SAME_ID),
            (Self::MovedAndReread, false) if *about != About::Finding => Some(alike(asked, words)).filter(|a| *a >= OTHER_ID),
            _ => None,
        }
    }
}

/// Letters and digits without marks, single blanks between: what stays the same when a text is read better.
fn plain(text: &str) -> String {
    let folded = fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The share of pairs of neighbouring letters that both have, from 0 to 1.
fn alike(a: &str, b: &str) -> f64 {
    let pairs = |t: &str| {
        let letters: Vec<char> = t.chars().collect();
        let mut pairs: Vec<(char, char)> = letters.windows(2).map(|w| (w[0], w[1])).collect();
        pairs.sort_unstable();
        pairs
    };
    let (a, b) = (pairs(a), pairs(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let (mut i, mut j, mut shared) = (0, 0, 0_u32);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, shared) = (i + 1, j + 1, shared + 1),
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "lengths of quotes")]
    let all = (a.len() + b.len()) as f64;
    2.0 * f64::from(shared) / all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Due;

    fn task<'a>(id: &'a str, quote: &str, who: &[&str], due: &str) -> Seen<'a> {
        let due: Option<Due> = (!due.is_empty()).then(|| serde_yaml::from_str(due).expect(due));
        let who = who.iter().map(|w| (*w).to_owned()).collect();
        let fields = Fields { what: Some(quote.into()), who: Some(who), due: Some(due), ..Fields::default() };
        Seen { about: About::Task, id, quote: quote.into(), fields }
    }

    fn read(yaml: &str) -> Corrections {
        Corrections::read(&format!("corrections: 1\n{yaml}")).expect(yaml)
    }

    const DUE_24: &str = "{says: trước 25/4, bound: before, date: 2024-04-25}";
    const DUE_26: &str = "{says: trước 26/4, bound: before, date: 2024-04-26}";

    fn changed(id: &str, quote: &str) -> String {
        format!("changed:\n- {{about: task, id: {id}, quote: {quote}, was: {{due: {DUE_24}}}, now: {{due: {DUE_26}}}}}\n")
    }

    #[test]
    fn a_word_follows_its_fact_when_ids_move_and_letters_are_read_better() {
        let corrections = read(&changed("II.1-1", "Chuẩn bi tal liệu tuyên truyền xong trudc ngày 25/4"));
        for (id, quote) in [
            ("II.1-1", "Chuẩn bi tal liệu tuyên truyền xong trudc ngày 25/4"),
            ("II.1-1", "Chuẩn bị tài liệu tuyên truyền, xong trước ngày 25/4"),
            ("III.1-1", "Chuẩn bi tal liệu tuyên truyền xong trudc ngày 25/4"),
            ("III.1-1", "Chuẩn bị tal liệu tuyên truyền; xong trudc ngày 25/4."),
        ] {
            let seen = [task("II.1-2", "Họp tổ dân phố", &[], ""), task(id, quote, &["a"], DUE_24)];
            let laid = corrections.lay(&seen, &[]);
            assert!(matches!(&laid.verdicts[..], [Verdict::Open, Verdict::Changed(_)]), "{id} {quote}: {laid:?}");
            assert_eq!(laid.misfits, [], "{id} {quote}");
        }
    }

    #[test]
    fn an_entry_that_fits_nothing_is_told_with_both_sides() {
        let corrections = read(&changed("II.1-1", "Chuẩn bị tài liệu"));
        let laid = corrections.lay(&[task("II.1-1", "Các tổ dân phố đăng ký điểm tập kết", &[], "")], &[]);
        assert_eq!(laid.verdicts, [Verdict::Open]);
        let [misfit] = laid.misfits.as_slice() else { panic!("one misfit: {laid:?}") };
        assert_eq!((misfit.why, misfit.entry.quote.as_str()), (Why::Unfit, "Chuẩn bị tài liệu"));
        assert!(misfit.stands.as_ref().is_some_and(|(_, q, _)| q.contains("tập kết")));
        // What was removed and is not there needs no word.
        let corrections = read("removed:\n- {about: task, id: II.1-1, quote: Chuẩn bị tài liệu}\n");
        assert!(corrections.lay(&[task("II.2-1", "Họp", &[], "")], &[]).misfits.is_empty());
    }

    #[test]
    fn a_person_is_never_overruled_and_a_third_reading_is_told() {
        let corrections = read(&changed("II.1-1", "Chuẩn bị"));
        let third = "{says: trước 27/4, bound: before, date: 2024-04-27}";
        for (read_now, told) in [(DUE_24, false), (DUE_26, false), (third, true)] {
            let laid = corrections.lay(&[task("II.1-1", "Chuẩn bị", &[], read_now)], &[]);
            assert!(matches!(&laid.verdicts[..], [Verdict::Changed(f)] if f.due == Some(Some(serde_yaml::from_str(DUE_26).expect("due")))));
            assert_eq!(laid.misfits.iter().any(|m| m.why == Why::Differs), told, "{read_now}");
        }
        let corrections = read(&format!("accepted:\n- {{about: task, id: II.1-1, quote: Chuẩn bị, now: {{due: {DUE_24}}}}}\n"));
        let laid = corrections.lay(&[task("II.1-1", "Chuẩn bị", &[], DUE_26)], &[]);
        assert!(matches!(&laid.verdicts[..], [Verdict::Accepted(f)] if f.due == Some(Some(serde_yaml::from_str(DUE_24).expect("due")))));
        assert_eq!(laid.misfits.len(), 1);
    }

    #[test]
    fn two_duties_of_one_sentence_keep_their_own_words() {
        let yaml =
            "removed:\n- {about: task, id: II.1-2, quote: Họp và báo cáo}\naccepted:\n- {about: task, id: II.1-1, quote: Họp và báo cáo}\n";
        let seen = [task("II.1-1", "Họp và báo cáo", &[], ""), task("II.1-2", "Họp và báo cáo", &[], "")];
        let laid = read(yaml).lay(&seen, &[]);
        assert!(matches!(&laid.verdicts[..], [Verdict::Accepted(_), Verdict::Removed]));
    }

    #[test]
    fn actors_are_known_by_name_when_their_id_has_changed() {
        let yaml = "actors:\n- {id: hoi-pn, name: Hội Phụ nữ phường}\n- {id: moi, name: Đội mới}\n\
                    changed:\n- {about: task, id: I-1, quote: Vận động, now: {who: [hoi-pn, moi]}}\n";
        let known = [("hoi-phu-nu".to_owned(), vec!["Hội phụ nữ Phường".to_owned()])];
        let laid = read(yaml).lay(&[task("I-1", "Vận động", &[], "")], &known);
        assert!(matches!(&laid.verdicts[..], [Verdict::Changed(f)] if f.who == Some(vec!["hoi-phu-nu".into(), "moi".into()])));
        assert_eq!(laid.actors, [ActorName { id: "moi".into(), name: "Đội mới".into() }]);
    }

    #[test]
    fn what_was_added_is_added_once() {
        let yaml = "added:\n- {about: task, id: IV.1-9, quote: Treo băng rôn, now: {what: Treo băng rôn, who: []}}\n";
        assert_eq!(read(yaml).lay(&[], &[]).added.len(), 1);
        let again = read(yaml).lay(&[task("IV.1-9", "Treo băng rôn", &[], "")], &[]);
        assert!(again.added.is_empty() && matches!(&again.verdicts[..], [Verdict::Changed(_)]));
    }

    #[test]
    fn a_file_that_says_something_else_is_refused_with_its_line() {
        for (yaml, line) in [
            ("accpted: []\n", 2),
            ("changed:\n- {about: task, id: II.1-1, quote: x}\n", 3),
            ("changed:\n- {about: task, id: II.1-1, quote: x, now: {amount: 3}}\n", 3),
            ("added:\n- {about: task, id: II.1-1, quote: x, now: {who: [a]}}\n", 3),
            ("changed:\n- {about: task, id: II.1-1, quote: x, now: {due: {says: x, bound: by}}}\n", 3),
        ] {
            let error = Corrections::read(&format!("corrections: 1\n{yaml}")).expect_err(yaml);
            assert_eq!(error.spot().map(|s| s.line), Some(line), "{yaml}: {error}");
        }
        assert!(Corrections::read("corrections: 2\n").is_err());
    }

    #[test]
    fn null_takes_away_and_absence_says_nothing() {
        let c =
            read("changed:\n- {about: task, id: I-1, quote: x, now: {due: null}}\n- {about: task, id: I-2, quote: y, now: {who: []}}\n");
        assert_eq!((c.changed[0].now.due.clone(), c.changed[1].now.due.clone()), (Some(None), None));
        assert_eq!(Corrections::read(&c.write().expect("writes")).expect("reads"), c);
    }
}
