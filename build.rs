//! Rebuilds when a file of rules comes, goes or changes: they are embedded in the program. And gives the program a fingerprint of its own
//! code, by which an archive knows what was done by another.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=Cargo.lock");
    let mut files = vec![PathBuf::from("Cargo.lock")];
    gather(Path::new("src"), &mut files);
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        // Line ends are not the code's: they may differ from one checkout to the other.
        let text = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        (file.to_string_lossy().replace('\\', "/"), text).hash(&mut hasher);
    }
    println!("cargo:rustc-env=PLAN_INGEST_CODE={:016x}", hasher.finish());
}

/// The files of code under `dir`; the command line changes nothing of what a plan comes to.
fn gather(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("bin") {
            gather(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}
