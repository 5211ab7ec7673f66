//! The words that the model knows: their letters, a tree of them to search in, and how each is capitalised.

use super::alphabet;
use super::format::{Sections, SectionsWriter, U16s, U32s, u16_bytes, u32_bytes};
use super::ngram::{NAT, WordId, quantised};
use crate::error::Result;
use crate::text::letters::old_tone_placement;

/// A break between sentences.
pub const BREAK: WordId = 1;
/// A word that the model does not know.
pub const UNKNOWN: WordId = 2;
/// Any number.
pub const NUMBER: WordId = 3;
/// Any run of letters and digits.
pub const CODE: WordId = 4;
/// The first word that is written with letters; 0 stands for nothing.
pub const FIRST: WordId = 5;

/// How a word is capitalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Case {
    /// `phường`
    Small,
    /// `Phường`
    First,
    /// `PHƯỜNG`
    All,
}

impl Case {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Small, Self::First, Self::All];

    /// The case of a word as written; a single capital counts as `First`, and mixed capitals (`MTTQ` aside) as the nearest.
    pub fn of(word: &str) -> Self {
        let mut letters = word.chars().filter(|c| c.is_alphabetic());
        match (letters.next(), letters.clone().next()) {
            (Some(c), None) if c.is_uppercase() => Self::First,
            (Some(c), Some(_)) if c.is_uppercase() => {
                let capitals = letters.clone().filter(|c| c.is_uppercase()).count();
                if 2 * capitals >= letters.count() { Self::All } else { Self::First }
            }
            _ => Self::Small,
        }
    }

    /// `word` (in small letters) so capitalised.
    pub fn write(self, word: &str) -> String {
        match self {
            Self::Small => word.to_owned(),
            Self::All => word.to_uppercase(),
            Self::First => {
                let mut letters = word.chars();
                letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
            }
        }
    }
}

/// A place in the tree of words; the root is 0.
pub type Node = usize;

/// The words of a model, read in place.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'m> {
    starts: U32s<'m>,
    text: &'m [u8],
    cases: &'m [u8],
    letters: &'m [u8],
    children: U32s<'m>,
    words: U16s<'m>,
}

impl<'m> Vocabulary<'m> {
    /// The words among `sections`.
    ///
    /// # Errors
    /// When a section is missing.
    pub fn new(sections: &Sections<'m>) -> Result<Self> {
        Ok(Self {
            starts: U32s(sections.get("w.at")?),
            text: sections.get("w.text")?,
            cases: sections.get("w.case")?,
            letters: sections.get("t.letter")?,
            children: U32s(sections.get("t.child")?),
            words: U16s(sections.get("t.word")?),
        })
    }

    /// The word in small letters; empty for what is no written word.
    pub fn text(&self, word: WordId) -> &'m str {
        let i = usize::from(word);
        let bytes = self.text.get(self.starts.get(i) as usize..self.starts.get(i + 1) as usize).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// What it costs that `word` is written so in the middle of a sentence.
    pub fn case_cost(&self, word: WordId, case: Case) -> i32 {
        let at = 3 * usize::from(word) + case as usize;
        i32::from(self.cases.get(at).copied().unwrap_or(0)) * (NAT / 16)
    }

    /// The number of `word`, whatever its capitals and its placement of tones; [`UNKNOWN`] where it has none.
    pub fn id(&self, word: &str) -> WordId {
        let mut node = 0;
        for c in word.chars().flat_map(char::to_lowercase) {
            match alphabet::number(c).and_then(|n| self.child(node, n)) {
                Some(next) => node = next,
                None => return UNKNOWN,
            }
        }
        self.word_at(node).unwrap_or(UNKNOWN)
    }

    /// The branches of `node`, each with its letter.
    #[inline]
    pub fn branches(&self, node: Node) -> impl Iterator<Item = (u8, Node)> + use<'m> {
        let range = self.children.get(node) as usize..self.children.get(node + 1) as usize;
        let letters = self.letters;
        range.filter_map(move |i| letters.get(i).map(|&l| (l, i)))
    }

    /// The word that ends at `node`.
    #[inline]
    pub fn word_at(&self, node: Node) -> Option<WordId> {
        Some(self.words.get(node)).filter(|&w| w != 0)
    }

    fn child(&self, node: Node, letter: u8) -> Option<Node> {
        self.branches(node).find(|&(l, _)| l == letter).map(|(_, n)| n)
    }
}

/// The form under which a word is counted: small letters, tone where the old spelling puts it.
pub fn counted_form(word: &str) -> String {
    old_tone_placement(&word.to_lowercase())
}

/// Adds the words (numbered from [`FIRST`]; each with how often it was seen in small letters, with a capital, in capitals) to a model file.
pub fn write(words: &[(String, [u32; 3])], to: &mut SectionsWriter) {
    let (mut starts, mut text) = (vec![0u32; usize::from(FIRST) + 1], Vec::new());
    let mut cases = vec![0u8; 3 * usize::from(FIRST)];
    let mut tree = Tree::default();
    for (i, (word, seen)) in words.iter().enumerate() {
        text.extend(word.as_bytes());
        starts.push(text.len() as u32);
        let all = seen.iter().sum::<u32>() as f32 + 1.5;
        cases.extend(seen.iter().map(|&n| quantised(-((n as f32 + 0.5) / all).ln())));
        let id = i as WordId + FIRST;
        tree.insert(word, id);
        if let Some(other) = new_tone_placement(word) {
            tree.insert(&other, id);
        }
    }
    let (letters, children, ends) = tree.flat();
    to.add("w.at", u32_bytes(starts)).add("w.text", text).add("w.case", cases);
    to.add("t.letter", letters).add("t.child", u32_bytes(children)).add("t.word", u16_bytes(ends));
}

/// The other spelling of a syllable whose tone has two places.
fn new_tone_placement(word: &str) -> Option<String> {
    const OLD_NEW: [(&str, &str); 15] = [
        ("òa", "oà"),
        ("óa", "oá"),
        ("ỏa", "oả"),
        ("õa", "oã"),
        ("ọa", "oạ"),
        ("òe", "oè"),
        ("óe", "oé"),
        ("ỏe", "oẻ"),
        ("õe", "oẽ"),
        ("ọe", "oẹ"),
        ("ùy", "uỳ"),
        ("úy", "uý"),
        ("ủy", "uỷ"),
        ("ũy", "uỹ"),
        ("ụy", "uỵ"),
    ];
    OLD_NEW.iter().find_map(|(old, new)| word.strip_suffix(old).map(|stem| format!("{stem}{new}")))
}

#[derive(Debug)]
struct Tree {
    nodes: Vec<(std::collections::BTreeMap<u8, usize>, WordId)>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: vec![(Default::default(), 0)] }
    }
}

impl Tree {
    fn insert(&mut self, word: &str, id: WordId) {
        let Some(letters) = alphabet::spell(word) else { return };
        let mut node = 0;
        for letter in letters {
            let fresh = self.nodes.len();
            node = *self.nodes[node].0.entry(letter).or_insert(fresh);
            if node == fresh {
                self.nodes.push((Default::default(), 0));
            }
        }
        // The first to come is the more frequent.
        if self.nodes[node].1 == 0 {
            self.nodes[node].1 = id;
        }
    }

    /// Breadth first, so that the branches of a node lie together and the next node's follow.
    fn flat(&self) -> (Vec<u8>, Vec<u32>, Vec<u16>) {
        let mut order = vec![(0u8, 0usize)];
        let mut children = Vec::with_capacity(self.nodes.len() + 1);
        let mut at = 0;
        while at < order.len() {
            children.push(order.len() as u32);
            order.extend(self.nodes[order[at].1].0.iter().map(|(&l, &n)| (l, n)));
            at += 1;
        }
        children.push(order.len() as u32);
        (order.iter().map(|o| o.0).collect(), children, order.iter().map(|o| self.nodes[o.1].1).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_both_spellings_and_any_case() {
        let words = [("hòa".to_owned(), [5, 90, 5]), ("phường".to_owned(), [90, 5, 5]), ("ph".to_owned(), [1, 1, 1])];
        let mut writer = SectionsWriter::default();
        write(&words, &mut writer);
        let bytes = writer.finish();
        let vocabulary = Vocabulary::new(&Sections::new(&bytes).expect("whole")).expect("whole");
        assert_eq!(vocabulary.id("HOÀ"), FIRST);
        assert_eq!(vocabulary.id("hòa"), FIRST);
        assert_eq!(vocabulary.text(vocabulary.id("Phường")), "phường");
        assert_eq!(vocabulary.id("phươn"), UNKNOWN);
        assert!(vocabulary.case_cost(FIRST, Case::First) < vocabulary.case_cost(FIRST, Case::Small));
    }

    #[test]
    fn case_is_read_and_written() {
        for (word, case) in [("phường", Case::Small), ("Phường", Case::First), ("PHƯỜNG", Case::All), ("Ý", Case::First)] {
            assert_eq!(Case::of(word), case);
            assert_eq!(case.write(&word.to_lowercase()), word);
        }
    }
}
