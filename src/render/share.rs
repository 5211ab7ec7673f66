//! What is passed on to each doer: a checklist to tick, print and sign, a calendar, and a short text to paste into a chat.

use serde::Serialize;

use super::calendar::Calendar;
use super::months::{Month, months};
use super::view::{Doer, Head, View};
use super::{Material, Output, docx, name, picture, reports};
use crate::error::Result;

/// A plan that names more doers than this is no plan; the first so many get files of their own.
const MOST: usize = 300;

/// What the templates of one doer see.
#[derive(Serialize)]
struct OfOne<'a> {
    head: &'a Head,
    d: &'a Doer,
    months: Vec<Month>,
}

/// What the template of the whole checklist sees.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    view: &'a View,
    months: Vec<Month>,
}

/// `checklist.docx`: a part for each doer, and the months.
pub(super) fn whole(material: &Material<'_>, picture: &picture::Settings) -> Result<Vec<u8>> {
    let data = Whole { view: &material.view, months: months(material, picture, |_| true) };
    docx::pack(&material.templates.fill("checklist.xml", &data)?)
}

/// `checklists/…docx` and `…md`, `calendar/…ics` and `zalo/…txt` of each doer; one of many has the duties of them all.
pub(super) fn render(
    material: &Material<'_>,
    calendar: &Calendar<'_>,
    reports: &reports::Settings,
    picture: &picture::Settings,
) -> Result<Vec<Output>> {
    let mut outputs = Vec::new();
    let mut taken = std::collections::BTreeSet::new();
    for doer in material.view.doers.iter().take(MOST) {
        let stem = name::unlike(&name::safe(&doer.id), &mut taken);
        let of_all = reports.of_all(&doer.id, material.report);
        let known_as: Vec<&str> = std::iter::once(doer.id.as_str()).chain(of_all.iter().copied()).collect();
        let doer = doer.with(material.view.doers.iter().filter(|d| of_all.contains(&d.id.as_str())));
        let own = |ids: &[String]| ids.iter().any(|id| known_as.contains(&id.as_str()));
        let months = months(material, picture, |t| own(&t.who_ids) || own(&t.with_ids));
        let data = OfOne { head: &material.view.head, d: &doer, months };
        if !doer.tasks.is_empty() || !doer.supports.is_empty() || !doer.quotas.is_empty() {
            outputs.push(Output::text(format!("checklists/{stem}.md"), material.templates.fill("checklist-of-one.md", &data)?));
            let bytes = docx::pack(&material.templates.fill("checklist-of-one.xml", &data)?)?;
            outputs.push(Output { path: format!("checklists/{stem}.docx"), bytes });
        }
        let events = calendar.write(Some((&known_as, &doer.name)))?;
        outputs.extend(events.map(|text| Output::text(format!("calendar/{stem}.ics"), text)));
        outputs.push(Output::text(format!("zalo/{stem}.txt"), material.templates.fill("zalo.txt", &data)?));
    }
    Ok(outputs)
}
