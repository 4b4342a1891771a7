"""Runs souk_bench small and checks that what it prints makes sense. Nothing is timed."""

import json
import math
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

SOUK_BENCH = sys.argv.pop(1)
TRAIN = ("train", "--shape", "tiny", "--batch", "100", "--steps", "3")


def run(*arguments):
    return subprocess.run([SOUK_BENCH, *arguments], check=False, capture_output=True, text=True)


def result_of(*arguments) -> dict:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1, "one line of JSON"
    return json.loads(done.stdout)


def limit_address_space():
    """Leaves room for some hundred threads."""
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


class SoukBench(unittest.TestCase):
    def assert_positive(self, result: dict, *keys: str):
        for key in keys:
            self.assertGreater(result[key], 0, key)
            self.assertTrue(math.isfinite(result[key]), key)

    def test_training_says_how_fast_and_how_large(self):
        result = result_of(*TRAIN)
        self.assert_positive(result, "users_per_second", "step_ms", "peak_mb", "loss")
        self.assertEqual((result["users"], result["items"]), (400, 301))
        self.assertGreaterEqual(result["steps"], 3)

    def test_the_same_rows_have_the_same_loss_on_any_cluster(self):
        losses = {result_of(*TRAIN, *shape)["loss"]
                  for shape in (("--threads", "1"), ("--threads", "3"),
                                ("--trainers", "2", "--threads", "1"))}
        self.assertEqual(len(losses), 1)

    def test_placements_learn_the_same_and_move_different_bytes(self):
        def placed(kind, items):
            return result_of("placement", "--kind", kind, "--items", str(items), "--hidden", "24",
                             "--steps", "4")

        by_item, by_range, larger = (placed("by_item", 3000), placed("by_range", 3000),
                                     placed("by_item", 6000))
        self.assert_positive(by_item, "step_ms", "peak_mb", "megabytes_per_step")
        self.assertAlmostEqual(by_item["loss"], by_range["loss"], delta=1e-3 * by_range["loss"])
        # Rows that end in more places: their few words may change, matrices do not.
        self.assertAlmostEqual(larger["megabytes_per_step"], by_item["megabytes_per_step"],
                               delta=0.05 * by_item["megabytes_per_step"])
        self.assertEqual(run("placement", "--kind", "by_name").returncode, 2)

    def test_rows_are_written_as_they_are_trained_on(self):
        with tempfile.TemporaryDirectory() as folder:
            rows = result_of("rows", "--shape", "tiny", "--batch", "100", "--out", folder)
            offsets = (pathlib.Path(folder) / "offsets.u64").read_bytes()
            items = (pathlib.Path(folder) / "items.u32").read_bytes()
        self.assertEqual(len(offsets), 8 * (rows["users"] + 1))
        self.assertEqual(len(items), 4 * rows["events"])
        self.assertEqual(int.from_bytes(offsets[-8:], "little"), rows["events"])
        self.assertEqual(rows["events"], result_of(*TRAIN)["events"])

    def test_tensors_travel_every_way(self):
        result = result_of("bulk", "--megabytes", "0.1", "--rounds", "2", "--trips", "1")
        self.assertLessEqual({"raw", "tcp", "tls", "shm", "round"}, set(result["seconds"]))
        for seconds in result["seconds"].values():
            self.assertEqual(len(seconds), 2)
            self.assertGreater(min(seconds), 0)

    def test_a_cluster_learns_the_same_over_any_processes(self):
        losses = {result_of("cluster", "--shape", "tiny", "--batch", "100", "--steps", "3", *shape)["loss"]
                  for shape in (("--processes", "1"), ("--processes", "3"),
                                ("--processes", "2", "--way", "tcp", "--servers", "2"))}
        self.assertEqual(len(losses), 1)

    def test_a_dataset_is_opened(self):
        result = result_of("open", "--events", "1000")
        self.assertEqual(result["events"], 1000)
        self.assert_positive(result, "open_seconds", "file_mb")

    def test_one_user_is_ranked_for(self):
        result = result_of("one_user", "--shape", "tiny", "--requests", "5")
        self.assert_positive(result, "p50_ms", "p99_ms")
        self.assertLessEqual(result["p50_ms"], result["p99_ms"])

    def test_ease_is_fitted_and_ranks_better_than_random_weights(self):
        fitted = result_of("ease", "--shape", "tiny", "--users", "50")
        self.assert_positive(fitted, "fit_seconds", "users_per_second", "peak_mb")
        drawn = result_of("rank", "--shape", "tiny", "--users", "50")
        self.assert_positive(drawn, "users_per_second", "products_per_second")
        self.assertGreater(fitted["ndcg@100"], drawn["ndcg@100"])

    def test_wrong_requests_are_refused(self):
        for wrong in (("train", "--shape", "huge"), ("train", "--blocks", "3"),
                      ("train", "--steps", "0"), ("train", "--precision", "fp8"),
                      ("train", "--shape", "ml1m", "--ml1m", "nowhere"), ("tarin",), (),
                      ("train", "--shape", "tiny", "--ml1m", "nowhere"),
                      ("cluster", "--way", "carrier pigeon"), ("cluster", "--compression", "zip"),
                      ("cluster", "--trainers", "3"), ("bulk", "--megabytes", "0"),
                      ("train", "--threads", "0"), ("rank", "--threads", "0"),
                      ("limits", "--threads", "0"),
                      ("rows", "--shape", "tiny", "--batch", "100", "--out", "nowhere"),
                      ("train", "--shape", "tiny", "--batch", "1000")):
            done = run(*wrong)
            self.assertEqual(done.returncode, 2, wrong)
            self.assertIn("souk_bench: ", done.stderr)
            self.assertLess(len(done.stderr), 200)
            self.assertEqual(done.stdout, "")

    def test_more_threads_than_can_be_had_are_an_error(self):
        def run_in_little_space(*arguments):
            return subprocess.run([SOUK_BENCH, *arguments], check=False, capture_output=True,
                                  text=True, preexec_fn=limit_address_space)

        if run_in_little_space("--help").returncode != 0:
            self.skipTest("a sanitizer needs the address space")
        done = run_in_little_space(*TRAIN, "--threads", "100000")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("of 100000 threads could be had", done.stderr)


if __name__ == "__main__":
    unittest.main()
