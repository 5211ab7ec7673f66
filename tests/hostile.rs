//! Every file of the hostile set ends by itself: as text, as "no text", or as one typed failure. `scripts/hostile` prints the table.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use plan_ingest::error::Kind;
use plan_ingest::read::{Input, Reader, Settings};
use plan_ingest::rules::RuleBook;

/// What became of one file.
fn outcome(reader: &Reader, path: &Path) -> (String, Duration) {
    let start = Instant::now();
    let what = match reader.read(&[Input { path: path.to_path_buf(), role: None }]) {
        Ok(source) => format!("text ({})", if source.text().chars().count() < 40 { "little" } else { "some" }),
        Err(error) => error.kind().id().to_string(),
    };
    (what, start.elapsed())
}

#[test]
fn no_file_of_the_hostile_set_is_stuck_or_silent() {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/hostile/hostile.zip");
    let Ok(file) = std::fs::File::open(&archive) else { return };
    let mut zip = zip::ZipArchive::new(file).expect("a sound archive");
    let rules = tempfile::tempdir().expect("a folder");
    let limits = RuleBook::embedded().text("read/limits.yaml").expect("embedded").replace("seconds: 60", "seconds: 20");
    std::fs::create_dir(rules.path().join("read")).expect("a folder");
    std::fs::write(rules.path().join("read/limits.yaml"), limits).expect("written");
    let book = RuleBook::with_overlay(rules.path()).expect("good rules");
    let worker = Some(PathBuf::from(env!("CARGO_BIN_EXE_plan-ingest")));
    let reader = Reader::new(&book, Settings { worker, ..Settings::default() }).expect("good rules");
    let dir = tempfile::tempdir().expect("a folder");
    let mut table: BTreeMap<String, Vec<(String, Duration)>> = BTreeMap::new();
    for i in 0..zip.len() {
        let mut entry = zip.by_index(i).expect("a sound archive");
        let name = entry.name().expect("a name").replace(['/', '\\'], "__");
        let path = dir.path().join(&name);
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("a sound archive");
        std::fs::write(&path, bytes).expect("written");
        let (what, took) = outcome(&reader, &path);
        table.entry(what).or_default().push((name, took));
    }
    println!("{:<20} {:>5} {:>9} {:>9}  slowest", "outcome", "files", "mean ms", "max ms");
    for (what, files) in &table {
        let slowest = files.iter().max_by_key(|f| f.1).expect("at least one");
        let mean = files.iter().map(|f| f.1.as_millis()).sum::<u128>() / files.len() as u128;
        println!("{what:<20} {:>5} {mean:>9} {:>9}  {}", files.len(), slowest.1.as_millis(), slowest.0);
        if !what.starts_with("text") {
            files.iter().for_each(|(name, took)| println!("    {:>6} ms  {name}", took.as_millis()));
        }
    }
    let stuck: Vec<_> = table.values().flatten().filter(|f| f.1 > Duration::from_secs(45)).collect();
    assert!(stuck.is_empty(), "beyond every limit: {stuck:?}");
    assert!(!table.contains_key(Kind::Unreadable.id()), "every file of the set can be opened");
}
