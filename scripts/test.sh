#!/usr/bin/env bash
# Installs what is missing, builds everything and runs every test. Ends with ctest's summary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scripts/install.sh
cmake --preset release
# The second target compiles every face on its own.
cmake --build --preset release --target all all_verify_interface_header_sets
ctest --preset release
