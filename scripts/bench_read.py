"""Pages a second of plan-ingest, pdftotext and kreuzberg on the text layers of the same PDFs."""
import os
import subprocess
import sys
import time

ROUNDS = 5


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
    import asyncio

    def read(path):
        found = library.extract_file_sync(path)
        return asyncio.run(found).content if asyncio.iscoroutine(found) else getattr(found, "content", str(found))
    return read


def main():
    here, *paths = sys.argv[1:]
    print(f"{'':14}{'best s':>9}{'median s':>10}{'of the slowest':>16}{'letters':>10}")
    rows = []
    for name, make in (("plan-ingest", ours), ("pdftotext", pdftotext), ("kreuzberg", kreuzberg)):
        try:
            read = make(here)
            letters = sum(len("".join(read(path).split())) for path in paths)
            times = []
            for _ in range(ROUNDS):
                start = time.perf_counter()
                for path in paths:
                    read(path)
                times.append(time.perf_counter() - start)
            rows.append((name, min(times), sorted(times)[len(times) // 2], letters))
        except Exception as error:  # a peer that is not here is told, and the others are measured
            print(f"{name:14}  not here: {error}")
    slowest = max((row[1] for row in rows), default=1)
    for name, best, middle, letters in rows:
        print(f"{name:14}{best:9.3f}{middle:10.3f}{best / slowest:16.2f}{letters:10}")


main()
