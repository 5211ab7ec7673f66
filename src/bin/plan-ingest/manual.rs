//! Completions for shells, and the pages of the manual, from the command line itself.

use clap_complete::Shell;
use plan_ingest::Result;
use plan_ingest::error::{Error, Kind};
use plan_ingest::rules::unknown;

use crate::asked::spoken;
use crate::terminal::say;
use crate::words::Words;

/// Prints what `shell` needs to complete the command line.
pub fn completions(shell: Shell, words: &Words) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut spoken(words), "plan-ingest", &mut script);
    say(String::from_utf8_lossy(&script));
    0
}

/// Prints the page of the manual on the whole program, or on one command.
pub fn page(command: Option<&str>, words: &Words) -> Result<u8> {
    let mut whole = spoken(words);
    whole.build();
    let page = match command {
        None => whole,
        Some(name) => {
            let known: Vec<&str> = whole.get_subcommands().map(clap::Command::get_name).collect();
            let found = whole.find_subcommand(name).cloned();
            let found = found.ok_or_else(|| Error::new(Kind::Usage).detail(unknown("command", name, known.into_iter())))?;
            let full = format!("plan-ingest-{name}");
            found.name(full).bin_name(format!("plan-ingest {name}"))
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text).map_err(|e| Error::new(Kind::Unwritable).because(e))?;
    say(String::from_utf8_lossy(&text));
    Ok(0)
}
