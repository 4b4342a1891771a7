#!/usr/bin/env python3
"""Measures how fast Python plays `souk environment`: steps and slates a second.

    scripts/bench_environment.py --souk build/release/souk [--json FILE]

A step is what a learner waits for: a request is written, the shoppers live on, the answer is
read and decoded. Slates are the first items that may be shown, made before the clock is
started, so that no learner is measured. Everybody waits in every step that counts.
"""

import argparse
import json
import pathlib
import sys
import tempfile
import time

from souk_environment import SlateEnvironment, numpy

SHOP = """souk: 1
name: busy_shop
seed: 1
simulation:
  catalogue: {from: generated, items: 2000}
  temperament: {sessions_per_day: 3, activity_spread: 0.1}
  population: {newcomer_share: 0}
  churn: {chance: 0}
  days: 30
"""


def slate(shop, user):
    """The first items that may be shown."""
    length, found = shop.length(user), shop.observation["found"][user]
    if found is not None:
        return found[:length]
    barred = set(shop.observation["barred"][user])
    chosen = []
    for item in shop.for_sale(int(shop.observation["day"][user])):
        if len(chosen) == length:
            break
        if item not in barred:
            chosen.append(item)
    return chosen


def measure(souk, file, users, seconds, flags):
    """Plays for so long; returns seconds spent in steps, steps and slates."""
    spent, steps, slates = 0.0, 0, 0
    with SlateEnvironment.serving(file, "--users", users, *flags, souk=souk) as shop:
        until, seed = time.monotonic() + seconds, 0
        _, info = shop.reset(seed=seed)
        while time.monotonic() < until:
            if not all(info["waiting"]):
                seed += 1
                _, info = shop.reset(seed=seed)
                continue
            shown = [slate(shop, user) for user in range(users)]
            began = time.perf_counter()
            info = shop.step(shown)[-1]
            spent += time.perf_counter() - began
            steps, slates = steps + 1, slates + users
    return {"users": users, "steps_per_second": steps / spent,
            "slates_per_second": slates / spent, "steps": steps}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--souk", default="souk")
    parser.add_argument("--users", type=int, nargs="+", default=[1, 1000])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--port", action="store_true", help="over TCP instead of a path")
    parser.add_argument("--json", help="writes the rows here, too")
    asked = parser.parse_args()
    flags = ["--port", "0"] if asked.port else []
    print(f"{'with' if numpy else 'without'} NumPy, over {'TCP' if asked.port else 'a path'}")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "shop.yaml")
        file.write_text(SHOP, encoding="utf-8")
        for users in asked.users:
            rows.append(measure(asked.souk, file, users, asked.seconds, flags))
            print("{users:6} users  {steps_per_second:10.1f} steps/s  "
                  "{slates_per_second:10.0f} slates/s  ({steps} steps)".format(**rows[-1]))
    if asked.json:
        pathlib.Path(asked.json).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
