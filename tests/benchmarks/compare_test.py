"""Checks what scripts/baselines/compare.py makes of results, with canned ones: nothing is measured."""

import argparse
import contextlib
import io
import json
import pathlib
import sys
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "baselines"))
import compare  # pylint: disable=wrong-import-position
import tables  # pylint: disable=wrong-import-position

THREADS = 4
LIMITS = {"threads": THREADS, "fp32_gflops": 500.0, "bf16_gflops": None, "read_gb_per_second": 50.0,
          "adam_gb_per_second": 70.0,
          "users_per_second": {
              "ml20m": {"fp32": 7000.0, "bf16": None, "memory": 50000.0},
              "ml1m": {"fp32": 36000.0, "bf16": None, "memory": 300000.0},
              "ranking": {"fp32": 20000.0, "products": 19000.0}}}
ROW_KEYS = {"shape", "program", "precision", "blocks", "users_per_second", "ratio_default",
            "ratio_tuned", "of_limit", "peak_mb"}


def canned(command, _environment=None) -> dict:
    """Answers as souk_bench and the PyTorch loop do."""
    words = [str(word) for word in command]
    if "rows" in words:
        return {"users": 100, "items": 9}
    if "limits" in words:
        return LIMITS
    if "one_user" in words:
        return {"p50_ms": 1.0, "p99_ms": 1.5, "read_ms": 0.9, "peak_mb": 3.0}
    if "rank" in words:
        return {"users_per_second": 14000.0, "products_per_second": 19000.0, "peak_mb": 4.0}
    speed = 700.0 if any(word.endswith(".py") for word in words) else 4900.0
    return {"users_per_second": speed, "step_ms": 5e5 / speed, "peak_mb": 500.0,
            "phases_ms": {"decoder": 27.0}}


def canned_without_tuned(command, environment=None) -> dict:
    """The same, but PyTorch fails in its tuned environment."""
    if environment == compare.TUNED_ENVIRONMENT:
        raise compare.Failed("multvae_pytorch.py failed")
    return canned(command, environment)


def measured(output_of, environments=("default", "tuned")) -> dict:
    """Returns what --json writes, and checks on the way that the tables can show it."""
    with mock.patch.multiple(compare, output_of=output_of, THREADS=THREADS,
                             python_with_torch=lambda: "python3", present_precisions=lambda: ["fp32", "bf16"],
                             pytorch_environments=lambda _: list(environments)), \
            contextlib.redirect_stderr(io.StringIO()), \
            contextlib.redirect_stdout(io.StringIO()) as shown:
        asked = argparse.Namespace(quick=True, ml1m=None, pairs=2)
        limits, training, ranking = compare.measure(asked)
        tables.show(limits, training, ranking, asked.pairs)
        text = json.dumps(compare.document(asked.pairs, limits, training, ranking))
    assert "ranking" in shown.getvalue()
    return json.loads(text)


class Compare(unittest.TestCase):
    def test_the_json_has_the_rows_and_keys_that_its_readers_know(self):
        document = measured(canned)
        self.assertEqual((document["pairs"], document["threads"]), (2, THREADS))
        self.assertEqual(document["limits"], LIMITS)
        names = [(row["shape"], row["precision"], row["blocks"]) for row in document["rows"]]
        self.assertEqual(names, [(shape, precision, blocks) for shape in ("ml20m", "ml1m")
                                 for precision, blocks in (("fp32", 4), ("bf16", 4), ("fp32", 1))]
                         + [("ranking", "fp32", None), ("one_user", "fp32", None)])
        for row in document["rows"]:
            self.assertLessEqual(ROW_KEYS, set(row))
            self.assertEqual(row["program"], "souk")
        first = document["rows"][0]
        self.assertAlmostEqual(first["ratio_default"], 7)
        self.assertAlmostEqual(first["ratio_tuned"], 7)
        self.assertAlmostEqual(first["of_limit"], 0.7)
        self.assertIsNone(document["rows"][1]["of_limit"])

    def test_phases_are_told_of_those_whose_they_are(self):
        document = measured(canned)
        told = {row["program"]: row["phases_ms"] is not None for row in document["others"]}
        self.assertEqual(told, {"pytorch": True, compare.TWO_TRAINERS: False})
        self.assertEqual(document["rows"][0]["phases_ms"], {"decoder": 27.0})

    def test_a_pytorch_that_fails_is_left_out_and_the_others_go_on(self):
        document = measured(canned_without_tuned)
        self.assertAlmostEqual(document["rows"][0]["ratio_default"], 7)
        self.assertIsNone(document["rows"][0]["ratio_tuned"])
        self.assertEqual([row["environment"] for row in document["others"]
                          if row["program"] == "pytorch"], ["default", "default"])

    def test_without_pytorch_there_are_no_ratios(self):
        for row in measured(canned, environments=())["rows"]:
            self.assertIsNone(row["ratio_default"])
            self.assertIsNone(row["ratio_tuned"])

    def test_two_trainers_need_two_threads(self):
        self.assertIn((compare.TWO_TRAINERS, "fp32", 4), compare.contenders([], [], 2))
        self.assertEqual(compare.contenders([], [], 1), [("souk", "fp32", 4), ("souk", "fp32", 1)])

    def test_everybody_has_the_same_threads(self):
        commands = []

        def noting(command, environment=None):
            commands.append([str(word) for word in command])
            return canned(command, environment)

        measured(noting)
        for command in commands:
            if any(word in command for word in ("train", "rank", "limits")) \
                    or any(word.endswith(".py") for word in command):
                trainers = (int(command[command.index("--trainers") + 1])
                            if "--trainers" in command else 1)
                threads = int(command[command.index("--threads") + 1])
                self.assertEqual(trainers * threads, THREADS, command)

    def test_a_limit_is_the_best_that_was_seen(self):
        better = compare.better_of({"a": 1, "b": None, "c": {"d": 4}}, {"a": 2, "b": None, "c": {"d": 3}})
        self.assertEqual(better, {"a": 2, "b": None, "c": {"d": 4}})


if __name__ == "__main__":
    unittest.main()
