//! Words, proper names, administrative units, abbreviations and what they stand for.
