"""What plan-ingest, dateparser and chrono-node make of the phrases of fixtures/phrases/dues.yaml.

The two others give points in time and no bounds, spans, recurrences or counts. So they are asked for less: a phrase is theirs when the
days they name are the days that the phrase names (first and last of a span), and, where it is no due, when they name none. What
has no day (recurrences, what is counted from an event of unknown day) has no answer in their terms and is shown apart.
"""
import datetime
import json
import subprocess
import sys

import yaml
from dateparser.search import search_dates

CHRONO = """
const chrono = require('chrono-node');
const { parse } = chrono.vi;
const day = (c) => c && [c.get('year'), c.get('month'), c.get('day')].map((n) => String(n).padStart(2, '0')).join('-');
const lines = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const out = lines.map(([issued, text]) =>
  parse(text, new Date(issued + 'T08:00:00'), { forwardDate: true }).flatMap((r) => [day(r.start), day(r.end)].filter(Boolean)));
console.log(JSON.stringify(out));
"""


def phrases(here):
    with open(f"{here}/fixtures/phrases/dues.yaml", encoding="utf-8") as file:
        for group in yaml.safe_load(file):
            # The others know no period and no sentence about every year.
            if "period" not in group and not group.get("yearly"):
                for phrase in group["phrases"]:
                    yield str(group["issued"]), phrase["text"], phrase["gives"]


def ours(here, wanted):
    lines = "".join(f"{issued}\t{' '.join(text.split())}\n" for issued, text, _ in wanted)
    done = subprocess.run([f"{here}/target/debug/examples/dues"], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def dateparser_days(wanted):
    out = []
    for issued, text, _ in wanted:
        base = datetime.datetime.fromisoformat(issued)
        settings = {"RELATIVE_BASE": base, "DATE_ORDER": "DMY", "PREFER_DATES_FROM": "future", "PREFER_DAY_OF_MONTH": "last"}
        found = search_dates(text, languages=["vi"], settings=settings) or []
        out.append([day.date().isoformat() for _, day in found])
    return out


def chrono_days(peers, wanted):
    asked = json.dumps([[issued, text] for issued, text, _ in wanted])
    done = subprocess.run(["node", "-e", CHRONO], input=asked, capture_output=True, text=True, check=True, cwd=peers)
    return json.loads(done.stdout)


def shape(gives):
    if not gives:
        return "no due"
    first = gives[0]
    if "repeat" in first:
        return "again and again"
    if "from" in first:
        return "a span"
    if "of" in first:
        return "counted from an event"
    return "an hour" if "time" in first else "a day, a month, a quarter, a year"


def days(gives):
    """The days that a meaning names, in order; None where it names none."""
    out = []
    for due in gives:
        named = [str(due[key]) for key in ("date", "from", "to") if key in due]
        if not named or "repeat" in due:
            return None
        out += named
    return sorted(out)


def plain(due):
    due = {key: value for key, value in due.items() if key != "says"}
    return json.dumps(due, sort_keys=True, default=str, ensure_ascii=False)


def main():
    here, peers = sys.argv[1:3]
    wanted = list(phrases(here))
    read = ours(here, wanted)
    python = dateparser_days(wanted)
    script = chrono_days(peers, wanted)
    rows = {}
    for (_, text, gives), own, *others in zip(wanted, read, python, script):
        row = rows.setdefault(shape(gives), [0] * 5)
        named = days(gives)
        row[0] += 1
        row[1] += [plain(d) for d in own] == [plain(d) for d in gives]
        row[2] += days(own) == named if named is not None else [plain(d) for d in own] == [plain(d) for d in gives]
        for i, other in enumerate(others):
            row[3 + i] += named is not None and sorted(set(other)) == sorted(set(named))
    total = [sum(column) for column in zip(*rows.values())]
    print("| what the phrase names | phrases | plan-ingest: the whole meaning | plan-ingest: the days | dateparser: the days | chrono-node: the days |")
    print("|---|---|---|---|---|---|")
    for name, row in sorted(rows.items(), key=lambda r: -r[1][0]) + [("all", total)]:
        has_days = name not in ("again and again",)
        cells = [str(n) if has_days or i < 3 else "–" for i, n in enumerate(row)]
        print(f"| {name} | " + " | ".join(cells) + " |")


main()
