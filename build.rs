//! Rebuilds when a file of rules comes, goes or changes: they are embedded in the program.

fn main() {
    println!("cargo:rerun-if-changed=rules");
}
