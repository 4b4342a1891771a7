#!/usr/bin/env bash
# Measures how fast souk trains and ranks: against a plain PyTorch loop and against what the
# machine can do at best, all in one go. Takes about six minutes on two cores.
#
#   scripts/bench_training.sh [--json FILE] [--pairs N] [--quick] [--ml1m FOLDER]
#
#   --json FILE    also writes the rows that the tables show
#   --pairs N      rounds of souk and PyTorch in turn (5)
#   --quick        one short round and no EASE: shows that everything works
#   --ml1m FOLDER  the real train.csv instead of synthetic rows of that shape
#
# PyTorch is left out where it is missing: scripts/install.sh baselines brings it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/baselines/benchmark.sh"
run_benchmark souk_bench compare.py "$@"
