//! The rooms keep to the arrows drawn in docs/architecture.md, and each outside crate to its one room.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// Crates that are a language of their own and may be spoken in any room.
const SPOKEN: [&str; 11] =
    ["serde", "serde_json", "serde_yaml", "schemars", "tracing", "regex", "unicode_normalization", "jiff", "sha2", "base64", "tempfile"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every room and the rooms it may use.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let page = fs::read_to_string(root().join("docs/architecture.md")).expect("the page is there");
    let table = page.split("```arrows").nth(1).and_then(|t| t.split("```").next()).expect("the page draws the arrows");
    let line = |l: &str| l.split_once("<-").map(|(to, from)| (to.trim().into(), from.split_whitespace().map(str::to_owned).collect()));
    table.lines().filter_map(line).collect()
}

/// The files of a room with their text, unit tests left out.
fn sources(dir: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("a folder").map(|e| e.expect("an entry").path()) {
        if entry.is_dir() {
            found.extend(sources(&entry));
        } else if entry.extension().is_some_and(|e| e == "rs") && entry.file_stem().is_some_and(|s| s != "tests") {
            let text = fs::read_to_string(&entry).expect("UTF-8");
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let code: String = code.lines().filter(|l| !l.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect();
            found.push((entry, code));
        }
    }
    found
}

#[test]
fn no_room_uses_one_that_no_arrow_leads_from() {
    let arrows = arrows();
    let rooms: BTreeSet<String> = fs::read_dir(root().join("src"))
        .expect("src")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.is_dir() && !p.ends_with("bin"))
        .map(|p| p.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(rooms, arrows.keys().cloned().collect(), "docs/architecture.md draws every room and no other");
    let used = Regex::new(r"\bcrate::(\w+)|\bcrate::\{([^}]*)\}").expect("a pattern");
    for (room, may) in &arrows {
        for (file, code) in sources(&root().join("src").join(room)) {
            for found in used.captures_iter(&code) {
                let names = found.get(1).or(found.get(2)).expect("one of both").as_str();
                for name in names.split(',').map(|n| n.trim().split("::").next().unwrap_or_default()) {
                    let allowed = name == "error" || name == room || may.contains(name) || name.is_empty() || !rooms.contains(name);
                    assert!(allowed, "{}: `{room}` may not use `{name}`", file.display());
                }
            }
        }
    }
}

#[test]
fn an_outside_crate_has_one_room() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    let table = manifest.split("[dependencies]").nth(1).and_then(|t| t.split("\n[").next()).expect("dependencies");
    let crates = table.lines().filter_map(|l| l.split_once('=')).map(|(name, _)| name.trim().replace('-', "_"));
    for name in crates.filter(|n| !SPOKEN.contains(&n.as_str())) {
        let used = Regex::new(&format!(r"\b{name}(::|!)")).expect("a pattern");
        let rooms: BTreeSet<String> = sources(&root().join("src"))
            .into_iter()
            .filter(|(_, code)| used.is_match(code))
            .filter_map(|(file, _)| {
                Some(file.strip_prefix(root().join("src")).ok()?.components().next()?.as_os_str().to_string_lossy().into())
            })
            .collect();
        // Word files are read in one room and written in another, with the same two crates.
        let both = ["quick_xml", "zip"].contains(&name.as_str()) && rooms.iter().all(|r| ["read", "render"].contains(&r.as_str()));
        assert!(rooms.len() <= 1 || both, "`{name}` is used by {rooms:?}");
    }
}
