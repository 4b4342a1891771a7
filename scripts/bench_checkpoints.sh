#!/usr/bin/env bash
# Measures what asynchronous checkpoints cost: a generated shop is trained with and without them in turn, at two
# sizes of the model.
#
#   scripts/bench_checkpoints.sh [--json FILE] [--rounds N] [--every STEPS] [--quick]
#
#   --json FILE    also writes the rows that are shown
#   --rounds N     of all in turn (3)
#   --every STEPS  instead of the default of checkpoint.every_steps
#   --quick        a small shop and one round: shows that everything works
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/baselines/benchmark.sh"
run_benchmark souk compare_checkpoints.py "$@"
