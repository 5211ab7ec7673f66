//! Finds who does it, who helps, who is told and through whom: the phrases of `rules/extract/actor.yaml` around a name.

use std::ops::Range;

use serde::Deserialize;

use super::phrase::{self, Phrase, PhraseRule};
use crate::error::{Error, Kind, Result};
use crate::lexicon::Bodies;
use crate::rules::RuleBook;
use crate::rules::pattern::Spelled;
use crate::rules::proof::{Failure, Proof};

const FILE: &str = "extract/actor.yaml";
/// Bytes of a sentence in which its doer must be named.
const NEAR: usize = 700;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    phrases: Vec<PhraseRule>,
}

/// Words of a heading that is one long name.
const LONG_NAME: usize = 14;

/// Who a sentence or a heading says does it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// The names, by their bytes.
    pub names: Vec<Range<usize>>,
    /// The first byte behind them.
    pub end: usize,
    /// What stands before the names: nothing, or the words that assign or lead in.
    pub lead: Range<usize>,
    /// Somebody else asks them: "Giao …", "Đề nghị …", "UBND xã yêu cầu …".
    pub asked: bool,
}

/// Words between the numbers of "các đơn vị tại khoản 4, khoản 5 Mục này".
const LIST_WORDS: [&str; 9] = ["và", "khoản", "mục", "điểm", "tiểu", "phần", "này", "các", "trên"];

/// Somebody named above, not by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Above {
    /// The numbers of the clauses that name them; empty for all.
    pub numbers: Vec<String>,
    /// The first byte behind the words that point.
    pub end: usize,
}

/// The phrases around names.
#[derive(Debug)]
pub(super) struct Actors {
    pub bodies: Bodies,
    assigns: Phrase,
    concerns: Phrase,
    above: Phrase,
    leads_in: Phrase,
    supports: Phrase,
    directs: Phrase,
    told: Phrase,
    through: Phrase,
    passive: Phrase,
    asks: Phrase,
    past: Phrase,
}

impl Actors {
    pub fn new(book: &RuleBook) -> Result<Self> {
        let rules: Rules = book.load(FILE)?;
        let phrase = |id: &str| {
            let rule = rules.phrases.iter().find(|r| r.id == id);
            let missing = || Error::new(Kind::BadRule).at(format!("rules/{FILE}")).detail(format!("the rule `{id}` is missing"));
            Phrase::new(FILE, rule.ok_or_else(missing)?)
        };
        Ok(Self {
            bodies: Bodies::new(book)?,
            assigns: phrase("assigns")?,
            concerns: phrase("concerns")?,
            above: phrase("above")?,
            leads_in: phrase("leads-in")?,
            supports: phrase("supports")?,
            directs: phrase("directs")?,
            told: phrase("told")?,
            through: phrase("through")?,
            passive: phrase("passive")?,
            asks: phrase("asks")?,
            past: phrase("past")?,
        })
    }

    /// Who the sentence `text` says does it.
    pub fn of_sentence(&self, text: &str) -> Option<Subject> {
        let near = &text[..floor(text, NEAR)];
        let spelled = Spelled::new(near);
        if let Some(subject) = self.assigned(text, &spelled) {
            return Some(subject);
        }
        if let Some(above) = self.above(text) {
            return Some(self.directed(text, std::iter::once(0..above.end).collect(), above.end, 0..0));
        }
        if let Some(list) = self.bodies.list(text, 0).filter(|l| l.acts) {
            return Some(self.directed(text, list.names.into_iter().map(|n| n.at).collect(), list.end, 0..0));
        }
        self.leads_in.find(&spelled).first().filter(|r| r.start == 0)?;
        let mut depth = 0i32;
        // Names in the lead-in itself ("của Bộ Chính trị, Ban Bí thư và …") are followed by no verb.
        let mut likely: Option<Subject> = None;
        for (i, c) in near.char_indices() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            if !matches!(c, ',' | ':') || depth > 0 {
                continue;
            }
            let next = i + 1 + near[i + 1..].len() - near[i + 1..].trim_start().len();
            let given = self.assigned(&text[next..], &Spelled::new(&near[next.min(near.len())..])).map(|s| s.moved(next));
            let list = self.bodies.list(text, next).filter(|l| l.acts && l.end < text.len());
            let does = list.as_ref().is_some_and(|l| l.does);
            let named = list.map(|l| {
                // "… của các Bộ, cơ quan liên quan, Bộ Tài chính rà soát": the small one still belongs to the lead-in.
                let rest = |n: &Range<usize>| text[n.clone()].starts_with(char::is_lowercase) && !text[n.clone()].starts_with("các ");
                let mut names: Vec<Range<usize>> = l.names.into_iter().map(|n| n.at).collect();
                let first = names.iter().position(|n| !rest(n)).unwrap_or(0);
                self.directed(text, names.split_off(first), l.end, 0..next)
            });
            // Behind a verb the names are of those it is done to; a second lead-in ("Định kỳ 6 tháng, hằng năm, …") goes on.
            let leads = || self.leads_in.find(&Spelled::new(&near[next.min(near.len())..])).first().is_some_and(|r| r.start == 0);
            let told = named.as_ref().is_some_and(|s| self.is_past(text, s));
            if given.is_some() || does || told {
                return given.or(named);
            }
            likely = likely.or(named);
            if self.bodies.verb_at(text, next) && !leads() {
                break;
            }
        }
        likely
    }

    /// Who the heading `text` names: nothing but names, what assigns to them, and what they begin to do.
    pub fn of_heading(&self, text: &str) -> Option<Subject> {
        let spelled = Spelled::new(&text[..floor(text, NEAR)]);
        if let Some(subject) = self.assigned(text, &spelled).or_else(|| self.concerned(text, &spelled)) {
            return Some(subject);
        }
        let list = self.bodies.list(text, 0)?;
        let rest = text[list.end.min(text.len())..].trim_start();
        // "Trung tâm Xúc tiến đầu tư, thương mại và du lịch": nothing in the heading says what anybody does.
        let whole =
            list.names.len() == 1 && !rest.is_empty() && text.split_whitespace().count() <= LONG_NAME && !self.bodies.any_verb(rest);
        if whole && text.starts_with(char::is_uppercase) && !rest.starts_with(['(', '-', '–', ':']) {
            let all = text.trim_end_matches([' ', ':', '.', ';']).len();
            return Some(Subject { names: std::iter::once(0..all).collect(), end: text.len(), lead: 0..0, asked: false });
        }
        let good = list.acts || rest.is_empty() || rest.starts_with(['(', '-', '–', ':']);
        good.then(|| self.directed(text, list.names.into_iter().map(|n| n.at).collect(), list.end, 0..0))
    }

    fn assigned(&self, text: &str, spelled: &Spelled) -> Option<Subject> {
        let lead = self.assigns.find(spelled).into_iter().next().filter(|r| r.start == 0)?;
        let from = lead.end + text[lead.end..].len() - text[lead.end..].trim_start_matches([' ', ':']).len();
        if let Some(above) = self.above(&text[from..]) {
            let end = from + above.end;
            return Some(Subject { asked: true, ..self.directed(text, std::iter::once(from..end).collect(), end, lead) });
        }
        let list = self.bodies.list(text, from)?;
        let subject = self.directed(text, list.names.into_iter().map(|n| n.at).collect(), list.end, lead);
        Some(Subject { asked: true, ..subject })
    }

    /// "Đối với Trạm Y tế xã": a heading that is nothing else.
    fn concerned(&self, text: &str, spelled: &Spelled) -> Option<Subject> {
        let lead = self.concerns.find(spelled).into_iter().next().filter(|r| r.start == 0)?;
        let from = lead.end + text[lead.end..].len() - text[lead.end..].trim_start().len();
        let list = self.bodies.list(text, from)?;
        let nothing_else = text[list.end.min(text.len())..].trim_end_matches([' ', ':', '.', ';']).is_empty();
        let names = list.names.into_iter().map(|n| n.at).collect();
        nothing_else.then_some(Subject { names, end: list.end, lead, asked: false })
    }

    /// "Các đơn vị nêu trên", "các đơn vị tại khoản 4, khoản 5 Mục này" at the head of `text`.
    pub fn above(&self, text: &str) -> Option<Above> {
        let said = self.above.find(&Spelled::new(&text[..floor(text, NEAR)])).into_iter().next().filter(|r| r.start == 0)?;
        if text[said.clone()].to_lowercase().ends_with("trên") {
            return Some(Above { numbers: Vec::new(), end: said.end });
        }
        let (mut numbers, mut end) = (Vec::new(), said.end);
        for (at, word) in text[said.end..].split([' ', ',', ';']).scan(said.end, |at, w| {
            let here = *at;
            *at += w.len() + 1;
            Some((here, w))
        }) {
            let number = !word.is_empty() && word.len() <= 3 && word.chars().all(|c| c.is_ascii_digit() || matches!(c, 'I' | 'V' | 'X'));
            if number {
                numbers.push(word.to_owned());
            } else if !(word.is_empty() || LIST_WORDS.contains(&word.to_lowercase().as_str())) {
                break;
            }
            end = at + word.len();
        }
        (!numbers.is_empty()).then_some(Above { numbers, end })
    }

    /// "X chỉ đạo Y thực hiện": Y does it too; "X đề nghị Y thực hiện": Y alone does.
    fn directed(&self, text: &str, mut names: Vec<Range<usize>>, end: usize, lead: Range<usize>) -> Subject {
        let rest = &text[end.min(text.len())..];
        let asked = self.asks.find(&Spelled::new(&rest[..floor(rest, 40)])).into_iter().next().filter(|r| r.start == 0);
        if let Some(below) = asked.and_then(|r| {
            let from = end + r.end + rest[r.end..].len() - rest[r.end..].trim_start_matches([' ', ':']).len();
            self.bodies.list(text, from)
        }) {
            let names = below.names.into_iter().map(|n| n.at).collect();
            return Subject { names, end: below.end, lead: lead.start..end, asked: true };
        }
        let begins = self.directs.find(&Spelled::new(&rest[..floor(rest, 40)])).into_iter().next().filter(|r| r.start == 0);
        if let Some(below) = begins.and_then(|r| {
            let from = end + r.end + rest[r.end..].len() - rest[r.end..].trim_start().len();
            self.bodies.list(text, from).filter(|l| l.acts)
        }) {
            names.extend(below.names.into_iter().map(|n| n.at));
        }
        Subject { names, end, lead, asked: false }
    }

    /// The names after a phrase, each list once.
    fn after(&self, phrase: &Phrase, text: &str) -> Vec<Range<usize>> {
        let mut out: Vec<Range<usize>> = Vec::new();
        for r in phrase.find(&Spelled::new(text)) {
            let from = r.end + text[r.end..].len() - text[r.end..].trim_start_matches([' ', ':']).len();
            if out.iter().any(|n| from < n.end) {
                continue;
            }
            out.extend(self.bodies.list(text, from).into_iter().flat_map(|l| l.names).map(|n| n.at));
        }
        out
    }

    /// Who helps.
    pub fn supporting(&self, text: &str) -> Vec<Range<usize>> {
        self.after(&self.supports, text)
    }

    /// To whom it goes.
    pub fn told(&self, text: &str) -> Vec<Range<usize>> {
        self.after(&self.told, text)
    }

    /// Through whom it goes.
    pub fn through(&self, text: &str) -> Option<Range<usize>> {
        let names = self.after(&self.through, text);
        Some(names.first()?.start..names.first()?.end)
    }

    /// Names in a list that is nothing else: "Công an xã, các thôn".
    pub fn listed(&self, text: &str) -> Vec<Range<usize>> {
        self.bodies.list(text, 0).into_iter().flat_map(|l| l.names).map(|n| n.at).collect()
    }

    /// True when the words behind the names `subject` say what they did, not what they must do.
    pub fn is_past(&self, text: &str, subject: &Subject) -> bool {
        let rest = text[subject.end.min(text.len())..].trim_start();
        self.past.find(&Spelled::new(&rest[..floor(rest, 40)])).first().is_some_and(|r| r.start == 0)
    }

    /// True when the sentence says that something is done and not by whom.
    pub fn is_passive(&self, text: &str) -> bool {
        self.passive.is_in(&Spelled::new(&text[..floor(text, NEAR)]))
    }
}

impl Subject {
    fn moved(self, by: usize) -> Self {
        let shift = |r: Range<usize>| r.start + by..r.end + by;
        let names = self.names.iter().cloned().map(shift).collect();
        Self { names, end: self.end + by, lead: 0..by, ..self }
    }
}

impl Proof for Actors {
    fn prove(&self, book: &RuleBook) -> Result<Vec<Failure>> {
        let rules: Rules = book.load(FILE)?;
        let mut failures = Vec::new();
        phrase::prove(book, FILE, &rules.phrases, &mut failures)?;
        Ok(failures)
    }
}

pub(super) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actors() -> Actors {
        Actors::new(&RuleBook::embedded()).expect("our own rules are right")
    }

    #[test]
    fn the_rules_prove_themselves() {
        let failures = actors().prove(&RuleBook::embedded()).expect("readable");
        let said: Vec<String> = failures.iter().map(|f| format!("{} line {}: {}", f.rule, f.spot.line, f.reason)).collect();
        assert_eq!(said, Vec::<String>::new());
    }

    #[test]
    fn doers_of_a_sentence() {
        let actors = actors();
        let who = |text: &str| {
            actors.of_sentence(text).map_or_else(Vec::new, |s| s.names.iter().map(|n| text[n.clone()].to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(who("Giao Phòng Nội vụ chủ trì, phối hợp với Công an xã kiểm tra"), ["Phòng Nội vụ"]);
        assert_eq!(who("Định kỳ hằng quý, Công an xã tổng hợp số liệu"), ["Công an xã"]);
        assert_eq!(
            who("Sở Nông nghiệp và Môi trường chỉ đạo Chi cục Thủy sản thực hiện các nội dung"),
            ["Sở Nông nghiệp và Môi trường", "Chi cục Thủy sản"]
        );
        assert_eq!(who("Bộ Nội vụ đề nghị các bộ, ngành báo cáo trước ngày 05/5/2026"), ["các bộ, ngành"]);
        assert_eq!(
            who("Thực hiện kết luận của Bộ Chính trị, Ban Bí thư và Văn bản số 9-CV/BTC, Sở Nội vụ rà soát biên chế"),
            ["Sở Nội vụ"]
        );
        assert_eq!(who("Giao chỉ tiêu cụ thể cho từng cán bộ"), Vec::<String>::new());
        assert_eq!(who("Chuẩn bị nội dung, tài liệu"), Vec::<String>::new());
        assert_eq!(who("Đề nghị các đơn vị tại mục 2, mục 5 cử cán bộ"), ["các đơn vị tại mục 2, mục 5"]);
        assert_eq!(
            actors.above("Các đơn vị tại khoản 4, khoản 5 Mục này chịu trách nhiệm").map(|a| a.numbers),
            Some(vec!["4".into(), "5".into()])
        );
        assert_eq!(actors.above("Các đơn vị tại mục tiêu chung"), None);
    }

    #[test]
    fn helpers_receivers_and_ways() {
        let actors = actors();
        let text = "phối hợp với Công an xã, các thôn kiểm tra, báo cáo kết quả về UBND xã (qua Phòng Kinh tế)";
        let names = |ranges: Vec<Range<usize>>| ranges.into_iter().map(|r| text[r].to_owned()).collect::<Vec<_>>();
        assert_eq!(names(actors.supporting(text)), ["Công an xã", "các thôn"]);
        assert_eq!(names(actors.told(text)).last().map(String::as_str), Some("UBND xã"));
        assert_eq!(actors.through(text).map(|r| &text[r]), Some("Phòng Kinh tế"));
    }
}
