"""What compare_checkpoints.py makes of a training's epochs."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "scripts" / "baselines"))
import compare_checkpoints  # noqa: E402
from programs import Failed  # noqa: E402

STEPS_PER_EPOCH = 10


def epochs(count: int, seconds_of) -> list:
    return [(STEPS_PER_EPOCH * (i + 1), seconds_of(i)) for i in range(count)]


class CostsOfTest(unittest.TestCase):
    def test_what_epochs_after_a_checkpoint_take_longer_is_its_cost(self):
        # Every 20 epochs one is written, over three of them; the machine slows down all the time.
        def seconds(i):
            return 1 + i / 100 + (0.2 if i >= 20 and i % 20 < 3 else 0)

        costs = list(compare_checkpoints.costs_of(epochs(100, seconds), 200))
        self.assertEqual(len(costs), 4)
        for cost, between in costs:
            self.assertAlmostEqual(cost, 0.6, places=2)
            self.assertGreater(between, 20)

    def test_checkpoints_that_cost_nothing_cost_nothing(self):
        for cost, between in compare_checkpoints.costs_of(epochs(60, lambda i: 2), 200):
            self.assertAlmostEqual(cost, 0)
            self.assertAlmostEqual(between, 40)

    def test_epochs_as_long_as_a_period_show_nothing(self):
        with self.assertRaisesRegex(Failed, "larger --every"):
            list(compare_checkpoints.costs_of(epochs(60, lambda i: 2), STEPS_PER_EPOCH))


if __name__ == "__main__":
    unittest.main()
