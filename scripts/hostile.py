"""Reads every file of the hostile set with Tesseract and LibreOffice on, and prints what became of it, how long it took, and how much
memory the largest of its processes held. Fails when a file takes longer than all limits together, or the program itself breaks."""
import os
import re
import sys
import tempfile
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROGRAM, ARCHIVE = sys.argv[1:3]
LONGEST = 300


def read(path):
    out, err = (os.open(f"{path}{end}", os.O_CREAT | os.O_WRONLY) for end in (".out", ".err"))
    start = time.perf_counter()
    actions = [(os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, err, 2)]
    child = os.posix_spawn(PROGRAM, [PROGRAM, "--lang", "en", "read", "--quiet", str(path)], os.environ, file_actions=actions)
    watch = threading.Timer(LONGEST, os.kill, (child, 9))
    watch.start()
    _, status, used = os.wait4(child, 0)
    watch.cancel()
    os.close(out), os.close(err)
    took, said = time.perf_counter() - start, Path(f"{path}.err").read_text("utf-8", "replace")
    line = next((l for l in said.splitlines() if l.strip()), "")
    line = re.sub(r"\S*" + re.escape(path.name) + r"\S*", "…", line)
    code = os.waitstatus_to_exitcode(status)
    what = "text" if code == 0 else f"{code}: {line}"
    if code not in (0, 1, 2, 3, 4) or "panicked" in said:
        what = f"BROKEN {what}"
    return what[:90], took, used.ru_maxrss / 1024, path.name


def main():
    with tempfile.TemporaryDirectory() as tmp, zipfile.ZipFile(ARCHIVE) as archive:
        paths = []
        for name in archive.namelist():
            if not name.endswith("/"):
                paths.append(Path(tmp) / re.sub(r"[/\\]", "__", name))
                paths[-1].write_bytes(archive.read(name))
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(read, paths))
    table = {}
    for row in found:
        table.setdefault(row[0], []).append(row)
    print(f"{'files':>5} {'mean s':>7} {'max s':>7} {'peak MiB':>9}  what became of them (and the slowest)")
    for what, rows in sorted(table.items(), key=lambda item: -len(item[1])):
        slowest = max(rows, key=lambda r: r[1])
        mean, peak = sum(r[1] for r in rows) / len(rows), max(r[2] for r in rows)
        print(f"{len(rows):5} {mean:7.2f} {slowest[1]:7.2f} {peak:9.0f}  {what} ({slowest[3]})")
    print(f"{len(found)} files, slowest {max(r[1] for r in found):.1f} s, largest process {max(r[2] for r in found):.0f} MiB")
    sys.exit(any(what.startswith("BROKEN") for what in table))


main()
