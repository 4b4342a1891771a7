#!/usr/bin/env python3
"""Learns to make slates in worlds of a generated shop, and shows that it learned.

    scripts/examples/learn_slates.py --souk build/release/souk

A linear bandit. An item's score for a user is a sum of a few features: how often the item
and its category were clicked in this world, how much of the user's history is of its
category and brand, how its price compares. Their weights are learned in some worlds by
logistic regression on what was clicked, from slates that are greedy but for a share of
random places (epsilon-greedy). Then, in worlds that it has not seen, with weights that stay as
they are, it is compared with random slates for the same people. Standard library only.
"""

import argparse
import math
import pathlib
import random
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from souk_environment import SlateEnvironment  # noqa: E402  (it lies beside the examples)

SHOP = """souk: 1
name: a_shop_to_learn
seed: 20260101
simulation:
  catalogue: {from: generated, items: 300, departments: 3, categories: 12, brands: 20}
  population: {users: 300}
  days: 10
"""
# How likely a place of the slate is looked at at all; learners on a real shop estimate it.
LOOK_FURTHER = 0.85
# 97.5% quantiles of Student's t with 1, 2, ... degrees of freedom.
STUDENT_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201,
             2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086)


class RandomSlates:
    """Shows any candidates in random order."""

    def __init__(self, draws):
        self.draws = draws

    def enter(self, shop):
        """Forgets the last world."""

    def slate(self, shop, user):
        return self.draws.sample(shop.candidates(user), shop.length(user))

    def learn(self, info):
        """Random slates never get better."""


class LinearBandit:
    """Ranks by a weighted sum of features, and learns the weights from clicks."""

    def __init__(self, draws, epsilon=0.1, rate=0.02):
        self.draws, self.epsilon, self.rate = draws, epsilon, rate
        # item's clicks, category's clicks, history's category, history's brand, price
        self.weights = [0.0] * 5
        self.bias = -3.0
        self.is_learning = True

    def enter(self, shop):
        """Takes the catalogue of a new world, of which nothing is known yet."""
        columns = shop.items()["columns"]
        self.category, self.brand = columns["category"], columns["brand"]
        self.price = standardised(columns["price"], self.category)
        self.clicks, self.looks = [0.0] * len(self.category), [0.0] * len(self.category)
        self.category_clicks = [0.0] * (1 + max(self.category))
        self.category_looks = [0.0] * (1 + max(self.category))
        self.shown = {}

    def features(self, item, likes):
        """Of an item for somebody who likes (category, brand) so much."""
        category = self.category[item]
        return (log_rate(self.clicks[item], self.looks[item]),
                log_rate(self.category_clicks[category], self.category_looks[category]),
                likes.get(category, 0.0), likes.get(("brand", self.brand[item]), 0.0),
                self.price[item])

    def likings(self, history):
        likes = {}
        for item in history:
            for key in (self.category[item], ("brand", self.brand[item])):
                likes[key] = likes.get(key, 0.0) + 1 / (2 + len(history))
        return likes

    def slate(self, shop, user):
        likes = self.likings(shop.observation["history"][user])
        features = {item: self.features(item, likes) for item in shop.candidates(user)}
        ranked = sorted(features, key=lambda item: -dot(self.weights, features[item]))
        chosen, rest = ranked[:shop.length(user)], ranked[shop.length(user):]
        for place in range(len(chosen)):
            if rest and self.draws.random() < self.epsilon:
                other = self.draws.randrange(len(rest))
                chosen[place], rest[other] = rest[other], chosen[place]
        self.shown[user] = [(item, features[item]) for item in chosen]
        return chosen

    def learn(self, info):
        """Takes in which items were opened, once it is told: when the user waits again."""
        for user, clicked in enumerate(info["clicked"]):
            if not info["waiting"][user] and not info["over"]:
                continue
            look = 1.0
            for item, features in self.shown.pop(user, ()):
                opened = 1.0 if item == clicked else 0.0
                if self.is_learning:
                    self.descend(features, opened, look)
                self.clicks[item] += opened
                self.looks[item] += look
                self.category_clicks[self.category[item]] += opened
                self.category_looks[self.category[item]] += look
                look *= LOOK_FURTHER

    def descend(self, features, opened, look):
        """Takes a step down the logistic loss, weighted by how likely it was looked at."""
        chance = 1 / (1 + math.exp(-self.bias - dot(self.weights, features)))
        step = self.rate * look * (opened - chance)
        self.bias += step
        for i, feature in enumerate(features):
            self.weights[i] += step * feature


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def log_rate(clicks, looks):
    """Log click rate against one in 30, drawn towards it by 30 looks."""
    return math.log((1 + clicks) * 30 / (30 + looks))


def standardised(prices, groups):
    """Log prices with mean 0 and deviation 1 within each group."""
    logs = [math.log(price) for price in prices]
    by_group = {}
    for log, group in zip(logs, groups):
        by_group.setdefault(group, []).append(log)
    scale = {group: (statistics.fmean(some), statistics.pstdev(some) or 1.0)
             for group, some in by_group.items()}
    return [(log - scale[group][0]) / scale[group][1] for log, group in zip(logs, groups)]


def play(shop, learner, seed):
    """Plays an episode; returns clicks and slates of each step."""
    _, info = shop.reset(seed=seed)
    learner.enter(shop)
    steps = []
    while not info["over"]:
        shown = [learner.slate(shop, user) if waits else []
                 for user, waits in enumerate(info["waiting"])]
        _, reward, _, _, info = shop.step(shown)
        steps.append((sum(reward), sum(bool(slate) for slate in shown)))
        learner.learn(info)
    return steps


def clicks_per_slate(steps):
    return sum(clicks for clicks, _ in steps) / sum(slates for _, slates in steps)


def curve(steps, slates_a_point):
    """Clicks per slate over consecutive steps that have so many slates."""
    points, some = [], []
    for step in steps:
        some.append(step)
        if sum(slates for _, slates in some) >= slates_a_point:
            points.append(clicks_per_slate(some))
            some = []
    return points


def interval(values):
    """Mean and half the width of its 95% interval (Student's t)."""
    spread = statistics.stdev(values) / math.sqrt(len(values))
    return statistics.fmean(values), STUDENT_T[min(len(values) - 1, len(STUDENT_T)) - 1] * spread


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--souk", default="souk", help="the program (default: souk)")
    parser.add_argument("--file", help="an experiment instead of a small generated shop")
    parser.add_argument("--train", type=int, default=8, help="worlds to learn in")
    parser.add_argument("--test", type=int, default=8, help="held-out worlds, at least 2")
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        file = asked.file or str(pathlib.Path(folder, "shop.yaml"))
        if not asked.file:
            pathlib.Path(file).write_text(SHOP, encoding="utf-8")
        with SlateEnvironment.serving(file, souk=asked.souk) as shop:
            bandit, anything = LinearBandit(random.Random(1)), RandomSlates(random.Random(2))
            print("learning: clicks per slate in the first world, by 1,000 slates")
            first = play(shop, bandit, 0), play(shop, anything, 0)
            for name, steps in zip(("bandit", "random"), first):
                print(f"  {name}    " + " ".join(f"{at:.3f}" for at in curve(steps, 1000)))
            print("learning: clicks per slate, world by world")
            for seed in range(1, asked.train):
                print(f"  world {seed:3}  {clicks_per_slate(play(shop, bandit, seed)):.4f}",
                      flush=True)
            bandit.is_learning = False  # but what this shop's people click still counts
            print("held out      bandit  random")
            pairs = []
            for seed in range(1000, 1000 + asked.test):
                pairs.append(tuple(clicks_per_slate(play(shop, learner, seed))
                                   for learner in (bandit, anything)))
                print(f"  world {seed}  {pairs[-1][0]:.4f}  {pairs[-1][1]:.4f}", flush=True)
    for name, values in (("bandit", [a for a, _ in pairs]), ("random", [b for _, b in pairs]),
                         ("difference", [a - b for a, b in pairs])):
        print(f"{name:11}  {interval(values)[0]:.4f} +- {interval(values)[1]:.4f}")
    print(f"weights      {', '.join(f'{weight:.2f}' for weight in bandit.weights)}")
    print(f"seconds      {time.monotonic() - began:.0f}")
    mean, half = interval([a - b for a, b in pairs])
    return 0 if mean > half else 1  # 1: not shown to be better than random


if __name__ == "__main__":
    sys.exit(main())
