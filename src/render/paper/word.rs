//! A paper as the body of a Word file, in the styles of `docx/styles.xml`.

use super::inline::{Piece, pieces};
use super::{Column, Line, Mistake, Side, lines};

/// The width of the text on a page, in twentieths of a point: A4 less the margins of `docx/document.xml`.
const WIDTH: u32 = 9184;

/// How the tags that stand alone on a line are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Tags {
    /// As they are: the body is filled in at once.
    Plain,
    /// Each in a paragraph or a row of its own, which it takes the place of: a person edits the file in Word.
    Lifted,
}

/// The paper `text` as WordprocessingML: one line for each line.
///
/// # Errors
/// The line that is no line of a paper, and why.
pub(in super::super) fn word(text: &str, tags: Tags) -> Result<String, Mistake> {
    let mut writer = Writer { tags, columns: 0, in_sign: false, keep: false, keep_rows: false };
    let lines = lines(text)?;
    let mut out = String::new();
    for (nth, line) in lines.iter().enumerate() {
        // Nobody signs a page that says nothing.
        writer.keep = signed(&lines[nth + 1..]);
        if let Line::TableOpen { keep } = line {
            writer.keep_rows = *keep || signed(after_table(&lines[nth + 1..]));
            // Word makes one table of two that touch.
            if lines[..nth].iter().rfind(said) == Some(&Line::TableClose) {
                out += &blank(60);
            }
        }
        out += &writer.line(line);
        if matches!(line, Line::TableClose) && std::mem::take(&mut writer.keep_rows) && !signed(&lines[nth + 1..]) {
            out += END;
        }
        out.push('\n');
    }
    Ok(out)
}

fn said(line: &&Line<'_>) -> bool {
    !matches!(line, Line::Empty | Line::Tag(_))
}

/// True where people sign next, tables in between aside.
fn signed(lines: &[Line<'_>]) -> bool {
    let Some(next) = lines.iter().position(|l| said(&l)) else { return false };
    match &lines[next] {
        Line::SignOpen(_) | Line::Pair(_) => true,
        Line::TableOpen { .. } => signed(after_table(&lines[next + 1..])),
        _ => false,
    }
}

/// What follows the table whose rows `lines` begin with.
fn after_table<'a, 'b>(lines: &'a [Line<'b>]) -> &'a [Line<'b>] {
    let end = lines.iter().position(|l| matches!(l, Line::TableClose)).map_or(lines.len(), |end| end + 1);
    &lines[end..]
}

struct Writer {
    tags: Tags,
    /// Of the table being written; 0 outside.
    columns: usize,
    in_sign: bool,
    /// The line stands on the page of those who sign below it.
    keep: bool,
    /// Each row of the table stands on the page of the next.
    keep_rows: bool,
}

impl Writer {
    fn line(&mut self, line: &Line<'_>) -> String {
        match line {
            Line::Empty => String::new(),
            Line::Tag(tag) => self.tag(tag),
            Line::Head(parts, about) => self.head(*parts, *about),
            Line::Kind(words) => self.paragraph("Centre", "<w:spacing w:before=\"360\"/>", words, Letters::bold(28)),
            Line::Title(words) => self.paragraph("Centre", "", words, Letters::bold(28)) + &rule(3500),
            Line::Centre(words) => self.paragraph("Centre", "<w:spacing w:before=\"120\" w:after=\"120\"/>", words, Letters::default()),
            Line::Basis(words) => self.paragraph("Body", "", words, Letters { italic: true, ..Letters::default() }),
            Line::Heading(words) => self.paragraph("Heading1", "", words, Letters::default()),
            // What ends with a colon stands on the page of what it announces.
            Line::Paragraph(words) if self.keep || words.ends_with(':') => {
                self.paragraph("Body", "<w:keepNext/>", words, Letters::default())
            }
            Line::Paragraph(words) => self.paragraph("Body", "", words, Letters::default()),
            Line::TableOpen { .. } => String::new(),
            Line::Row { cells, head } => self.row(cells, *head),
            Line::TableClose => {
                self.columns = 0;
                "</w:tbl>".to_owned()
            }
            Line::SignOpen(_) => {
                self.in_sign = true;
                let open =
                    format!("{}{}<w:tr><w:trPr><w:cantSplit/></w:trPr>{}", blank(160), table("", &[4400, 4784]), cell_open(4400, ""));
                open + &self.paragraph("Normal", "", "Nơi nhận:", Letters { bold: true, italic: true, size: 24 })
            }
            Line::Recipient(words) => self.paragraph("Small", "", words, Letters::default()),
            Line::SignClose([title, name]) => {
                self.in_sign = false;
                let title = self.paragraph("Centre", "", title, Letters::bold(28));
                let name = self.paragraph("Centre", "<w:spacing w:before=\"1300\"/>", name, Letters::bold(28));
                format!("</w:tc>{}{title}{name}</w:tc></w:tr></w:tbl>", cell_open(4784, ""))
            }
            Line::Pair(sides) => {
                let mut out = format!("{}{}<w:tr><w:trPr><w:cantSplit/></w:trPr>", blank(120), table("", &[4592, 4592]));
                for words in sides {
                    out += &cell_open(4592, "");
                    out += &self.paragraph("Centre", "<w:spacing w:after=\"1100\"/>", words, Letters::default());
                    out += "</w:tc>";
                }
                out + "</w:tr></w:tbl>"
            }
        }
    }

    /// A tag alone on its line.
    fn tag(&self, tag: &str) -> String {
        if self.tags == Tags::Plain || tag.starts_with("{#") {
            // A comment is for whoever reads the source.
            return if self.tags == Tags::Plain { tag.to_owned() } else { String::new() };
        }
        let inner = tag.trim_start_matches("{%").trim_end_matches("%}").trim_matches(['-', ' ']);
        if self.columns > 0 && !self.in_sign {
            let span = format!("<w:gridSpan w:val=\"{}\"/>", self.columns);
            let words = plain(&format!("{{%tr {inner} %}}"), Letters::default());
            return format!("<w:tr>{}<w:p><w:pPr><w:pStyle w:val=\"Cell\"/></w:pPr>{words}</w:p></w:tc></w:tr>", cell_open(WIDTH, &span));
        }
        format!("<w:p>{}</w:p>", plain(&format!("{{%p {inner} %}}"), Letters::default()))
    }

    fn head(&self, [above, issuer, number, place]: [&str; 4], about: Option<&str>) -> String {
        let [left, right] = [3500, WIDTH - 3500];
        let line = |words: &str, letters| self.paragraph("Centre", "", words, letters);
        let plain = |size| Letters { size, ..Letters::default() };
        let mut out = table("", &[left, right]);
        let above = match above.strip_prefix("{{").and_then(|a| a.strip_suffix("}}")).filter(|_| self.tags == Tags::Plain) {
            // A body with none above it begins the page.
            Some(name) => format!("{{% if {name} %}}{}{{% endif %}}", line(above, plain(26))),
            None => line(above, plain(26)),
        };
        out += &format!("<w:tr>{}{above}{}{}</w:tc>", cell_open(left, ""), line(issuer, Letters::bold(26)), rule(1150));
        let nation = line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Letters::bold(26));
        out += &format!(
            "{}{nation}{}{}</w:tc></w:tr>",
            cell_open(right, ""),
            line("Độc lập - Tự do - Hạnh phúc", Letters::bold(28)),
            rule(1060)
        );
        let about = about.map(|words| line(words, plain(24))).unwrap_or_default();
        out += &format!("<w:tr>{}{}{about}</w:tc>", cell_open(left, ""), line(number, plain(26)));
        let italic = Letters { italic: true, ..plain(28) };
        out + &format!("{}{}</w:tc></w:tr></w:tbl>", cell_open(right, ""), line(place, italic))
    }

    fn row(&mut self, cells: &[(&str, Column)], head: bool) -> String {
        let whole: u32 = cells.iter().map(|(_, c)| c.share).sum::<u32>().max(1);
        let width = |c: &Column| c.share * WIDTH / whole;
        let mut out = String::new();
        if self.columns == 0 {
            self.columns = cells.len();
            out += &table("<w:tblStyle w:val=\"Grid\"/>", &cells.iter().map(|(_, c)| width(c)).collect::<Vec<_>>());
        }
        out += if head { "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" } else { "<w:tr><w:trPr><w:cantSplit/></w:trPr>" };
        for (words, column) in cells {
            let shade = if head { "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"E7EDF3\"/><w:vAlign w:val=\"center\"/>" } else { "" };
            let side = match column.side {
                _ if head => "<w:jc w:val=\"center\"/>",
                Side::Left => "",
                Side::Centre => "<w:jc w:val=\"center\"/>",
                Side::Right => "<w:jc w:val=\"right\"/>",
            };
            let letters = Letters { bold: head, ..Letters::default() };
            let side = if self.keep_rows { format!("<w:keepNext/>{side}") } else { side.to_owned() };
            out += &format!("{}{}</w:tc>", cell_open(width(column), shade), self.paragraph("Cell", &side, words, letters));
        }
        out + "</w:tr>"
    }

    fn paragraph(&self, style: &str, more: &str, words: &str, letters: Letters) -> String {
        let mut runs = String::new();
        for piece in pieces(words) {
            runs += &match piece {
                Piece::Box { ticked } => tick_box(ticked),
                Piece::Words { text, bold, italic } => plain(text, letters.with(bold, italic)),
                Piece::Tag { text, bold, italic } if self.tags == Tags::Lifted => plain(text, letters.with(bold, italic)),
                Piece::Tag { text, bold, italic } => run(text, letters.with(bold, italic)),
            };
        }
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{more}</w:pPr>{runs}</w:p>")
    }
}

/// How letters look beside what their style says; the size in half points, 0 for the style's own.
#[derive(Clone, Copy, Debug, Default)]
struct Letters {
    bold: bool,
    italic: bool,
    size: u32,
}

impl Letters {
    fn bold(size: u32) -> Self {
        Self { bold: true, italic: false, size }
    }

    fn with(self, bold: bool, italic: bool) -> Self {
        Self { bold: self.bold || bold, italic: self.italic || italic, ..self }
    }
}

/// Words as they stand, escaped.
fn plain(text: &str, letters: Letters) -> String {
    run(&quick_xml::escape::partial_escape(text), letters)
}

fn run(inner: &str, letters: Letters) -> String {
    let mut look = String::new();
    if letters.bold {
        look += "<w:b/>";
    }
    if letters.italic {
        look += "<w:i/>";
    }
    if letters.size > 0 {
        look += &format!("<w:sz w:val=\"{0}\"/><w:szCs w:val=\"{0}\"/>", letters.size);
    }
    let look = if look.is_empty() { look } else { format!("<w:rPr>{look}</w:rPr>") };
    format!("<w:r>{look}<w:t xml:space=\"preserve\">{inner}</w:t></w:r>")
}

/// A box that is ticked with a click in Word, and with a pen on paper.
fn tick_box(ticked: bool) -> String {
    let (value, sign) = if ticked { ("1", '☒') } else { ("0", '☐') };
    let font = "<w:rFonts w:ascii=\"MS Gothic\" w:hAnsi=\"MS Gothic\" w:eastAsia=\"MS Gothic\"/>";
    let states = "<w14:checkedState w14:val=\"2612\" w14:font=\"MS Gothic\"/><w14:uncheckedState w14:val=\"2610\" w14:font=\"MS Gothic\"/>";
    format!(
        "<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val=\"{value}\"/>{states}</w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:rPr>{font}<w:sz w:val=\"28\"/></w:rPr><w:t>{sign}</w:t></w:r></w:sdtContent></w:sdt>"
    )
}

fn table(style: &str, widths: &[u32]) -> String {
    let grid: String = widths.iter().map(|w| format!("<w:gridCol w:w=\"{w}\"/>")).collect();
    let whole: u32 = widths.iter().sum();
    format!(
        "<w:tbl><w:tblPr>{style}<w:tblW w:w=\"{whole}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )
}

fn cell_open(width: u32, more: &str) -> String {
    format!("<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{more}</w:tcPr>")
}

/// A line drawn below words, so far from both sides.
fn rule(indent: u32) -> String {
    let border = "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"000000\"/></w:pBdr>";
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Centre\"/>{border}<w:spacing w:before=\"30\"/><w:ind w:left=\"{indent}\" w:right=\"{indent}\"/><w:rPr><w:sz w:val=\"8\"/></w:rPr></w:pPr></w:p>"
    )
}

/// An empty line that stands on no page but its own.
const END: &str = "<w:p><w:pPr><w:rPr><w:sz w:val=\"8\"/></w:rPr></w:pPr></w:p>";

/// An empty line between tables, which Word would else make one.
fn blank(height: u32) -> String {
    format!("<w:p><w:pPr><w:keepNext/><w:spacing w:before=\"{height}\"/><w:rPr><w:sz w:val=\"8\"/></w:rPr></w:pPr></w:p>")
}
