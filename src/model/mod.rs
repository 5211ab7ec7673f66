//! The language model and the OCR channel: format, scoring, training.
