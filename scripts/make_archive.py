#!/usr/bin/env python3
"""Makes an archive of N bundles for measuring: the invented plan (and, where the data folder stands beside the checkout, the plans in
it), each time read by another bad scanner. `make_archive.py N DIR [--small] [--poison]`; the same N is always the same archive.

--small keeps only the first 40 lines of each plan; --poison puts a damaged PDF in the middle."""

import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOOKS = {"o": "0", "ô": "6", "l": "1", "đ": "d", "ế": "é", "ạ": "a", "ộ": "6", "ư": "u", "ơ": "o", "ă": "a", "ấ": "a", "ề": "é", "ụ": "u", "ị": "i"}


def noised(text, share, draw):
    """Letters that a scanner takes for others; digits stay, so that what can be checked can be checked."""
    return "".join(LOOKS[c] if c in LOOKS and draw.random() < share else c for c in text)


def main():
    count, out = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    fixture = ROOT / "fixtures/plans/phan-loai-rac"
    texts = [(fixture / "truth.txt").read_text("utf-8"), (fixture / "input/plan.txt").read_text("utf-8")]
    texts += [p.read_text("utf-8") for p in sorted((ROOT.parent / "shared/plans").glob("*.txt"))]
    draw = random.Random(77)
    for nth in range(count):
        text = texts[nth % len(texts)]
        if "--small" in sys.argv:
            text = "\n".join(text.splitlines()[:40])
        folder = out / str(2020 + nth % 6) / f"{nth // 100:03}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"ke hoach {nth}.txt").write_text(noised(text, draw.choice([0.0, 0.05, 0.2]), draw), "utf-8")
    if "--poison" in sys.argv:
        (out / "2022" / "hong.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Length 99999999 >>\nstream\n\x00\xff" + bytes(range(256)) * 8)


main()
