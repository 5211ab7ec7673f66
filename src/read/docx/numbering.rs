//! The numbers and bullets that Word writes before paragraphs and does not keep in their text.

use std::collections::{BTreeMap, HashMap};

use super::super::xml::Node;

/// One level of a list: how it counts and what its label looks like (`%1.%2`).
#[derive(Clone, Debug, Default)]
struct Level {
    format: String,
    label: String,
    start: u32,
}

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    lists: HashMap<String, BTreeMap<usize, Level>>,
    /// Paragraph styles that are items of a list: style to list and level.
    styles: HashMap<String, (String, usize)>,
    counts: HashMap<String, BTreeMap<usize, u32>>,
}

impl Numbering {
    /// From the parts `numbering.xml` and `styles.xml`, where the file has them.
    pub fn new(numbering: Option<&Node>, styles: Option<&Node>) -> Self {
        let mut found = Self::default();
        if let Some(root) = numbering.and_then(|n| n.child("numbering")) {
            let named = |kind: &str, id: &str| -> HashMap<String, &Node> {
                root.children.iter().filter(|c| c.name == kind).filter_map(|c| Some((c.attribute(id)?.to_owned(), c))).collect()
            };
            let shapes = named("abstractNum", "abstractNumId");
            for (id, list) in named("num", "numId") {
                let mut levels = list.value("abstractNumId").and_then(|a| shapes.get(a)).map(|s| levels(s)).unwrap_or_default();
                for over in list.children.iter().filter(|c| c.name == "lvlOverride") {
                    let at = over.attribute("ilvl").and_then(|l| l.parse().ok()).unwrap_or(0);
                    if let (Some(level), Some(start)) = (levels.get_mut(&at), over.value("startOverride").and_then(|s| s.parse().ok())) {
                        level.start = start;
                    }
                }
                found.lists.insert(id, levels);
            }
        }
        for style in styles.and_then(|s| s.child("styles")).into_iter().flat_map(|s| &s.children).filter(|c| c.name == "style") {
            if let (Some(id), Some((list, level))) = (style.attribute("styleId"), style.at(&["pPr", "numPr"]).and_then(item)) {
                found.styles.insert(id.to_owned(), (list, level));
            }
        }
        found
    }

    /// The label of a paragraph, counted on; empty where it has none.
    pub fn label(&mut self, properties: Option<&Node>) -> String {
        let direct = properties.and_then(|p| p.child("numPr")).and_then(item);
        let styled = || properties.and_then(|p| p.value("pStyle")).and_then(|s| self.styles.get(s)).cloned();
        let Some((list, at)) = direct.or_else(styled) else { return String::new() };
        let Some(levels) = self.lists.get(&list) else { return String::new() };
        let Some(level) = levels.get(&at) else { return String::new() };
        let counts = self.counts.entry(list).or_default();
        counts.retain(|deeper, _| *deeper <= at);
        *counts.entry(at).or_insert(level.start.saturating_sub(1)) += 1;
        if level.format == "bullet" {
            return bullet(&level.label);
        }
        let mut label = level.label.clone();
        for (depth, level) in levels.iter().take(9) {
            let count = counts.get(depth).copied().unwrap_or(level.start);
            label = label.replace(&format!("%{}", depth + 1), &number(count, &level.format));
        }
        label
    }
}

fn item(properties: &Node) -> Option<(String, usize)> {
    let list = properties.value("numId").filter(|id| *id != "0")?;
    Some((list.to_owned(), properties.value("ilvl").and_then(|l| l.parse().ok()).unwrap_or(0)))
}

fn levels(shape: &Node) -> BTreeMap<usize, Level> {
    let of = |node: &Node| {
        let text = |name: &str| node.value(name).unwrap_or_default().to_owned();
        let start = node.value("start").and_then(|s| s.parse().ok()).unwrap_or(1);
        Some((node.attribute("ilvl")?.parse().ok()?, Level { format: text("numFmt"), label: text("lvlText"), start }))
    };
    shape.children.iter().filter(|c| c.name == "lvl").filter_map(of).collect()
}

/// Bullets of symbol fonts are private letters; a dash stands for those.
fn bullet(label: &str) -> String {
    match label.chars().next() {
        Some('\u{e000}'..='\u{f8ff}') | None => "-".to_owned(),
        Some(_) => label.to_owned(),
    }
}

fn number(count: u32, format: &str) -> String {
    match format {
        "upperRoman" => roman(count),
        "lowerRoman" => roman(count).to_lowercase(),
        "lowerLetter" => letter(count),
        "upperLetter" => letter(count).to_uppercase(),
        "decimalZero" => format!("{count:02}"),
        "none" => String::new(),
        _ => count.to_string(),
    }
}

fn letter(count: u32) -> String {
    let index = count.saturating_sub(1) % 26;
    char::from(b'a' + index as u8).to_string().repeat((count.saturating_sub(1) / 26 + 1).min(5) as usize)
}

fn roman(count: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut rest = count.min(3999);
    let mut roman = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            roman.push_str(sign);
            rest -= value;
        }
    }
    roman
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_word_shows_them() {
        let shown =
            [number(4, "upperRoman"), number(9, "lowerRoman"), number(3, "lowerLetter"), number(27, "upperLetter"), number(7, "decimal")];
        assert_eq!(shown, ["IV", "ix", "c", "AA", "7"]);
    }
}
