#!/usr/bin/env bash
# From a fresh Debian 12 to a report: installs what is missing, fetches real data, builds,
# runs one experiment, and says where its page is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/install.sh
experiment=quickstart
if ! scripts/fetch_movielens_small.sh; then
  echo "MovieLens-small cannot be had here: using the generated shop instead." >&2
  experiment=generated_shop
fi

cmake --preset release > /dev/null
cmake --build --preset release --target souk

# Two starts within one second get folders of their own.
out=runs/$experiment-$(date -u +%Y%m%dT%H%M%SZ)
number=1
while [ -e "$out" ]; do
  number=$((number + 1))
  out=${out%%Z*}Z-$number
done
build/release/souk run "configs/experiment/$experiment.yaml" --out "$out"
echo
echo "The report: $PWD/$out/report.html"
