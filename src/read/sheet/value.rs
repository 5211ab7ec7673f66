//! The value of a cell as a person sees it in a Vietnamese office: decimal comma, day before month.

use calamine::{Data, ExcelDateTime};

/// What a cell says; empty for a blank one.
pub(super) fn text(value: &Data) -> String {
    match value {
        Data::Int(n) => n.to_string(),
        Data::Float(n) => number(*n),
        Data::String(s) => s.clone(),
        Data::Bool(b) => b.to_string().to_uppercase(),
        Data::DateTime(at) => date(at),
        Data::DateTimeIso(s) => iso(s),
        Data::DurationIso(s) => s.clone(),
        Data::Error(e) => e.to_string(),
        Data::Empty => String::new(),
    }
}

/// A number without the noise of binary fractions.
pub(super) fn number(n: f64) -> String {
    if !n.is_finite() {
        return String::new();
    }
    if n.fract() == 0.0 && n.abs() < 1e15 {
        return format!("{n:.0}");
    }
    let digits = format!("{n:.9}");
    digits.trim_end_matches('0').trim_end_matches('.').replace('.', ",")
}

/// The number that a cell's words stand for, however it was typed.
pub(super) fn as_number(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() || text.len() > 30 || !text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return None;
    }
    let (whole, fraction) = text.split_once(',').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let mut groups = whole.split('.');
    let head = groups.next()?;
    let mut digits = head.to_owned();
    for group in groups {
        // A point parts thousands.
        if group.len() != 3 {
            return None;
        }
        digits.push_str(group);
    }
    if let Some(fraction) = fraction {
        digits.push('.');
        digits.push_str(fraction);
    }
    digits.parse().ok().filter(|n: &f64| n.is_finite())
}

fn date(at: &ExcelDateTime) -> String {
    if at.is_duration() || !at.as_f64().is_finite() || !(0.0..3_000_000.0).contains(&at.as_f64()) {
        return number(at.as_f64());
    }
    let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
    let clock = format!("{hour:02}:{minute:02}");
    if at.as_f64() < 1.0 {
        return clock;
    }
    let date = format!("{day:02}/{month:02}/{year}");
    if hour == 0 && minute == 0 { date } else { format!("{clock} {date}") }
}

/// `2025-06-30T00:00:00` as `30/06/2025`.
fn iso(text: &str) -> String {
    let (date, clock) = text.split_once('T').unwrap_or((text, ""));
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return text.to_owned() };
    let date = format!("{day}/{month}/{year}");
    match clock.get(..5) {
        Some(hour) if hour != "00:00" => format!("{hour} {date}"),
        _ => date,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_and_read_as_an_office_does() {
        assert_eq!([number(5.0), number(0.1 + 0.2), number(1234.5)], ["5", "0,3", "1234,5"]);
        assert_eq!(["8", "1.250", "1.250,5", "-3"].map(as_number), [Some(8.0), Some(1250.0), Some(1250.5), Some(-3.0)]);
        assert_eq!(["", "12 người", "24/4", "1.25"].map(as_number), [None; 4]);
        assert_eq!([iso("2025-06-30"), iso("2025-06-30T15:00:00")], ["30/06/2025", "15:00 30/06/2025"]);
    }
}
