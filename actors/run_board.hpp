#pragma once

#include "core/clock.hpp"
#include "core/progress.hpp"
#include "core/run_status.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace souk::actors {

/// Where all parts of a run's first process write down what is going on, for whoever
/// asks. Safe from any thread; knows neither actors nor files.
class run_board : public core::progress {
public:
  using clock = double (*)(); ///< seconds

  explicit run_board(clock now = core::seconds_now);

  void set_directory(const std::string& directory);

  void advance(const std::string& task,
               std::uint64_t done,
               std::uint64_t total,
               const std::string& unit,
               const std::string& detail) override;

  /// Who takes part, and in which generation of the membership.
  void processes(std::vector<std::string> names, std::uint32_t generation);

  /// A training begins: its roles were never started yet.
  void begin_training();

  /// A role of the training was started in a process; for the second time and later,
  /// that is a restart.
  void started(const std::string& role, const std::string& process);

  /// The process that a role was started in.
  std::string process_of(const std::string& role) const;

  /// A role says what it did since it last told.
  void worked(const std::string& role, const core::work_counters& more);

  /// A trainer is slower than its peers; 0: it is not.
  void slower(const std::string& role, double times);

  void epoch(std::uint64_t number);
  void checkpoints(std::uint64_t written, std::uint64_t failed);

  /// What the roles did since the last call, in the order in which they first started.
  std::vector<core::role_status> take_work();

  core::run_status status() const;

private:
  struct known_role {
    core::role_status total;
    core::work_counters since_taken;
    std::uint32_t starts = 0;
  };

  known_role& find(const std::string& role);

  mutable std::mutex mutex_;
  clock now_;
  core::run_status status_; ///< without its roles
  std::vector<known_role> roles_;
  double task_began_ = 0;
  std::uint64_t done_at_begin_ = 0;
};

} // namespace souk::actors
