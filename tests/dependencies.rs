//! What we build on may be built on: every dependency has a licence and comes from a source that `deny.toml` allows.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// `None` for ourselves.
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<serde_json::Value>,
}

/// All packages of the lock file; without a network those that this machine builds.
fn metadata() -> Metadata {
    let asked = |more: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args(["metadata", "--locked", "--format-version", "1"]).args(more);
        cargo.output().expect("cargo starts")
    };
    let version = Command::new("rustc").arg("-vV").output().expect("rustc starts");
    let version = String::from_utf8(version.stdout).expect("UTF-8");
    let host = version.lines().find_map(|l| l.strip_prefix("host: ")).expect("rustc tells its host");
    let mut output = asked(&[]);
    if !output.status.success() {
        output = asked(&["--offline", "--filter-platform", host]);
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo's metadata")
}

/// The strings of the list `key` in deny.toml.
fn list(key: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml")).expect("deny.toml");
    let code: String = text.lines().filter(|l| !l.trim_start().starts_with('#')).map(|l| format!("{l}\n")).collect();
    let list = code.split_once(&format!("\n{key} = [")).and_then(|(_, rest)| rest.split_once(']')).expect("the list is there").0;
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn licences_and_sources_are_allowed() {
    let (sources, banned) = (list("allow-registry"), list("deny"));
    let allowed: Vec<spdx::Licensee> = list("allow").iter().map(|l| spdx::Licensee::parse(l).expect("a licence")).collect();
    let metadata = metadata();
    assert!(metadata.resolve.nodes.len() > 100, "the whole tree is looked at");
    for package in metadata.packages {
        let Some(source) = &package.source else { continue };
        let who = format!("{} {}", package.name, package.version);
        assert!(sources.iter().any(|s| source.strip_prefix("registry+") == Some(s)), "{who} comes from {source}");
        assert!(!banned.contains(&package.name), "{who} is not to be used");
        let licence = package.license.unwrap_or_default();
        let expression = spdx::Expression::parse_mode(&licence, spdx::ParseMode::LAX).unwrap_or_else(|e| panic!("{who}: {licence}: {e}"));
        assert!(expression.evaluate(|req| allowed.iter().any(|a| a.satisfies(req))), "{who} is under {licence}");
    }
}
