"""Trains a generated shop with souk, over and over."""

import json
import os
import pathlib
import subprocess

from programs import HERE, Failed

ROOT = HERE.parent.parent
SOUK = pathlib.Path(os.environ.get("SOUK", ROOT / "build/release/souk"))

SHOP = """souk: 1
name: shop
seed: 1
data:
  source: {{kind: simulated, items: {items}, users: {users}, days: {days}}}
  split: {{kind: strong_generalisation, held_out_users: 50}}
model: {{kind: mult_vae, hidden: [600], latent: 200, kl: {{cap: 0.2, anneal_steps: 200}}}}
training: {{epochs: {epochs}, batch_users: 500, blocks: 4, validate: {{every_epochs: {epochs}, patience: never}},
           checkpoint: {{every_steps: 1000000}}}}
"""


def write_shop(folder, items: int, users: int, days: int, epochs: int) -> pathlib.Path:
    """Writes an experiment without validation and checkpoints on the way."""
    file = pathlib.Path(folder) / f"shop-{items}.yaml"
    file.write_text(SHOP.format(items=items, users=users, days=days, epochs=epochs))
    return file


def build() -> pathlib.Path:
    """Builds souk, and returns the program."""
    stdout_of(["cmake", "--preset", "release", "-S", ROOT])
    stdout_of(["cmake", "--build", ROOT / "build/release", "--target", "souk"])
    return SOUK


def stdout_of(words) -> str:
    """Runs a program quietly. Raises Failed with what it said if it fails."""
    done = subprocess.run([str(word) for word in words], check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, words))} failed:\n{done.stderr}")
    return done.stdout


def overrides_of(settings: dict) -> list:
    """Returns -s KEY=VALUE for each."""
    return [word for key, value in settings.items() for word in ("-s", f"{key}={value}")]


def train(souk, file, out, settings: dict, before=()) -> pathlib.Path:
    """Trains into the folder `out`, and returns it. Settings win over the words `before`."""
    settings = {"report.html": "false", **settings}
    stdout_of([souk, "train", file, "--out", out, "--quiet", *before, *overrides_of(settings)])
    return pathlib.Path(out)


def measured(run: pathlib.Path, metric: str) -> dict:
    """Returns the row of a figure that a finished training measured of itself."""
    rows = json.loads((run / "results.json").read_text())["rows"]
    found = [row for row in rows if row["stage"] == "training" and row["metric"] == metric]
    if len(found) != 1:
        raise Failed(f"{run}: {len(found)} figures of {metric}, not one")
    return found[0]


def load_average() -> float:
    """Returns how many threads wanted to run over the last minute."""
    return os.getloadavg()[0]
