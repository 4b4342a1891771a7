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
    def test_every_case_is_compared_with_one_process_and_with_ddp(self):
        speeds = {case: [3000.0, 2000.0] for case in cluster_training.CASES}
        speeds[cluster_training.IN_PROCESS] = [4000.0, 4000.0]
        speeds[cluster_training.DDP] = [500.0, 400.0]
        rows = by_case(cluster_training.rows_of(speeds))
        case = "by_range, shared memory"
        self.assertEqual(rows[case, cluster_training.IN_PROCESS]["ratio"], 0.625)
        self.assertEqual(rows[case, cluster_training.DDP]["ratio"], 5.5)
        self.assertEqual(rows[case, cluster_training.DDP]["goal"], 6)

    def test_without_pytorch_there_are_no_ratios_to_it(self):
        rows = by_case(cluster_training.rows_of({case: [1.0] for case in cluster_training.CASES}))
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
