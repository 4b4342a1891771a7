#!/usr/bin/env bash
# Writes MovieLens latest-small (100,004 ratings of 671 users on 9,066 films, with titles,
# years and genres) to datasets/movielens-small/ratings.csv, from the R package that Debian
# has it in. GroupLens terms: research use, no redistribution.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=datasets/movielens-small/ratings.csv
if [ -s "$target" ]; then
  exit 0
fi
scripts/install.sh example_data
mkdir -p "$(dirname "$target")"
partial=$(mktemp "$(dirname "$target")/.ratings.csv.XXXXXX")
trap 'rm -f "$partial"' EXIT
Rscript -e 'write.csv(dslabs::movielens, commandArgs(TRUE)[1], row.names = FALSE)' "$partial"
rows=$(wc -l < "$partial")
if [ "$rows" -lt 100000 ]; then
  echo "fetch_movielens_small.sh: expected 100,005 lines, got $rows" >&2
  exit 1
fi
chmod 644 "$partial"
mv "$partial" "$target"
