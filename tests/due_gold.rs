//! The dues and quotas that careful readers found in real plans, beside what the phrases find in their texts. Runs where the folder
//! `../shared` stands beside the checkout.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plan_ingest::calendar::{Due, Period, When};
use plan_ingest::extract::due::{DueContext, Dues};
use plan_ingest::extract::quota::Quotas;
use plan_ingest::rules::RuleBook;
use plan_ingest::text::letters::fold;
use serde_yaml::Value;

/// A due as the scorer compares it: words, events and ends of recurrences left out.
fn key(due: &Due) -> Option<String> {
    let mut due = due.clone();
    due.says.clear();
    match &mut due.when {
        When::During { until, time, .. } => (*until, *time) = (None, None),
        When::After { of, date, .. } | When::BeforeEvent { of, date, .. } => {
            of.clear();
            *date = None;
        }
        When::Repeat { bound, repeat } => {
            (repeat.from, repeat.until) = (None, None);
            if repeat.day.is_none() && repeat.month.is_none() && repeat.time.is_none() {
                *bound = plan_ingest::calendar::Bound::Exactly;
            }
        }
        When::None { .. } => return None,
        When::Day { .. } => {}
    }
    serde_json::to_string(&due).ok()
}

fn golds() -> Vec<(PathBuf, Value)> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let mut all: Vec<PathBuf> = std::fs::read_dir(shared.join("plans")).into_iter().flatten().flatten().map(|e| e.path()).collect();
    all.push(shared.join("seed/plan-77.gold.yaml"));
    all.retain(|p| p.extension().is_some_and(|e| e == "yaml") && p.is_file());
    all.sort();
    all.into_iter()
        .map(|path| {
            let gold: Value = serde_yaml::from_str(&std::fs::read_to_string(&path).expect("gold is text")).expect("gold is YAML");
            let text = gold["text"].as_str().expect("gold names its text");
            (path.with_file_name(text), gold)
        })
        .collect()
}

fn period(gold: &Value) -> Option<Period> {
    serde_yaml::from_value(gold["document"]["period"].clone()).ok()
}

fn dues_of(task: &Value) -> Vec<String> {
    let alternatives = task["due_alt"].as_sequence().cloned().unwrap_or_default();
    let all = std::iter::once(task["due"].clone()).chain(alternatives);
    all.filter_map(|mut due| {
        due.as_mapping_mut()?.entry("says".into()).or_insert("".into());
        // A gold "after" may name a count alone, and a "during" in gold never has an event.
        if due["bound"] == "after" {
            due.as_mapping_mut()?.entry("of".into()).or_insert("".into());
        }
        key(&serde_yaml::from_value::<Due>(due.clone()).unwrap_or_else(|e| panic!("{due:?}: {e}")))
    })
    .collect()
}

#[test]
fn the_dues_of_real_plans_are_found() {
    let dues = Dues::new(&RuleBook::embedded()).expect("sound rules");
    let (mut hit, mut all, mut extra) = (0, 0, 0);
    for (path, gold) in golds() {
        let text = std::fs::read_to_string(&path).expect("the text of a gold file");
        let issued = gold["document"]["issued"].as_str().and_then(|d| d.parse().ok());
        let period = period(&gold);
        let context = DueContext { issued, period: period.as_ref(), yearly: false };
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut governs_many = Vec::new();
        for f in dues.find(&text, &context) {
            if let Some(key) = key(&f.due) {
                found.entry(key).or_default().push(f.due.says);
            }
        }
        for task in gold["tasks"].as_sequence().into_iter().flatten() {
            let wanted = dues_of(task);
            let sure = task["arguable"] != Value::Bool(true);
            if wanted.is_empty() {
                continue;
            }
            let taken = wanted.iter().find(|w| found.get(*w).is_some_and(|f| !f.is_empty()));
            if let Some(list) = taken.and_then(|w| found.get_mut(w)) {
                list.remove(0);
                if task["many"] == Value::Bool(true) {
                    governs_many.push(wanted[0].clone());
                }
            } else {
                println!("{}{}: {:?} {}", if sure { "MISSED " } else { "(missed) " }, path.display(), task["anchor"].as_str(), wanted[0]);
            }
            if sure {
                all += 1;
                hit += usize::from(taken.is_some());
            }
        }
        for (key, says) in found.into_iter().filter(|(key, _)| !governs_many.contains(key)) {
            for words in says {
                extra += 1;
                println!("extra {}: [{words}] {key}", path.file_stem().unwrap_or_default().display());
            }
        }
    }
    if all > 0 {
        println!("{hit} of {all} dues found, {extra} more phrases");
        assert!(hit * 100 >= all * 95, "{hit} of {all}");
    }
}

#[test]
fn the_quotas_of_real_plans_are_found() {
    let book = RuleBook::embedded();
    let (dues, quotas) = (Dues::new(&book).expect("sound rules"), Quotas::new(&book).expect("sound rules"));
    let (mut hit, mut all, mut extra, mut bounds) = (0, 0, 0, 0);
    for (path, gold) in golds() {
        let text = std::fs::read_to_string(&path).expect("the text of a gold file");
        let issued = gold["document"]["issued"].as_str().and_then(|d| d.parse().ok());
        let period = period(&gold);
        let context = DueContext { issued, period: period.as_ref(), yearly: false };
        let mut found = quotas.find(&text, &context, &dues);
        for quota in gold["quotas"].as_sequence().into_iter().flatten() {
            let (amount, unit) = (quota["amount"].as_f64().unwrap_or_default(), fold(quota["unit"].as_str().unwrap_or_default()));
            let same_unit = |u: &str| {
                let (a, b) = (
                    fold(u).replace("kcn", "khu cong nghiep").replace("ccn", "cum cong nghiep"),
                    unit.replace("kcn", "khu cong nghiep").replace("ccn", "cum cong nghiep"),
                );
                a == b || a.starts_with(b.as_str()) || b.starts_with(a.as_str())
            };
            let anchor: String = fold(quota["anchor"].as_str().unwrap_or_default());
            let at = |f: &plan_ingest::extract::quota::QuotaFound| {
                let clause: String = fold(&text[f.counted.clone()]).split_whitespace().collect::<Vec<_>>().join(" ");
                (f.amount - amount).abs() < 1e-9 && same_unit(&f.unit) && (clause.contains(&anchor) || anchor.contains(&fold(&f.unit)))
            };
            let taken = found.iter().position(at);
            let sure = quota["arguable"] != Value::Bool(true);
            match taken {
                Some(i) => {
                    let f = found.remove(i);
                    let bound = serde_json::to_value(f.bound).ok().and_then(|b| b.as_str().map(str::to_owned));
                    let right = bound.as_deref() == quota["bound"].as_str();
                    if !right {
                        println!("bound {:?} and not {:?}: {:?}", bound, quota["bound"].as_str(), quota["anchor"].as_str());
                    }
                    bounds += usize::from(sure && right);
                }
                None => println!("{}{:?} {} {}", if sure { "MISSED " } else { "(missed) " }, quota["anchor"].as_str(), amount, unit),
            }
            if sure {
                all += 1;
                hit += usize::from(taken.is_some());
            }
        }
        let complete = gold["quotas_complete"] != Value::Bool(false);
        for f in found {
            extra += usize::from(complete);
            println!(
                "extra{} {} [{}] {} {}",
                if complete { "" } else { "?" },
                f.rule,
                &text[f.range].replace('\n', " "),
                f.amount,
                text[f.counted].split_whitespace().collect::<Vec<_>>().join(" ")
            );
        }
    }
    if all > 0 {
        println!("{hit} of {all} quotas found, {bounds} with their bound; {extra} more in plans whose quotas are all known");
        assert!(hit * 100 >= all * 90, "{hit} of {all}");
    }
}
