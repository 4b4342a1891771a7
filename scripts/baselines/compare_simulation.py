#!/usr/bin/env python3
"""Runs souk_bench simulate for published models and says how it compares with the programs that published them.

Started by scripts/bench_simulation.sh, which builds souk_bench.
"""

import argparse
import json
import pathlib
import sys

import programs

# Case, what souk_bench is asked, users, and what is wanted: events a second, the share of the time that a model's
# layers take (in as many items as MovieLens-20M and MovieLens-1M have), and MB at most. What the published
# programs reach on a machine like ours: reco-gym 19,000, 14,200 and 4,100 events/s at 10, 1,000 and 10,000
# products; RecSim 14,900 user steps/s, with 646 MB at 100,000 users.
RECO_GYM = ["--preset", "reco_gym"]
RECSIM = ["--preset", "interest_evolution", "--cohort", 100_000]  # all users at once, for their memory
MARKET = ["--preset", "default", "--products", 2_000, "--policy", "popularity"]  # 14 days
MULT_VAE = ["--preset", "default", "--policy", "mult_vae", "--way", "log"]
CASES = (
    ("reco_gym", [*RECO_GYM, "--products", 10], 200_000, {"events_per_second": 40e6}),
    ("reco_gym, logged", [*RECO_GYM, "--products", 10, "--way", "log"], 100_000, {"events_per_second": 7e6}),
    ("reco_gym", [*RECO_GYM, "--products", 1_000], 40_000, {"events_per_second": 500 * 14_200}),
    ("reco_gym", [*RECO_GYM, "--products", 10_000], 20_000, {"events_per_second": 800 * 4_100}),
    ("recsim_interest_evolution", RECSIM, 100_000, {"events_per_second": 300 * 14_900, "peak_mb": 64.6}),
    ("recsim_interest_evolution, logged", [*RECSIM, "--way", "log"], 100_000, {}),
    ("full market, popularity, logged", [*MARKET, "--way", "log"], 20_000, {"events_per_second": 4e6}),
    ("full market, popularity", MARKET, 20_000, {}),
    ("full market, Mult-VAE, logged", [*MULT_VAE, "--products", 20_108], 500, {"share_in_layers": 0.95}),
    ("full market, Mult-VAE, logged", [*MULT_VAE, "--products", 3_416], 4_000, {"share_in_layers": 0.95}),
    ("reco_gym, popularity asked", [*RECO_GYM, "--products", 1_000, "--policy", "popularity"], 20_000, {}),
)
QUICK_USERS = 300


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_simulation.sh", description="How fast do simulated users live?")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write the rows there")
    parser.add_argument("--rounds", metavar="N", type=int, default=3, help="of all in turn; the best counts")
    parser.add_argument("--quick", action="store_true", help="few users and one round instead")
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    if options.json:
        programs.check_writable(options.json, parser.error)
    return options


def better(row: dict, other) -> dict:
    """Returns the faster of two rounds; `other` may be None. Memory is the most that either took."""
    if other is None:
        return row
    best = dict(max(row, other, key=lambda one: one["events_per_second"]))
    best["peak_mb"] = max(row["peak_mb"], other["peak_mb"])
    best["events_per_cpu_second"] = max(row["events_per_cpu_second"], other["events_per_cpu_second"])
    return best


def measured(rounds: int, quick: bool) -> list:
    found = [None] * len(CASES)
    for _ in range(rounds):
        for number, (case, asked, users, goal) in enumerate(CASES):
            print(case, file=sys.stderr)
            row = programs.output_of([programs.SOUK_BENCH, "simulate", *asked, "--users",
                                      QUICK_USERS if quick else users])
            found[number] = better({"case": case, **row, "goal": goal}, found[number])
    return found


def verdict(row: dict) -> str:
    """Says whether a row reaches its goals, or nothing where it has none."""
    if not row["goal"]:
        return ""
    reached = all(row[key] <= wanted if key == "peak_mb" else row[key] >= wanted for key, wanted in row["goal"].items())
    return "met" if reached else "missed"


def goal_of(row: dict) -> str:
    """Says what is wanted of a row besides memory."""
    goal = row["goal"]
    if "share_in_layers" in goal:
        return f"{goal['share_in_layers']:.0%}"
    return f"{goal['events_per_second'] / 1e6:.1f}" if goal else ""


def show(rows):
    print(f"{'case':<34} {'products':>8} {'users':>8} {'M events/s':>10} {'by CPU':>7} {'peak MB':>8} "
          f"{'events a user':>13} {'clicks %':>8} {'layers':>6} {'goal':>5}")
    for row in rows:
        layers = f"{row['share_in_layers']:.1%}" if "share_in_layers" in row else ""
        print(f"{row['case']:<34} {row['products']:>8,} {row['users']:>8,} {row['events_per_second'] / 1e6:>10.2f} "
              f"{row['events_per_cpu_second'] / 1e6:>7.2f} {row['peak_mb']:>8.1f} {row['events_per_user']:>13.2f} "
              f"{row['clicks_per_hundred']:>8.2f} {layers:>6} {goal_of(row):>5}  {verdict(row)}".rstrip())
    print("\nevents: views and slates shown (RecSim: user steps; full market: all that is logged); by CPU: M events per second\n"
          "of processor time; layers: share of the time that the model's products, biases and tanh take; peak MB: above what\n"
          "the process held before it made the world")


def main():
    options = parsed()
    if options.check:
        return
    try:
        rows = measured(1 if options.quick else options.rounds, options.quick)
    except programs.Failed as failed:
        sys.exit(f"bench_simulation.sh: {failed}")
    show(rows)
    if options.json:
        options.json.write_text(json.dumps({"rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
