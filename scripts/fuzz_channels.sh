#!/usr/bin/env bash
# Talks nonsense to a process of a cluster, over real sockets, and watches that it lives
# and does not grow: 10,000 damaged sessions with the control channel and with tensors.
#
#   scripts/fuzz_channels.sh [--sessions N] [--seed N]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cmake --preset release > /dev/null
cmake --build build/release --target souk_fuzz_channels > /dev/null
exec build/release/tests/actors/channels/souk_fuzz_channels "$@"
