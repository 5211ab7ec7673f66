"""Accuracy (syllable error rate) and speed of plan-ingest and of open restorers, side by side."""
import re
import subprocess
import sys
import time
import unicodedata

from rapidfuzz.distance import Levenshtein


def syllables(text):
    return re.findall(r"\w+", unicodedata.normalize("NFC", text))


def rate(truth, text):
    pairs = list(zip(truth.split("\n"), text.split("\n")))
    if len(truth.split("\n")) != len(text.split("\n")):
        pairs = [(truth, text)]
    wrong = sum(Levenshtein.distance(syllables(a), syllables(b)) for a, b in pairs)
    return wrong / max(1, sum(len(syllables(a)) for a, _ in pairs))


def as_read(text):
    return text


def ours(here):
    def repair(text):
        program = f"{here}/target/release/plan-ingest"
        done = subprocess.run([program, "repair", "-"], input=text, capture_output=True, text=True, check=True)
        return done.stdout
    return repair


def folded(text):
    """Peers restore marks: what the OCR wrote as marks or signs is taken away first, which helps them."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D")


def by_line(restore):
    """A line on which a peer raises stays as it was read."""
    def line(read):
        try:
            return restore(folded(read))
        except (KeyError, IndexError, ValueError):
            return read
    return lambda text: "\n".join(line(read) for read in text.split("\n"))


def pyvi():
    from pyvi import ViUtils
    return by_line(ViUtils.add_accents)


def nom():
    from nom.text import fix_diacritics
    return by_line(fix_diacritics)


def main():
    here, read, truth = sys.argv[1:4]
    read, truth = open(read, encoding="utf8").read(), open(truth, encoding="utf8").read()
    rows = [("as read", lambda: as_read), ("plan-ingest", lambda: ours(here)), ("pyvi", pyvi), ("nom-vn", nom)]
    print(f"{'':14}{'SER':>8}{'seconds':>10}{'syllables/s':>14}")
    for name, make in rows:
        try:
            repair = make()
            start = time.perf_counter()
            text = repair(read)
        except (ImportError, OSError, subprocess.CalledProcessError) as error:
            print(f"{name:14}  not here: {error}")
            continue
        took = time.perf_counter() - start
        print(f"{name:14}{rate(truth, text):8.4f}{took:10.2f}{len(syllables(read)) / max(took, 1e-6):14.0f}")


main()
