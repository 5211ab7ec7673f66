"""Reads scans with plan-ingest, and their pictures with Tesseract alone, two at a time, and tells what each costs."""
import concurrent.futures
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3


def spent(work):
    """Processor and clock seconds of `work` with all that it starts."""
    of = lambda: sum(getattr(resource.getrusage(resource.RUSAGE_CHILDREN), part) for part in ("ru_utime", "ru_stime"))
    cost, start = of(), time.perf_counter()
    work()
    return of() - cost, time.perf_counter() - start


def main():
    here, *pdfs = sys.argv[1:]
    ours = os.environ.get("PLAN_INGEST", f"{here}/target/release/plan-ingest")
    tesseract = shutil.which("tesseract")
    with tempfile.TemporaryDirectory() as tmp:
        for n, pdf in enumerate(pdfs):
            subprocess.run(["pdfimages", "-png", pdf, f"{tmp}/{n:03}"], check=True)
        pictures = sorted(Path(tmp).glob("*.png"))
        # Stands before Tesseract and writes down what it costs when we call it.
        os.mkdir(f"{tmp}/bin")
        log, door = f"{tmp}/log", f"{tmp}/bin/tesseract"
        Path(door).write_text(f'#!/bin/sh\nexec /usr/bin/time -a -o "{log}" -f "%U %S" "{tesseract}" "$@"\n')
        os.chmod(door, 0o755)
        env = {**os.environ, "OMP_THREAD_LIMIT": "1", "PATH": f"{tmp}/bin:{os.environ['PATH']}"}

        def one(picture):
            command = [tesseract, picture, "stdout", "-l", "vie", "--psm", "6", "--dpi", "200", "tsv"]
            subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

        def alone():
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                list(pool.map(one, pictures))

        def read():
            for pdf in pdfs:
                subprocess.run([ours, "read", pdf, "--quiet"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

        rows = []
        for _ in range(ROUNDS):
            Path(log).write_text("")
            whole = spent(read)
            within = sum(map(float, Path(log).read_text().split()))
            rows.append((spent(alone), whole, within))
        (alone_cost, alone_clock), (cost, clock), within = [min(column) for column in zip(*rows)]
        pages = len(pictures)
        print(f"{pages} pictures\n{'':28}{'processor s':>12}{'clock s':>9}{'pages a minute':>16}")
        print(f"{'tesseract alone':28}{alone_cost:12.2f}{alone_clock:9.2f}{60 * pages / alone_clock:16.0f}")
        print(f"{'plan-ingest read':28}{cost:12.2f}{clock:9.2f}{60 * pages / clock:16.0f}")
        share = sorted((whole - within) / whole for _, (whole, _), within in rows)[len(rows) // 2]
        print(f"{'… its calls of tesseract':28}{within:12.2f}\nour share, the middle of {ROUNDS}: {100 * share:.1f} %")


main()
