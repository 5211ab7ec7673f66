//! The file of a model: named sections of little-endian numbers, read where they lie.

use crate::error::{Error, Kind, Result};

const MAGIC: &[u8; 8] = b"PI-MODEL";
const NAME: usize = 8;
const ENTRY: usize = NAME + 8;

/// The sections of a model file, by name.
#[derive(Clone, Copy, Debug)]
pub struct Sections<'m> {
    bytes: &'m [u8],
    count: usize,
}

impl<'m> Sections<'m> {
    /// The sections of `bytes`.
    ///
    /// # Errors
    /// When `bytes` is not a whole model file.
    pub fn new(bytes: &'m [u8]) -> Result<Self> {
        let bad = |why: &str| Error::new(Kind::BadModel).detail(why);
        if bytes.get(..8) != Some(MAGIC) {
            return Err(bad("not a model file"));
        }
        let count = U32s(bytes.get(8..12).unwrap_or_default()).get(0) as usize;
        let sections = Self { bytes, count };
        let whole = bytes.len() >= 12 + count.saturating_mul(ENTRY) && (0..count).all(|i| sections.body(i).is_some());
        if whole { Ok(sections) } else { Err(bad("the model file is cut short")) }
    }

    /// The bytes of the section `name`.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, name: &str) -> Result<&'m [u8]> {
        (0..self.count)
            .find(|&i| self.name(i) == name.as_bytes())
            .and_then(|i| self.body(i))
            .ok_or_else(|| Error::new(Kind::BadModel).detail(format!("the model has no section `{name}`")))
    }

    /// Name and length of every section.
    pub fn list(&self) -> Vec<(String, usize)> {
        (0..self.count).map(|i| (String::from_utf8_lossy(self.name(i)).into_owned(), self.body(i).map_or(0, <[u8]>::len))).collect()
    }

    fn entry(&self, i: usize) -> &'m [u8] {
        self.bytes.get(12 + i * ENTRY..12 + (i + 1) * ENTRY).unwrap_or_default()
    }

    fn name(&self, i: usize) -> &'m [u8] {
        let name = self.entry(i).get(..NAME).unwrap_or_default();
        let end = name.iter().position(|&b| b == 0).unwrap_or(name.len());
        &name[..end]
    }

    fn body(&self, i: usize) -> Option<&'m [u8]> {
        let place = U32s(self.entry(i).get(NAME..)?);
        let start = place.get(0) as usize;
        self.bytes.get(start..start.checked_add(place.get(1) as usize)?)
    }
}

/// Puts a model file together.
#[derive(Debug, Default)]
pub struct SectionsWriter {
    sections: Vec<(String, Vec<u8>)>,
}

impl SectionsWriter {
    /// Adds a section; its name has at most eight bytes.
    pub fn add(&mut self, name: &str, body: Vec<u8>) -> &mut Self {
        debug_assert!(name.len() <= NAME, "a section's name is short: {name}");
        self.sections.push((name.to_owned(), body));
        self
    }

    /// The file.
    pub fn finish(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend((self.sections.len() as u32).to_le_bytes());
        let mut at = 12 + self.sections.len() * ENTRY;
        for (name, body) in &self.sections {
            let mut field = [0u8; NAME];
            field[..name.len()].copy_from_slice(name.as_bytes());
            out.extend(field);
            out.extend((at as u32).to_le_bytes());
            out.extend((body.len() as u32).to_le_bytes());
            at += body.len();
        }
        for (_, body) in &self.sections {
            out.extend(body);
        }
        out
    }
}

/// Two-byte numbers read in place; beyond the end all are 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct U16s<'m>(pub &'m [u8]);

impl U16s<'_> {
    /// The `i`-th number.
    #[inline]
    pub fn get(self, i: usize) -> u16 {
        match self.0.get(2 * i..2 * i + 2) {
            Some(b) => u16::from_le_bytes([b[0], b[1]]),
            None => 0,
        }
    }
}

/// Four-byte numbers read in place; beyond the end all are 0.
#[derive(Clone, Copy, Debug, Default)]
pub struct U32s<'m>(pub &'m [u8]);

impl U32s<'_> {
    /// The `i`-th number.
    #[inline]
    pub fn get(self, i: usize) -> u32 {
        match self.0.get(4 * i..4 * i + 4) {
            Some(b) => u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            None => 0,
        }
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.0.len() / 4
    }
}

/// Numbers as little-endian bytes.
pub fn u16_bytes(numbers: impl IntoIterator<Item = u16>) -> Vec<u8> {
    numbers.into_iter().flat_map(u16::to_le_bytes).collect()
}

/// Numbers as little-endian bytes.
pub fn u32_bytes(numbers: impl IntoIterator<Item = u32>) -> Vec<u8> {
    numbers.into_iter().flat_map(u32::to_le_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_come_back_and_a_cut_file_is_refused() {
        let mut writer = SectionsWriter::default();
        writer.add("one", u16_bytes([1, 2, 3])).add("two", u32_bytes([70_000]));
        let bytes = writer.finish();
        let sections = Sections::new(&bytes).expect("whole");
        assert_eq!(U16s(sections.get("one").expect("there")).get(2), 3);
        assert_eq!(U32s(sections.get("two").expect("there")).get(0), 70_000);
        assert_eq!(U32s(sections.get("two").expect("there")).get(9), 0);
        assert!(sections.get("three").is_err());
        for end in 0..bytes.len() {
            assert!(Sections::new(&bytes[..end]).is_err(), "{end}");
        }
    }
}
