//! What is known of Vietnamese words and of how an OCR damages them: the language model, the channels, their file, and their training.

pub mod adapt;
pub mod alphabet;
pub mod channel;
pub mod format;
pub mod judge;
pub mod names;
pub mod ngram;
pub mod score;
pub mod train;
pub mod unit;
pub mod vocabulary;

use crate::error::Result;
use channel::Channel;
use format::Sections;
use names::Names;
use ngram::Ngrams;
use vocabulary::Vocabulary;

static EMBEDDED: &[u8] = include_bytes!("../../rules/model/plan-ingest.model");

/// A model, read where its bytes lie.
#[derive(Clone, Debug)]
pub struct Model<'m> {
    /// The words.
    pub vocabulary: Vocabulary<'m>,
    /// What follows what.
    pub ngrams: Ngrams<'m>,
    /// Names of administrative units.
    pub names: Names<'m>,
    /// How an English OCR damages Vietnamese.
    pub foreign: Channel<'m>,
    /// How a Vietnamese OCR slips.
    pub vietnamese: Channel<'m>,
    /// How marks are lost.
    pub stripped: Channel<'m>,
}

impl Model<'static> {
    /// The model that the program carries.
    ///
    /// # Errors
    /// When the program was built with a file that is not a model.
    pub fn embedded() -> Result<Self> {
        Self::new(EMBEDDED)
    }
}

impl<'m> Model<'m> {
    /// The model whose file is `bytes`.
    ///
    /// # Errors
    /// When `bytes` is not a whole model.
    pub fn new(bytes: &'m [u8]) -> Result<Self> {
        let sections = Sections::new(bytes)?;
        Ok(Self {
            vocabulary: Vocabulary::new(&sections)?,
            ngrams: Ngrams::new(&sections)?,
            names: Names::new(sections.get("names").unwrap_or_default()),
            foreign: Channel::new(sections.get("c.eng")?)?,
            vietnamese: Channel::new(sections.get("c.vie")?)?,
            stripped: channel::stripped()?,
        })
    }
}

/// What a model file holds, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Bytes of the whole file.
    pub bytes: usize,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// N-grams of one, two, three, four words.
    pub ngrams: [usize; ngram::ORDER],
    /// Name and bytes of every section.
    pub sections: Vec<(String, usize)>,
}

/// What the model in `bytes` (the embedded one without) holds.
///
/// # Errors
/// When `bytes` is not a whole model.
pub fn info(bytes: Option<&[u8]>) -> Result<Info> {
    use sha2::Digest;
    let bytes = bytes.unwrap_or(EMBEDDED);
    let model = Model::new(bytes)?;
    let sha256 = sha2::Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
    Ok(Info { bytes: bytes.len(), sha256, ngrams: model.ngrams.sizes(), sections: Sections::new(bytes)?.list() })
}
