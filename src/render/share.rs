//! What is passed on to each doer: a checklist, a calendar, and a short text to paste into a chat.

use serde::Serialize;

use super::calendar::Calendar;
use super::view::{Doer, Head};
use super::{Material, Output, name};
use crate::error::Result;

/// A plan that names more doers than this is no plan; the first so many get files of their own.
const MOST: usize = 300;

/// What the templates of one doer see.
#[derive(Serialize)]
struct OfOne<'a> {
    head: &'a Head,
    d: &'a Doer,
}

/// `checklists/…md`, `calendar/…ics` and `zalo/…txt` of each doer.
pub(super) fn render(material: &Material<'_>, calendar: &Calendar<'_>) -> Result<Vec<Output>> {
    let mut outputs = Vec::new();
    let mut taken = std::collections::BTreeSet::new();
    for doer in material.view.doers.iter().take(MOST) {
        let stem = name::unlike(&name::safe(&doer.id), &mut taken);
        let data = OfOne { head: &material.view.head, d: doer };
        if !doer.tasks.is_empty() || !doer.supports.is_empty() {
            outputs.push(Output::text(format!("checklists/{stem}.md"), material.templates.fill("checklist-of-one.md", &data)?));
        }
        let own = calendar.write(Some((&doer.id, &doer.name)))?;
        outputs.extend(own.map(|text| Output::text(format!("calendar/{stem}.ics"), text)));
        outputs.push(Output::text(format!("zalo/{stem}.txt"), material.templates.fill("zalo.txt", &data)?));
    }
    Ok(outputs)
}
