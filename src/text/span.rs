//! Two kinds of span that the compiler keeps apart: bytes of the text as read, and bytes of the text as repaired.

use std::ops::Range;

macro_rules! span {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name {
            /// First byte.
            pub start: usize,
            /// One past the last byte.
            pub end: usize,
        }

        impl $name {
            /// The span of the bytes `start..end`; `start` must not lie after `end`.
            pub fn new(start: usize, end: usize) -> Self {
                debug_assert!(start <= end, "a span ends before it starts: {start}..{end}");
                Self { start, end }
            }

            /// Number of bytes.
            pub fn len(self) -> usize {
                self.end - self.start
            }

            /// True when the span holds no byte.
            pub fn is_empty(self) -> bool {
                self.start == self.end
            }

            /// The span as a range, for slicing.
            pub fn range(self) -> Range<usize> {
                self.start..self.end
            }

            /// True when every byte of `other` lies in `self`.
            pub fn holds(self, other: Self) -> bool {
                self.start <= other.start && other.end <= self.end
            }

            /// True when the two share a byte.
            pub fn meets(self, other: Self) -> bool {
                self.start < other.end && other.start < self.end
            }

            /// The smallest span that holds both.
            pub fn join(self, other: Self) -> Self {
                Self { start: self.start.min(other.start), end: self.end.max(other.end) }
            }
        }

        impl From<Range<usize>> for $name {
            fn from(range: Range<usize>) -> Self {
                Self::new(range.start, range.end)
            }
        }
    };
}

span! {
    /// Bytes of the text as it was read ([`Source::text`](super::Source::text)).
    RawSpan
}
span! {
    /// Bytes of the repaired text; every room after `repair` knows only these.
    Span
}
