#!/usr/bin/env bash
# Compares what souk plan predicts with what real short trainings take on this machine, in 1 to 4 processes
# over shared memory, by range and by item. Predictions know only the runs in one and in two
# processes; those are found again nearly by construction, and say whether the model holds
# together; three and four are predicted. Takes five to eleven minutes on two cores; nothing else may run meanwhile.
#
#   scripts/check_plan.sh [--within SHARE] [--rounds N] [--souk PROGRAM] [FILE [-s KEY=VALUE ...]]
#
#   --within SHARE  fails when a median of predicted / measured is further from 1 (default 0.20)
#   --rounds N      every run is made so many times, in turn; medians count (default 3)
#   --souk PROGRAM  the program to check (default build/release/souk, built first)
#   FILE            an experiment (default: a generated shop of 20,000 items)
set -euo pipefail
here=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
if ! command -v python3 > /dev/null; then
  echo "check_plan.sh: python3 is missing; run scripts/install.sh" >&2
  exit 2
fi
exec python3 "$here/baselines/check_plan.py" "$@"
