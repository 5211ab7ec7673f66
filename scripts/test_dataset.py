#!/usr/bin/env python3
"""Two stores hold the same rows, as DuckDB and pyarrow read them. `test_dataset.py STORE [OTHER]`; needs duckdb and pyarrow.

Without OTHER the tables of STORE are held against its own JSON Lines."""

import json
import pathlib
import sys

import duckdb
import pyarrow
import pyarrow.dataset

# Told, since a table whose years are all unknown shows no type of its own.
YEARS = pyarrow.dataset.partitioning(pyarrow.schema([("year", pyarrow.int32())]), flavor="hive")
TABLES = ["plans", "tasks", "dues", "quotas", "findings", "failures"]


def rows(store, table):
    """Every row as sorted text, read by DuckDB; the count must be what pyarrow finds."""
    folder = pathlib.Path(store) / "dataset" / table
    files = [str(p) for p in folder.rglob("*.parquet")]
    if not files:
        return []
    read = duckdb.sql(f"SELECT * FROM read_parquet('{folder}/*/*.parquet', hive_partitioning=true, hive_types_autocast=false)")
    names = read.columns
    found = [dict(zip(names, row)) for row in read.fetchall()]
    counted = pyarrow.dataset.dataset(str(folder), partitioning=YEARS).count_rows()
    assert counted == len(found), (table, counted, len(found))
    return sorted(line(row) for row in found)


def line(row):
    def plain(value):
        return value if isinstance(value, (int, float, bool, list, type(None))) else str(value)

    kept = {name: plain(value) for name, value in row.items() if value is not None and value != []}
    kept.pop("year", None) if kept.get("year") in (None, "None") else kept.update(year=int(kept["year"])) if "year" in kept else None
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def lines(store, table):
    text = (pathlib.Path(store) / "lines" / f"{table}.jsonl").read_text("utf-8")
    return sorted(line(json.loads(l)) for l in text.splitlines())


def main():
    store, other = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    for table in TABLES:
        ours, theirs = rows(store, table), rows(other, table) if other else lines(store, table)
        for a, b in zip(ours, theirs):
            assert a == b, f"{table}:\n{a}\n{b}"
        assert len(ours) == len(theirs), (table, len(ours), len(theirs))
        print(f"{table}: {len(ours)} rows, the same")
    bundles = [json.loads(r)["bundle"] for r in rows(store, "plans") + rows(store, "failures")]
    assert len(bundles) == len(set(bundles)), "a bundle has two rows"
    print(f"{len(bundles)} bundles, each once")


main()
