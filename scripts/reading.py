"""Prints the table of docs/accuracy.md: wrong syllables in 100 and seconds a page, for every reading of the real plans.

Documents are scored whole, tables included, and again with the errors that fall into tables left aside: the truth has its tables line by
line as they stand on paper, or flattened, and no reading of them can be laid beside it syllable by syllable.
"""
import re
import resource
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

from rapidfuzz.distance import Levenshtein

PROGRAM, DATA = sys.argv[1], Path(sys.argv[2])
NEWER = ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"]
OLDER = ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"]


def syllables(text):
    """Words of letters and digits, the two places of a tone as one."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", text))
    for i, word in enumerate(words):
        for old, new in zip(OLDER, NEWER):
            if word.lower().endswith(old):
                words[i] = word[:-2] + (new.upper() if word.isupper() else new)
    return words


def truth(path, born_digital):
    """Its syllables, and for each whether it stands in a table."""
    words, inside, table = [], [], False
    lines = path.read_text("utf-8").replace("\f", "\n").split("\n")
    for i, line in enumerate(lines):
        # A table of the printed plan begins with its head, some lines above STT, and ends with its sums.
        table = table or (born_digital and any(l.split()[:1] == ["STT"] for l in lines[i:i + 9]))
        found = syllables(line.replace("*", ""))
        words += found
        inside += [table or " | " in line] * len(found)
        table = table and "Tổng cộng" not in line
    return words, inside


def rates(words, inside, text):
    """Errors in the whole text, and in what is no table."""
    read = syllables(text)
    body = 0
    edits = Levenshtein.editops(words, read)
    for edit in edits:
        at = min(edit.src_pos, len(words) - 1)
        body += not (inside[at] and (edit.tag != "insert" or at == 0 or inside[at - 1]))
    return len(edits) / len(words), body / inside.count(False)


def run(*args):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = subprocess.run([PROGRAM, *map(str, args), "--quiet"], capture_output=True, text=True, check=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return text, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pages(pdf):
    told = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    return int(re.search(r"Pages:\s+(\d+)", told)[1])


def row(name, how, words, inside, file, count, *args):
    text, seconds = run("repair", file, *args)
    whole, body = rates(words, inside, text)
    print(f"| {name} | {how} | {100 * body:.2f} | {100 * whole:.2f} | {seconds / count:.2f} |", flush=True)


def scan(name, words, inside, pdf, tmp):
    count, bare = pages(pdf), tmp / "bare.pdf"
    subprocess.run(["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-dFILTERTEXT", "-dPassThroughJPEGImages=true",
                    "-dDownsampleColorImages=false", "-dDownsampleGrayImages=false", f"-sOutputFile={bare}", pdf], check=True)
    row(name, "layer alone", words, inside, pdf, count, "--ocr", "never")
    row(name, "new reading alone", words, inside, bare, count)
    row(name, "both", words, inside, pdf, count)


print("| document | read from | wrong of 100, tables aside | whole | seconds of processor a page |\n|---|---|---|---|---|")
with tempfile.TemporaryDirectory() as tmp:
    seed = DATA / "seed"
    words, inside = truth(seed / "plan-77.truth.txt", False)
    row("ward plan, text of an English OCR", "text", words, inside, seed / "plan-77.txt", 8)
    words, inside = truth(seed / "plan-77-born-digital.truth.txt", True)
    printed = seed / "plan-77-born-digital.pdf"
    row("ward plan, printed", "layer", words, inside, printed, pages(printed), "--ocr", "never")
    scan("ward plan, scan with a wrong layer", words, inside, seed / "plan-77-scan-bad-layer.pdf", Path(tmp))
    bare = seed / "plan-77-scan-no-text.pdf"
    row("ward plan, scan without text", "new reading", words, inside, bare, pages(bare))
    for pdf in sorted((DATA / "plans/pdf").glob("*.scan-bad-layer.pdf")):
        words, inside = truth(DATA / "plans" / (pdf.name.split(".")[0] + ".txt"), False)
        scan(pdf.name.split(".")[0][:24], words, inside, pdf, Path(tmp))
