//! A paper written as marked lines (`rules/render/templates/*.form`): one source for a Word file, Markdown and a web page. A line is a
//! paragraph, a row, or a tag of the template engine alone; every line becomes exactly one, so that a mistake keeps its line number.

mod inline;
mod text;
mod word;

pub(super) use text::{BREAK, html, markdown};
pub(super) use word::{Tags, word};

/// One line of a paper.
#[derive(Clone, Debug, PartialEq)]
enum Line<'a> {
    Empty,
    /// A tag of the template engine and nothing else.
    Tag(&'a str),
    /// The head of Nghị định 30: the body above, the body itself, the number, place and date; and what a letter is about.
    Head([&'a str; 4], Option<&'a str>),
    /// What kind of paper, in capitals.
    Kind(&'a str),
    /// What it is about.
    Title(&'a str),
    /// A centred line.
    Centre(&'a str),
    /// A basis: a paragraph in italics.
    Basis(&'a str),
    Heading(&'a str),
    Paragraph(&'a str),
    /// Whether the whole of it stands on one page, where it can.
    TableOpen {
        keep: bool,
    },
    Row {
        cells: Vec<(&'a str, Column)>,
        head: bool,
    },
    TableClose,
    /// Title and name of the one who signs; the lines up to the end are the recipients.
    SignOpen([&'a str; 2]),
    Recipient(&'a str),
    SignClose([&'a str; 2]),
    /// Two who sign side by side.
    Pair([&'a str; 2]),
}

/// How wide a column is, in hundredths of the page's text, and where its words stand.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Column {
    share: u32,
    side: Side,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Left,
    Centre,
    Right,
}

/// Where a line stands.
enum Within<'a> {
    Page,
    Table { columns: Vec<Column>, head: bool },
    Sign([&'a str; 2]),
}

/// A mistake of a paper: the line, from 1, and a sentence.
pub(super) type Mistake = (usize, String);

/// The lines of `text`.
fn lines(text: &str) -> Result<Vec<Line<'_>>, Mistake> {
    let mut within = Within::Page;
    let mut found = Vec::new();
    for (nth, line) in text.lines().enumerate() {
        found.push(read(line.trim(), &mut within).map_err(|sentence| (nth + 1, sentence))?);
    }
    match within {
        Within::Page => Ok(found),
        _ => Err((found.len(), "@end is missing".to_owned())),
    }
}

fn read<'a>(line: &'a str, within: &mut Within<'a>) -> Result<Line<'a>, String> {
    if line.is_empty() {
        return Ok(Line::Empty);
    }
    if is_tag(line) {
        return Ok(Line::Tag(line));
    }
    let (mark, rest) = line.split_once(' ').map_or((line, ""), |(m, r)| (m, r.trim()));
    match (&mut *within, mark) {
        (Within::Table { .. }, "@end") => {
            *within = Within::Page;
            Ok(Line::TableClose)
        }
        (Within::Sign(who), "@end") => {
            let close = Line::SignClose(*who);
            *within = Within::Page;
            Ok(close)
        }
        (Within::Table { columns, head }, "|") => {
            let cells = inline::cells(rest.strip_suffix('|').unwrap_or(rest));
            if cells.len() != columns.len() {
                return Err(format!("{} cells, {} columns", cells.len(), columns.len()));
            }
            Ok(Line::Row { cells: cells.into_iter().zip(columns.iter().copied()).collect(), head: std::mem::take(head) })
        }
        (Within::Sign(_), _) if line.starts_with("- ") => Ok(Line::Recipient(line)),
        (Within::Page, _) => paragraph(line, mark, rest, within),
        _ => Err(format!("`{mark}` before @end")),
    }
}

fn paragraph<'a>(line: &'a str, mark: &'a str, rest: &'a str, within: &mut Within<'a>) -> Result<Line<'a>, String> {
    Ok(match mark {
        "@head" => match inline::cells(rest).as_slice() {
            [above, issuer, number, place, about] => Line::Head([above, issuer, number, place], Some(about)),
            _ => Line::Head(parts(rest)?, None),
        },
        "@kind" => Line::Kind(rest),
        "@title" => Line::Title(rest),
        "@centre" => Line::Centre(rest),
        "@basis" => Line::Basis(rest),
        "@heading" => Line::Heading(rest),
        "@pair" => Line::Pair(parts(rest)?),
        "@table" => {
            let (keep, shares) = rest.strip_prefix("keep ").map_or((false, rest), |shares| (true, shares));
            *within = Within::Table { columns: columns(shares)?, head: true };
            Line::TableOpen { keep }
        }
        "@sign" => {
            let who = parts(rest)?;
            *within = Within::Sign(who);
            Line::SignOpen(who)
        }
        _ if mark.starts_with('@') => {
            let known = ["@head", "@kind", "@title", "@centre", "@basis", "@heading", "@pair", "@table", "@sign", "@end"];
            return Err(crate::rules::unknown("mark", mark, known.into_iter()));
        }
        _ => Line::Paragraph(line),
    })
}

/// True for one tag or comment, without any words beside it.
fn is_tag(line: &str) -> bool {
    [("{%", "%}"), ("{#", "#}")].iter().any(|(open, close)| line.starts_with(open) && line.find(close) == Some(line.len() - 2))
}

fn parts<const N: usize>(text: &str) -> Result<[&str; N], String> {
    let cells = inline::cells(text);
    let found = cells.len();
    cells.try_into().map_err(|_| format!("{found} parts, {N} wanted"))
}

/// `6c 40 20r`: the share of each column, with `c` for centred and `r` for right.
fn columns(text: &str) -> Result<Vec<Column>, String> {
    let column = |word: &str| {
        let side = match word.as_bytes().last() {
            Some(b'c') => Side::Centre,
            Some(b'r') => Side::Right,
            _ => Side::Left,
        };
        let share = word.trim_end_matches(['c', 'r']).parse().ok().filter(|n| (1..=100).contains(n));
        share.map(|share| Column { share, side }).ok_or_else(|| format!("`{word}` is no width of a column"))
    };
    text.split_whitespace().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_is_read_line_by_line() {
        let text = "@kind BÁO CÁO\n\n{# lời dặn #}\n{% if a %}\nĐoạn {{ a | join(sep=\"|\") }}\n{% endif %}\n@table 20c 80r\n| A | B |\n| {{ a | upper }} | b |\n@end";
        let lines = lines(text).expect("a paper");
        assert_eq!(lines.len(), text.lines().count());
        assert_eq!(lines[3], Line::Tag("{% if a %}"));
        let Line::Row { cells, head } = &lines[8] else { panic!("a row") };
        assert!(!head && cells[0] == ("{{ a | upper }}", Column { share: 20, side: Side::Centre }));
    }

    #[test]
    fn a_mistake_has_its_line() {
        for (text, line, words) in [
            ("x\n@hed a", 2, "did you mean `@head`?"),
            ("@table 50 50\n| a |\n@end", 2, "1 cells, 2 columns"),
            ("@table 50 x\n@end", 1, "`x`"),
            ("@table 50\n| a |", 2, "@end"),
            ("@sign a", 1, "1 parts"),
            ("@table 50\nx\n@end", 2, "before @end"),
        ] {
            let (at, sentence) = lines(text).expect_err(text);
            assert!(at == line && sentence.contains(words), "{text}: {at} {sentence}");
        }
    }
}
