#!/usr/bin/env bash
# Checks that all C++ is formatted as .clang-format says (clang-format 14). With --fix,
# formats it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=(--dry-run --Werror)
[ "${1:-}" = --fix ] && mode=(-i)
find core data models sim eval actors experiments tests -name '*.[ch]pp' -print0 |
  xargs -0 clang-format "${mode[@]}"
