#pragma once

#include "core/result_row.hpp"
#include "eval/rows.hpp"

#include <map>
#include <string>
#include <vector>

namespace souk::eval {

/// What all policies came to among the shoppers of one generator.
struct generator_values {
  std::string generator;
  std::vector<world_value> values; ///< of its replicate worlds
  /// Policies of the same kind as the generator: what it might favour.
  std::vector<std::string> own_kind;
};

/// Returns stage `online` of several generators: every metric that `values` have for
/// group `all`, as group `generator=<name>` with intervals and comparisons; and
/// `own_kind_advantage` of every policy of a generator's own kind.
///
/// An advantage says by which share such a policy does better, in `metric` and relative
/// to the mean of all policies of the same world, among the shoppers of its own kind
/// than on average among the others' in worlds of the same number: 0 = not favoured.
/// Policies without a value in all of them are left out.
std::vector<core::result_row>
cross_play_rows(const std::vector<generator_values>& generators,
                const std::string& metric);

} // namespace souk::eval
