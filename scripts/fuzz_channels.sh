#!/usr/bin/env bash
# Talks nonsense to a process of a cluster, over real sockets, and watches that it lives
# and does not grow: 10,000 damaged sessions with the control channel and with tensors.
#
#   scripts/fuzz_channels.sh [--sessions N] [--seed N]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/install.sh >&2
cmake --preset release > /dev/null
cmake --build --preset release --target souk_fuzz_channels >&2
exec build/release/tests/actors/channels/souk_fuzz_channels "$@"
