"""Serves environments with the real program, and plays them with the client that people use.

    environment_test.py SOUK
"""

import json
import os
import pathlib
import random
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from souk_environment import RequestRefused, SlateEnvironment  # noqa: E402

SOUK = sys.argv.pop(1)
PATIENCE = 60  # seconds that anything may take on a machine that is busy
SHOP = """souk: 1
name: shop
seed: 5
simulation:
  catalogue: {from: generated, items: 150, departments: 2, categories: 8, brands: 10}
  population: {users: 20}
  temperament: {sessions_per_day: 1}
  days: 4
  slate_size: 5
"""
DATA = """data:
  source: {kind: simulated, items: 80, users: 150, days: 20}
  split: {kind: strong_generalisation, held_out_users: 10}
"""


def first_slates(shop):
    return [shop.candidates(user)[:shop.length(user)] for user in range(shop.users)]


def listed(value):
    """The same with lists where there are arrays."""
    if isinstance(value, dict):
        return {key: listed(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [listed(part) for part in value]
    return value.tolist() if hasattr(value, "tolist") else value


def play(shop, seed):
    """Plays an episode with the first items that may be shown; returns all that was told."""
    observation, info = shop.reset(seed=seed)
    told = [listed((observation, info))]
    while not info["over"]:
        told.append(listed(shop.step(first_slates(shop))))
        info = told[-1][-1]
    return told


class Environment(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="souk-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "shop.yaml"
        self.file.write_text(SHOP)
        self.path = str(self.folder / "s")

    def start(self, *flags):
        """Starts a server; returns it and where it is."""
        server = subprocess.Popen([SOUK, "environment", str(self.file), *flags], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.end, server)
        address = server.stdout.readline().strip()
        if not address:
            self.fail(server.communicate(timeout=PATIENCE)[1])
        return server, address

    def end(self, server, how=signal.SIGINT):
        if server.returncode is None:
            server.send_signal(how)
            self.assertEqual(server.communicate(timeout=PATIENCE)[0], "")
        return server.returncode

    def connect(self, address):
        shop = SlateEnvironment(address, timeout=PATIENCE)
        self.addCleanup(shop.close)
        return shop

    def refused(self, *flags):
        """What the program says when it does not start."""
        done = subprocess.run([SOUK, "environment", str(self.file), *flags], check=False,
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        return done.stderr

    def test_the_same_seed_gives_the_same_episode(self):
        _, address = self.start("--socket", self.path)
        self.assertEqual(address, self.path)
        self.assertEqual(stat.S_IMODE(os.stat(self.path).st_mode), 0o600)
        one, other = self.connect(address), self.connect(address)
        told = play(one, 7)
        self.assertGreater(len(told), 10)
        self.assertGreater(sum(sum(step[1]) for step in told[1:]), 0)
        self.assertEqual(told, play(other, 7))
        self.assertNotEqual(told, play(other, 8))
        _, by_port = self.start("--port", "0")
        self.assertRegex(by_port, r"^127\.0\.0\.1:\d+$")
        self.assertEqual(told, play(self.connect(by_port), 7))

    def test_rows_wait_together_where_a_tick_says_so(self):
        _, address = self.start("--socket", self.path, "--tick", "6h", "--users", "30")
        shop = self.connect(address)
        observation, info = shop.reset(seed=1)
        self.assertEqual(shop.users, 30)
        while not info["over"]:
            times = [time for time, waits in zip(observation["time"], info["waiting"]) if waits]
            self.assertLessEqual(max(times) // 21600000 - min(times) // 21600000, 0)
            observation, _, _, _, info = shop.step(first_slates(shop))
        self.assertFalse(any(info["waiting"]))
        self.assertRaisesRegex(RequestRefused, "the episode is over", shop.step, [[]] * 30)

    def test_a_catalogue_may_come_from_data(self):
        self.file.write_text(SHOP.replace("from: generated, items: 150, departments: 2, "
                                          "categories: 8, brands: 10", "from: dataset") + DATA)
        _, address = self.start("--reward", "revenue", "--reveal-truth", "--users", "100", "-q",
                                "-s", "simulation.policies=[random]", "-s", "simulation.days=10")
        shop = self.connect(address)
        told = play(shop, 2)
        price = shop.items()["columns"]["price"]
        sold = 0
        for _, reward, _, _, info in told[1:]:
            for paid, bought in zip(reward, info["bought"]):
                self.assertAlmostEqual(paid, sum(price[item] for item in bought), places=2)
                sold += len(bought)
        self.assertGreater(sold, 0)
        values = [value for value in told[1][-1]["slate_value"] if value is not None]
        self.assertTrue(values and all(0 < value < 1 for value in values))

    def test_garbage_ends_nothing(self):
        server, address = self.start("--socket", self.path)
        expected = play(self.connect(address), 3)
        shop = self.connect(address)
        shop.reset(seed=3)
        draws = random.Random(1)
        for _ in range(30):
            with socket.socket(socket.AF_UNIX) as stranger:
                stranger.settimeout(PATIENCE)
                stranger.connect(address)
                stranger.sendall(draws.randbytes(draws.randrange(1, 5000)))
                if draws.random() < 0.5:  # else it vanishes in the middle of a line
                    stranger.sendall(b"\n")
                    line = stranger.makefile("rb").readline()
                    self.assertIn("error", json.loads(line))
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.settimeout(PATIENCE)
            stranger.connect(address)
            lines = stranger.makefile("rb")
            stranger.sendall(b"[" * 5_000_000 + b"\n")
            self.assertIn("is longer than anything", json.loads(lines.readline())["error"])
            stranger.sendall(b'{"command": "hello", "version": 1}\n')
            self.assertEqual(json.loads(lines.readline())["users"], 20)
        wrong = first_slates(shop)
        wrong[list(shop.waiting).index(True)] = [10**6] * 5
        self.assertRaisesRegex(RequestRefused, "there is no item 1000000", shop.step, wrong)
        self.assertRaisesRegex(RequestRefused, "unknown command", shop._ask, {"command": "x"})
        self.assertEqual(listed(shop.step(first_slates(shop))), expected[1])
        self.assertIsNone(server.poll())

    def test_there_is_room_for_some(self):
        _, address = self.start("--socket", self.path, "--clients", "2")
        one, other = self.connect(address), self.connect(address)
        expected = play(one, 1)
        self.assertRaisesRegex(RequestRefused, "serves 2 clients already", SlateEnvironment,
                               address, PATIENCE)
        other._socket.shutdown(socket.SHUT_RDWR)  # it vanishes
        for _ in range(PATIENCE * 5):  # each try waits a moment for the server
            try:
                third = self.connect(address)
                break
            except RequestRefused:
                pass
        self.assertEqual(play(third, 1), expected)

    def test_ctrl_c_ends_it_and_leaves_nothing(self):
        for how in (signal.SIGINT, signal.SIGTERM):
            server, address = self.start("--socket", self.path)
            shop = self.connect(address)
            shop.reset(seed=1)
            slates = first_slates(shop)
            self.assertEqual(self.end(server, how), 0)
            self.assertFalse(os.path.lexists(self.path))
            self.assertRaises(OSError, shop.step, slates)

    def test_a_path_may_be_free_left_behind_or_in_use(self):
        server, address = self.start("--socket", self.path)
        self.assertIn("is in use by another process", self.refused("--socket", self.path))
        play(self.connect(address), 1)
        self.end(server, signal.SIGKILL)
        self.assertTrue(os.path.lexists(self.path))
        self.start("--socket", self.path)  # left behind
        self.assertIn("is there and is no socket", self.refused("--socket", str(self.file)))
        self.assertEqual(self.file.read_text(), SHOP)
        self.assertIn("or empty", self.refused("--socket", ""))
        self.assertIn("is too long", self.refused("--socket", "/tmp/" + "x" * 200))

    def test_what_cannot_be_served_is_said(self):
        self.assertIn("--tick", self.refused("--tick", "soon"))
        self.assertIn("--tick", self.refused("--tick", "0"))
        self.assertIn("reward", self.refused("--reward", "fame"))
        self.assertIn("--users", self.refused("--users", "0"))
        self.assertIn("excludes", self.refused("--port", "0", "--socket", self.path))
        self.assertIn("simulation.days", self.refused("-s", "simulation.days=0"))
        head = SHOP.partition("simulation:")[0]
        self.file.write_text(head + "simulation: {preset: reco_gym, policies: [random]}\n")
        self.assertIn("simulation.preset", self.refused())
        self.file.write_text(head + DATA)
        self.assertIn("has no simulation: block", self.refused())

    def test_a_learner_gets_better_than_chance(self):
        done = subprocess.run([sys.executable, ROOT / "scripts/examples/learn_slates.py",
                               "--souk", SOUK, "--train", "3", "--test", "4"], check=False,
                              capture_output=True, text=True, timeout=10 * PATIENCE)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("difference", done.stdout)


if __name__ == "__main__":
    unittest.main()
