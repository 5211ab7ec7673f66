//! Names of administrative units: which two words stand side by side in one, and in which provinces such a unit lies.

use std::collections::BTreeSet;

use super::ngram::WordId;

/// First word, second word, province: five bytes, the highest first, so that rows compare as bytes do.
const ROW: usize = 5;

/// Two words of a name, and the number of a province.
pub type Row = (WordId, WordId, u8);

/// The table, read in place; a model without one knows no names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'m>(&'m [u8]);

impl<'m> Names<'m> {
    /// The table whose rows are `bytes`.
    pub fn new(bytes: &'m [u8]) -> Self {
        Self(bytes)
    }

    /// Every row, in order.
    pub fn rows(self) -> impl Iterator<Item = Row> + 'm {
        self.0.chunks_exact(ROW).map(|r| (WordId::from_be_bytes([r[0], r[1]]), WordId::from_be_bytes([r[2], r[3]]), r[4]))
    }

    /// The provinces with a unit in whose name `second` follows `first`.
    pub fn provinces(self, first: WordId, second: WordId) -> impl Iterator<Item = u8> + 'm {
        let wanted = [first.to_be_bytes(), second.to_be_bytes()].concat();
        let (mut from, mut to) = (0, self.0.len() / ROW);
        while from < to {
            let middle = (from + to) / 2;
            if self.0[ROW * middle..ROW * middle + 4] < wanted[..] {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        let rows = self.0[ROW * from..].chunks_exact(ROW);
        rows.take_while(move |r| r[..4] == wanted[..]).map(|r| r[4])
    }
}

/// The table of `rows` as bytes.
pub fn write(rows: &BTreeSet<Row>) -> Vec<u8> {
    let bytes = |&(first, second, province): &Row| [first.to_be_bytes().as_slice(), &second.to_be_bytes(), &[province]].concat();
    rows.iter().flat_map(bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_with_its_provinces() {
        let rows = BTreeSet::from([(5, 900, 3), (5, 900, 1), (5, 901, 2), (700, 2, 9)]);
        let bytes = write(&rows);
        let names = Names::new(&bytes);
        assert!(names.rows().eq(rows.iter().copied()));
        assert_eq!(names.provinces(5, 900).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(names.provinces(700, 2).collect::<Vec<_>>(), [9]);
        assert_eq!(names.provinces(5, 2).count() + names.provinces(701, 1).count() + Names::default().provinces(1, 1).count(), 0);
    }
}
