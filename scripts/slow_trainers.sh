#!/usr/bin/env bash
# Holds back one of two trainers from outside (SIGSTOP and SIGCONT in turn) and checks that it is
# named as slow, and that nobody is where nobody is held back.
#
#   scripts/slow_trainers.sh [--runs N] [--percent N]    # 20 runs of each kind, six minutes
#
# The trainer that is held back runs for N percent of the time (50). On a machine that does other
# things every trainer waits for a processor, and one that is held back little is not slower.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/install.sh >&2
cmake --preset release > /dev/null
cmake --build --preset release --target souk_slow_trainers >&2
exec build/release/tests/scenarios/souk_slow_trainers "$@"
