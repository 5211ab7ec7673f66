//! `plan.xlsx`: tasks, days, quotas, annexes and a sheet to enter results in. One file per sheet; no cell from a document is a formula.

mod annex;
mod days;
mod progress;
mod quotas;
mod tasks;

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError};
use serde::Deserialize;

use super::Material;
use super::template::one_line;
use crate::error::{Error, Kind, Result};
use crate::rules::RuleBook;

/// No cell of a workbook holds more letters.
const LONGEST: usize = 32_000;
/// The height of a line, in points.
const LINE: f64 = 15.6;
/// No row is higher than what Excel bears.
const MOST_LINES: u32 = 25;

/// The words of the workbook: `rules/render/workbook.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    font: String,
    tasks: tasks::Settings,
    days: days::Settings,
    quotas: quotas::Settings,
    annex: annex::Settings,
    progress: progress::Settings,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    name: String,
    width: u32,
}

impl Settings {
    pub(super) fn new(rules: &RuleBook) -> Result<Self> {
        rules.load("render/workbook.yaml")
    }

    /// Where in the workbook people enter results and states.
    pub(super) fn places(&self) -> super::reports::Places<'_> {
        let ((tasks, task_id, state, states), (progress, id)) = (self.tasks.places(), self.progress.places());
        super::reports::Places { progress, id, tasks, task_id, state, states }
    }
}

/// The bytes of `plan.xlsx`.
pub(super) fn render(material: &Material<'_>, settings: &Settings) -> Result<Vec<u8>> {
    build(material, settings).map_err(|e| Error::new(Kind::BadRecord).detail(e.to_string()).because(e))
}

fn build(material: &Material<'_>, settings: &Settings) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let title = one_line(&material.view.head.name);
    let made = excel_date(material.options.today).unwrap_or_default();
    book.set_properties(&DocProperties::new().set_title(&title).set_author("plan-ingest").set_creation_datetime(&made));
    let look = Look::new(settings);
    let mut sheets = vec![
        tasks::sheet(material, &settings.tasks, &look, &title)?,
        days::sheet(material, &settings.days, &look, &title)?,
        quotas::sheet(material, &settings.quotas, &look, &title)?,
        progress::sheet(material, &settings.progress, &look, &title)?,
    ];
    for (nth, record) in material.report.annexes.iter().enumerate() {
        sheets.push(annex::sheet(nth + 1, record, &settings.annex, &look, &title)?);
    }
    for sheet in sheets {
        book.push_worksheet(sheet);
    }
    book.save_to_buffer()
}

/// The formats that all sheets share.
struct Look {
    head: Format,
    text: Format,
    centre: Format,
    number: Format,
    rate: Format,
    date: Format,
    day_head: Format,
    sum: Format,
    sum_rate: Format,
    entry: Format,
    title: Format,
    late: Format,
    soon: Format,
    done: Format,
}

impl Look {
    fn new(settings: &Settings) -> Self {
        let base = Format::new().set_font_name(&settings.font).set_font_size(12).set_border(FormatBorder::Thin).set_text_wrap();
        let base = base.set_border_color(Color::RGB(0x00A6_A6A6)).set_align(FormatAlign::Top);
        let head = base.clone().set_bold().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
        let head = head.set_background_color(Color::RGB(0x00DD_E8F3));
        let number = base.clone().set_num_format("#,##0.##;-#,##0.##").set_align(FormatAlign::Right);
        let rate = base.clone().set_num_format("0.0%").set_align(FormatAlign::Right);
        let grey = Color::RGB(0x00F2_F2F2);
        Self {
            day_head: head.clone().set_num_format("dd/mm"),
            centre: base.clone().set_align(FormatAlign::Center),
            date: base.clone().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Center),
            sum: number.clone().set_bold().set_background_color(grey),
            sum_rate: rate.clone().set_bold().set_background_color(grey),
            entry: number.clone().set_background_color(Color::RGB(0x00FF_FDE7)).set_unlocked(),
            title: Format::new().set_font_name(&settings.font).set_font_size(14).set_bold(),
            late: Format::new().set_background_color(Color::RGB(0x00F8_CBAD)).set_font_color(Color::RGB(0x009C_0006)),
            soon: Format::new().set_background_color(Color::RGB(0x00FF_E699)),
            done: Format::new().set_background_color(Color::RGB(0x00C6_E0B4)),
            head,
            text: base,
            number,
            rate,
        }
    }
}

/// A sheet being filled, row by row.
struct Sheet<'a> {
    sheet: Worksheet,
    look: &'a Look,
    /// Of each column, in letters.
    widths: Vec<u32>,
    /// How many lines the words of a row take at most.
    lines: BTreeMap<u32, u32>,
}

impl<'a> Sheet<'a> {
    /// A sheet that prints on A4 across, its heads in `row` on every page and frozen on the screen.
    fn new(name: &str, columns: &[Column], row: u32, look: &'a Look, title: &str) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_margins(0.6, 0.4, 0.6, 0.6, 0.3, 0.3);
        // `&` begins a code in a footer.
        sheet.set_footer(format!("&L&9{}&R&9&P/&N", title.replace('&', "&&").chars().take(150).collect::<String>()));
        sheet.set_freeze_panes(row + 1, 2)?.set_repeat_rows(0, row)?;
        let widths = columns.iter().map(|c| c.width).collect();
        let mut new = Self { sheet, look, widths, lines: BTreeMap::new() };
        for (nth, column) in (0u16..).zip(columns) {
            new.sheet.set_column_width(nth, f64::from(column.width))?;
            new.sheet.write_string_with_format(row, nth, &column.name, &look.head)?;
            new.reach(row, &column.name, column.width);
        }
        Ok(new)
    }

    /// Words, and nothing but words, whatever they begin with.
    fn text(&mut self, row: u32, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        let text: String = one_line(text).chars().take(LONGEST).collect();
        let harmless = if text.starts_with(['=', '+', '-', '@']) { &format.clone().set_quote_prefix() } else { format };
        let width = self.widths.get(usize::from(column)).copied().unwrap_or(10);
        // A letter of our font is narrower than the nought by which widths are counted.
        self.reach(row, &text, width + width / 5);
        if text.is_empty() {
            self.sheet.write_blank(row, column, format)?;
        } else {
            self.sheet.write_string_with_format(row, column, text, harmless)?;
        }
        Ok(())
    }

    /// Makes `row` high enough for `text` in a column of so many letters.
    fn reach(&mut self, row: u32, text: &str, width: u32) {
        let lines = u32::try_from(text.chars().count()).unwrap_or(u32::MAX).div_ceil(width.max(1)).min(MOST_LINES);
        let most = self.lines.entry(row).or_insert(1);
        *most = lines.max(*most);
    }

    fn words(&mut self, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
        self.text(row, column, text, &self.look.text)
    }

    fn list(&mut self, row: u32, column: u16, texts: &[String]) -> Result<(), XlsxError> {
        self.words(row, column, &texts.join("; "))
    }

    fn number(&mut self, row: u32, column: u16, number: f64, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write_number_with_format(row, column, number, format).map(|_| ())
    }

    fn date(&mut self, row: u32, column: u16, date: Option<Date>) -> Result<(), XlsxError> {
        match date.and_then(excel_date) {
            Some(d) => self.sheet.write_datetime_with_format(row, column, d, &self.look.date).map(|_| ()),
            None => self.sheet.write_blank(row, column, &self.look.date).map(|_| ()),
        }
    }

    /// The sheet with every row as high as its words: not every program sees to that itself.
    fn finish(mut self) -> Result<Worksheet, XlsxError> {
        for (row, lines) in &self.lines {
            self.sheet.set_row_height(*row, f64::from(*lines) * LINE + 4.0)?;
        }
        Ok(self.sheet)
    }

    /// A formula of our own, with the value that it has now.
    fn formula(&mut self, row: u32, column: u16, formula: &str, value: &str, format: &Format) -> Result<(), XlsxError> {
        self.sheet.write_formula_with_format(row, column, Formula::new(formula).set_result(value), format).map(|_| ())
    }
}

/// Excel knows no day before 1900.
fn excel_date(date: Date) -> Option<ExcelDateTime> {
    ExcelDateTime::from_ymd(u16::try_from(date.year()).ok()?, date.month().unsigned_abs(), date.day().unsigned_abs()).ok()
}

fn hour(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

pub(super) fn figure_number(figure: &crate::extract::Figure) -> Option<f64> {
    match figure {
        #[expect(clippy::cast_precision_loss, reason = "a workbook holds numbers of this kind alone")]
        crate::extract::Figure::Whole(n) => Some(*n as f64),
        crate::extract::Figure::Number(n) => Some(*n).filter(|n| n.is_finite()),
        crate::extract::Figure::Words(_) | crate::extract::Figure::Empty(()) => None,
    }
}

/// `(3, 4)` is `E4`, as formulas name cells.
fn cell(row: u32, column: u16) -> String {
    rust_xlsxwriter::utility::row_col_to_cell(row, column)
}
