#!/usr/bin/env bash
# Measures how fast tensors travel between two processes over loopback: push, sum and pull of 1,
# 16 and 100 MB over our TCP, TLS and shared memory, against an echo over plain sockets, all in
# turn. Takes about a minute.
#
#   scripts/bench_cluster.sh [--json FILE] [--rounds N] [--quick]
#
#   --json FILE  also writes the rows that the table shows
#   --rounds N   rounds of all ways in turn (7)
#   --quick      one short round: shows that everything works
set -euo pipefail
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")

for tool in cmake ninja python3; do
  if ! command -v "$tool" > /dev/null; then
    echo "bench_cluster.sh: $tool is missing; run scripts/install.sh" >&2
    exit 2
  fi
done
for word in "$@"; do
  if [ "$word" = --help ] || [ "$word" = -h ]; then
    exec python3 "$here/baselines/compare_transports.py" --help
  fi
done
# Wrong flags and files are found before the build.
python3 "$here/baselines/compare_transports.py" --check "$@"

cmake --preset release -S "$here/.." > /dev/null
cmake --build "$here/../build/release" --target souk_bench >&2
exec python3 "$here/baselines/compare_transports.py" "$@"
