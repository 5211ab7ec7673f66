"""Time of plan-ingest, pdftotext and kreuzberg on the text layers of the same PDFs: each file by itself, and all of them many times over
as one long file. The processor's time (user and system, of every process) says what the work costs, however busy the machine is."""
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROUNDS, TIMES = 5, 8


def shell(*command):
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stdout.decode("utf8", "replace")


def ours(here):
    program = os.environ.get("PLAN_INGEST", f"{here}/target/release/plan-ingest")
    # One start of the program for each file, as with pdftotext; within it the worker is another.
    return lambda path: shell(program, "read", "--ocr", "never", path)


def pdftotext(_):
    return lambda path: shell("pdftotext", "-layout", path, "-")


def kreuzberg(_):
    import kreuzberg as library

    # What it read before it would give again without reading.
    config = library.ExtractionConfig(use_cache=False)
    return lambda path: library.extract_file_sync(path, config=config).content


def processor():
    of = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in of)


def table(title, here, paths):
    print(f"{title}\n{'':14}{'processor s':>13}{'clock s':>10}{'of the slowest':>16}{'letters':>10}")
    rows = []
    for name, make in (("plan-ingest", ours), ("pdftotext", pdftotext), ("kreuzberg", kreuzberg)):
        try:
            read = make(here)
            letters = sum(len("".join(read(path).split())) for path in paths)
        except Exception as error:  # a peer that is not here is told, and the others are measured
            print(f"{name:14}  not here: {error}")
            continue
        costs, times = [], []
        for _ in range(ROUNDS):
            cost, start = processor(), time.perf_counter()
            for path in paths:
                read(path)
            costs.append(processor() - cost)
            times.append(time.perf_counter() - start)
        rows.append((name, min(costs), min(times), letters))
    slowest = max((row[1] for row in rows), default=1)
    for name, cost, clock, letters in rows:
        print(f"{name:14}{cost:13.3f}{clock:10.3f}{cost / slowest:16.2f}{letters:10}")


def main():
    here, *paths = sys.argv[1:]
    table(f"{len(paths)} files, each by itself", here, paths)
    if shutil.which("qpdf"):
        with tempfile.TemporaryDirectory() as tmp:
            shell("qpdf", "--empty", "--pages", *(paths * TIMES), "--", f"{tmp}/many.pdf")
            table(f"the same {TIMES} times over as one file", here, [f"{tmp}/many.pdf"])


main()
