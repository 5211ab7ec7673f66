//! What stands within a line of a paper: tags of the template engine, `**bold**`, `__italic__`, and boxes to tick, `[ ]` and `[x]`.

/// A piece of a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece<'a> {
    Words { text: &'a str, bold: bool, italic: bool },
    Tag { text: &'a str, bold: bool, italic: bool },
    Box { ticked: bool },
}

/// The length of the tag that `text` begins with.
fn tag(text: &str) -> Option<usize> {
    let close = match text.get(..2)? {
        "{{" => "}}",
        "{%" => "%}",
        "{#" => "#}",
        _ => return None,
    };
    Some(text.find(close).map_or(text.len(), |at| at + 2))
}

/// The pieces of `line`, in order.
pub(super) fn pieces(line: &str) -> Vec<Piece<'_>> {
    let (mut found, mut bold, mut italic) = (Vec::new(), false, false);
    let (mut from, mut at) = (0, 0);
    let words = |from: usize, to: usize, bold, italic| (to > from).then(|| Piece::Words { text: &line[from..to], bold, italic });
    while at < line.len() {
        let rest = &line[at..];
        if let Some(length) = tag(rest) {
            found.extend(words(from, at, bold, italic));
            found.push(Piece::Tag { text: &rest[..length], bold, italic });
            at += length;
            from = at;
        } else if let Some(mark) = ["**", "__", "[ ]", "[x]"].into_iter().find(|m| rest.starts_with(m)) {
            found.extend(words(from, at, bold, italic));
            match mark {
                "**" => bold = !bold,
                "__" => italic = !italic,
                _ => found.push(Piece::Box { ticked: mark == "[x]" }),
            }
            at += mark.len();
            from = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found.extend(words(from, line.len(), bold, italic));
    found
}

/// The cells of a row: what stands between bars, the bars of filters aside.
pub(super) fn cells(row: &str) -> Vec<&str> {
    let (mut found, mut from, mut at) = (Vec::new(), 0, 0);
    while at < row.len() {
        let rest = &row[at..];
        if let Some(length) = tag(rest) {
            at += length;
        } else if rest.starts_with('|') {
            found.push(row[from..at].trim());
            at += 1;
            from = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found.push(row[from..].trim());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_keep_tags_whole() {
        let found = pieces("a **b {{ c | d(x=\"**\") }}** [ ]{% if e %} __g__");
        let words = |text, bold, italic| Piece::Words { text, bold, italic };
        assert_eq!(
            found,
            [
                words("a ", false, false),
                words("b ", true, false),
                Piece::Tag { text: "{{ c | d(x=\"**\") }}", bold: true, italic: false },
                words(" ", false, false),
                Piece::Box { ticked: false },
                Piece::Tag { text: "{% if e %}", bold: false, italic: false },
                words(" ", false, false),
                words("g", false, true),
            ]
        );
    }

    #[test]
    fn bars_of_filters_divide_nothing() {
        assert_eq!(cells("{{ a | upper }} | b | "), ["{{ a | upper }}", "b", ""]);
    }
}
