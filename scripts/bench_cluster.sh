#!/usr/bin/env bash
# Measures what work over several processes costs, all in one go and everybody in turn:
# - push, sum and pull of 1, 16 and 100 MB between two processes over our TCP, TLS and shared memory, against
#   an echo over plain sockets, and a round of two trainers against Gloo's allreduce;
# - Mult-VAE at the ML-20M shape over three processes, against one process and torch's DDP over gloo.
# Takes a quarter of an hour on two cores with nothing else running.
#
#   scripts/bench_cluster.sh [--json FILE] [--rounds N] [--only tensors|trainings] [--quick]
#
#   --json FILE  also writes the rows that the table shows
#   --rounds N   rounds of all in turn (7 of tensors, 4 of trainings)
#   --only PART  tensors or trainings
#   --quick      one short round at small shapes: shows that everything works
#
# Gloo and PyTorch are left out where they are missing: scripts/install.sh baselines brings them.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/baselines/benchmark.sh"
run_benchmark souk_bench compare_cluster.py "$@"
