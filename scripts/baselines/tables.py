"""Prints what scripts/bench_training.sh measured, for people."""


def title(contender) -> str:
    """Names a contender: (program, precision or environment, blocks)."""
    program, variant, blocks = contender
    return f"{program} {variant}" + (f", blocks {blocks}" if blocks else "")


def contender_of(row: dict):
    return row["program"], row.get("precision") or row["environment"], row.get("blocks")


def in_words(value, form: str) -> str:
    """Formats a number; what was not measured is a dash."""
    return "-" if value is None else format(value, form)


def show_table(heads, lines):
    """Prints left-aligned first columns and right-aligned others."""
    widths = [max(len(line[i]) for line in [heads, *lines]) for i in range(len(heads))]
    for line in [heads, *lines]:
        print("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(line, widths))))
    print()


def show_limits(limits: dict):
    print(f"The machine at best, {limits['threads']} threads: "
          f"fp32 {limits['fp32_gflops']:.0f} GFLOP/s, "
          f"bf16 {in_words(limits['bf16_gflops'], '.0f')} GFLOP/s, "
          f"memory {limits['read_gb_per_second']:.0f} GB/s read, "
          f"{limits['adam_gb_per_second']:.0f} GB/s for Adam's pattern\n")


def show_training(training, pairs: int):
    print(f"Training Mult-VAE 600/200, batch 500; medians of {pairs} rounds")
    show_table(
        ("shape, program", "users/s", "of default", "of tuned", "of 1 trainer", "of limit",
         "of Adam", "step ms", "peak MB"),
        [(f"{row['shape']} {title(contender_of(row))}",
          in_words(row["users_per_second"], ",.0f"), in_words(row["ratio_default"], ".2f"),
          in_words(row["ratio_tuned"], ".2f"), in_words(row["ratio_one_trainer"], ".2f"),
          in_words(row["of_limit"], ".1%"),
          in_words(row["of_memory_limit"], ".1%"), in_words(row["step_ms"], ".1f"),
          in_words(row["peak_mb"], ",.0f")) for row in training])
    print("of default, of tuned: times PyTorch's users/s, as it comes and with OMP_WAIT_POLICY="
          "PASSIVE\nOPENBLAS_CORETYPE=SKYLAKEX; of 1 trainer: times souk's own in fp32, blocks 4, where one\n"
          "trainer has all threads; of limit: share of what the machine's arithmetic allows;\n"
          "of Adam: share of what memory allows if there were only Adam.\n")


def show_phases(training):
    told = [row for row in training if row["phases_ms"]]
    for row in told:
        phases = ", ".join(f"{name} {ms:.1f}" for name, ms in row["phases_ms"].items())
        print(f"{row['shape']} {title(contender_of(row))}, ms of a step: {phases}")
    if told:
        print()


def show_ranking(ranking):
    print("Ranking the top 100 of 20,108 items (ranking: 10,000 users with all metrics; of limit: "
          "of the same\nproducts alone, for one_user of reading the weights once)")
    show_table(
        ("", "users/s", "of limit", "p50 ms", "p99 ms", "fit s", "peak MB"),
        [(row["shape"], in_words(row["users_per_second"], ",.0f"),
          in_words(row["of_limit"], ".1%"), in_words(row.get("p50_ms"), ".2f"),
          in_words(row.get("p99_ms"), ".2f"), in_words(row.get("fit_seconds"), ".1f"),
          in_words(row["peak_mb"], ",.0f")) for row in ranking])
    print("peak MB: above the model; of ease the whole process")


def show(limits: dict, training, ranking, pairs: int):
    print()
    show_limits(limits)
    show_training(training, pairs)
    show_phases(training)
    show_ranking(ranking)
