#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

/// What souk_bench measures. Every command returns what it found as one JSON object;
/// speeds are wall-clock times of this machine at this moment.
namespace souk::benchmarks {

/// Which rows are used.
struct data_choice {
  std::string shape = "ml20m";
  std::string ml1m; ///< folder with the real train.csv of ml1m; empty: synthetic rows
};

struct train_request {
  data_choice data;
  std::string precision = "fp32";
  std::string isa = "auto"; ///< as `math.isa`
  std::uint32_t batch = 500;
  std::uint32_t blocks = 4;
  std::uint32_t trainers = 1;
  std::uint32_t threads = 2; ///< of each trainer
  std::uint64_t steps = 32;  ///< to measure, at least
};

/// Trains Mult-VAE 600/200 with Adam through the actors of one process. The steps of
/// the first lease (at most 16) are warm-up. `users_per_second` is over all steps after
/// it, everything included; `step_ms` is the median over leases of the mean step;
/// `phases_ms` are measured afterwards (phases.hpp).
nlohmann::ordered_json train(const train_request& request);

struct placement_request {
  std::string kind = "by_item";
  std::uint32_t items = 20'000;
  std::uint32_t hidden = 600;
  std::uint32_t ranges = 16;
  std::uint32_t servers = 2;
  std::uint32_t threads = 2; ///< in all
  std::string precision = "fp32";
  std::string isa = "auto"; ///< as `math.isa`
  std::uint64_t steps = 8;  ///< to measure, at least
};

/// Trains a Mult-VAE with one hidden layer, latent 200, batch 500, over items of
/// power-law popularity, about 70 a user, through the actors of one process with one
/// trainer. `megabytes_per_step` is all that the step's tickets named, both ways, as if
/// nothing lay in one process; `step_ms` is the median over leases (four steps) after a
/// first one, `peak_mb` the process's, rows included.
nlohmann::ordered_json measure_placement(const placement_request& request);

struct cluster_request {
  data_choice data;
  std::string placement = "by_range"; ///< or by_item
  std::string compression = "none";   ///< or bf16: of each block's gradient
  std::string precision = "fp32";     ///< or bf16, bf16x3: of the decoder's products
  std::string isa = "auto";           ///< as `math.isa`
  std::string way = "shm"; ///< of tensors between processes, or tcp: shared memory off
  std::uint32_t processes = 3;
  std::uint32_t trainers = 2; ///< of one thread each
  std::uint32_t servers = 1;
  std::uint32_t batch = 500;
  std::uint32_t blocks = 2;
  std::uint64_t steps = 32; ///< to measure, at least
};

/// Trains as `train` does, over several processes of this machine: `users_per_second`.
/// Each process has a data shard; trainers and servers are spread over them as in any
/// run, so that by_range the first server is beside the first trainer.
nlohmann::ordered_json train_in_cluster(const cluster_request& request);

/// What the processes that it starts do: `join` is where the run is, `certificates` the
/// folder with its credentials. Ends the process with the run.
[[noreturn]] void take_part(const std::string& join, const std::string& certificates);

struct rank_request {
  data_choice data;
  std::uint32_t users = 10'000;
  std::uint32_t threads = 2;
};

/// Ranks the top 100 for users whose history is masked, with a Mult-VAE 600/200 of
/// random weights, and judges the slates by recall@20, recall@50 and ndcg@100.
/// `users_per_second` is the median of three rounds, `products_per_second` the users
/// whose products alone could be computed, measured right after; `peak_mb` is what
/// ranking takes above model and histories.
nlohmann::ordered_json rank(const rank_request& request);

/// Ranks the top 100 for one user at a time, on one thread: `p50_ms`, `p99_ms`, and
/// `read_ms`, which reading the last layer's weights alone takes.
nlohmann::ordered_json rank_one_user(const data_choice& data, std::uint32_t requests);

/// Fits EASE (`fit_seconds`), then ranks with it as above. `peak_mb` is the process's.
nlohmann::ordered_json fit_and_rank_ease(const rank_request& request);

/// Measures what the machine can do at best, and the users per second that this allows
/// at each shape.
nlohmann::ordered_json limits(std::uint32_t threads);

struct bulk_request {
  double megabytes = 16; ///< pushed, and pulled, at a time
  std::uint32_t rounds = 5;
  std::uint32_t trips = 10; ///< in a round
};

/// Pushes, sums and pulls between two processes over loopback: `seconds` a trip, by
/// round, of a `raw` echo of the same bytes over plain sockets (nothing summed), of our
/// `tcp`, `tls` and `shm`, of a `round` of two trainers over our TCP, and of the same
/// by `gloo` where that is installed, in turn.
nlohmann::ordered_json measure_bulk(const bulk_request& request);

struct simulation_request {
  std::string preset = "reco_gym"; ///< interest_evolution, or one of our shoppers
  std::string policy = "random";   ///< popularity, or mult_vae
  std::uint32_t products = 10;     ///< of reco_gym, or in a shop of ours
  std::uint32_t users = 20'000;
  std::uint32_t cohort = 5'000;
  std::string way = "memory"; ///< or log
};

/// Lets users live, on one thread: in `memory` a cohort after the other, and their
/// records are dropped; to the `log` all in turn, tick by tick, and their records are
/// merged and written as those of `souk run` are, to a folder that is removed. `events`
/// are views and slates, or for shoppers of ours all records; `events_per_second` is by
/// the wall clock, `events_per_cpu_second` by the process's; making the world is not
/// counted. `peak_mb` is the memory above what the process held before. Under a
/// Mult-VAE (600/200, random weights) `share_in_layers` of the time is spent in its
/// layers: products, biases and tanh, without masks and the choice of the best.
nlohmann::ordered_json measure_simulation(const simulation_request& request);

/// Writes a synthetic dataset and opens it, five times, from the page cache, its hash
/// included: `open_seconds` is the median.
nlohmann::ordered_json open_dataset(std::uint64_t num_events);

/// Writes the rows that `train` uses, for other programs.
nlohmann::ordered_json
write_rows(const data_choice& data, std::uint32_t batch, const std::string& folder);

} // namespace souk::benchmarks
