//! The command line of plan-ingest.

fn main() {}
