# shellcheck shell=bash
# What scripts/bench_*.sh have in common; sourced by them.

# run_benchmark TARGET COMPARE ARGUMENTS: refuses wrong arguments, builds the target, then compares.
run_benchmark() {
  local name target folder compare
  name=$(basename "$0")
  folder=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
  target=$1
  compare="$folder/$2"
  shift 2
  for tool in cmake ninja python3; do
    if ! command -v "$tool" > /dev/null; then
      echo "$name: $tool is missing; run scripts/install.sh" >&2
      exit 2
    fi
  done
  for word in "$@"; do
    if [ "$word" = --help ] || [ "$word" = -h ]; then
      exec python3 "$compare" --help
    fi
  done
  # Wrong flags and files are found before the build.
  python3 "$compare" --check "$@"
  cmake --preset release -S "$folder/../.." > /dev/null
  cmake --build "$folder/../../build/release" --target "$target" >&2
  exec python3 "$compare" "$@"
}
