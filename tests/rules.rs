//! Every rule proves itself by its own examples and near misses, and none is without them.

use plan_ingest::rules::RuleBook;
use serde_yaml::Value;

#[test]
fn our_rules_do_what_their_examples_say() {
    let failures = plan_ingest::prove(&RuleBook::embedded()).expect("our rules can be read");
    let told: Vec<String> = failures.iter().map(|f| format!("{} line {}, {}: {}", f.path, f.spot.line, f.rule, f.reason)).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// The rules in `value`: what has an id or a role and says something.
fn rules<'a>(value: &'a Value, into: &mut Vec<&'a Value>) {
    match value {
        Value::Mapping(map) => {
            let named = map.contains_key("id") || map.contains_key("role");
            if named && map.contains_key("says") {
                into.push(value);
            }
            map.values().for_each(|v| rules(v, into));
        }
        Value::Sequence(all) => all.iter().for_each(|v| rules(v, into)),
        _ => {}
    }
}

/// True when every example of `rule` marks the words that the rule finds.
fn some_marked(rule: &Value) -> bool {
    let examples = rule["examples"].as_sequence();
    examples.is_some_and(|all| all.iter().all(|e| e["text"].as_str().is_some_and(|t| t.contains("[[") && t.contains("]]"))))
}

/// Files of lists and frames prove themselves as a whole: examples and near misses stand at their head or foot.
#[test]
fn every_list_of_names_has_examples_and_near_misses() {
    let book = RuleBook::embedded();
    for path in ["lexicon/bodies.yaml", "lexicon/units.yaml", "parse/link.yaml", "parse/basis.yaml", "parse/outline.yaml"] {
        let file: Value = serde_yaml::from_str(&book.text(path).expect("our rules can be read")).expect("our rules are YAML");
        let some = |key: &str| file[key].as_sequence().is_some_and(|all| !all.is_empty());
        assert!(some("examples") && some("rejects"), "{path}");
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
            // Phrases within a text show where they stand; the head of a column is one as a whole.
            let marked = !path.starts_with("extract/") || path == "extract/annex.yaml" || some_marked(rule);
            if !some("examples") || !some("rejects") || !marked {
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
