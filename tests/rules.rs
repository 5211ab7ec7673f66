//! Every rule proves itself by its own examples and near misses.

use plan_ingest::rules::RuleBook;

#[test]
fn our_rules_do_what_their_examples_say() {
    let failures = plan_ingest::prove(&RuleBook::embedded()).expect("our rules can be read");
    let told: Vec<String> = failures.iter().map(|f| format!("{} line {}, {}: {}", f.path, f.spot.line, f.rule, f.reason)).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}
