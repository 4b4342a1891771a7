#pragma once

#include "core/parameter_layout.hpp"
#include "core/shareable_memory.hpp"
#include "core/span.hpp"
#include "models/optimiser.hpp"

#include <cstdint>
#include <vector>

namespace souk::actors {

/// A trainer's replicas of local SGD: each takes steps of Adam on parameters of its own
/// for a clock, and keeps its moments from clock to clock.
class local_replicas {
public:
  /// `size` parameters each; moments are zero. `threads` share a step.
  local_replicas(std::size_t count,
                 std::size_t size,
                 const models::adam_options& inner,
                 std::size_t threads);

  std::size_t count() const {
    return replicas_.size();
  }

  /// Begins a clock at these parameters.
  void begin(std::size_t replica, core::span<const float> origin);

  core::span<const float> parameters(std::size_t replica) const {
    return replicas_[replica].parameters;
  }

  /// Takes the replica's step `number`, counted from 1 over the whole training, along a
  /// gradient: the sum over the blocks of a batch.
  void descend(std::size_t replica,
               std::uint64_t number,
               const models::partial_sum& gradient);

  /// Ends a clock: returns where it began less where it came to. It stays until the
  /// replica begins the next.
  core::span<const float> end(std::size_t replica, core::span<const float> origin);

  /// Adam's first and second moments, for a checkpoint.
  core::span<const float> moments(std::size_t replica, std::size_t order) const;

  /// Brings them to a checkpoint's; without numbers, to zero.
  void restore(std::size_t replica, std::size_t order, core::span<const float> moments);

private:
  struct replica_state {
    core::shareable_vector<float> parameters;
    core::parameter_arena moments[2];
  };

  models::optimiser inner_;
  std::vector<replica_state> replicas_;
};

} // namespace souk::actors
