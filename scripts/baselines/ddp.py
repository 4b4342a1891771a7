#!/usr/bin/env python3
"""Trains the Mult-VAE of multvae_pytorch.py data-parallel, with torch's DDP over gloo, and times it.

Each process has one thread and an equal part of every batch. The rows are those that
`souk_bench rows --out FOLDER` wrote. Prints one line of JSON: users_per_second (the whole batch over the
median step) and step_ms.
"""

import argparse
import json
import os
import pathlib
import statistics
import tempfile
import time

import multvae_pytorch as single

import torch
from torch import distributed, multiprocessing
from torch.nn.parallel import DistributedDataParallel


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="holds offsets.u64 and items.u32")
    parser.add_argument("--items", type=int, required=True, help="number of items")
    parser.add_argument("--steps", type=int, default=8, help="steps to time")
    parser.add_argument("--batch", type=int, default=500, help="users per step, in all processes")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    if not (options.folder / "items.u32").is_file():
        parser.error(f"{options.folder} has no items.u32: write it with souk_bench rows")
    if min(options.items, options.steps, options.processes) < 1:
        parser.error("items, steps and processes are at least 1")
    if options.batch < options.processes:
        parser.error("a batch has at least a user for each process")
    return options


def train(process: int, options: argparse.Namespace, meeting: str, results):
    """One process's part; the first one tells how long the steps took."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=process,
                                   world_size=options.processes)
    rows = single.Rows(options.folder, options.items)
    model = DistributedDataParallel(single.MultVAE(options.items, hidden=600, latent=200).train())
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    seconds = []
    loss = 0.0
    for number, users in zip(range(single.WARM_UP_STEPS + options.steps),
                             single.batches(len(rows), options.batch, seed=1)):
        begin = time.perf_counter()
        _, loss = single.train_step(model, optimiser, rows, users[process::options.processes], number)
        seconds.append(time.perf_counter() - begin)
    if process == 0:
        results.put((statistics.median(seconds[single.WARM_UP_STEPS:]), loss))
    distributed.barrier()


def main():
    options = parsed()
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    results = multiprocessing.get_context("spawn").SimpleQueue()
    with tempfile.TemporaryDirectory() as folder:
        multiprocessing.spawn(train, (options, os.path.join(folder, "meeting"), results),
                              nprocs=options.processes)
        step_seconds, loss = results.get()
    print(json.dumps({"processes": options.processes, "batch": options.batch, "steps": options.steps,
                      "loss": loss, "users_per_second": options.batch / step_seconds,
                      "step_ms": step_seconds * 1e3}))


if __name__ == "__main__":
    main()
