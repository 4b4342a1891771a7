#!/usr/bin/env python3
"""Runs souk_bench bulk at several sizes and says how the ways of a tensor compare.

Started by scripts/bench_cluster.sh, which builds souk_bench. Values are medians over the rounds,
and ratios are medians of each round's own, because a machine's speed drifts.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

SOUK_BENCH = pathlib.Path(__file__).resolve().parent.parent.parent / "build/release/souk_bench"
# Megabytes, and pushes and pulls in a round.
SIZES = ((1, 100), (16, 10), (100, 3))
NAMES = {"raw": "echo over plain sockets", "tcp": "TCP", "tls": "TLS", "shm": "shared memory"}
AGAINST = {"tcp": "raw", "tls": "tcp", "shm": "tcp"}
# (way, megabytes) -> the least ratio that is wanted.
GOALS = {("tcp", 1): 0.5, ("tcp", 16): 0.8, ("tcp", 100): 0.8,
         ("tls", 1): 0.5, ("tls", 16): 0.5, ("tls", 100): 0.5, ("shm", 100): 1.5}


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_cluster.sh",
                                     description="How fast do tensors travel?")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write the rows there")
    parser.add_argument("--rounds", metavar="N", type=int, help="rounds of all ways in turn (7)")
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rounds is None:
        options.rounds = 1 if options.quick else 7
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    if options.json and not options.json.resolve().parent.is_dir():
        parser.error(f"--json: there is no folder for {options.json}")
    return options


def measured(megabytes: int, trips: int, rounds: int) -> dict:
    """Returns seconds per push and pull, by way and round."""
    done = subprocess.run([SOUK_BENCH, "bulk", "--megabytes", str(megabytes), "--trips", str(trips),
                           "--rounds", str(rounds)], check=False, text=True,
                          stdout=subprocess.PIPE)
    if done.returncode != 0:
        print("bench_cluster.sh: souk_bench bulk failed", file=sys.stderr)
        sys.exit(1)
    return json.loads(done.stdout)["seconds"]


def rows_of(megabytes: int, seconds: dict):
    for way, own in seconds.items():
        against = AGAINST.get(way)
        ratio = statistics.median(other / mine for mine, other in zip(own, seconds[against])) \
            if against else None
        yield {"case": way, "megabytes": megabytes,
               "value": 2 * megabytes / 1e3 / statistics.median(own),
               "against": against, "ratio": ratio, "goal": GOALS.get((way, megabytes))}


def show(rows):
    print(f"{'MB':>4}  {'way':<24} {'GB/s':>6}  {'ratio':>5}  goal")
    for row in rows:
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
        goal = "" if row["goal"] is None else f">= {row['goal']} of {NAMES[row['against']]}"
        print(f"{row['megabytes']:>4}  {NAMES[row['case']]:<24} {row['value']:>6.2f}  "
              f"{ratio:>5}  {goal}")


def main():
    options = parsed()
    if options.check:
        return
    rows = []
    for megabytes, trips in SIZES:
        print(f"{megabytes} MB", file=sys.stderr)
        seconds = measured(megabytes, 1 if options.quick else trips, options.rounds)
        rows += rows_of(megabytes, seconds)
    show(rows)
    if options.json:
        options.json.write_text(json.dumps({"rounds": options.rounds, "rows": rows}, indent=1)
                                + "\n")


if __name__ == "__main__":
    main()
