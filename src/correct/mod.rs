//! What a person corrected, laid over every later run.
