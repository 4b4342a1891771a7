#!/usr/bin/env python3
"""Runs souk_bench placement at several catalogues and says what each placement moves.

Started by scripts/bench_placement.sh, which builds souk_bench.
"""

import argparse
import json
import pathlib
import sys

import programs

# Items and width of the hidden layer.
CATALOGUES = ((20_000, 600), (200_000, 200), (1_000_000, 200))
QUICK = ((2_000, 40),)
# (placement, items) -> what is wanted at most.
GOALS = {("by_item", 1_000_000): {"step_ms": 2_200, "peak_mb": 9_000 * 1e6 / 2**20}}


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench_placement.sh",
                                     description="What does a step move, and what does it take?")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write the rows there")
    parser.add_argument("--quick", action="store_true", help="a small catalogue instead")
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.json:
        programs.check_writable(options.json, parser.error)
    return options


def cases(catalogues):
    """Yields placement, items, width and precision. The largest catalogue by item comes in all precisions."""
    for items, hidden in catalogues:
        yield "by_item", items, hidden, "fp32"
        yield "by_range", items, hidden, "fp32"
    items, hidden = catalogues[-1]
    for precision in programs.present_precisions():
        if precision != "fp32":
            yield "by_item", items, hidden, precision


def measured(placement: str, items: int, hidden: int, precision: str) -> dict:
    print(f"{placement}, {items:,} items, {precision}", file=sys.stderr)
    row = programs.output_of([programs.SOUK_BENCH, "placement", "--kind", placement,
                              "--items", items, "--hidden", hidden, *programs.PRECISIONS[precision]])
    row["precision"] = precision
    row["goal"] = GOALS.get((placement, items))
    return row


def show(rows):
    print(f"{'items':>9}  {'hidden':>6}  {'placement':<9} {'precision':<13} {'MB a step':>9}  {'ms a step':>9}  "
          f"{'peak MB':>8}  goal")
    for row in rows:
        goal = "" if row["goal"] is None else \
            ", ".join(f"{name} <= {most:,.0f}" for name, most in row["goal"].items())
        print(f"{row['items']:>9,}  {row['hidden']:>6}  {row['placement']:<9} {row['precision']:<13} "
              f"{row['megabytes_per_step']:>9,.1f}  {row['step_ms']:>9,.0f}  "
              f"{row['peak_mb']:>8,.0f}  {goal}")


def main():
    options = parsed()
    if options.check:
        return
    try:
        rows = [measured(*case) for case in cases(QUICK if options.quick else CATALOGUES)]
    except programs.Failed as failed:
        sys.exit(f"bench_placement.sh: {failed}")
    show(rows)
    if options.json:
        options.json.write_text(json.dumps({"rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
