//! The command line of plan-ingest.

use std::process::ExitCode;

fn main() -> ExitCode {
    let worker = std::env::args_os().nth(1).is_some_and(|word| word == plan_ingest::read::worker::COMMAND);
    match worker.then(|| plan_ingest::read::worker::serve(std::io::stdin().lock(), std::io::stdout().lock())) {
        Some(Err(_)) => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}
