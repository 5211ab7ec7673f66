//! A paper as Markdown and as a web page. Line ends of the source mean nothing there: what ends a line is [`BREAK`].

use super::inline::{Piece, pieces};
use super::{Column, Line, Mistake, Side, lines};

/// Stands for a line end in what is filled in: no text of a document can hold it.
pub(in super::super) const BREAK: char = '\u{1}';

/// The paper `text` as a template of Markdown.
///
/// # Errors
/// The line that is no line of a paper, and why.
pub(in super::super) fn markdown(text: &str) -> Result<String, Mistake> {
    each(text, |line| match line {
        Line::Empty => String::new(),
        Line::Tag(tag) => (*tag).to_owned(),
        Line::Head([above, issuer, number, place], about) => {
            let rows = [
                format!("| {} | **CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM** |", md(above)),
                "|:---:|:---:|".to_owned(),
                format!("| **{}** | **Độc lập - Tự do - Hạnh phúc** |", md(issuer)),
                format!("| {} | *{}* |", md(number), md(place)),
            ];
            let about = about.map(|words| format!("| {} | |{BREAK}", md(words))).unwrap_or_default();
            format!("{}{BREAK}{about}", rows.join(&BREAK.to_string()))
        }
        Line::Kind(words) => format!("{BREAK}# {}{BREAK}", md(words)),
        Line::Title(words) => format!("{BREAK}**{}**{BREAK}", md(words)),
        Line::Centre(words) | Line::Paragraph(words) => format!("{BREAK}{}{BREAK}", md(words)),
        Line::Basis(words) => format!("{BREAK}*{}*{BREAK}", md(words)),
        Line::Heading(words) => format!("{BREAK}## {}{BREAK}", md(words)),
        Line::TableOpen { .. } | Line::TableClose => BREAK.to_string(),
        Line::Row { cells, head } => {
            let row = format!("|{}{BREAK}", cells.iter().map(|(words, _)| format!(" {} |", md(words))).collect::<String>());
            if *head { format!("{row}|{}{BREAK}", cells.iter().map(|(_, c)| rule(*c)).collect::<String>()) } else { row }
        }
        Line::SignOpen(_) => format!("{BREAK}***Nơi nhận:***{BREAK}{BREAK}"),
        Line::Recipient(words) => format!("{}{BREAK}", md(words)),
        Line::SignClose([title, name]) => {
            // Whoever signs for another signs with a line for each.
            let titles = match title.strip_prefix("{{").and_then(|t| t.strip_suffix("}}")) {
                Some(value) => format!("{{% for line in {value} | split(pat=\"\\n\") %}}**{{{{ line }}}}**{BREAK}{BREAK}{{% endfor %}}"),
                None => format!("**{}**{BREAK}{BREAK}", md(title)),
            };
            format!("{BREAK}{titles}**{}**{BREAK}", md(name))
        }
        Line::Pair([left, right]) => format!("{BREAK}{} · {}{BREAK}", md(left), md(right)),
    })
}

/// The paper `text` as a template of a web page that prints on A4.
///
/// # Errors
/// The line that is no line of a paper, and why.
pub(in super::super) fn html(text: &str) -> Result<String, Mistake> {
    const PAGE: &str = include_str!("page.html");
    let body = each(text, |line| match line {
        Line::Empty => String::new(),
        Line::Tag(tag) => (*tag).to_owned(),
        Line::Head([above, issuer, number, place], about) => {
            let (above, issuer, number, place) = (web(above), web(issuer), web(number), web(place));
            let about = about.map(|words| format!("<br><small>{}</small>", web(words))).unwrap_or_default();
            let nation = "<b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br><b class=\"motto\">Độc lập - Tự do - Hạnh phúc</b>";
            format!(
                "<table class=\"head\"><tr><td>{above}<br><b class=\"issuer\">{issuer}</b></td><td>{nation}</td></tr><tr><td>{number}{about}</td><td><i>{place}</i></td></tr></table>"
            )
        }
        Line::Kind(words) => format!("<h1>{}</h1>", web(words)),
        Line::Title(words) => format!("<p class=\"title\">{}</p>", web(words)),
        Line::Centre(words) => format!("<p class=\"centre\">{}</p>", web(words)),
        Line::Basis(words) => format!("<p><i>{}</i></p>", web(words)),
        Line::Heading(words) => format!("<h2>{}</h2>", web(words)),
        Line::Paragraph(words) => format!("<p>{}</p>", web(words)),
        Line::TableOpen { .. } => "<table class=\"grid\">".to_owned(),
        Line::Row { cells, head } => {
            let name = if *head { "th" } else { "td" };
            let cell = |(words, c): &(&str, Column)| format!("<{name} class=\"{}\">{}</{name}>", side(c.side), web(words));
            format!("<tr>{}</tr>", cells.iter().map(cell).collect::<String>())
        }
        Line::TableClose => "</table>".to_owned(),
        Line::SignOpen(_) => "<table class=\"sign\"><tr><td><b><i>Nơi nhận:</i></b>".to_owned(),
        Line::Recipient(words) => format!("<br>{}", web(words)),
        Line::SignClose([title, name]) => format!("</td><td><b>{}</b><b class=\"name\">{}</b></td></tr></table>", web(title), web(name)),
        Line::Pair([left, right]) => format!("<table class=\"pair\"><tr><td>{}</td><td>{}</td></tr></table>", web(left), web(right)),
    })?;
    Ok(PAGE.replace('\n', &BREAK.to_string()).replacen("{body}", &body, 1))
}

fn each(text: &str, line: impl Fn(&Line<'_>) -> String) -> Result<String, Mistake> {
    Ok(lines(text)?.iter().map(|l| line(l) + "\n").collect())
}

fn rule(column: Column) -> &'static str {
    match column.side {
        Side::Left => "---|",
        Side::Centre => ":---:|",
        Side::Right => "---:|",
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Centre => "centre",
        Side::Right => "right",
    }
}

fn md(words: &str) -> String {
    let piece = |p: Piece<'_>| match p {
        Piece::Words { text, bold, italic } | Piece::Tag { text, bold, italic } => {
            wrapped(text, if bold { "**" } else { "" }, if italic { "*" } else { "" })
        }
        Piece::Box { ticked } => if ticked { "☒" } else { "☐" }.to_owned(),
    };
    pieces(words).into_iter().map(piece).collect()
}

fn wrapped(text: &str, bold: &str, italic: &str) -> String {
    format!("{bold}{italic}{text}{italic}{bold}")
}

fn web(words: &str) -> String {
    let dressed = |text: &str, bold: bool, italic: bool| {
        let text = if italic { format!("<i>{text}</i>") } else { text.to_owned() };
        if bold { format!("<b>{text}</b>") } else { text }
    };
    let piece = |p: Piece<'_>| match p {
        Piece::Words { text, bold, italic } => dressed(&quick_xml::escape::partial_escape(text), bold, italic),
        Piece::Tag { text, bold, italic } => dressed(text, bold, italic),
        Piece::Box { ticked } => if ticked { "☒" } else { "☐" }.to_owned(),
    };
    pieces(words).into_iter().map(piece).collect()
}
