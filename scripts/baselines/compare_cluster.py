#!/usr/bin/env python3
"""Measures tensors and trainings between processes, and says how they compare.

Started by scripts/bench_cluster.sh, which builds souk_bench. Everybody runs in turn; values are medians. A ratio
is the median of those between runs that were close in time, because a machine's speed drifts.
"""

import argparse
import json
import pathlib
import sys
import time

import cluster_training
import transports
from programs import Failed, check_writable


def complain(what: str):
    print(f"bench_cluster.sh: {what}", file=sys.stderr)
    sys.exit(2)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_cluster.sh",
                                     description="How fast are tensors and trainings between processes?")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write the rows there")
    parser.add_argument("--rounds", metavar="N", type=int,
                        help="rounds of all in turn (7 of tensors, 4 of trainings)")
    parser.add_argument("--only", choices=("tensors", "trainings"), help="one of both parts")
    parser.add_argument("--quick", action="store_true",
                        help="one short round, small shapes: shows that everything works")
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rounds is not None and options.rounds < 1:
        complain("--rounds is at least 1")
    if options.json:
        check_writable(options.json, complain)
    return options


def rounds_of(options: argparse.Namespace, usual: int) -> int:
    return options.rounds or (1 if options.quick else usual)


def measure(options: argparse.Namespace):
    """Returns all rows, and what was left out."""
    rows, skipped = [], []
    if options.only != "trainings":
        found = transports.measure(rounds_of(options, 7), options.quick)
        rows += found[0]
        skipped += found[1]
    if options.only != "tensors":
        found = cluster_training.measure(rounds_of(options, 4), options.quick)
        rows += found[0]
        skipped += found[1]
    return rows, skipped


def verdict(row: dict) -> str:
    if row["goal"] is None:
        return ""
    if row["ratio"] is None:
        return "skipped"
    return "met" if row["ratio"] >= row["goal"] else "missed"


def show(rows, skipped, seconds: float):
    print(f"{'MB':>5}  {'case':<38} {'value':>8}  {'of':<34} {'ratio':>6} {'goal':>5}")
    for row in rows:
        size = "" if row["megabytes"] is None else f"{row['megabytes']:g}"
        value = "-" if row["value"] is None else \
            f"{row['value']:.2f}" if row["megabytes"] is not None else f"{row['value']:,.0f}"
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
        goal = "" if row["goal"] is None else f"{row['goal']:g}"
        print(f"{size:>5}  {row['case']:<38} {value:>8}  {row['against'] or '':<34} {ratio:>6} {goal:>5}  "
              f"{verdict(row)}".rstrip())
    print("\nvalue: GB/s of push and pull together; users/s where there are no MB")
    for what in skipped:
        print(f"skipped: {what}")
    print(f"took {seconds:.0f} s in one go")


def main():
    options = parsed()
    if options.check:
        return
    begin = time.monotonic()
    try:
        rows, skipped = measure(options)
    except Failed as reason:
        print(f"bench_cluster.sh: {reason}", file=sys.stderr)
        sys.exit(1)
    seconds = time.monotonic() - begin
    show(rows, skipped, seconds)
    if options.json:
        options.json.write_text(json.dumps({"seconds": seconds, "skipped": skipped, "rows": rows},
                                           indent=1) + "\n")


if __name__ == "__main__":
    main()
