#!/usr/bin/env bash
# Kills, freezes and thaws the processes of small runs, on one machine or on three hosts made of
# network namespaces (where this machine lets us), pulls their cables and swallows what they send,
# at random moments, resumes runs that were killed in another shape, and checks that every run ends
# with the digests of the undisturbed one.
#
#   scripts/chaos.sh [--seeds N] [--first N]    # 200 seeds from 1 on; a seed takes some seconds
#
# A seed decides everything but the scheduler: a failing one is played again with
# --first SEED --seeds 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/install.sh >&2
cmake --preset release > /dev/null
cmake --build --preset release --target souk_chaos >&2
exec build/release/tests/scenarios/souk_chaos "$@"
