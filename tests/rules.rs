//! Every rule proves itself by its own examples and near misses, and none is without them.

use plan_ingest::rules::RuleBook;
use serde_yaml::Value;

#[test]
fn our_rules_do_what_their_examples_say() {
    let failures = plan_ingest::prove(&RuleBook::embedded()).expect("our rules can be read");
    let told: Vec<String> = failures.iter().map(|f| format!("{} line {}, {}: {}", f.path, f.spot.line, f.rule, f.reason)).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// The rules in `value`: what has an id and says something.
fn rules<'a>(value: &'a Value, into: &mut Vec<&'a Value>) {
    match value {
        Value::Mapping(map) => {
            if map.contains_key("id") && map.contains_key("says") {
                into.push(value);
            }
            map.values().for_each(|v| rules(v, into));
        }
        Value::Sequence(all) => all.iter().for_each(|v| rules(v, into)),
        _ => {}
    }
}

#[test]
fn every_rule_has_an_example_and_a_near_miss() {
    let book = RuleBook::embedded();
    let mut lacking = Vec::new();
    let mut count = 0;
    for path in book.list("").into_iter().filter(|p| p.ends_with(".yaml")) {
        let file: Value = serde_yaml::from_str(&book.text(&path).expect("our rules can be read")).expect("our rules are YAML");
        let mut found = Vec::new();
        rules(&file, &mut found);
        if path.starts_with("check/") && path != "check/frame.yaml" {
            found.push(&file);
        }
        count += found.len();
        for rule in found {
            let some = |key: &str| rule[key].as_sequence().is_some_and(|all| !all.is_empty());
            if !some("examples") || !some("rejects") {
                lacking.push(format!("{path}: {}", rule["id"].as_str().unwrap_or_default()));
            }
        }
    }
    assert!(count > 150, "{count} rules");
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

#[test]
fn what_to_do_is_told_for_every_finding() {
    let book = RuleBook::embedded();
    let advice: Value = serde_yaml::from_str(&book.text("render/advice.yaml").expect("advice")).expect("advice is YAML");
    let ids = book.list("check/").into_iter().filter_map(|path| Some(path.strip_prefix("check/")?.strip_suffix(".yaml")?.to_owned()));
    let mute: Vec<String> = ids.filter(|id| id != "frame" && advice["advice"].get(id.as_str()).is_none()).collect();
    assert!(mute.is_empty(), "{mute:?}");
}
