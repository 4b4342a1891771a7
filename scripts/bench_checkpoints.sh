#!/usr/bin/env bash
# Measures what asynchronous checkpoints cost: a generated shop is trained at two sizes of the model, and epochs
# in which a checkpoint is written are compared with those around them.
#
#   scripts/bench_checkpoints.sh [--json FILE] [--rounds N] [--every STEPS] [--quick]
#
#   --json FILE    also writes the rows that are shown
#   --rounds N     trainings of each size (1)
#   --every STEPS  instead of the default of checkpoint.every_steps
#   --quick        a small shop: shows that everything works
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/baselines/benchmark.sh"
run_benchmark souk compare_checkpoints.py "$@"
