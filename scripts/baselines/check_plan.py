#!/usr/bin/env python3
"""Compares souk plan's predictions with real trainings; see scripts/check_plan.sh."""

import argparse
import json
import os
import statistics
import sys
import tempfile

import trainings
from programs import Failed


def options():
    parser = argparse.ArgumentParser(prog="check_plan.sh", description=__doc__)
    parser.add_argument("--within", type=float, default=0.20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--souk")
    parser.add_argument("file", nargs="?")
    parser.add_argument("-s", dest="overrides", action="append", default=[])
    return parser.parse_args()


class checker:
    def __init__(self, asked, folder):
        self.souk = asked.souk or trainings.build()
        self.folder = folder
        self.file = asked.file or trainings.write_shop(folder, 20_000, users=4_000, days=60,
                                                       epochs=8)
        self.overrides = [word for each in asked.overrides for word in ("-s", each)]

    def train(self, placement, processes, number):
        """Trains in so many processes, each with a trainer and a server."""
        settings = {f"cluster.{key}": processes
                    for key in ("processes", "trainers", "parameter_servers", "data_shards")}
        settings["training.placement"] = placement
        return trainings.train(self.souk, self.file,
                               os.path.join(self.folder, f"{placement}-{processes}-{number}"),
                               settings, self.overrides)

    def plan(self, runs):
        """Predicts 1 to 4 processes of this machine from these runs."""
        words = [self.souk, "plan", self.file, "--nodes", "1,2,3,4", "--machines", "1",
                 "--cores", str(os.cpu_count()), "--bandwidth", "10GB", "--latency", "0",
                 "--json", "--quiet", *self.overrides]
        for run in runs:
            words += ["--profile", run]
        return json.loads(trainings.stdout_of(words))


def main():
    asked = options()
    placements = {"by_range": "bsp", "by_item": "bsp by_item"}
    ratios, measured_all = {}, {}
    with tempfile.TemporaryDirectory(prefix="souk-check-plan-") as folder:
        check = checker(asked, folder)
        for number in range(asked.rounds):
            # There and back, so that a machine that slows down does not look like a wrong model.
            order = [(placement, processes) for processes in (1, 2, 3, 4) for placement in placements]
            runs = {key: check.train(*key, number) for key in (order[::-1] if number % 2 else order)}
            known = [runs[placement, processes] for placement in placements for processes in (1, 2)]
            plan = check.plan(known)
            # A plan of all runs reads what the others measured; its predictions are not used.
            measured = {(run["method"], run["nodes"]): run
                        for run in check.plan([runs[key] for key in order])["measured"]}
            for step in plan["steps"]:
                key = step["method"], step["nodes"]
                if key in measured:
                    seconds = measured[key]["step_seconds"]
                    ratios.setdefault(key, []).append(step["step_seconds"] / seconds)
                    measured_all.setdefault(key, []).append(seconds)
    print(f"{'method':14}{'processes':>10}{'measured ms':>13}{'predicted / measured':>22}"
          f"  why")
    wrong = 0
    for (method, nodes), found in sorted(ratios.items()):
        ratio = statistics.median(found)
        good = abs(ratio - 1) <= asked.within
        wrong += not good
        print(f"{method:14}{nodes:10}{1e3 * statistics.median(measured_all[method, nodes]):13.1f}"
              f"{ratio:15.2f} ({min(found):.2f} to {max(found):.2f})"
              f"  {'profiled' if nodes <= 2 else 'predicted'}{'' if good else '  MISSED'}")
    print(f"{len(ratios) - wrong} within {asked.within:.0%}, {wrong} not; load average "
          f"{trainings.load_average():.1f} over the last minute")
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failed:
        sys.exit(f"check_plan.sh: {failed}")
