#!/usr/bin/env bash
# Measures what a step of training moves between trainer and servers, how long it takes and how much
# memory, with placement by_item and by_range, at catalogues of 20,000, 200,000 and 1,000,000 items.
# Takes about five minutes on two cores and 11 GB.
#
#   scripts/bench_placement.sh [--json FILE] [--quick]
#
#   --json FILE  also writes the rows that the table shows
#   --quick      a small catalogue instead: shows that everything works
set -euo pipefail
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")

for tool in cmake ninja python3; do
  if ! command -v "$tool" > /dev/null; then
    echo "bench_placement.sh: $tool is missing; run scripts/install.sh" >&2
    exit 2
  fi
done
for word in "$@"; do
  if [ "$word" = --help ] || [ "$word" = -h ]; then
    exec python3 "$here/baselines/compare_placements.py" --help
  fi
done
# Wrong flags and files are found before the build.
python3 "$here/baselines/compare_placements.py" --check "$@"

cmake --preset release -S "$here/.." > /dev/null
cmake --build "$here/../build/release" --target souk_bench >&2
exec python3 "$here/baselines/compare_placements.py" "$@"
