//! What phrases mean: reads lines `DAY OF ISSUE <tab> PHRASE` and writes for each a JSON list of the dues in it, manners left out.
//!
//! `printf '2024-04-23\tgửi trước ngày 15/5\n' | cargo run --example dues`

use std::io::{BufRead, Error, Write};

use plan_ingest::calendar::When;
use plan_ingest::extract::due::{DueContext, Dues};
use plan_ingest::rules::RuleBook;

fn main() -> Result<(), Error> {
    let dues = Dues::new(&RuleBook::embedded()).map_err(Error::other)?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (day, phrase) = line.split_once('\t').unwrap_or(("", &line));
        let context = DueContext { issued: day.parse().ok(), ..DueContext::default() };
        let found = dues.find(phrase, &context);
        let all: Vec<_> = found.iter().map(|f| &f.due).filter(|d| !matches!(d.when, When::None { .. })).collect();
        writeln!(out, "{}", serde_json::to_string(&all)?)?;
    }
    Ok(())
}
