#!/usr/bin/env bash
# scripts/cluster/souk.sbatch with two hosts on the loopback interface and stand-ins for
# Slurm's own commands: a run over both ends, and goes on where nothing is left to do.
#   slurm_example_test.sh SOUK
set -euo pipefail

souk=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mkdir "$folder/bin"
cat > "$folder/bin/scontrol" << 'END'
#!/usr/bin/env bash
printf '127.0.0.2\n127.0.0.3\n'
END
cat > "$folder/bin/srun" << 'END'
#!/usr/bin/env bash
shift # --kill-on-bad-exit
tasks=()
for i in 0 1; do
  SLURM_NODEID=$i "$@" & tasks+=($!)
done
trap 'kill "${tasks[@]}"' TERM
wait
END
chmod +x "$folder/bin/"*

"$souk" check configs/experiment/generated_shop.yaml -s training.epochs=2 -s simulation=null \
  -s cluster.trainers=2 > "$folder/small.yaml"
export PATH="$folder/bin:$PATH" SLURM_JOB_ID=1 SLURM_JOB_NODELIST=any SOUK=$souk PORT=7410
for _ in first again; do
  scripts/cluster/souk.sbatch "$folder/small.yaml" "$folder/out" > "$folder/printed" 2>&1 \
    || { cat "$folder/printed"; exit 1; }
done
"$souk" run "$folder/small.yaml" --out "$folder/alone" > /dev/null 2>&1
digests() { grep -E '"(model|results)": "[0-9a-f]{64}"' "$1/manifest.json"; }
diff <(digests "$folder/out") <(digests "$folder/alone")
if [ -e "$folder/out.job-1" ]; then
  echo "the job's certificates were left behind"
  exit 1
fi
