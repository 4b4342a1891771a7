#!/usr/bin/env python3
"""Runs souk_bench and the PyTorch loop in turn, and says how they compare.

Started by scripts/bench_training.sh, which builds souk_bench. Every program prints one line of
JSON; what is said of them is medians over the rounds, and ratios are medians of each round's own,
because a machine's speed drifts.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys
import tempfile

import tables
from programs import (HERE, PRECISIONS, SOUK_BENCH, Failed, check_writable, output_of, present_precisions,
                      python_with_torch)

# Everybody's.
THREADS = len(os.sched_getaffinity(0))
DEFAULT_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": str(THREADS), "OMP_NUM_THREADS": str(THREADS)}
TUNED_ENVIRONMENT = {**DEFAULT_ENVIRONMENT, "OMP_WAIT_POLICY": "PASSIVE",
                     "OPENBLAS_CORETYPE": "SKYLAKEX"}
# Steps to time: (souk, PyTorch), enough for either to run for some seconds.
STEPS = {"ml20m": (32, 8), "ml1m": (100, 15)}
QUICK_STEPS = {"ml20m": (1, 2), "ml1m": (1, 5)}
RANKING_ROUNDS = 3
TWO_TRAINERS = "souk, 2 trainers"


def complain(what: str):
    print(f"bench_training.sh: {what}", file=sys.stderr)
    sys.exit(2)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_training.sh", description="How fast is souk?")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write the rows there")
    parser.add_argument("--pairs", metavar="N", type=int, help="rounds of souk and PyTorch (5)")
    parser.add_argument("--quick", action="store_true", help="one short round and no EASE")
    parser.add_argument("--ml1m", metavar="FOLDER", type=pathlib.Path,
                        help="holds the real train.csv of ml1m")
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.pairs is None:
        options.pairs = 1 if options.quick else 5
    if options.pairs < 1:
        complain("--pairs is at least 1")
    if options.ml1m and not (options.ml1m / "train.csv").is_file():
        complain(f"--ml1m: {options.ml1m} has no train.csv")
    if options.json:
        check_writable(options.json, complain)
    return options


def has_avx512() -> bool:
    """Whether OpenBLAS's kernels for SKYLAKEX can run here: elsewhere they crash."""
    try:
        processors = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "avx512f" in processors.split()


def contenders(pytorch_environments, precisions, threads: int):
    """Returns who runs in a round, in this order: (program, precision or environment, blocks)."""
    return [("souk", "fp32", 4),
            *(("pytorch", environment, None) for environment in pytorch_environments),
            *(("souk", precision, 4) for precision in precisions if precision != "fp32"),
            ("souk", "fp32", 1),
            *([(TWO_TRAINERS, "fp32", 4)] if threads >= 2 else [])]


class Rounds:
    """Trains at one shape, everyone in turn, several times."""

    def __init__(self, shape: str, options: argparse.Namespace, torch, everyone):
        self.shape = shape
        self.data = ["--shape", shape]
        if shape == "ml1m" and options.ml1m:
            self.data += ["--ml1m", options.ml1m]
        self.torch = torch
        self.souk_steps, self.torch_steps = (QUICK_STEPS if options.quick else STEPS)[shape]
        self.contenders = list(everyone)
        self.results = {}  # contender -> one result per round

    def run(self, pairs: int):
        with tempfile.TemporaryDirectory() as folder:
            rows = output_of([SOUK_BENCH, "rows", *self.data, "--out", folder])
            for number in range(1, pairs + 1):
                for contender in list(self.contenders):
                    self.take_turn(contender, folder, rows, f"round {number} of {pairs}")

    def take_turn(self, contender, folder: str, rows: dict, which: str):
        """Runs a contender once. One of PyTorch's that fails is left out from then on."""
        where = f"{self.shape}, {which}: {tables.title(contender)}"
        try:
            result = self.run_one(contender, folder, rows)
        except Failed as reason:
            if contender[0] != "pytorch":
                raise
            print(f"{where} is left out: {reason}", file=sys.stderr)
            self.contenders.remove(contender)
            self.results.pop(contender, None)
            return
        self.results.setdefault(contender, []).append(result)
        print(f"{where} {result['users_per_second']:,.0f} users/s", file=sys.stderr)

    def run_one(self, contender, folder: str, rows: dict) -> dict:
        program, variant, blocks = contender
        if program != "pytorch":
            trainers = 2 if program == TWO_TRAINERS else 1
            return output_of([SOUK_BENCH, "train", *self.data, *PRECISIONS[variant],
                              "--blocks", blocks, "--steps", self.souk_steps,
                              "--trainers", trainers, "--threads", THREADS // trainers])
        return output_of([self.torch, HERE / "multvae_pytorch.py", folder, "--items", rows["items"],
                          "--steps", self.torch_steps, "--threads", THREADS],
                         TUNED_ENVIRONMENT if variant == "tuned" else DEFAULT_ENVIRONMENT)

    def median(self, contender, key: str) -> float:
        return statistics.median(result[key] for result in self.results[contender])

    def phases(self, contender):
        """Returns median milliseconds by phase, or None where they were not measured: souk_bench
        times one learner with all threads, which two trainers do not have."""
        if contender[0] == TWO_TRAINERS:
            return None
        told = [result["phases_ms"] for result in self.results[contender] if "phases_ms" in result]
        return {name: statistics.median(phases[name] for phases in told)
                for name in told[0]} if told else None

    def ratio(self, contender, other):
        baseline = self.results.get(other)
        if baseline is None:
            return None
        return statistics.median(own["users_per_second"] / other["users_per_second"]
                                 for own, other in zip(self.results[contender], baseline))

    def rows(self, limits: dict):
        """Yields what was measured of each contender; PyTorch's have the program's name."""
        for contender in self.contenders:
            program, variant, blocks = contender
            users = self.median(contender, "users_per_second")
            allowed = limits[self.shape]
            limit = allowed["fp32"] if program == "pytorch" else allowed.get(variant)
            yield {
                "shape": self.shape,
                "program": program,
                **({"environment": variant} if program == "pytorch"
                   else {"precision": variant, "blocks": blocks}),
                "users_per_second": users,
                "ratio_default": self.ratio(contender, ("pytorch", "default", None)),
                "ratio_tuned": self.ratio(contender, ("pytorch", "tuned", None)),
                "ratio_one_trainer": self.ratio(contender, ("souk", "fp32", 4)),
                "of_limit": users / limit if limit else None,
                "of_memory_limit": users / allowed["memory"],
                "peak_mb": max(result["peak_mb"] for result in self.results[contender]),
                "step_ms": self.median(contender, "step_ms"),
                "phases_ms": self.phases(contender),
            }


def better_of(first: dict, second: dict) -> dict:
    """Joins two measurements of limits: a limit is the best that was ever seen."""
    if isinstance(first, dict):
        return {key: better_of(first[key], second[key]) for key in first}
    return first if first is None else max(first, second)


def without_pytorch() -> dict:
    return {"ratio_default": None, "ratio_tuned": None}


def ranking_row(rounds: int) -> dict:
    runs = [output_of([SOUK_BENCH, "rank", "--threads", THREADS]) for _ in range(rounds)]
    return {"shape": "ranking", "precision": "fp32", "blocks": None,
            "users_per_second": statistics.median(run["users_per_second"] for run in runs),
            **without_pytorch(),
            "of_limit": statistics.median(run["users_per_second"] / run["products_per_second"]
                                          for run in runs),
            "peak_mb": max(run["peak_mb"] for run in runs)}


def one_user_row(rounds: int) -> dict:
    runs = [output_of([SOUK_BENCH, "one_user"]) for _ in range(rounds)]
    p50 = statistics.median(run["p50_ms"] for run in runs)
    return {"shape": "one_user", "precision": "fp32", "blocks": None,
            "users_per_second": 1e3 / p50, **without_pytorch(),
            "of_limit": statistics.median(run["read_ms"] / run["p50_ms"] for run in runs),
            "peak_mb": max(run["peak_mb"] for run in runs),
            "p50_ms": p50, "p99_ms": statistics.median(run["p99_ms"] for run in runs)}


def ease_row() -> dict:
    run = output_of([SOUK_BENCH, "ease", "--threads", THREADS])
    return {"shape": "ease", "precision": "fp32", "blocks": None,
            "users_per_second": run["users_per_second"], **without_pytorch(), "of_limit": None,
            "peak_mb": run["peak_mb"], "fit_seconds": run["fit_seconds"]}


def document(pairs: int, limits: dict, training, ranking) -> dict:
    """Returns what --json writes; `rows` are souk's own with one trainer."""
    souk_rows = ([row for row in training if row["program"] == "souk"]
                 + [{**row, "program": "souk"} for row in ranking])
    return {"pairs": pairs, "threads": THREADS, "limits": limits, "rows": souk_rows,
            "others": [row for row in training if row["program"] != "souk"]}


def pytorch_environments(torch):
    """Returns the environments that PyTorch can be run in; says what is left out."""
    if not torch:
        print("PyTorch is missing (scripts/install.sh baselines): souk and the limits only",
              file=sys.stderr)
        return []
    if not has_avx512():
        print("no AVX-512 here, which the tuned environment asks for: PyTorch runs as it comes only",
              file=sys.stderr)
        return ["default"]
    return ["default", "tuned"]


def measure(options: argparse.Namespace):
    """Runs everything. Returns limits, rows of training and rows of ranking."""
    torch = python_with_torch()
    precisions = present_precisions()
    everyone = contenders(pytorch_environments(torch), precisions, THREADS)
    for missing in PRECISIONS.keys() - set(precisions):
        print(f"souk has no {missing} here", file=sys.stderr)
    limits_command = [SOUK_BENCH, "limits", "--threads", THREADS]
    print("limits of the machine", file=sys.stderr)
    limits = output_of(limits_command)
    rounds = [Rounds(shape, options, torch, everyone) for shape in STEPS]
    for shape in rounds:
        shape.run(options.pairs)
    limits = better_of(limits, output_of(limits_command))
    training = [row for shape in rounds for row in shape.rows(limits["users_per_second"])]
    print("ranking", file=sys.stderr)
    ranking_rounds = 1 if options.quick else RANKING_ROUNDS
    ranking = [ranking_row(ranking_rounds), one_user_row(ranking_rounds)]
    if not options.quick:
        print("EASE", file=sys.stderr)
        ranking.append(ease_row())
    return limits, training, ranking


def main():
    options = parsed()
    if options.check:
        return
    if not SOUK_BENCH.exists():
        complain("souk_bench is not built; start scripts/bench_training.sh")
    try:
        limits, training, ranking = measure(options)
    except Failed as reason:
        print(f"bench_training.sh: {reason}", file=sys.stderr)
        sys.exit(1)
    tables.show(limits, training, ranking, options.pairs)
    if options.json:
        options.json.write_text(
            json.dumps(document(options.pairs, limits, training, ranking), indent=1) + "\n")


if __name__ == "__main__":
    main()
