//! Report forms: for every report that the plan asks for, a page in the form of Nghị định 30/2020/NĐ-CP with what the plan already says, as a
//! Word file and as Markdown.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Output;
use super::docx;
use super::name;
use super::template::Templates;
use super::view::{Head, QuotaView, TaskView, View};
use crate::error::Result;

/// What the template of a report sees.
#[derive(Serialize)]
struct Form<'a> {
    head: &'a Head,
    task: &'a TaskView,
    /// The quotas it reports on: those of the reporter, or all where the reporter has none.
    quotas: Vec<&'a QuotaView>,
    /// What the reporter has to do besides.
    next: Vec<&'a TaskView>,
}

/// Each form twice, under `reports/`.
pub(super) fn render(view: &View, templates: &Templates) -> Result<Vec<Output>> {
    let mut taken = BTreeSet::new();
    view.tasks.iter().filter(|t| t.kind == "report").try_fold(Vec::new(), |mut all, task| {
        all.extend(form(view, task, templates, &mut taken)?);
        Ok(all)
    })
}

fn form(view: &View, task: &TaskView, templates: &Templates, taken: &mut BTreeSet<String>) -> Result<[Output; 2]> {
    let own = |ids: &[String]| ids.iter().any(|id| task.who_ids.contains(id));
    let mut quotas: Vec<&QuotaView> = view.quotas.iter().filter(|q| !q.again && own(&q.who_ids)).collect();
    if quotas.is_empty() {
        quotas = view.quotas.iter().filter(|q| !q.again).collect();
    }
    let next = view.tasks.iter().filter(|t| t.id != task.id && t.due.is_some() && own(&t.who_ids)).collect();
    let form = Form { head: &view.head, task, quotas, next };
    let text = templates.fill("report.md", &form)?;
    let word = docx::pack(&templates.fill("report.docx.xml", &form)?)?;
    let stem = name::unlike(&name::safe(&format!("bao-cao-{}", task.id)), taken);
    Ok([Output { path: format!("reports/{stem}.docx"), bytes: word }, Output::text(format!("reports/{stem}.md"), text)])
}
