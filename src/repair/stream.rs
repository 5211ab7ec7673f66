//! Text of any length, line for line, with bounded memory: blocks of lines are repaired one after the other.

use std::io::{BufRead, BufReader, Read};

use super::{Repaired, Repairer};
use crate::error::{Error, Kind, Result};
use crate::text::Source;

/// A block ends at the next empty line from so many lines on, and after twice as many at any line.
const LINES: usize = 1500;
/// More bytes are no block, so that a file without line ends is survived.
const MOST_BYTES: usize = 1 << 18;

impl Repairer {
    /// Repairs what `from` holds and gives each block of lines to `take`, in order; lines stay lines (CRLF becomes LF). `source` says
    /// what is known of a block's text. A block is a document of its own: it is judged alone, and what it teaches stays in it.
    ///
    /// # Errors
    /// When `from` can't be read or is not UTF-8, or `source` or `take` fails.
    pub fn repair_lines(
        &self,
        from: impl Read,
        source: impl Fn(&str) -> Result<Source>,
        mut take: impl FnMut(&Repaired) -> Result<()>,
    ) -> Result<()> {
        let mut reader = BufReader::new(from);
        let (mut block, mut lines) = (Vec::new(), 0);
        loop {
            let before = block.len();
            let read = reader.by_ref().take(MOST_BYTES as u64).read_until(b'\n', &mut block);
            let ended = read.map_err(|e| Error::new(Kind::Unreadable).because(e))? == 0;
            lines += 1;
            let empty = block[before..].trim_ascii().is_empty();
            let full = lines >= 2 * LINES || (lines >= LINES && empty) || block.len() >= MOST_BYTES;
            if ended || full {
                let rest = self.repair_block(&block, ended, &source, &mut take)?;
                block.drain(..block.len() - rest);
                lines = 0;
            }
            if ended {
                return Ok(());
            }
        }
    }

    /// Repairs a block; returns the bytes at its end that are only the beginning of a letter, of a word or of a line end.
    fn repair_block(
        &self,
        block: &[u8],
        ended: bool,
        source: &impl Fn(&str) -> Result<Source>,
        take: &mut impl FnMut(&Repaired) -> Result<()>,
    ) -> Result<usize> {
        let whole = match std::str::from_utf8(block) {
            Ok(text) => text,
            Err(e) if !ended && e.error_len().is_none() => std::str::from_utf8(&block[..e.valid_up_to()]).unwrap_or_default(),
            Err(e) => return Err(Error::new(Kind::NotThisKind).because(e)),
        };
        let whole = if ended || whole.ends_with('\n') { whole } else { to_last_word(whole) };
        if !whole.is_empty() {
            take(&self.repair(source(whole)?))?;
        }
        Ok(block.len() - whole.len())
    }
}

/// `text`, whose end is not the end of a line, up to its last blank; all of it where there is none.
fn to_last_word(text: &str) -> &str {
    let whole_ends = text.trim_end_matches(['\r', '\u{c}']);
    let words = whole_ends.rfind([' ', '\t']).map_or(whole_ends, |at| &text[..=at]);
    if words.is_empty() { text } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleBook;
    use crate::text::Condition;

    #[test]
    fn a_long_text_comes_out_line_for_line() {
        let repairer = Repairer::new(&RuleBook::embedded()).expect("our own rules");
        let text = "Té chirc thuc hién nhiém vu dugc giao nam 2024\n\n".repeat(900);
        let (mut out, mut blocks) = (String::new(), 0);
        let source = |text: &str| Ok(Source::of_text("-", text, Condition::Unknown));
        let take = |r: &Repaired| {
            out.push_str(r.text());
            blocks += 1;
            Ok(())
        };
        repairer.repair_lines(text.as_bytes(), source, take).expect("readable");
        assert_eq!(out, "Tổ chức thực hiện nhiệm vụ được giao năm 2024\n\n".repeat(900));
        assert_eq!(blocks, 2);
        assert!(repairer.repair_lines(&b"\xff\xfe"[..], source, |_| Ok(())).is_err());
    }
}
