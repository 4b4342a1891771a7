"""Mult-VAE at the ML-20M shape over several processes, against one process and torch's DDP.

A machine's speed drifts by a tenth from one run to the next, so each run is compared with the mean of the other
case's last run before it and first one after it. DDP, which takes longer, runs twice a round.
"""

import statistics
import sys
import tempfile

from programs import HERE, PRECISIONS, SOUK_BENCH, output_of, present_precisions, python_with_torch

SHAPE = ("--shape", "ml20m")
QUICK_SHAPE = ("--shape", "tiny", "--batch", 100)
STEPS = 16
DDP_STEPS = 6
IN_PROCESS = "in one process"
DDP = "torch DDP over gloo"

BY_ITEM = ("--placement", "by_item", "--servers", 2)

# Case -> what souk_bench cluster is asked for, the precision of products, the least share of one process's
# users/s, and the least multiple of DDP's, if either was named. All have two threads of trainers in all.
# by_range: two trainers and a server. by_item: two owners of items, and one trainer beside a small server.
CASES = {
    IN_PROCESS: (("--processes", 1), "fp32", None, None),
    "by_range, shared memory": (("--way", "shm"), "fp32", 0.6, 6),
    "by_range, TCP": (("--way", "tcp"), "fp32", 0.45, 6),
    "by_range, TCP, bf16": (("--way", "tcp", "--compression", "bf16"), "fp32", 0.55, 6),
    "by_item, shared memory": (BY_ITEM, "fp32", 0.88, 12),
    "by_item, TCP": ((*BY_ITEM, "--way", "tcp"), "fp32", 0.88, 12),
    "by_range, shared memory, bf16 products": ((), "bf16", None, 6),
    "by_range, shared memory, bf16 products by AMX": ((), "bf16 by AMX", None, 6),
    "by_item, shared memory, bf16 products": (BY_ITEM, "bf16", None, 12),
    "by_item, shared memory, bf16 products by AMX": (BY_ITEM, "bf16 by AMX", None, 12),
    "by_range, shared memory, bf16x3 products by AMX": ((), "bf16x3 by AMX", None, 6),
    "by_item, shared memory, bf16x3 products by AMX": (BY_ITEM, "bf16x3 by AMX", None, 12),
}


def torch_case(torch, folder: str):
    """Returns what DDP is asked for, after the rows are written."""
    rows = output_of([SOUK_BENCH, "rows", *SHAPE, "--out", folder])
    return [torch, HERE / "ddp.py", folder, "--items", rows["items"], "--steps", DDP_STEPS]


def commands(quick: bool, torch, precisions, folder: str) -> dict:
    """Returns case -> command of all that can run here."""
    shape = QUICK_SHAPE if quick else SHAPE
    steps = 2 if quick else STEPS
    found = {case: [SOUK_BENCH, "cluster", *shape, "--steps", steps, *asked, *PRECISIONS[precision]]
             for case, (asked, precision, _, _) in CASES.items() if precision in precisions}
    if torch and not quick:
        found[DDP] = torch_case(torch, folder)
    return found


def schedule(cases, rounds: int) -> list:
    """Returns who runs one after the other: those that are compared with one process lie between two of it, each
    half of a round between two of DDP."""
    compared = [case for case in cases if case in CASES and CASES[case][2]]
    others = [case for case in cases if case not in (DDP, IN_PROCESS, *compared)]
    ddp = [DDP] if DDP in cases else []
    between = [IN_PROCESS] if IN_PROCESS in cases else []
    first = ddp + between
    for case in compared:
        first += [case, *between]
    return (first + ddp + others) * rounds + ddp


def ratio(runs: list, case: str, against: str):
    """Returns the median over a case's runs of its users/s to the mean of its neighbours', or None without them."""
    def neighbours(number):
        before = [speed for name, speed in runs[:number] if name == against]
        after = [speed for name, speed in runs[number + 1:] if name == against]
        return before[-1:] + after[:1]

    ratios = [speed / statistics.mean(neighbours(number))
              for number, (name, speed) in enumerate(runs) if name == case and neighbours(number)]
    return statistics.median(ratios) if ratios else None


def rows_of(runs: list):
    """Yields rows of (case, users/s) in the order they ran: first against one process, then against DDP."""
    def row(case, against, goal):
        speeds = [speed for name, speed in runs if name == case]
        return {"case": case, "megabytes": None, "value": statistics.median(speeds) if speeds else None,
                "against": against, "ratio": ratio(runs, case, against) if against else None, "goal": goal}

    yield row(IN_PROCESS, None, None)
    yield row(DDP, None, None)
    for case, (_, _, goal, _) in CASES.items():
        if goal:
            yield row(case, IN_PROCESS, goal)
    for case, (_, _, _, goal) in CASES.items():
        if case != IN_PROCESS:
            yield row(case, DDP, goal)


def measure(rounds: int, quick: bool):
    """Returns the rows, and what was left out."""
    torch = python_with_torch()
    skipped = [] if torch else ["PyTorch is missing: scripts/install.sh baselines"]
    if quick:
        skipped.append("torch's DDP, because of --quick")
    precisions = present_precisions()
    skipped += [f"{missing}: this processor has none" for missing in PRECISIONS if missing not in precisions]
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        everyone = commands(quick, torch, precisions, folder)
        order = schedule(everyone, rounds)
        for number, case in enumerate(order, start=1):
            runs.append((case, output_of(everyone[case])["users_per_second"]))
            print(f"training {number} of {len(order)}: {case} {runs[-1][1]:,.0f} users/s", file=sys.stderr)
    return list(rows_of(runs)), skipped
