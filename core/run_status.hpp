#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace souk::core {

/// What an actor did in a while: wall-clock seconds that add up to it, bytes that went
/// from process to process, and the longest queue. Measurements: never results.
struct work_counters {
  double compute_seconds = 0; ///< gradients, rows, validation
  double wait_seconds = 0;    ///< nothing to do: others are at work
  double send_seconds = 0;    ///< offers, packing, checkpoints' copies
  double apply_seconds = 0;   ///< a step's tree and its optimiser
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t queue_max = 0; ///< requests outstanding or messages waiting, at most
};

/// Adds what was done later; of queues the longer one counts.
inline void add(work_counters& sum, const work_counters& more) {
  sum.compute_seconds += more.compute_seconds;
  sum.wait_seconds += more.wait_seconds;
  sum.send_seconds += more.send_seconds;
  sum.apply_seconds += more.apply_seconds;
  sum.bytes_sent += more.bytes_sent;
  sum.bytes_received += more.bytes_received;
  sum.queue_max = sum.queue_max > more.queue_max ? sum.queue_max : more.queue_max;
}

/// An actor of a training and how it fares.
struct role_status {
  std::string role;    ///< "trainer 1"
  std::string process; ///< "process 2 (pid 4711)"
  std::uint32_t restarts = 0;
  work_counters work;
  double times_slower = 0; ///< than its peers; 0 unless it is named as slow
};

/// What a run is doing.
struct run_status {
  std::string directory;
  std::string task; ///< "training mult_vae"
  std::string detail;
  std::string unit; ///< of `done` and `total`: "steps"
  std::uint64_t done = 0;
  std::uint64_t total = 0; ///< 0: unknown
  double units_per_second = 0;
  std::uint64_t epoch = 0;      ///< of a training; 0: none
  std::uint32_t generation = 0; ///< of the membership
  std::vector<std::string> processes;
  std::vector<role_status> roles; ///< of the present training
  std::uint64_t checkpoints_written = 0;
  std::uint64_t checkpoints_failed = 0;
};

} // namespace souk::core
