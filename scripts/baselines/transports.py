"""Tensors between two processes: souk_bench bulk at several sizes."""

import statistics
import sys

from programs import SOUK_BENCH, output_of

# Megabytes, and pushes and pulls in a round.
SIZES = ((1, 100), (16, 10), (100, 3))
QUICK_SIZES = ((1, 2),)
# In this order: souk_bench's name -> (case, name of whom it is compared with).
WAYS = {"raw": ("echo over plain sockets", None), "tcp": ("TCP", "raw"), "tls": ("TLS", "tcp"),
        "shm": ("shared memory", "tcp"), "gloo": ("Gloo allreduce, halving-doubling", None),
        "round": ("round of two trainers, TCP", "gloo")}
# (way, megabytes) -> the least ratio that is wanted.
GOALS = {("tcp", 1): 0.5, ("tcp", 16): 0.8, ("tcp", 100): 0.8,
         ("tls", 1): 0.5, ("tls", 16): 0.5, ("tls", 100): 0.5, ("shm", 100): 1.5,
         ("round", 1): 1.0, ("round", 16): 1.0, ("round", 100): 1.0}


def rows_of(megabytes: float, seconds: dict):
    """Yields a row for each way; `seconds` are per push and pull, by way and round."""
    for way, (case, against) in WAYS.items():
        own, other = seconds.get(way), seconds.get(against)
        yield {"case": case, "megabytes": megabytes,
               "value": 2 * megabytes / 1e3 / statistics.median(own) if own else None,
               "against": WAYS[against][0] if against else None,
               "ratio": statistics.median(theirs / mine for mine, theirs in zip(own, other))
                        if own and other else None,
               "goal": GOALS.get((way, megabytes))}


def measure(rounds: int, quick: bool):
    """Returns the rows, and what was left out."""
    rows, skipped = [], []
    for megabytes, trips in QUICK_SIZES if quick else SIZES:
        print(f"tensors of {megabytes} MB", file=sys.stderr)
        seconds = output_of([SOUK_BENCH, "bulk", "--megabytes", megabytes, "--trips", trips,
                             "--rounds", rounds])["seconds"]
        rows += rows_of(megabytes, seconds)
        if "gloo" not in seconds and not skipped:
            skipped.append("Gloo was not there when souk_bench was built: scripts/install.sh baselines, "
                           "then build again")
    return rows, skipped
