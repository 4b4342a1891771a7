#!/usr/bin/env python3
"""Trains Mult-VAE (Liang et al., WWW 2018) as PyTorch users write it, and times its steps.

Dense batches, nn.Linear, autograd, torch.optim.Adam: the speed that souk is compared with. The rows
are those that `souk_bench rows --out FOLDER` wrote. Prints one line of JSON: users_per_second (batch
over the median step), the median milliseconds of each phase, and the process's peak_mb.
"""

import argparse
import json
import pathlib
import resource
import statistics
import sys
import time

import numpy as np

try:
    import torch
    from torch import nn
    from torch.nn import functional
except ImportError:
    sys.exit("multvae_pytorch.py: needs python3-torch: scripts/install.sh baselines")

WARM_UP_STEPS = 2
KL_CAP = 0.2
KL_ANNEAL_STEPS = 4000


class Rows:
    """Users' items in compressed sparse row form."""

    def __init__(self, folder: pathlib.Path, num_items: int):
        self.offsets = np.fromfile(folder / "offsets.u64", "<u8").astype(np.int64)
        self.items = np.fromfile(folder / "items.u32", "<u4").astype(np.int64)
        self.num_items = num_items

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def dense(self, users: np.ndarray) -> torch.Tensor:
        """Returns 0/1 rows, [len(users), num_items]."""
        batch = np.zeros((len(users), self.num_items), np.float32)
        for place, user in enumerate(users):
            batch[place, self.items[self.offsets[user]:self.offsets[user + 1]]] = 1
        return torch.from_numpy(batch)


class MultVAE(nn.Module):
    """items -> hidden -> 2 latent, then latent -> hidden -> items."""

    def __init__(self, num_items: int, hidden: int, latent: int):
        super().__init__()
        self.input_dropout = nn.Dropout(0.5)
        self.encoder = nn.Sequential(nn.Linear(num_items, hidden), nn.Tanh(),
                                     nn.Linear(hidden, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, hidden), nn.Tanh(),
                                     nn.Linear(hidden, num_items))

    def forward(self, rows: torch.Tensor):
        encoded = self.encoder(self.input_dropout(functional.normalize(rows, dim=1)))
        mean, log_variance = encoded.chunk(2, dim=1)
        code = mean + torch.exp(log_variance / 2) * torch.randn_like(mean)
        return self.decoder(code), mean, log_variance


def objective(rows, logits, mean, log_variance, kl_weight: float) -> torch.Tensor:
    """Mean over users of the negative log-likelihood and the weighted KL term, in nats."""
    negative_log_likelihood = -(rows * functional.log_softmax(logits, dim=1)).sum(dim=1)
    divergence = (log_variance.exp() + mean ** 2 - 1 - log_variance).sum(dim=1) / 2
    return (negative_log_likelihood + kl_weight * divergence).mean()


def batches(num_rows: int, batch: int, seed: int):
    """Yields users without end, in a new order each epoch; what fills no batch is left out."""
    generator = np.random.default_rng(seed)
    while True:
        order = generator.permutation(num_rows)
        for begin in range(0, num_rows - batch + 1, batch):
            yield order[begin:begin + batch]


class PhaseClock:
    """Milliseconds of the named phases of one step."""

    def __init__(self):
        self.milliseconds = {}
        self.last = time.perf_counter()

    def end_of(self, phase: str):
        now = time.perf_counter()
        self.milliseconds[phase] = (now - self.last) * 1e3
        self.last = now


def train_step(model, optimiser, rows: Rows, users, number: int):
    """Does one step; returns its phases and its loss."""
    clock = PhaseClock()
    dense = rows.dense(users)
    clock.end_of("batch")
    outputs = model(dense)
    clock.end_of("forward")
    loss = objective(dense, *outputs, min(KL_CAP, number / KL_ANNEAL_STEPS))
    clock.end_of("loss")
    optimiser.zero_grad()
    loss.backward()
    clock.end_of("backward")
    optimiser.step()
    clock.end_of("optimiser")
    return clock.milliseconds, loss.item()


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="holds offsets.u64 and items.u32")
    parser.add_argument("--items", type=int, required=True, help="number of items")
    parser.add_argument("--steps", type=int, default=10, help="steps to time")
    parser.add_argument("--batch", type=int, default=500, help="users per step")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    if not (options.folder / "items.u32").is_file():
        parser.error(f"{options.folder} has no items.u32: write it with souk_bench rows")
    if min(options.items, options.steps, options.batch, options.threads) < 1:
        parser.error("items, steps, batch and threads are at least 1")
    return options


def main():
    options = parsed()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    rows = Rows(options.folder, options.items)
    model = MultVAE(options.items, hidden=600, latent=200).train()
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    steps = []
    loss = 0.0
    for number, users in zip(range(WARM_UP_STEPS + options.steps),
                             batches(len(rows), options.batch, seed=1)):
        phases, loss = train_step(model, optimiser, rows, users, number)
        steps.append(phases)
    steps = steps[WARM_UP_STEPS:]
    step_ms = statistics.median(sum(phases.values()) for phases in steps)
    print(json.dumps({
        "users": len(rows), "items": options.items, "batch": options.batch,
        "threads": options.threads, "steps": len(steps), "loss": loss,
        "users_per_second": options.batch / step_ms * 1e3, "step_ms": step_ms,
        "phases_ms": {name: statistics.median(phases[name] for phases in steps)
                      for name in steps[0]},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }))


if __name__ == "__main__":
    main()
