//! A small tree of XML, for the parts of an office file: local names, attributes, text; no deeper than a person writes.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::failure::{Failure, Limit};
use super::limits::Limits;

/// An element, or a piece of text (whose name is empty).
#[derive(Debug, Default)]
pub(super) struct Node {
    pub name: String,
    attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
    pub text: String,
}

impl Node {
    /// The tree of `xml` under a root without a name, no deeper than `deepest`.
    pub fn parse(xml: &str, deepest: usize) -> Result<Self, Failure> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().check_end_names = false;
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().map_err(Failure::damaged)? {
                Event::Start(start) => {
                    Limits::hold(Limit::Nesting, open.len(), deepest)?;
                    open.push(Self::of(&start));
                }
                Event::Empty(start) => last(&mut open).children.push(Self::of(&start)),
                Event::End(_) if open.len() > 1 => close(&mut open),
                Event::Text(text) => last(&mut open).push_text(&text.xml10_content()),
                Event::CData(text) => last(&mut open).push_text(&text.xml10_content()),
                Event::GeneralRef(entity) => {
                    let known = match &*entity.xml10_content() {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        // An entity of the file's own may grow without end; none is resolved.
                        _ => entity.resolve_char_ref().ok().flatten(),
                    };
                    last(&mut open).push_text(known.map(String::from).as_deref().unwrap_or_default());
                }
                Event::Eof => break,
                _ => {}
            }
        }
        while open.len() > 1 {
            close(&mut open);
        }
        Ok(open.pop().unwrap_or_default())
    }

    fn of(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().flatten().filter_map(|a| {
            let value = a.normalized_value(XmlVersion::Implicit1_0).ok()?;
            Some((a.key.local_name().as_ref().to_owned(), value.into_owned()))
        });
        Self { name: start.local_name().as_ref().to_owned(), attributes: attributes.collect(), ..Self::default() }
    }

    fn push_text(&mut self, text: &str) {
        match self.children.last_mut().filter(|c| c.name.is_empty()) {
            Some(piece) => piece.text.push_str(text),
            None => self.children.push(Self { text: text.to_owned(), ..Self::default() }),
        }
    }

    /// The value of an attribute, by its local name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The first child of this name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|c| c.name == name)
    }

    /// The child at the end of a path of names.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, name| node.child(name))
    }

    /// `w:val` of the child of this name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.child(name)?.attribute("val")
    }

    /// All elements of this name, however deep but not within each other, in order.
    pub fn all<'a>(&'a self, name: &str, found: &mut Vec<&'a Self>) {
        for child in &self.children {
            if child.name == name {
                found.push(child);
            } else {
                child.all(name, found);
            }
        }
    }
}

/// The root is never closed, so there is always one.
fn last(open: &mut [Node]) -> &mut Node {
    let end = open.len() - 1;
    &mut open[end]
}

fn close(open: &mut Vec<Node>) {
    if let Some(node) = open.pop() {
        last(open).children.push(node);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_letters_and_bombs_are_nothing() {
        let tree = Node::parse("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'boom'>]><w:a w:val='1&amp;2'>a &lt;&#233;&x;<b/></w:a>", 9)
            .expect("sound");
        let a = tree.child("a").expect("the root");
        assert_eq!((a.attribute("val"), a.children[0].text.as_str()), (Some("1&2"), "a <é"));
        assert!(Node::parse(&"<a>".repeat(100_000), 120).is_err());
    }
}
