#!/usr/bin/env python3
"""Reads an archive of plans on Apache Spark: `plan-ingest worker` in every executor, the same Parquet dataset as `plan-ingest batch`.

    spark-submit scale/spark_ingest.py --listing listing.jsonl --out STORE [--worker plan-ingest] [--parts 64] [-- --ocr never]
    spark-submit scale/spark_ingest.py --files 's3a://archive/**/*.pdf' --out STORE

A listing has a bundle on every line, as `plan-ingest batch ROOT... --list` writes it; its paths are read by the executors themselves.
With --files Spark reads the files, each a bundle of its own, and hands their bytes over. What stands behind `--` goes to the worker.

Spark distributes, retries and writes. Results are first written down as they come (STORE/results, Spark commits each part once), the
tables are made from them: a bundle has exactly one row in `plans` or one in `failures`, however often an executor was lost on the way.
"""

import argparse
import base64
import json
import subprocess
import sys
import threading

from pyspark import TaskContext
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

TYPES = {
    "text": T.StringType(),
    "texts": T.ArrayType(T.StringType()),
    "date": T.StringType(),  # read as words, cast below
    "integer": T.LongType(),
    "number": T.DoubleType(),
    "boolean": T.BooleanType(),
}


def through(command, orders):
    """Each order's answer, in order, from one worker that lives as long as the partition."""
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    trouble = []

    def feed():
        try:
            for order in orders:
                worker.stdin.write(order.encode() + b"\n")
                worker.stdin.flush()
        except Exception as error:  # told below, in the thread that Spark listens to
            trouble.append(error)
        finally:
            try:
                worker.stdin.close()
            except BrokenPipeError:
                pass

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    try:
        for line in worker.stdout:
            yield line.decode().rstrip("\n")
        feeder.join()
        status = worker.wait()
        if trouble or status != 0:
            # A worker does not die of a document: this is the machine, and Spark tries the partition again elsewhere.
            raise RuntimeError(f"worker ended with {status}: {trouble}")
    finally:
        worker.kill()


def answers(command):
    def work(orders):
        TaskContext.get()  # fails early where this is no task
        return through(command, orders)

    return work


def order_of(row):
    """A file of a table of binary files as a bundle of its own."""
    name = row["path"].split("://", 1)[-1].lstrip("/")
    return json.dumps({"bundle": name, "files": [{"name": name, "role": "plan", "bytes": base64.b64encode(row["content"]).decode()}]})


def schema_of(worker):
    """The tables as the worker itself tells them, and the type of an answer."""
    tables = json.loads(subprocess.run([worker, "worker", "--schema"], check=True, capture_output=True).stdout)["tables"]
    # `bundle` stands once in an answer, not in every row of it.
    rows = {t["name"]: [(c["name"], c["holds"]) for c in t["columns"] if c["name"] != "bundle"] for t in tables}
    struct = T.StructType([T.StructField("bundle", T.StringType()), T.StructField("year", T.IntegerType())])
    for name, columns in rows.items():
        struct.add(name, T.ArrayType(T.StructType([T.StructField(c, TYPES[holds]) for c, holds in columns])))
    return rows, struct


def main():
    arguments, rest = sys.argv[1:], []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, rest = arguments[:at], arguments[at + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--listing", help="JSON Lines, a bundle a line")
    source.add_argument("--files", help="a glob of files, each a bundle")
    parser.add_argument("--out", required=True, help="the store")
    parser.add_argument("--worker", default="plan-ingest", help="the program, on every executor")
    parser.add_argument("--parts", type=int, default=0, help="partitions; some 100 bundles each are good")
    asked = parser.parse_args(arguments)

    spark = SparkSession.builder.appName("plan-ingest").getOrCreate()
    if asked.listing:
        orders = spark.read.text(asked.listing).where("value != ''").rdd.map(lambda row: row["value"])
    else:
        orders = spark.read.format("binaryFile").load(asked.files).select("path", "content").rdd.map(order_of)
    if asked.parts:
        orders = orders.repartition(asked.parts)
    results = f"{asked.out}/results"
    command = [asked.worker, "worker", *rest]
    told = orders.mapPartitions(answers(command)).map(lambda line: (line,))
    spark.createDataFrame(told, "value string").write.mode("overwrite").text(results)

    rows, struct = schema_of(asked.worker)
    read = spark.read.text(results).select(F.from_json("value", struct).alias("r")).select("r.*")
    for table, columns in rows.items():
        row = read.select("bundle", "year", F.explode(table).alias("row"))
        cells = [
            (F.col(f"row.{c}").cast("date") if holds == "date" else F.coalesce(f"row.{c}", F.array()) if holds == "texts" else F.col(f"row.{c}")).alias(c)
            for c, holds in columns
        ]
        out = row.select("bundle", *cells, "year").repartition("year").sortWithinPartitions("year", "bundle")
        out.write.mode("overwrite").partitionBy("year").parquet(f"{asked.out}/dataset/{table}")
    spark.stop()


if __name__ == "__main__":
    main()
