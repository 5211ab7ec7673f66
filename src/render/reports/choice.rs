//! Which reports a plan asks for, and which form each takes: the first rule of `rules/render/reports.yaml` that fits its duty.

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::calendar::{Due, Every, When};
use crate::extract::TaskKind;
use crate::render::record::{DocumentRecord, Report, TaskRecord};
use crate::render::view::first_day;

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
    signs: Vec<(Regex, String)>,
}

impl Choice {
    pub(super) fn new(
        forms: Vec<FormRule>,
        letters: Vec<Letter>,
        [staff, collects, many]: [&str; 3],
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

    /// True where all of `who` are people of the body that issued the plan: what they write is the body's.
    pub(super) fn of_staff(&self, who: &[&str], report: &Report) -> bool {
        !who.is_empty() && who.iter().all(|id| self.staff.is_match(report.name_of(id)))
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

    /// The name without what makes it one for many, in capitals at its beginning.
    pub(super) fn one_of(&self, name: &str) -> Option<String> {
        let rest = &name[self.many.find(name)?.end()..];
        let mut letters = rest.chars();
        Some(letters.next()?.to_uppercase().chain(letters).collect())
    }

    pub(super) fn title_of(&self, name: &str) -> Option<&str> {
        self.signs.iter().find(|(who, _)| who.is_match(name)).map(|(_, title)| title.as_str())
    }
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
