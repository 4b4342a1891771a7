#pragma once

#include "tests/scenarios/chaos_fate.hpp"
#include "tests/scenarios/small_experiment.hpp"

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

namespace souk::tests {

/// Where a run takes place that is going to be hurt.
class chaos_stage {
public:
  virtual ~chaos_stage() = default;

  /// Starts the run, or what goes on with it.
  virtual std::unique_ptr<souk_process>
  start(const std::vector<std::string>& overrides,
        const std::vector<std::string>& flags) = 0;

  /// The processes that take part in a run besides its own.
  virtual std::vector<pid_t> others(const souk_process& run) const = 0;

  /// Faults of the network that there are.
  virtual std::uint64_t num_cuts() const = 0;

  /// Cuts somebody off, waits for so long that it is noticed, and heals that. Says what
  /// was done.
  virtual std::string
  cut(const fate& drawn, std::uint32_t fault, std::uint64_t kind) const = 0;
};

/// The stage that a seed draws: this machine with children of the run, or three hosts
/// made of network namespaces with nodes on two of them, where this machine lets us.
std::unique_ptr<chaos_stage>
make_stage(const fate& drawn, const small_experiment& experiment, std::string& story);

/// Longer than heartbeats may be missing.
void wait_until_noticed();

} // namespace souk::tests
