"""Checks the rows of scripts/bench_cluster.sh, with canned numbers and in a small real run. Nothing is timed."""

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
import cluster_training  # pylint: disable=wrong-import-position
import transports  # pylint: disable=wrong-import-position

ROW_KEYS = {"case", "megabytes", "value", "against", "ratio", "goal"}


def compare(*arguments):
    return subprocess.run([sys.executable, BASELINES / "compare_cluster.py", *arguments], check=False,
                          capture_output=True, text=True, env={**os.environ, "SOUK_BENCH": SOUK_BENCH})


def by_case(rows) -> dict:
    return {(row["case"], row["against"]): row for row in rows}


class Tensors(unittest.TestCase):
    def test_ratios_are_medians_of_each_rounds_own(self):
        rows = by_case(transports.rows_of(16, {"raw": [1, 2, 3], "tcp": [2, 2.5, 6], "tls": [4, 4, 4],
                                               "shm": [1, 1, 1], "round": [2, 2, 2],
                                               "gloo": [3, 3, 3]}))
        tcp = rows["TCP", "echo over plain sockets"]
        self.assertEqual((tcp["ratio"], tcp["goal"], tcp["megabytes"]), (0.5, 0.8, 16))
        self.assertAlmostEqual(tcp["value"], 0.0128)
        self.assertEqual(rows["round of two trainers, TCP", "Gloo allreduce, halving-doubling"]["ratio"], 1.5)

    def test_without_gloo_its_ratio_is_missing_and_the_goal_is_still_said(self):
        rows = by_case(transports.rows_of(1, {"raw": [1], "tcp": [2], "tls": [4], "shm": [1], "round": [2]}))
        row = rows["round of two trainers, TCP", "Gloo allreduce, halving-doubling"]
        self.assertEqual((row["ratio"], row["goal"]), (None, 1.0))


class Trainings(unittest.TestCase):
    def test_a_run_is_compared_with_those_just_before_and_after_it(self):
        one, ddp, case = cluster_training.IN_PROCESS, cluster_training.DDP, "by_range, shared memory"
        runs = [(ddp, 400.0), (one, 3000.0), (case, 2000.0), (one, 5000.0), ("by_range, TCP", 1000.0),
                (one, 7000.0), (ddp, 600.0), (one, 5000.0), (case, 3000.0), (case, 90000.0)]
        rows = by_case(cluster_training.rows_of(runs))
        self.assertEqual(rows[case, one]["value"], 3000)
        self.assertAlmostEqual(rows[case, one]["ratio"], 3000 / 5000)  # of 2000 / 4000 and an outlier, too
        self.assertAlmostEqual(rows[case, ddp]["ratio"], 3000 / 600)
        self.assertEqual(rows[case, ddp]["goal"], 6)
        self.assertAlmostEqual(rows["by_range, TCP", one]["ratio"], 1000 / 6000)

    def test_who_is_compared_with_one_process_lies_between_two_of_it(self):
        one, ddp = cluster_training.IN_PROCESS, cluster_training.DDP
        order = cluster_training.schedule([*cluster_training.CASES, ddp], rounds=2)
        marks = "".join("D" if name == ddp else "." for name in order)
        self.assertEqual([len(half) for half in marks.split("D")], [0, 11, 6, 11, 6, 0])
        for case, (_, _, goal, _) in cluster_training.CASES.items():
            self.assertEqual(order.count(case), 12 if case == one else 2, case)
            for number, name in enumerate(order):
                if name == case and goal:
                    self.assertEqual((order[number - 1], order[number + 1]), (one, one))

    def test_who_is_absent_has_no_turn(self):
        present = [case for case, (_, precision, _, _) in cluster_training.CASES.items() if precision == "fp32"]
        order = cluster_training.schedule(present, rounds=1)
        self.assertEqual(sorted(set(order)), sorted(present))
        self.assertEqual(order.count(cluster_training.IN_PROCESS), 6)
        self.assertEqual(cluster_training.schedule([], rounds=2), [])

    def test_without_pytorch_there_are_no_ratios_to_it(self):
        rows = by_case(cluster_training.rows_of([(case, 1.0) for case in cluster_training.CASES]))
        self.assertIsNone(rows["by_range, TCP", cluster_training.DDP]["ratio"])


class Script(unittest.TestCase):
    def test_a_small_run_writes_all_rows(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "rows.json"
            done = compare("--quick", "--json", file)
            self.assertEqual(done.returncode, 0, done.stderr)
            document = json.loads(file.read_text())
        rows = by_case(document["rows"])
        for row in rows.values():
            self.assertEqual(set(row), ROW_KEYS)
        for case in ("TCP", "TLS", "shared memory", "round of two trainers, TCP"):
            self.assertGreater(next(row["value"] for row in rows.values() if row["case"] == case), 0)
        for case, (_, _, goal, _) in cluster_training.CASES.items():
            if goal:
                self.assertGreater(rows[case, cluster_training.IN_PROCESS]["ratio"], 0)
        for skipped in document["skipped"]:
            self.assertIn(f"skipped: {skipped}", done.stdout)

    def test_wrong_requests_are_refused(self):
        for wrong in (("--rounds", "0"), ("--only", "nothing"), ("--json", "/nowhere/rows.json")):
            done = compare(*wrong)
            self.assertEqual((done.returncode, done.stdout), (2, ""), wrong)


if __name__ == "__main__":
    unittest.main()
