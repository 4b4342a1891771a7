"""Checks the rows of scripts/bench_simulation.sh, with canned numbers and in a small real run. Nothing is timed."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOUK_BENCH = sys.argv.pop(1)
BASELINES = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "baselines"
sys.path.insert(0, str(BASELINES))
import compare_simulation  # pylint: disable=wrong-import-position


def compare(*arguments):
    return subprocess.run([sys.executable, BASELINES / "compare_simulation.py", *arguments], check=False,
                          capture_output=True, text=True, env={**os.environ, "SOUK_BENCH": SOUK_BENCH})


def simulate(*arguments):
    return subprocess.run([SOUK_BENCH, "simulate", *arguments], check=False, capture_output=True, text=True)


def row(speed: float, memory: float, goal: dict) -> dict:
    return {"events_per_second": speed, "events_per_cpu_second": 2 * speed, "peak_mb": memory, "goal": goal}


class Rows(unittest.TestCase):
    def test_the_fastest_round_counts_and_the_most_memory(self):
        best = compare_simulation.better(row(3, 7, {}), row(5, 6, {}))
        self.assertEqual((best["events_per_second"], best["peak_mb"]), (5, 7))

    def test_speed_and_memory_have_to_be_as_wanted(self):
        goal = {"events_per_second": 4, "peak_mb": 10}
        self.assertEqual(compare_simulation.verdict(row(4, 10, goal)), "met")
        self.assertEqual(compare_simulation.verdict(row(3.9, 10, goal)), "missed")
        self.assertEqual(compare_simulation.verdict(row(4, 11, goal)), "missed")
        self.assertEqual(compare_simulation.verdict(row(4, 11, {"events_per_second": 4})), "met")
        self.assertEqual(compare_simulation.verdict(row(1, 1, {})), "")

    def test_a_model_has_to_take_its_share_of_the_time(self):
        in_loop = {**row(1, 1, {"share_in_layers": 0.95}), "share_in_layers": 0.96}
        self.assertEqual(compare_simulation.verdict(in_loop), "met")
        self.assertEqual(compare_simulation.verdict({**in_loop, "share_in_layers": 0.94}), "missed")
        self.assertEqual(compare_simulation.goal_of(in_loop), "95%")


class SmallRun(unittest.TestCase):
    def test_every_case_is_measured(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "rows.json")
            done = compare("--quick", "--json", file)
            self.assertEqual(done.returncode, 0, done.stderr)
            rows = json.loads(file.read_text())["rows"]
        self.assertEqual(len(rows), len(compare_simulation.CASES))
        for one in rows:
            self.assertLessEqual({"case", "products", "users", "events_per_second", "peak_mb"}, set(one))
            self.assertGreater(one["events_per_second"], 0)
            if "share_in_layers" in one["goal"]:
                self.assertTrue(0 < one["share_in_layers"] < 1)

    def test_the_log_and_memory_have_the_same_events(self):
        both = [json.loads(simulate("--way", way, "--users", "200", "--cohort", "70").stdout)
                for way in ("memory", "log")]
        self.assertEqual(both[0]["records"], both[1]["records"])
        self.assertEqual(both[0]["events"], both[1]["events"])

    def test_wrong_requests_are_refused(self):
        for wrong in (("--users", "0"), ("--preset", "nobody"), ("--policy", "reference"), ("--way", "disk")):
            done = simulate(*wrong)
            self.assertEqual(done.returncode, 2, wrong)
            self.assertIn(wrong[0].lstrip("-"), done.stderr)
        self.assertEqual(compare("--rounds", "0").returncode, 2)


if __name__ == "__main__":
    unittest.main()
