#!/usr/bin/env bash
# Checks the quality of every model on a split that comes with its data (MovieLens-1M,
# strong generalisation): each against the figure that public implementations reach;
# bf16 and bf16x3, where the processor has them, against fp32; and compressed gradients
# against whole ones.
#
#   scripts/quality.sh FOLDER_WITH_THE_SPLIT [folder for the runs]
set -euo pipefail
if [ $# -lt 1 ] || [ ! -f "$1/train.csv" ]; then
  echo "usage: scripts/quality.sh FOLDER [OUT]; FOLDER holds train.csv, test_tr.csv, ..." >&2
  exit 2
fi
split=$(realpath "$1")
cd "$(dirname "$0")/.."
out=${2:-runs/quality-$(date -u +%Y%m%dT%H%M%SZ)}
souk=build/release/souk
if [ ! -x "$souk" ]; then
  scripts/install.sh
  cmake --preset release
  cmake --build --preset release --target souk
fi
mkdir -p "$out"
for seed in 1 2 3; do
  "$souk" run configs/experiment/ml_1m.yaml -s data.source.path="$split" -s seed="$seed" \
    --out "$out/seed-$seed" --resume
done
for rounded in bf16:auto bf16:amx bf16x3:amx; do
  for seed in 1 2 3; do
    code=0
    "$souk" run configs/experiment/ml_1m.yaml -s data.source.path="$split" -s seed="$seed" \
      -s training.precision="${rounded%:*}" -s math.isa="${rounded#*:}" -s 'baselines=[]' \
      --out "$out/${rounded/:/-}-seed-$seed" --resume || code=$?
    [ $code -ne 2 ] || break # the processor does not have it
    [ $code -eq 0 ] || exit $code
  done
done
for seed in 1 2 3; do
  "$souk" run configs/experiment/ml_1m.yaml -s data.source.path="$split" -s seed="$seed" \
    -s training.compression=bf16 -s 'baselines=[]' --out "$out/halves-seed-$seed" --resume
  "$souk" run configs/experiment/ml_1m_top_k.yaml -s data.source.path="$split" \
    -s seed="$seed" --out "$out/top_k-seed-$seed" --resume
done
python3 - "$out" <<'PYTHON'
import json, os, sys

def mean(seed, model, metric, prefix=""):
    rows = json.load(open(f"{sys.argv[1]}/{prefix}seed-{seed}/results.json"))["rows"]
    return next(r["mean"] for r in rows if r["stage"] == "offline" and r["model"] == model
                and r["metric"] == metric and not r["against"] and not r["measured"])

# model: metric -> (figure, tolerance); a tolerance of None means "at least".
GOALS = {
    "ease": {"recall@20": (.3595, .0005), "recall@50": (.4746, .0005), "ndcg@100": (.4219, .0005)},
    "item_knn": {"recall@20": (.3041, .002), "recall@50": (.4148, .002), "ndcg@100": (.3653, .002)},
    "pure_svd": {"recall@20": (.3255, .001), "recall@50": (.4418, .0015), "ndcg@100": (.3879, .001)},
    "popularity": {"recall@20": (.1613, .001), "recall@50": (.2337, .001), "ndcg@100": (.2106, .001)},
    "mult_vae": {"ndcg@100": (.4015, None)},
    "mult_dae": {"ndcg@100": (.4090, None)},
}
failed = 0
for model, metrics in GOALS.items():
    for metric, (figure, tolerance) in metrics.items():
        seeds = [mean(s, model, metric) for s in (1, 2, 3)]
        value = sum(seeds) / 3
        good = value >= figure if tolerance is None else abs(value - figure) <= tolerance
        failed += not good
        goal = f">= {figure}" if tolerance is None else f"{figure} +- {tolerance}"
        print(f"{'ok  ' if good else 'FAIL'} {model:12} {metric:10} {value:.4f} (goal {goal}; "
              f"seeds {' '.join(f'{s:.4f}' for s in seeds)})")
for rounded in ("bf16:auto", "bf16:amx", "bf16x3:amx"):
    if not os.path.exists(f"{sys.argv[1]}/{rounded.replace(':', '-')}-seed-3/results.json"):
        print(f"skipped: {rounded}, which this processor does not multiply")
        continue
    halves, floats = ([mean(s, "mult_vae", "ndcg@100", prefix) for s in (1, 2, 3)]
                      for prefix in (rounded.replace(":", "-") + "-", ""))
    apart = abs(sum(halves) - sum(floats)) / 3
    good = apart <= .0015
    failed += not good
    print(f"{'ok  ' if good else 'FAIL'} mult_vae in {rounded} ndcg@100 {sum(halves) / 3:.4f}, "
          f"{apart:.4f} from fp32 (goal <= .0015; seeds {' '.join(f'{s:.4f}' for s in halves)})")
for prefix, name in (("halves-", "gradients in bf16"), ("top_k-", "top 1% of gradients")):
    sent, whole = ([mean(s, "mult_vae", "ndcg@100", which) for s in (1, 2, 3)]
                   for which in (prefix, ""))
    share = sum(sent) / sum(whole)
    good = share >= .995
    failed += not good
    print(f"{'ok  ' if good else 'FAIL'} mult_vae, {name} ndcg@100 {sum(sent) / 3:.4f}, {share:.4f} "
          f"of whole ones (goal >= .995; seeds {' '.join(f'{s:.4f}' for s in sent)})")
sys.exit(1 if failed else 0)
PYTHON
