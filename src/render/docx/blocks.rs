//! Knows which tags of a template must close which: tells of one that is left open, at the place where it was opened.

/// A mistake: its place in the text, in bytes, and a sentence.
pub(super) type Mistake = (usize, String);

/// A tag of the template engine.
struct Tag<'a> {
    at: usize,
    /// What stands between its braces.
    inner: &'a str,
    /// `{%`, and not `{{` or `{#`.
    rules: bool,
}

/// Looks at the tags of the part `xml`, each of them in one piece.
pub(super) fn check(xml: &str) -> Result<(), Mistake> {
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut raw = false;
    for tag in tags(xml)?.into_iter().filter(|t| t.rules) {
        let words = tag.inner.trim_matches(['-', ' ', '\n', '\t']);
        let word = words.split([' ', '\n', '\t']).next().unwrap_or_default();
        raw = match word {
            "raw" => true,
            "endraw" => false,
            _ => raw,
        };
        match word {
            _ if raw => {}
            "for" | "if" => open.push((word, tag.at)),
            "endfor" | "endif" => match open.pop() {
                Some((opened, _)) if word.strip_prefix("end") == Some(opened) => {}
                Some((opened, _)) => return Err((tag.at, format!("`{word}` stands where `end{opened}` is due"))),
                None => return Err((tag.at, format!("`{word}` closes nothing"))),
            },
            "else" | "elif" if open.is_empty() => return Err((tag.at, format!("`{word}` belongs to no `if`"))),
            "tr" => return Err((tag.at, "`{%tr … %}` stands in no row of a table".to_owned())),
            _ => {}
        }
    }
    match open.pop() {
        Some((opened, at)) => Err((at, format!("`{opened}` is never closed by `end{opened}`"))),
        None => Ok(()),
    }
}

/// The tags of `xml`; none reaches over the end of its letters.
fn tags(xml: &str) -> Result<Vec<Tag<'_>>, Mistake> {
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(at) = ["{{", "{%", "{#"].iter().filter_map(|mark| xml[from..].find(mark)).min().map(|n| from + n) {
        let (mark, close) = match &xml[at..at + 2] {
            "{{" => ("{{", "}}"),
            "{%" => ("{%", "%}"),
            _ => ("{#", "#}"),
        };
        let letters = xml[at..].find("</w:t>").map_or(xml.len(), |end| at + end);
        let Some(end) = xml[at + 2..letters].find(close).map(|n| at + 2 + n) else {
            return Err((at, format!("`{mark}` is never closed by `{close}`")));
        };
        found.push(Tag { at, inner: &xml[at + 2..end], rules: mark == "{%" });
        from = end + 2;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_is_left_open_is_told_where_it_was_opened() {
        for (text, at, words) in [
            ("a{% for t in b %}{{ t }}", 1, "`for` is never closed by `endfor`"),
            ("{% if a %}{% for b in c %}{% endif %}", 26, "`endif` stands where `endfor` is due"),
            ("a {% endif %}", 2, "`endif` closes nothing"),
            ("{% else %}", 0, "`else` belongs to no `if`"),
            ("x {{ a </w:t>", 2, "`{{` is never closed by `}}`"),
            ("{%tr for a in b %}", 0, "`{%tr … %}` stands in no row of a table"),
        ] {
            assert_eq!(check(text), Err((at, words.to_owned())), "{text}");
        }
        for text in ["{% if a -%}{%- else %}{% endif %}", "{% raw %}{% if %}{% endraw %}", "{# {% if #}", "{{ \"}\" }} }}", "no tag"] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }
}
