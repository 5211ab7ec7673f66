//! The fonts of the years before Unicode (`.VnTime`, `VNI-Times`): what a run in such a font means, capitals among them.

use std::collections::BTreeMap;

use super::super::legacy::Legacy;
use super::super::xml::Node;

/// Turns the runs of `parts` that stand in such fonts into Unicode, where all of them together make sense that way; says which encoding
/// it was. A font alone proves nothing: many a text of today keeps the font of its forebear.
pub(super) fn unicode<'n>(parts: impl Iterator<Item = &'n mut Node>, styles: Option<&Node>, legacy: &Legacy) -> Vec<(String, String)> {
    let mut parts: Vec<&mut Node> = parts.collect();
    let fonts = Fonts::of(styles);
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    for part in &parts {
        fonts.gather(part, &fonts.default, legacy, &mut texts);
    }
    texts.retain(|name, text| legacy.fits(name, text));
    for part in parts.iter_mut().filter(|_| !texts.is_empty()) {
        fonts.turn(part, &fonts.default, legacy, &texts);
    }
    texts.into_keys().map(|name| ("decoded".to_owned(), name.to_owned())).collect()
}

/// The font of each style, and of what has none.
struct Fonts {
    default: String,
    styles: BTreeMap<String, String>,
}

impl Fonts {
    fn of(styles: Option<&Node>) -> Self {
        let root = styles.and_then(|s| s.child("styles"));
        let named = root.into_iter().flat_map(|r| &r.children).filter(|c| c.name == "style");
        let all = named.filter_map(|s| Some((s.attribute("styleId")?.to_owned(), s.child("rPr").and_then(font)?))).collect();
        let default = root.and_then(|r| r.at(&["docDefaults", "rPrDefault", "rPr"])).and_then(font);
        let normal = || root?.children.iter().find(|c| c.attribute("default") == Some("1") && c.attribute("type") == Some("paragraph"));
        let default = normal().and_then(|n| n.child("rPr")).and_then(font).or(default).unwrap_or_default();
        Self { default, styles: all }
    }

    /// The font of `node`, whose parent has the font `above`.
    fn at(&self, node: &Node, above: &str) -> String {
        let (properties, style) = if node.name == "p" { ("pPr", "pStyle") } else { ("rPr", "rStyle") };
        let properties = node.child(properties);
        let own = properties.filter(|_| node.name == "r").and_then(font);
        let styled = || properties.and_then(|p| p.value(style)).and_then(|s| self.styles.get(s)).cloned();
        own.or_else(styled).unwrap_or_else(|| above.to_owned())
    }

    fn gather<'l>(&self, node: &Node, above: &str, legacy: &'l Legacy, texts: &mut BTreeMap<&'l str, String>) {
        let font = self.at(node, above);
        for child in &node.children {
            match legacy.font(&font).filter(|_| node.name == "t" && child.name.is_empty()) {
                Some((name, _)) => texts.entry(name).or_default().push_str(&child.text),
                None => self.gather(child, &font, legacy, texts),
            }
        }
        if node.name == "p" {
            texts.values_mut().for_each(|text| text.push('\n'));
        }
    }

    fn turn(&self, node: &mut Node, above: &str, legacy: &Legacy, texts: &BTreeMap<&str, String>) {
        let font = self.at(node, above);
        let meant = legacy.font(&font).filter(|(name, _)| node.name == "t" && texts.contains_key(name));
        for child in &mut node.children {
            match meant.filter(|_| child.name.is_empty()) {
                Some((name, capital)) => {
                    if let Some(text) = legacy.decode(name, &child.text) {
                        child.text = if capital { text.to_uppercase() } else { text };
                    }
                }
                None => self.turn(child, &font, legacy, texts),
            }
        }
    }
}

/// The font that properties set for Latin letters.
fn font(properties: &Node) -> Option<String> {
    let fonts = properties.child("rFonts")?;
    fonts.attribute("ascii").or_else(|| fonts.attribute("hAnsi")).map(str::to_owned)
}
