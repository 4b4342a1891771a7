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
import subprocess
import sys
import tempfile

import tables

HERE = pathlib.Path(__file__).resolve().parent
SOUK_BENCH = HERE.parent.parent / "build" / "release" / "souk_bench"

DEFAULT_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}
TUNED_ENVIRONMENT = {**DEFAULT_ENVIRONMENT, "OMP_WAIT_POLICY": "PASSIVE",
                     "OPENBLAS_CORETYPE": "SKYLAKEX"}
# Steps to time: (souk, PyTorch), enough for either to run for some seconds.
STEPS = {"ml20m": (32, 8), "ml1m": (100, 15)}
QUICK_STEPS = {"ml20m": (1, 2), "ml1m": (1, 5)}
RANKING_ROUNDS = 3
# One trainer with two threads is what everyone else is measured with.
SHAPES_OF_SOUK = {"souk": [], "souk, 2 trainers": ["--trainers", "2", "--threads", "1"]}


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
        check_writable(options.json)
    return options


def check_writable(path: pathlib.Path):
    """Finds out now, rather than at the end; leaves what is there."""
    existed = path.exists()
    try:
        path.open("a").close()
    except OSError as reason:
        complain(f"--json: {path} cannot be written: {reason.strerror}")
    if not existed:
        path.unlink()


def output_of(command, environment=None) -> dict:
    """Runs a program that prints one line of JSON."""
    done = subprocess.run([str(word) for word in command], check=False, text=True,
                          env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE)
    if done.returncode != 0:
        print(f"bench_training.sh: {' '.join(map(str, command))} failed", file=sys.stderr)
        sys.exit(1)
    return json.loads(done.stdout)


def python_with_torch():
    """Returns an interpreter that has PyTorch and NumPy, or None. Debian's own comes first."""
    for candidate in ("/usr/bin/python3", sys.executable):
        found = subprocess.run([candidate, "-c", "import numpy, torch"], check=False,
                               stderr=subprocess.DEVNULL) if os.path.exists(candidate) else None
        if found is not None and found.returncode == 0:
            return candidate
    return None


def has_bf16() -> bool:
    """Whether this build of souk, on this machine, trains in bf16."""
    return subprocess.run([SOUK_BENCH, "train", "--shape", "tiny", "--batch", "100", "--steps", "1",
                           "--precision", "bf16"], check=False, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode == 0


class Rounds:
    """Trains at one shape, everyone in turn, several times."""

    def __init__(self, shape: str, options: argparse.Namespace, torch, bf16: bool):
        self.shape = shape
        self.data = ["--shape", shape]
        if shape == "ml1m" and options.ml1m:
            self.data += ["--ml1m", options.ml1m]
        self.torch = torch
        self.souk_steps, self.torch_steps = (QUICK_STEPS if options.quick else STEPS)[shape]
        self.results = {}  # contender -> one result per round
        self.contenders = [("souk", "fp32", 4)]
        if torch:
            self.contenders += [("pytorch", "default", None), ("pytorch", "tuned", None)]
        if bf16:
            self.contenders += [("souk", "bf16", 4)]
        self.contenders += [("souk", "fp32", 1), ("souk, 2 trainers", "fp32", 4)]

    def run(self, pairs: int):
        with tempfile.TemporaryDirectory() as folder:
            rows = output_of([SOUK_BENCH, "rows", *self.data, "--out", folder])
            for number in range(1, pairs + 1):
                for contender in self.contenders:
                    result = self.run_one(contender, folder, rows)
                    self.results.setdefault(contender, []).append(result)
                    print(f"{self.shape}, round {number} of {pairs}: {tables.title(contender)} "
                          f"{result['users_per_second']:,.0f} users/s", file=sys.stderr)

    def run_one(self, contender, folder: str, rows: dict) -> dict:
        program, variant, blocks = contender
        if program in SHAPES_OF_SOUK:
            return output_of([SOUK_BENCH, "train", *self.data, "--precision", variant,
                              "--blocks", blocks, "--steps", self.souk_steps,
                              *SHAPES_OF_SOUK[program]])
        return output_of([self.torch, HERE / "multvae_pytorch.py", folder, "--items", rows["items"],
                          "--steps", self.torch_steps],
                         TUNED_ENVIRONMENT if variant == "tuned" else DEFAULT_ENVIRONMENT)

    def median(self, contender, key: str) -> float:
        return statistics.median(result[key] for result in self.results[contender])

    def phases(self, contender):
        """Returns median milliseconds by phase, or None where a program tells none."""
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
    runs = [output_of([SOUK_BENCH, "rank"]) for _ in range(rounds)]
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
    run = output_of([SOUK_BENCH, "ease"])
    return {"shape": "ease", "precision": "fp32", "blocks": None,
            "users_per_second": run["users_per_second"], **without_pytorch(), "of_limit": None,
            "peak_mb": run["peak_mb"], "fit_seconds": run["fit_seconds"]}


def main():
    options = parsed()
    if options.check:
        return
    if not SOUK_BENCH.exists():
        complain("souk_bench is not built; start scripts/bench_training.sh")
    torch = python_with_torch()
    if not torch:
        print("PyTorch is missing (scripts/install.sh baselines): souk and the limits only",
              file=sys.stderr)
    bf16 = has_bf16()
    if not bf16:
        print("souk has no bf16 here: fp32 only", file=sys.stderr)
    print("limits of the machine", file=sys.stderr)
    limits = output_of([SOUK_BENCH, "limits"])
    rounds = [Rounds(shape, options, torch, bf16) for shape in STEPS]
    for shape in rounds:
        shape.run(options.pairs)
    limits = better_of(limits, output_of([SOUK_BENCH, "limits"]))
    training = [row for shape in rounds for row in shape.rows(limits["users_per_second"])]
    print("ranking", file=sys.stderr)
    ranking_rounds = 1 if options.quick else RANKING_ROUNDS
    ranking = [ranking_row(ranking_rounds), one_user_row(ranking_rounds)]
    if not options.quick:
        print("EASE", file=sys.stderr)
        ranking.append(ease_row())

    tables.show(limits, training, ranking, options.pairs)
    if options.json:
        souk_rows = [row for row in training if row["program"] == "souk"] + ranking
        others = [row for row in training if row["program"] != "souk"]
        for row in souk_rows:
            row.setdefault("program", "souk")
        options.json.write_text(json.dumps({"pairs": options.pairs, "limits": limits,
                                            "rows": souk_rows, "others": others},
                                           indent=1) + "\n")


if __name__ == "__main__":
    main()
