//! One fact told in full, for `explain`.

use plan_ingest::render::Explanation;

use crate::terminal::{sure_id, visible};
use crate::words::Words;

/// `told` as text: what it says, where, by which rule, and the lines beneath it as repaired and as read.
pub fn told(told: &Explanation, words: &Words) -> String {
    let labels = &words.explain.labels;
    let width = labels.values().map(|l| l.chars().count()).max().unwrap_or_default();
    let mut out = format!("{} {}\n", told.kind, told.id);
    let mut line = |label: &str, text: &str| {
        if !text.is_empty() {
            out.push_str(&format!("  {:width$}  {}\n", labels[label], visible(text)));
        }
    };
    line("what", &told.what);
    line("who", &told.who.join("; "));
    line("amount", told.amount.as_deref().unwrap_or_default());
    line(
        "due",
        &match (&told.due, &told.says) {
            (Some(due), Some(says)) => format!("{due} (“{says}”)"),
            (due, _) => due.clone().unwrap_or_default(),
        },
    );
    line("clause", &told.clause);
    line("place", &format!("{}, {}", told.at.file, told.place));
    line("quote", &told.at.quote);
    line("as_read", told.at.as_read.as_deref().unwrap_or_default());
    line("rule", &told.rule);
    line("sure", &words.explain.sures[sure_id(told.sure)]);
    if !told.lines.is_empty() {
        out.push('\n');
    }
    for l in &told.lines {
        out.push_str(&format!("{:>5} │ {}\n", l.number, visible(&l.repaired)));
        if l.as_read != l.repaired {
            out.push_str(&format!("      ┆ {}\n", visible(&l.as_read)));
        }
    }
    if !told.repairs.is_empty() {
        out.push_str(&format!("\n  {}\n", labels["repairs"]));
    }
    for (repair, cause) in told.repairs.iter().zip(&told.causes) {
        let sure = &words.explain.sures[sure_id(repair.sure)];
        out.push_str(&format!("  {} → {}  ({cause}; {sure})\n", visible(&repair.as_read), visible(&repair.repaired)));
    }
    out
}
