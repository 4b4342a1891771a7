#!/usr/bin/env python3
"""Checks that every #include respects the room table in ARCHITECTURE.md."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

MAY_INCLUDE = {
    "core": set(),
    "data": {"core"},
    "models": {"core"},
    "sim": {"core"},
    "eval": {"core"},
    "actors": {"core", "models", "sim"},
    "experiments": {"core", "data", "models", "sim", "eval", "actors"},
}
# A library's first folder or header, and the only rooms that may see it.
LIBRARY_ROOMS = {
    "Random123": {"core"},
    "spdlog": {"core"},
    "fmt": {"core"},
    "openssl": {"core", "actors"},
    "intel-ipsec-mb": {"actors"},
    "caf": {"actors"},
    "boost": {"actors"},
    "H5public": {"data"},
    "hdf5": {"data"},
    "libdeflate": {"data"},
    "zlib": {"data"},
    "nlohmann": {"data", "experiments"},
    "torch": {"models"},
    "ATen": {"models"},
    "dnnl": {"models"},
    "hwy": {"models"},
    "lapacke": {"models"},
    "cblas": {"models"},
    "omp": {"models"},
    "yaml-cpp": {"experiments"},
    "CLI": {"experiments"},
}
# Inside actors/, Asio, OpenSSL and ipsec-mb belong to bulk/, which knows core/ only
# and no CAF; nor do the protocols know more.
FOLDER_RULES = [
    (re.compile(r"^actors/(?!bulk/)"), re.compile(r"^(openssl|boost)/|^intel-ipsec-mb"),
     "actors/bulk/"),
    (re.compile(r"^actors/bulk/"), re.compile(r"^(?!actors/bulk/|core/)(actors|models|sim|caf)/"),
     "rooms above the bulk channel"),
    (re.compile(r"^actors/messages/"), re.compile(r"^(?!actors/messages/|core/|caf/)\w+/"),
     "rooms above the protocols"),
]
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]')


def complaints_about(room: str, path: pathlib.Path):
    name = path.relative_to(ROOT).as_posix()
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        found = INCLUDE.match(line)
        if not found:
            continue
        header = found.group(1)
        target = re.split(r"[/.]", header)[0]
        where = f"{name}:{number}"
        if target in MAY_INCLUDE and target != room and target not in MAY_INCLUDE[room]:
            yield f"{where}: {room}/ may not include {target}/"
        if target in LIBRARY_ROOMS and room not in LIBRARY_ROOMS[target]:
            owners = ", ".join(sorted(LIBRARY_ROOMS[target]))
            yield f"{where}: <{header}> belongs to {owners}/"
        for folder, forbidden, owner in FOLDER_RULES:
            if folder.match(name) and forbidden.match(header):
                yield f"{where}: <{header}> belongs to {owner}"


def main() -> int:
    complaints = [
        complaint
        for room in MAY_INCLUDE
        for path in sorted((ROOT / room).rglob("*.[hc]pp"))
        for complaint in complaints_about(room, path)
    ]
    print("\n".join(complaints) or "rooms: ok")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
