//! Where each line of the finished page stands on its paper, so that it can be lit there.

use serde::{Deserialize, Serialize};

use super::{Layout, Leaf, furniture, lines};

/// The bands of a page's lines, in points from the top, at the left edge of the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in super::super) struct Bands {
    /// How far they fall per point to the right.
    pub slope: f64,
    /// Top and bottom of each line of the text.
    pub lines: Vec<(f64, f64)>,
}

/// The bands of every page: as many as [`pages`](super::pages) gives lines.
pub(in super::super) fn bands(leaves: &[Leaf], layout: &Layout) -> Vec<Bands> {
    let mut pages: Vec<_> = leaves.iter().map(|leaf| lines(leaf, layout)).collect();
    furniture::set_aside(&mut pages, leaves, layout);
    let band =
        |(lines, leaf): (Vec<super::Line>, &Leaf)| Bands { slope: leaf.slope, lines: lines.iter().map(|l| (l.top, l.bottom)).collect() };
    pages.into_iter().zip(leaves).map(band).collect()
}
