//! Report forms: for every report that the plan asks for, a page in the form of Nghị định 30/2020/NĐ-CP with what the plan already
//! says, and what was entered in the sheet of progress; as a Word file and as Markdown.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::progress::{Progress, Standing, standing};
use super::view::{Head, QuotaView, TaskView};
use super::{Material, Output, docx, name, progress, words};
use crate::error::Result;

/// What a report is made for, besides its task.
#[derive(Clone, Debug, Default)]
pub struct Ask<'a> {
    /// What was entered.
    pub progress: Option<&'a Progress>,
    /// Results up to this day.
    pub as_of: Option<Date>,
    /// The id of the one who reports, where it is one of several.
    pub reporter: Option<&'a str>,
}

/// What the template of a report sees.
#[derive(Serialize)]
struct Form<'a> {
    head: &'a Head,
    task: TaskView,
    /// The quotas it reports on: those of the reporter, or all where the reporter has none.
    quotas: Vec<Row<'a>>,
    /// What the reporter has to do besides.
    next: Vec<&'a TaskView>,
    as_of: Option<String>,
    behind: Vec<String>,
    missing: Vec<String>,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    quota: &'a QuotaView,
    #[serde(flatten)]
    standing: Standing,
}

/// Each form twice, under `reports/`, with blanks to be filled in by hand.
pub(super) fn render(material: &Material<'_>, settings: &progress::Settings) -> Result<Vec<Output>> {
    let mut taken = BTreeSet::new();
    let mut all = Vec::new();
    for task in material.view.tasks.iter().filter(|t| t.kind == "report") {
        let stem = name::unlike(&name::safe(&format!("bao-cao-{}", task.id)), &mut taken);
        all.extend(form(material, task, &Ask::default(), &format!("reports/{stem}"), settings)?);
    }
    Ok(all)
}

/// The report of `task` as `ask` wants it, at `stem` with the endings of a Word file and of Markdown.
pub(super) fn form(
    material: &Material<'_>,
    task: &TaskView,
    ask: &Ask<'_>,
    stem: &str,
    settings: &progress::Settings,
) -> Result<[Output; 2]> {
    let view = &material.view;
    let mut task = task.clone();
    if let Some(id) = ask.reporter {
        task.who = vec![material.report.name_of(id).to_owned()];
        task.who_ids = vec![id.to_owned()];
    }
    let own = |ids: &[String]| ids.iter().any(|id| task.who_ids.contains(id));
    let pairs = || material.report.quotas.iter().zip(&view.quotas).filter(|(_, q)| !q.again);
    let any_own = pairs().any(|(_, q)| own(&q.who_ids));
    let (mut quotas, mut behind, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for (record, quota) in pairs().filter(|(_, q)| !any_own || own(&q.who_ids)) {
        let standing = match (ask.progress, ask.as_of) {
            (Some(p), Some(day)) => standing(p, record, quota, material.report, day, settings),
            _ => Standing::default(),
        };
        behind.extend(standing.behind.clone());
        missing.extend(standing.missing.clone());
        quotas.push(Row { quota, standing });
    }
    let next = view.tasks.iter().filter(|t| t.id != task.id && t.due.is_some() && own(&t.who_ids)).collect();
    let form = Form { head: &view.head, quotas, next, as_of: ask.as_of.map(words::day), behind, missing, task };
    let text = material.templates.fill("report.md", &form)?;
    let word = docx::pack(&material.templates.fill("report.docx.xml", &form)?)?;
    Ok([Output { path: format!("{stem}.docx"), bytes: word }, Output::text(format!("{stem}.md"), text)])
}
