#!/usr/bin/env bash
# Measures what a step of training moves between trainer and servers, how long it takes and how much
# memory, with placement by_item and by_range, at catalogues of 20,000, 200,000 and 1,000,000 items, and
# by_item at the largest one in all precisions that the processor has.
# Takes a minute and a half to six minutes on two cores, and 7.3 GB.
#
#   scripts/bench_placement.sh [--json FILE] [--quick]
#
#   --json FILE  also writes the rows that the table shows
#   --quick      a small catalogue instead: shows that everything works
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/baselines/benchmark.sh"
run_benchmark souk_bench compare_placements.py "$@"
