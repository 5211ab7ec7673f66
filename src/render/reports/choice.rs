//! Which reports a plan asks for, and which form each takes: the first rule of `rules/render/reports.yaml` that fits its duty.

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::calendar::{Due, Every, When};
use crate::extract::TaskKind;
use crate::render::record::{DocumentRecord, Report, TaskRecord};
use crate::render::view::first_day;
use crate::render::words::sentence;

/// A report that a plan asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What it is called for by: its form, and the duty's id.
    pub name: String,
    /// The template.
    pub form: String,
    /// What kind of report, in Vietnamese.
    pub about: String,
    /// The id of its duty; a letter has none.
    pub task: Option<String>,
    /// Whose quotas it tells.
    pub(super) quotas: Which,
}

impl Wanted {
    /// A paper from the template `form` that no duty asks for.
    pub fn of_no_duty(form: &str) -> Self {
        Self { name: form.to_owned(), form: form.to_owned(), about: form.to_owned(), task: None, quotas: Which::All }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Which {
    None,
    Due,
    All,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormRule {
    name: String,
    about: String,
    #[serde(default)]
    words: Option<String>,
    sort: Vec<TaskKind>,
    #[serde(default)]
    every: Vec<Every>,
    #[serde(default)]
    once: bool,
    /// Whether those who write it put together what others tell them.
    #[serde(default)]
    collects: Option<bool>,
    /// A day in this month of the year or a later one.
    #[serde(default)]
    from_month: Option<i8>,
    /// A day after the plan's period.
    #[serde(default)]
    after_period: bool,
    quotas: Which,
}

/// A paper that no duty asks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Letter {
    name: String,
    about: String,
    quotas: Which,
    when: Use,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Use {
    /// The plan gives numbers to several.
    Quotas,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sign {
    who: String,
    title: String,
}

/// The signs of what kind of paper it is, in its number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kinds {
    pub(super) report: String,
    pub(super) letter: String,
}

#[derive(Debug)]
pub(super) struct Choice {
    forms: Vec<(FormRule, Option<Regex>)>,
    letters: Vec<Letter>,
    staff: Regex,
    collects: Regex,
    many: Regex,
    alone: Regex,
    listed: Regex,
    signs: Vec<(Regex, String)>,
}

/// Who of those that a name stands for writes.
pub(super) enum One {
    /// It stands for itself.
    Itself,
    /// One of a kind, whose name begins so.
    Kind(String),
    /// One of several kinds.
    Several,
}

impl Choice {
    pub(super) fn new(
        forms: Vec<FormRule>,
        letters: Vec<Letter>,
        [staff, collects, many, alone, listed]: [&str; 5],
        signs: Vec<Sign>,
    ) -> Result<Self, (String, String)> {
        let regex = |text: &str| RegexBuilder::new(text).case_insensitive(true).build().map_err(|e| (text.to_owned(), e.to_string()));
        let compiled = |rule: FormRule| Ok((rule.clone(), rule.words.as_deref().map(regex).transpose()?));
        Ok(Self {
            forms: forms.into_iter().map(compiled).collect::<Result<_, (String, String)>>()?,
            letters,
            staff: regex(staff)?,
            collects: regex(collects)?,
            many: regex(many)?,
            alone: regex(alone)?,
            listed: regex(listed)?,
            signs: signs.into_iter().map(|s| Ok((regex(&s.who)?, s.title))).collect::<Result<_, (String, String)>>()?,
        })
    }

    pub(super) fn wanted(&self, report: &Report) -> Vec<Wanted> {
        let of_task = |task: &TaskRecord| {
            let (rule, _) = self.forms.iter().find(|(rule, words)| self.fits(rule, words.as_ref(), task, report))?;
            Some(Wanted {
                name: format!("{}-{}", rule.name, task.id),
                form: rule.name.clone(),
                about: rule.about.clone(),
                task: Some(task.id.clone()),
                quotas: rule.quotas,
            })
        };
        let mut wanted: Vec<Wanted> = report.tasks.iter().filter_map(of_task).collect();
        let of_several = report.quotas.iter().filter(|q| !q.who.is_empty() && q.same_as.is_none()).count() > 1;
        wanted.extend(self.letters.iter().filter(|l| matches!(l.when, Use::Quotas) && of_several).map(|l| Wanted {
            name: l.name.clone(),
            form: l.name.clone(),
            about: l.about.clone(),
            task: None,
            quotas: l.quotas,
        }));
        wanted
    }

    fn fits(&self, rule: &FormRule, words: Option<&Regex>, task: &TaskRecord, report: &Report) -> bool {
        let day = task.due.as_ref().and_then(|d| one_day(d, &report.document));
        let ids: Vec<&str> = task.who.iter().map(String::as_str).collect();
        rule.sort.contains(&task.kind)
            && words.is_none_or(|w| w.is_match(&task.what) || w.is_match(&task.at.quote))
            && as_often(rule, task.due.as_ref())
            && rule.collects.is_none_or(|yes| yes == self.collect(&ids, report))
            && rule.from_month.is_none_or(|month| day.is_some_and(|d| d.month() >= month))
            && (!rule.after_period || day > report.document.period.as_ref().and_then(|p| p.to))
    }

    /// True where all of `who` are the body that issued the plan, or people of it: what they write is the body's.
    pub(super) fn of_issuer(&self, who: &[&str], report: &Report) -> bool {
        let issuer = report.document.issuer.as_deref().map(plain).unwrap_or_default();
        let is_issuer = |id: &str| {
            let names = report.actors.iter().filter(|a| a.id == id).flat_map(|a| std::iter::once(&a.name).chain(&a.also));
            names.map(|n| plain(n)).any(|name| name == issuer || begins(&name, &issuer) || begins(&issuer, &name))
        };
        let theirs = |id: &str| self.staff.is_match(report.name_of(id)) || (!issuer.is_empty() && is_issuer(id));
        !who.is_empty() && who.iter().all(|id| theirs(id))
    }

    /// True where all of `who` put together what others tell them.
    pub(super) fn collect(&self, who: &[&str], report: &Report) -> bool {
        !who.is_empty() && who.iter().all(|id| self.collects.is_match(report.name_of(id)))
    }

    /// The ids of those that `id` stands for: itself, and the one for many that it is one of.
    pub(super) fn also<'a>(&self, id: &'a str, report: &'a Report) -> Vec<&'a str> {
        let of_many = report.actors.iter().filter(|a| self.stands_for(&a.id, &a.name, id, report.name_of(id)));
        std::iter::once(id).chain(of_many.map(|a| a.id.as_str())).collect()
    }

    /// Those that `id` stands for, where it stands for many: the actors of the plan that are one of them.
    pub(super) fn members<'a>(&self, id: &'a str, report: &'a Report) -> Vec<&'a str> {
        let name = report.name_of(id);
        let found: Vec<&str> = report.actors.iter().filter(|a| self.stands_for(id, name, &a.id, &a.name)).map(|a| a.id.as_str()).collect();
        if found.is_empty() { vec![id] } else { found }
    }

    /// True when `one` is of a kind that the name of `many` holds: "Tổ dân phố Số 1" of "Các tổ dân phố, trường học". A kind of a single
    /// word ("các sở, ban") is too little to know its members by.
    fn stands_for(&self, many: &str, name: &str, one: &str, one_name: &str) -> bool {
        let Some(mark) = self.many.find(name) else { return false };
        let one_name = one_name.to_lowercase();
        let of_kind = |kind: &str| kind.contains(' ') && one_name.strip_prefix(kind).is_some_and(|rest| rest.starts_with(' '));
        one.strip_prefix(many).is_some_and(|rest| rest.starts_with('-')) || name[mark.end()..].to_lowercase().split(", ").any(of_kind)
    }

    /// Who of those that `name` stands for writes.
    pub(super) fn one_of(&self, name: &str) -> One {
        match self.many.find(name).map(|mark| &name[mark.end()..]) {
            None => One::Itself,
            Some(kinds) if kinds.contains([',', ';']) || kinds.contains(" và ") => One::Several,
            Some(kind) => One::Kind(sentence(kind)),
        }
    }

    /// True where nothing stands above `name` in the head of what it writes.
    pub(super) fn is_alone(&self, name: &str) -> bool {
        self.alone.is_match(name)
    }

    /// What a list is a list of, in the words of the duty `what`.
    pub(super) fn listed(&self, what: &str) -> Option<String> {
        Some(sentence(self.listed.captures(what)?.get(1)?.as_str().trim()))
    }

    pub(super) fn title_of(&self, name: &str) -> Option<&str> {
        self.signs.iter().find(|(who, _)| who.is_match(name)).map(|(_, title)| title.as_str())
    }
}

/// A name as it sounds, blanks and capitals aside.
fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// True when `name` is `short` with its place behind it: "Sở Công Thương tỉnh Bến Lá" of "Sở Công Thương".
fn begins(name: &str, short: &str) -> bool {
    short.contains(' ') && name.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
}

/// True when `due` comes as often as `rule` wants it; a rule that wants nothing takes all.
fn as_often(rule: &FormRule, due: Option<&Due>) -> bool {
    let wants = rule.once || !rule.every.is_empty();
    !wants
        || due.is_some_and(|d| match &d.when {
            When::Repeat { repeat, .. } => rule.every.contains(&repeat.every),
            When::None { .. } => false,
            _ => rule.once,
        })
}

/// The day of a due, or the first of a yearly one.
fn one_day(due: &Due, document: &DocumentRecord) -> Option<jiff::civil::Date> {
    match &due.when {
        When::Repeat { repeat, .. } if repeat.every == Every::Year => {
            let r = repeat.bounded(document.issued, document.period.as_ref());
            r.days(r.from?, r.until?).next()
        }
        When::Repeat { .. } => None,
        _ => first_day(due),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::One;
    use crate::rules::RuleBook;

    #[test]
    fn a_list_is_named_as_its_duty_names_it() {
        let settings = Settings::new(&RuleBook::embedded()).expect("our own rules");
        for (what, listed) in [
            (
                "Cung cấp danh sách người đang tham gia, tăng mới, giảm hàng tháng (yêu cầu đủ họ tên)",
                Some("Người đang tham gia, tăng mới, giảm hàng tháng"),
            ),
            ("Lập danh sách các hộ nghèo gửi Phòng Văn hóa", Some("Hộ nghèo")),
            ("tổng hợp danh sách học sinh trước ngày 25", Some("Học sinh")),
            ("gửi danh sách về Tổ công tác", None),
            ("gửi danh sách trước ngày 26/9/2025", None),
            ("báo cáo kết quả", None),
        ] {
            assert_eq!(settings.choice.listed(what).as_deref(), listed, "{what}");
        }
    }

    #[test]
    fn one_of_many_begins_with_their_kind_and_one_of_several_kinds_with_nothing() {
        let choice = Settings::new(&RuleBook::embedded()).expect("our own rules").choice;
        assert!(matches!(choice.one_of("Tổ dân phố Số 1"), One::Itself));
        assert!(matches!(choice.one_of("các tổ dân phố"), One::Kind(kind) if kind == "Tổ dân phố"));
        for name in ["Các tổ dân phố, trường học", "các sở, ban, ngành", "Các thôn và trường học"] {
            assert!(matches!(choice.one_of(name), One::Several), "{name}");
        }
        assert!(choice.is_alone("Bưu điện thành phố") && choice.is_alone("UBND các xã") && !choice.is_alone("Tổ dân phố Số 1"));
    }
}
