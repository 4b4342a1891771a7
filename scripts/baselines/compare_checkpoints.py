#!/usr/bin/env python3
"""Trains with and without checkpoints in turn, and says what they cost.

Started by scripts/bench_checkpoints.sh, which builds souk.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import sys
import tempfile

import trainings
from programs import Failed, check_writable

GOAL = 0.97
# Items, users and epochs: long enough that the first checkpoint, whose memory is new, is one of several.
SHAPES = ((3_500, 5_000, 160), (20_000, 4_000, 120))
QUICK_SHAPES = ((200, 600, 4),)
QUICK_PERIOD = 2
WITHOUT = "no checkpoints"


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_checkpoints.sh",
                                     description="What do checkpoints cost?")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write the rows there")
    parser.add_argument("--rounds", metavar="N", type=int, default=3, help="of all in turn")
    parser.add_argument("--every", metavar="STEPS", type=int, help="default: as souk does by itself")
    parser.add_argument("--quick", action="store_true", help="a small shop and one round instead")
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.json:
        check_writable(options.json, parser.error)
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    return options


def default_period(file) -> int:
    """Returns after how many steps souk writes a checkpoint where the file says nothing."""
    said = pathlib.Path(file).read_text().replace("checkpoint: {every_steps: 1000000}", "checkpoint: {}")
    plain = pathlib.Path(file).with_name("plain.yaml")
    plain.write_text(said)
    resolved = trainings.stdout_of([trainings.SOUK, "check", plain])
    words = resolved[resolved.index("every_steps:"):].split()
    return int(words[1].rstrip(",}"))


def compare(folder, shape, period, rounds: int) -> dict:
    items, users, epochs = shape
    file = trainings.write_shop(folder, items, users=users, days=60, epochs=epochs)
    cases = {WITHOUT: 1_000_000, "with": period or default_period(file)}
    seconds = {case: [] for case in cases}
    for number in range(rounds):
        # Who goes first changes, because a machine's speed drifts.
        for case in list(cases)[::1 if number % 2 == 0 else -1]:
            out = os.path.join(folder, "run")
            run = trainings.train(trainings.SOUK, file, out, {
                "cluster.trainers": os.cpu_count(),
                "training.checkpoint.every_steps": cases[case]})
            took = trainings.measured(run, "training_seconds")
            seconds[case].append(took["mean"])
            shutil.rmtree(out)
        print(f"{items:,} items, round {number + 1} of {rounds}: "
              + ", ".join(f"{case} {times[-1]:.2f} s" for case, times in seconds.items()),
              file=sys.stderr)
    ratio = statistics.median(without / with_them for without, with_them
                              in zip(seconds[WITHOUT], seconds["with"]))
    return {"case": f"a checkpoint every {cases['with']} steps", "items": items,
            "value": statistics.median(seconds["with"]), "against": WITHOUT,
            "steps": took["n"], "ratio": ratio, "goal": GOAL}


def main():
    options = parsed()
    if options.check:
        return
    try:
        with tempfile.TemporaryDirectory(prefix="souk-checkpoints-") as folder:
            rows = [compare(folder, shape, options.every or (QUICK_PERIOD if options.quick else None),
                            1 if options.quick else options.rounds)
                    for shape in (QUICK_SHAPES if options.quick else SHAPES)]
    except Failed as failed:
        sys.exit(f"bench_checkpoints.sh: {failed}")
    for row in rows:
        print(f"{row['items']:>7,} items, {row['case']}, {row['steps']} steps in {row['value']:.2f} s: "
              f"{row['ratio']:.3f} of the speed without (goal {row['goal']})")
    if options.json:
        options.json.write_text(json.dumps({"rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
