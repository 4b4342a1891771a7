#!/usr/bin/env python3
"""Replays MovieLens ratings against popularity, without souk: what souk replay has to say.

    replay_popularity.py ratings.dat[.gz]     # lines of user::item::stars::seconds

Popularity is counted over the first 80% of all ratings above 3.5, of users who have five of them; the
rest is predicted, everything that the user had before left out. docs/replay.md has the same through souk.
"""

import collections
import gzip
import math
import sys


def rows_of(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
        for line in file:
            user, item, stars, seconds = line.strip().split("::")
            yield user, item, float(stars), int(seconds)


def main():
    rows = list(rows_of(sys.argv[1]))
    number_of_item = {}  # ties go to the item that appears first
    for _, item, _, _ in rows:
        number_of_item.setdefault(item, len(number_of_item))
    number_of_user = {}
    for user, _, _, _ in rows:
        number_of_user.setdefault(user, len(number_of_user))
    events = [(seconds, number_of_user[user], place, item)
              for place, (user, item, stars, seconds) in enumerate(rows) if stars > 3.5]
    active = collections.Counter(user for _, user, _, _ in events)
    events = sorted(event for event in events if active[event[1]] >= 5)
    end = events[int(0.8 * len(events))][0]

    counts = collections.Counter(item for seconds, _, _, item in events if seconds < end)
    ranking = sorted(counts, key=lambda item: (-counts[item], number_of_item[item]))
    place_of = {item: place for place, item in enumerate(ranking, start=1)}
    had = collections.defaultdict(list)
    ranks = []
    unknown = 0
    for seconds, user, _, item in events:
        if item not in place_of:
            unknown += 1
            continue
        place = place_of[item]
        if seconds >= end:
            ranks.append(place - sum(other < place for other in had[user]))
        had[user].append(place)

    print(f"events {len(events)}, judged {len(ranks)}, of unknown items {unknown}")
    for k in (10, 20):
        seen = [rank for rank in ranks if rank <= k]
        print(f"hit_rate@{k} {len(seen) / len(ranks):.6f}",
              f"mrr@{k} {sum(1 / rank for rank in seen) / len(ranks):.6f}",
              f"ndcg@{k} {sum(1 / math.log2(rank + 1) for rank in seen) / len(ranks):.6f}")


main()
