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
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")

for tool in cmake ninja python3; do
  if ! command -v "$tool" > /dev/null; then
    echo "bench_training.sh: $tool is missing; run scripts/install.sh" >&2
    exit 2
  fi
done
for word in "$@"; do
  if [ "$word" = --help ] || [ "$word" = -h ]; then
    exec python3 "$here/baselines/compare.py" --help
  fi
done
# Wrong flags and files are found before the build.
python3 "$here/baselines/compare.py" --check "$@"

cmake --preset release -S "$here/.." > /dev/null
cmake --build "$here/../build/release" --target souk_bench >&2
exec python3 "$here/baselines/compare.py" "$@"
