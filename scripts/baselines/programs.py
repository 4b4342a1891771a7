"""Finds and runs the programs that are compared."""

import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOUK_BENCH = pathlib.Path(os.environ.get("SOUK_BENCH", HERE.parent.parent / "build/release/souk_bench"))


class Failed(Exception):
    """A program ended with an error, which it told itself."""


def output_of(command, environment=None) -> dict:
    """Runs a program that prints one line of JSON. Raises Failed if it fails."""
    done = subprocess.run([str(word) for word in command], check=False, text=True,
                          env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))} failed")
    return json.loads(done.stdout)


def check_writable(path: pathlib.Path, complain):
    """Finds out now, rather than at the end; leaves what is there. `complain` does not return."""
    existed = path.exists()
    try:
        path.open("a").close()
    except OSError as reason:
        complain(f"--json: {path} cannot be written: {reason.strerror}")
    if not existed:
        path.unlink()


# What the decoder's products are computed in -> how souk_bench is told.
PRECISIONS = {
    "fp32": ("--precision", "fp32"),
    "bf16": ("--precision", "bf16"),
    "bf16 by AMX": ("--precision", "bf16", "--isa", "amx"),
    "bf16x3 by AMX": ("--precision", "bf16x3", "--isa", "amx"),
}


def present_precisions() -> list:
    """Returns those of PRECISIONS in which this build of souk trains on this machine."""
    tiny = [SOUK_BENCH, "train", "--shape", "tiny", "--batch", "100", "--steps", "1"]
    return [name for name, words in PRECISIONS.items()
            if subprocess.run([*tiny, *words], check=False, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0]


def python_with_torch():
    """Returns an interpreter that has PyTorch and NumPy, or None. Debian's own comes first."""
    for candidate in ("/usr/bin/python3", sys.executable):
        found = subprocess.run([candidate, "-c", "import numpy, torch"], check=False,
                               stderr=subprocess.DEVNULL) if os.path.exists(candidate) else None
        if found is not None and found.returncode == 0:
            return candidate
    return None
