#!/usr/bin/env python3
"""Checks that every #include respects the room table in ARCHITECTURE.md."""

import pathlib
import re
import sys

MAY_INCLUDE = {
    "core": set(),
    "data": {"core"},
    "models": {"core"},
    "sim": {"core"},
    "eval": {"core"},
    "actors": {"core", "data", "models", "sim", "eval"},
    "serving": {"core"},
    "experiments": {"core", "data", "models", "sim", "eval", "actors", "serving"},
}
LIBRARY_ROOMS = {
    "torch": {"models"},
    "ATen": {"models"},
    "dnnl": {"models"},
    "hwy": {"models"},
    "caf": {"actors"},
    "xxhash": {"core", "actors"},
    "boost": {"actors", "serving"},
    "H5public": {"data"},
    "hdf5": {"data"},
    "yaml-cpp": {"experiments"},
    "CLI": {"experiments"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([\w-]+)[/.]')


def violations(room: str, path: pathlib.Path):
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        found = INCLUDE.match(line)
        if not found:
            continue
        target = found.group(1)
        if target in MAY_INCLUDE and target != room and target not in MAY_INCLUDE[room]:
            yield f"{path}:{number}: {room}/ may not include {target}/"
        if target in LIBRARY_ROOMS and room not in LIBRARY_ROOMS[target]:
            yield f"{path}:{number}: <{target}> belongs to {', '.join(sorted(LIBRARY_ROOMS[target]))}/"


def main() -> int:
    complaints = [
        complaint
        for room in MAY_INCLUDE
        for path in sorted(pathlib.Path(room).rglob("*.[hc]pp"))
        for complaint in violations(room, path)
    ]
    print("\n".join(complaints) or "rooms: ok")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
