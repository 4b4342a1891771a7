#pragma once

#include "core/random.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::tests {

/// All that a seed decides, drawn by name: a change of one draw leaves the others.
class fate {
public:
  explicit fate(std::uint64_t seed) : seed_{seed} {
    // nop
  }

  /// A whole number in [least, most].
  std::uint64_t
  draw(std::uint32_t name, std::uint64_t least, std::uint64_t most) const {
    const core::draw_site site{seed_, core::stream::synthetic_data, name, 0};
    return least + core::below(site, 0, most - least + 1);
  }

private:
  std::uint64_t seed_;
};

// Names of draws; those of fault i are fault_kind + i, and so on.
enum draw_name : std::uint32_t {
  epochs,
  checkpoint_steps,
  compression,
  has_shop,
  processes,
  trainers,
  servers,
  shards,
  num_faults,
  placement,
  consistency,
  hosts,
  fault_kind = 100,
  fault_moment = 200,
  fault_victim = 300,
  fault_target = 400,
  shape_again = 500,
};

/// How gradients travel and count, where that has one answer: overrides of the file.
std::vector<std::string> method_of(const fate& drawn);

/// A training of a second or two, with or without a shop behind it.
std::vector<std::string> experiment_of(const fate& drawn);

/// The cluster's shape, of a run or of what goes on with it after `resumes` times.
std::vector<std::string> cluster_of(const fate& drawn, std::uint32_t resumes);

} // namespace souk::tests
