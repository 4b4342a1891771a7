#!/usr/bin/env python3
"""Trains with checkpoints, and says what they cost: epochs after one against those before and later.

A machine's speed drifts by more in a minute than checkpoints cost, so that whole trainings with and without
them say little. Here each checkpoint is compared with its own neighbourhood: between two of them lie two halves;
in the first one it is written, in the second nothing is. What the first half took beyond the epochs of the
second halves before and after it is what the checkpoint cost.

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
SHAPES = ((3_500, 5_000, 180), (20_000, 4_000, 150))
QUICK_SHAPES = ((200, 600, 24),)
QUICK_PERIOD = 8
WITHOUT = "epochs without"


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_checkpoints.sh",
                                     description="What do checkpoints cost?")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write the rows there")
    parser.add_argument("--rounds", metavar="N", type=int, default=1, help="trainings of each size")
    parser.add_argument("--every", metavar="STEPS", type=int, help="default: as souk does by itself")
    parser.add_argument("--quick", action="store_true", help="a small shop instead")
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


def epochs_of(run: pathlib.Path) -> list:
    """Returns the last step and the seconds of every epoch: all that the coordinator's time went into."""
    seconds = {}
    for line in (run / "metrics.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row.get("role") == "coordinator" and row["name"].endswith("_seconds"):
            seconds[row["step"]] = seconds.get(row["step"], 0) + row["value"]
    return sorted(seconds.items())


def costs_of(epochs, period: int):
    """Yields, for every checkpoint with a neighbourhood, its cost and the time to the next one, in seconds."""
    def between(begin, end):
        return [seconds for step, seconds in epochs if begin < step <= end]

    half = period // 2
    for cut in range(period, epochs[-1][0] - period + 1, period):
        busy, after = between(cut, cut + half), between(cut + half, cut + period)
        before = between(cut - half, cut)
        if not before or not busy or not after:
            raise Failed(f"epochs are too long to see checkpoints every {period} steps: use a larger --every")
        usual = (statistics.median(before) + statistics.median(after)) / 2
        yield sum(busy) - usual * len(busy), sum(busy) + sum(after)


def compare(folder, shape, period, rounds: int) -> dict:
    items, users, num_epochs = shape
    file = trainings.write_shop(folder, items, users=users, days=60, epochs=num_epochs)
    period = period or default_period(file)
    costs, steps = [], 0
    for number in range(rounds):
        out = os.path.join(folder, "run")
        run = trainings.train(trainings.SOUK, file, out, {
            "cluster.trainers": os.cpu_count(), "training.checkpoint.every_steps": period})
        epochs = epochs_of(run)
        costs += costs_of(epochs, period)
        steps += epochs[-1][0]
        shutil.rmtree(out)
        if not costs:
            raise Failed(f"{epochs[-1][0]} steps have no checkpoint in their middle: use a smaller --every")
        print(f"{items:,} items, training {number + 1} of {rounds}: seconds a checkpoint "
              + ", ".join(f"{cost:.2f}" for cost, _ in costs)
              + f" of {statistics.median(time for _, time in costs):.1f} between them", file=sys.stderr)
    whole = sum(time for _, time in costs)
    cost = sum(cost for cost, _ in costs)
    return {"case": f"a checkpoint every {period} steps", "items": items, "checkpoints": len(costs),
            "value": cost / len(costs), "against": WITHOUT, "steps": steps,
            "ratio": (whole - cost) / whole, "goal": GOAL}


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
        print(f"{row['items']:>7,} items, {row['case']}: {row['value']:.2f} s each (mean of {row['checkpoints']}), "
              f"{row['ratio']:.3f} of the speed without (goal {row['goal']})")
    if options.json:
        options.json.write_text(json.dumps({"rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
