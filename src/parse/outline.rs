//! Knows the tree of clauses: Phần, Chương, Mục, Điều, `I.` `1.` `1.1.` `a)` `-` `+`, with numbers that an OCR damaged.

use std::ops::Range;

use serde::Deserialize;

use super::line::{Line, Lines};
use super::mark::{Mark, Marks};
use super::{Clause, Marker};
use crate::error::Result;
use crate::lexicon::Bodies;
use crate::rules::RuleBook;
use crate::text::{Span, letters};

pub(super) const FILE: &str = "parse/outline.yaml";
/// Path of what stands before or without any number.
const BEFORE: &str = "0";
/// Words of a heading that ends with a full stop.
const SHORT: usize = 14;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub parts: Vec<String>,
    pub chapters: Vec<String>,
    pub sections: Vec<String>,
    pub articles: Vec<String>,
    pub ordinals: Vec<String>,
    pub dashes: Vec<String>,
    pub pluses: Vec<String>,
    pub annex: Vec<String>,
    pub attached: Vec<String>,
    pub heading_words: usize,
    pub heading_letters: usize,
    pub examples: Vec<Example>,
    pub rejects: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Example {
    pub text: String,
    pub paths: Vec<String>,
}

/// Builds trees of clauses.
#[derive(Debug)]
pub(super) struct Outline {
    marks: Marks,
    annex: Vec<String>,
    attached: Vec<String>,
    heading_words: usize,
    heading_letters: usize,
}

/// Lines that belong together: one mark at most, at the beginning.
struct Block {
    lines: Range<usize>,
    mark: Option<Mark>,
    annex: bool,
    /// A foot or a second head stands before it: another paper begins.
    anew: bool,
}

/// A clause that may still get children.
struct Open {
    clause: usize,
    mark: Mark,
    rank: u8,
    /// Path of what its children hang on.
    path: String,
}

/// A clear opening of the body: the title ends before it.
pub(super) fn opens(line: &str) -> bool {
    super::mark::is_section(line)
}

impl Outline {
    pub fn new(book: &RuleBook) -> Result<Self> {
        let rules: Rules = book.load(FILE)?;
        Ok(Self {
            annex: rules.annex.iter().map(|a| letters::fold(a)).collect(),
            attached: rules.attached.clone(),
            heading_words: rules.heading_words,
            heading_letters: rules.heading_letters,
            marks: Marks::new(&rules),
        })
    }

    /// First line of `from..` that opens a numbered clause.
    pub fn first(&self, lines: &Lines, from: usize) -> Option<usize> {
        (from..lines.len()).find(|&i| lines.get(i).is_some_and(|l| !l.row) && super::mark::is_section(lines.words(i).trim_matches('*')))
    }

    /// The clauses of the lines from `from` on, those of `skip` (head, foot) left out.
    pub fn read(&self, lines: &Lines, from: usize, skip: &[Range<usize>], bodies: &Bodies) -> Vec<Clause> {
        let blocks = self.blocks(lines, from, skip);
        let mut tree = Tree::new(lines, self, bodies, &blocks);
        for (n, block) in blocks.iter().enumerate() {
            let deeper = blocks.get(n + 1).is_some_and(|next| tree.is_deeper(block, next));
            tree.add(block, deeper);
        }
        tree.finish()
    }

    fn blocks(&self, lines: &Lines, from: usize, skip: &[Range<usize>]) -> Vec<Block> {
        let mut out: Vec<Block> = Vec::new();
        let (mut fresh, mut anew) = (true, false);
        let mut sequence = super::mark::Sequence::new(lines, from);
        for i in from..lines.len() {
            let Some(line) = lines.get(i) else { break };
            if line.foreign {
                break;
            }
            if skip.iter().any(|s| s.contains(&i)) || line.row || self.is_attached(lines.words(i)) {
                fresh = true;
                anew |= skip.iter().any(|s| s.contains(&i));
                continue;
            }
            let before = i.checked_sub(1).filter(|_| !fresh).and_then(|p| lines.get(p)).copied();
            let words = lines.words(i);
            let annex = self.is_annex(lines, i, before.as_ref());
            let mark = if annex { None } else { self.marks.at(words) };
            let joins = before.as_ref().is_some_and(|b| self.joins(lines, i, b, line, mark.as_ref(), &sequence));
            if joins && !annex {
                if let Some(last) = out.last_mut() {
                    last.lines.end = i + 1;
                }
                continue;
            }
            if annex || anew {
                sequence.restart();
            }
            let mark = mark.map(|m| sequence.settle(m, words));
            out.push(Block { lines: i..i + 1, mark, annex, anew });
            (fresh, anew) = (false, false);
        }
        out
    }

    /// Line `i` carries on the sentence of the line before it.
    fn joins(&self, lines: &Lines, i: usize, before: &Line, line: &Line, mark: Option<&Mark>, sequence: &super::mark::Sequence) -> bool {
        let words = lines.words(i);
        let above = lines.words(i - 1).trim_end_matches(['*', '"', '”', ' ']);
        // A scan may write the number before a heading in capitals with small letters: `Iv.`
        let capitals = |k: usize| {
            let line = lines.bare(k);
            let heading = line.split_once(". ").filter(|(number, _)| number.len() <= 4).map_or(line, |(_, rest)| rest);
            heading.chars().all(|c| !c.is_lowercase()) && heading.chars().filter(|c| c.is_alphabetic()).count() > 3
        };
        let done = above.ends_with(['.', ';', ':', '?', '!']) || capitals(i - 1);
        let full = lines.measure.is_some_and(|m| before.letters * 100 >= m * 85);
        if let Some(mark) = mark {
            let small = words[mark.len..].chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase);
            let dash = matches!(mark.kind, Marker::Dash | Marker::Plus);
            let stray = if dash { small || full } else { !sequence.fits(mark) };
            return stray && !done && !line.apart;
        }
        if capitals(i - 1) != capitals(i) && capitals(i - 1) {
            return false;
        }
        let small = words.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_lowercase());
        if small && !above.ends_with([':', '.']) && !(done && line.apart) {
            return true;
        }
        let Some(measure) = lines.measure else { return false };
        if line.apart {
            return !done && before.letters * 100 >= measure * 92;
        }
        if before.letters * 100 < measure * 72 || above.ends_with(':') {
            return false;
        }
        !(done && line.indent >= before.indent + 3)
    }

    /// "(Kèm theo Kế hoạch số …)" below a heading says which paper the annex hangs on, and is no clause.
    fn is_attached(&self, words: &str) -> bool {
        let lower = words.trim_start_matches(['*', ' ']).to_lowercase();
        lower.starts_with('(') && self.attached.iter().any(|a| lower[1..].trim_start().starts_with(a.as_str()))
    }

    /// An annex, a form or the outline of a report opens here.
    fn is_annex(&self, lines: &Lines, i: usize, before: Option<&Line>) -> bool {
        let words = lines.bare(i);
        if !words.chars().next().is_some_and(char::is_uppercase) {
            return false;
        }
        let folded = letters::fold(words);
        let Some(rest) = self.annex.iter().find_map(|a| folded.strip_prefix(a.as_str())) else { return false };
        let rest = rest.trim_start();
        let number = rest.trim_start_matches("so").trim_start();
        let after = number.trim_start_matches(|c: char| c.is_ascii_alphanumeric() && (c.is_ascii_digit() || "ivx".contains(c)));
        let capitals = words.chars().all(|c| !c.is_lowercase());
        let closed = after.is_empty() || after.starts_with([':', '.', '/', '-', ',']) || capitals;
        let above = i.checked_sub(1).map_or("", |p| lines.words(p));
        let free = before.is_none() || lines.get(i).is_some_and(|l| l.apart) || above.ends_with(['.', ';', ':', '/', ')']) || capitals;
        closed && free && words.chars().count() < 120
    }
}

/// The tree while it grows.
struct Tree<'a> {
    lines: &'a Lines<'a>,
    outline: &'a Outline,
    bodies: &'a Bodies,
    clauses: Vec<Clause>,
    open: Vec<Open>,
    /// How often each numbered path was met.
    met: std::collections::HashMap<String, u32>,
    letters_outside: bool,
    annexes: u32,
}

impl<'a> Tree<'a> {
    fn new(lines: &'a Lines<'a>, outline: &'a Outline, bodies: &'a Bodies, blocks: &[Block]) -> Self {
        let first = |kind| blocks.iter().position(|b| b.mark.as_ref().is_some_and(|m| m.kind == kind));
        let letters_outside = match (first(Marker::Letter), first(Marker::Roman)) {
            (Some(letter), Some(roman)) => letter < roman,
            _ => false,
        };
        Self {
            lines,
            outline,
            bodies,
            clauses: Vec::new(),
            open: Vec::new(),
            met: std::collections::HashMap::new(),
            letters_outside,
            annexes: 0,
        }
    }

    fn rank(&self, mark: &Mark) -> u8 {
        match mark.kind {
            Marker::Part => 0,
            Marker::Chapter => 1,
            Marker::Section => 2,
            Marker::Article => 3,
            Marker::Letter => {
                if self.letters_outside {
                    4
                } else {
                    6
                }
            }
            Marker::Roman => 5,
            Marker::Number => 7 + mark.style,
            Marker::Sub => 9 + mark.style.min(3),
            Marker::Point => 13,
            Marker::Paragraph => 14,
            Marker::Dash => 15,
            Marker::Plus => 16,
        }
    }

    fn is_deeper(&self, block: &Block, next: &Block) -> bool {
        if next.annex {
            return false;
        }
        match (&block.mark, &next.mark) {
            (Some(a), Some(b)) => self.rank(b) > self.rank(a),
            (Some(a), None) => !matches!(a.kind, Marker::Dash | Marker::Plus),
            (None, Some(b)) => matches!(b.kind, Marker::Dash | Marker::Plus),
            (None, None) => false,
        }
    }

    fn add(&mut self, block: &Block, deeper: bool) {
        let at = self.lines.span(block.lines.start, block.lines.end);
        if block.annex {
            return self.add_annex(at);
        }
        // What stands behind the foot of a plan belongs to its annexes; behind that of a decision stands the plan itself.
        if block.anew && !self.open.first().is_some_and(|o| o.mark.annex) {
            self.open.clear();
        }
        let mark_len = block.mark.as_ref().map_or(0, |m| m.len).min(at.len());
        let mark = Span::new(at.start, at.start + mark_len);
        let kind = block.mark.as_ref().map_or(Marker::Paragraph, |m| m.kind);
        let words = Span::new(mark.end, at.end);
        let heading = self.heading(words, kind, deeper);
        let body = Span::new(heading.map_or(words.start, |(_, next)| next), words.end);
        let ends_open = self.lines.text()[at.range()].trim_end().ends_with(':');
        self.close_for(block.mark.as_ref(), kind);
        let parent = self.open.last().map(|o| o.clause);
        let above = self.open.last().map_or_else(String::new, |o| o.path.clone());
        let path = self.path(&above, block.mark.as_ref());
        let clause = self.clauses.len();
        self.clauses.push(Clause { path: path.clone(), marker: kind, parent, mark, heading: heading.map(|(h, _)| h), body, whole: at });
        if let Some(mark) = &block.mark {
            self.open.push(Open { clause, rank: self.rank(mark), mark: mark.clone(), path });
        } else if ends_open {
            let mark = Mark::paragraph();
            self.open.push(Open { clause, rank: self.rank(&mark), mark, path });
        }
    }

    fn add_annex(&mut self, at: Span) {
        self.open.clear();
        self.annexes += 1;
        let path = format!("PL{}", self.annexes);
        let clause = self.clauses.len();
        let body = Span::new(at.end, at.end);
        let mark = Span::new(at.start, at.start);
        self.clauses.push(Clause { path: path.clone(), marker: Marker::Part, parent: None, mark, heading: Some(at), body, whole: at });
        self.open.push(Open { clause, rank: 0, mark: Mark::annex(), path });
    }

    /// Closes what can't hold the clause that comes.
    fn close_for(&mut self, mark: Option<&Mark>, kind: Marker) {
        let Some(mark) = mark else {
            while self.open.last().is_some_and(|o| matches!(o.mark.kind, Marker::Dash | Marker::Plus | Marker::Paragraph)) {
                self.open.pop();
            }
            return;
        };
        if let Some(same) = self.open.iter().position(|o| o.mark.kind == kind && o.mark.style == mark.style && !o.mark.annex) {
            self.open.truncate(same);
            return;
        }
        let rank = self.rank(mark);
        while self.open.last().is_some_and(|o| o.rank >= rank && !o.mark.annex) {
            self.open.pop();
        }
    }

    fn path(&mut self, above: &str, mark: Option<&Mark>) -> String {
        let Some(label) = mark.map(|m| m.label.as_str()).filter(|l| !l.is_empty()) else {
            return if above.is_empty() { BEFORE.to_owned() } else { above.to_owned() };
        };
        // "1.2" under "1" is II.1.2, not II.1.1.2.
        let tail = above.rsplit('.').next().and_then(|last| label.strip_prefix(last)).and_then(|l| l.strip_prefix('.'));
        let path = match tail {
            Some(rest) => format!("{above}.{rest}"),
            None if above.is_empty() || above == BEFORE => label.to_owned(),
            None => format!("{above}.{label}"),
        };
        let times = self.met.entry(path.clone()).or_insert(0);
        *times += 1;
        if *times > 1 { format!("{path}({times})") } else { path }
    }

    /// The heading and where the body begins behind it.
    fn heading(&self, words: Span, kind: Marker, deeper: bool) -> Option<(Span, usize)> {
        let text = &self.lines.text()[words.range()];
        let trimmed = text.trim_end();
        let most = if kind == Marker::Paragraph { self.outline.heading_words.min(14) } else { self.outline.heading_words };
        if let Some(colon) = colon(trimmed, most, |i| self.bodies.goes_on(trimmed, i)) {
            let body = colon + 1 + text[colon + 1..].len() - text[colon + 1..].trim_start().len();
            return Some((trim(self.lines.text(), Span::new(words.start, words.start + colon)), words.start + body));
        }
        let letters = trimmed.chars().count();
        let capitals = letters > 3 && trimmed.chars().all(|c| !c.is_lowercase()) && trimmed.chars().any(char::is_alphabetic);
        let bare = trimmed.trim_end_matches(['.', ':', ';', '*', ' ']);
        let one = !bare.contains(". ") && !bare.contains(".\n") && letters <= self.outline.heading_letters;
        let stops = trimmed.ends_with([';', ',']);
        let great = matches!(kind, Marker::Part | Marker::Chapter | Marker::Section | Marker::Roman | Marker::Letter);
        // A sentence with its full stop is a heading only when it is short.
        let whole = trimmed.ends_with('.') && trimmed.split_whitespace().count() > SHORT;
        let heads = capitals || (one && !stops && !whole && (deeper || great) && kind != Marker::Paragraph);
        heads.then(|| (trim(self.lines.text(), Span::new(words.start, words.start + bare.len())), words.end))
    }

    fn finish(mut self) -> Vec<Clause> {
        for i in (0..self.clauses.len()).rev() {
            if let Some(parent) = self.clauses[i].parent {
                self.clauses[parent].whole = self.clauses[parent].whole.join(self.clauses[i].whole);
            }
        }
        self.clauses
    }
}

fn trim(text: &str, span: Span) -> Span {
    let words = &text[span.range()];
    let inner = words.trim_matches(|c: char| c.is_whitespace() || c == '*');
    let start = span.start + words.find(inner).unwrap_or(0);
    Span::new(start, start + inner.len())
}

/// The colon that ends a heading: outside brackets and quotation marks, no time of day, not within a name (`goes_on`), not too far on.
fn colon(text: &str, most_words: usize, goes_on: impl Fn(usize) -> bool) -> Option<usize> {
    let (mut depth, mut quoted, mut words, mut blank) = (0i32, false, 0usize, true);
    for (i, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '“' => quoted = true,
            '”' => quoted = false,
            ':' if depth <= 0 && !quoted && !goes_on(i) => {
                let next = text[i + 1..].chars().next();
                let digit = next.is_some_and(|n| n.is_ascii_digit()) && text[..i].ends_with(|p: char| p.is_ascii_digit());
                return (!digit && next != Some('/')).then_some(i);
            }
            '.' | ';' if text[i + 1..].starts_with([' ', '\n']) && words > 2 => return None,
            _ => {}
        }
        words += usize::from(blank && !c.is_whitespace());
        blank = c.is_whitespace();
        if words > most_words {
            return None;
        }
    }
    None
}
