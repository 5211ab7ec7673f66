//! Phrases of plans with what they mean (`fixtures/phrases/`), read one by one.

use plan_ingest::calendar::{Due, Period, When};
use plan_ingest::extract::due::{DueContext, Dues};
use plan_ingest::extract::quota::{Gives, Quotas};
use plan_ingest::rules::RuleBook;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    issued: jiff::civil::Date,
    #[serde(default)]
    period: Option<Period>,
    #[serde(default)]
    yearly: bool,
    phrases: Vec<Phrase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrase {
    text: String,
    gives: Vec<serde_yaml::Mapping>,
}

fn meaning(mut due: serde_yaml::Mapping) -> When {
    due.insert("says".into(), "".into());
    serde_yaml::from_value::<Due>(due.into()).expect("a due of the contract").when
}

#[test]
fn every_phrase_means_what_it_should() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/phrases/dues.yaml");
    let groups: Vec<Group> = serde_yaml::from_str(&std::fs::read_to_string(file).expect("the table is there")).expect("the table is sound");
    let dues = Dues::new(&RuleBook::embedded()).expect("our rules are sound");
    let (mut all, mut wrong) = (0, Vec::new());
    for group in groups {
        let context = DueContext { issued: Some(group.issued), period: group.period.as_ref(), yearly: group.yearly };
        for phrase in group.phrases {
            all += 1;
            let found = dues.find(&phrase.text, &context);
            let read: Vec<&When> = found.iter().map(|f| &f.due.when).filter(|w| !matches!(w, When::None { .. })).collect();
            let wanted: Vec<When> = phrase.gives.into_iter().map(meaning).collect();
            if read != wanted.iter().collect::<Vec<_>>() {
                let told: Vec<String> =
                    found.iter().map(|f| format!("{} {}", f.rule, serde_json::to_string(&f.due).unwrap_or_default())).collect();
                wrong.push(format!("{:?}\n    read {}", phrase.text, told.join("\n         ")));
            }
        }
    }
    assert!(all >= 150, "{all} phrases");
    assert!(wrong.is_empty(), "{} of {all} phrases are read wrongly:\n{}", wrong.len(), wrong.join("\n"));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    text: String,
    gives: Vec<Gives>,
}

#[test]
fn every_number_is_what_it_should_be() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/phrases/quotas.yaml");
    let table: Vec<Counted> =
        serde_yaml::from_str(&std::fs::read_to_string(file).expect("the table is there")).expect("the table is sound");
    let book = RuleBook::embedded();
    let (dues, quotas) = (Dues::new(&book).expect("our rules are sound"), Quotas::new(&book).expect("our rules are sound"));
    let context = DueContext { issued: Some(jiff::civil::date(2024, 4, 23)), ..DueContext::default() };
    assert!(table.len() >= 50, "{} phrases", table.len());
    let mut wrong = Vec::new();
    for Counted { text, gives } in table {
        let read: Vec<Gives> = quotas.find(&text, &context, &dues).iter().map(Gives::from).collect();
        if read != gives {
            wrong.push(format!("{text:?}\n    read {read:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} phrases are read wrongly:\n{}", wrong.len(), wrong.join("\n"));
}
