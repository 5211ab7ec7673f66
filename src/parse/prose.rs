//! Knows the words of a span as one line of prose, and where in the text each of them stands.

use crate::text::Span;

use super::line::is_paper;

/// Words on one line: blanks and line ends folded, page numbers and marks of emphasis left out.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    text: String,
    /// For every byte of `text`, and for its end, the byte it stands for.
    places: Vec<usize>,
}

impl Prose {
    /// The words of `span` of `text`.
    pub fn new(text: &str, span: Span) -> Self {
        let mut prose = Self::default();
        let mut end = span.start;
        let mut at = span.start;
        for (n, line) in text[span.range()].split(['\n', '\u{c}']).enumerate() {
            let words = line.trim();
            if !(n > 0 && (words.is_empty() || is_paper(words, true))) {
                for (i, c) in line.char_indices() {
                    prose.push(c, at + i);
                }
                end = at + line.trim_end().len();
                prose.push(' ', at + line.len());
            }
            at += line.len() + 1;
        }
        if prose.text.ends_with(' ') {
            prose.text.pop();
            prose.places.pop();
        }
        prose.places.push(end.max(prose.places.last().copied().unwrap_or(end)));
        prose
    }

    fn push(&mut self, c: char, at: usize) {
        let c = if c.is_whitespace() { ' ' } else { c };
        let blank = c == ' ' && (self.text.is_empty() || self.text.ends_with(' '));
        if blank || c == '*' {
            return;
        }
        self.text.push(c);
        self.places.extend((0..c.len_utf8()).map(|k| at + k));
    }

    /// The words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first byte of the words that stands at or behind byte `place` of the text.
    pub fn offset(&self, place: usize) -> usize {
        self.places.partition_point(|p| *p < place).min(self.text.len())
    }

    /// Where the bytes `range` of the words stand in the text.
    pub fn span(&self, range: std::ops::Range<usize>) -> Span {
        let start = self.places[range.start.min(self.places.len() - 1)];
        let end = match range.end.checked_sub(1).filter(|_| !range.is_empty()) {
            Some(last) => self.places[last.min(self.places.len() - 1)] + 1,
            None => start,
        };
        Span::new(start, end.max(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_place() {
        let text = "xong *trước\n\n\u{c}5\n ngày*  3/5.";
        let prose = Prose::new(text, Span::new(0, text.len()));
        assert_eq!(prose.text(), "xong trước ngày 3/5.");
        let at = prose.text().find("ngày").expect("there");
        assert_eq!(&text[prose.span(at..at + "ngày 3/5".len()).range()], "ngày*  3/5");
        assert_eq!(prose.span(0..prose.text().len()), Span::new(0, text.len()));
    }
}
