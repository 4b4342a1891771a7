#!/usr/bin/env bash
# Measures how fast simulated users live, on one thread: those of reco-gym's and RecSim's models, against what the
# published programs reach, and shoppers of ours; in memory and written to a session log as souk run writes it.
# Takes a minute with nothing else running.
#
#   scripts/bench_simulation.sh [--json FILE] [--rounds N] [--quick]
#
#   --json FILE  also writes the rows that the table shows
#   --rounds N   of all cases in turn; the best counts (3)
#   --quick      few users and one round: shows that everything works
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/baselines/benchmark.sh"
run_benchmark souk_bench compare_simulation.py "$@"
