#pragma once

#include "core/result_row.hpp"
#include "eval/rows.hpp"

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
/// An advantage says how much better such a policy does in `metric` among the shoppers
/// of its own kind than the policies of other kinds would lead one to expect, in shares
/// of the mean of all policies: 0 = not favoured. Results are divided by their world's
/// mean; what is expected is read off the line (least squares) through the other kinds'
/// results here and their mean results among the other generators' shoppers, in worlds
/// of the same number. A generator that only tells good policies from bad ones more
/// sharply thus favours nobody. Nothing where fewer than three policies are of other
/// kinds, in fewer than two worlds, or where a value is missing.
std::vector<core::result_row>
cross_play_rows(const std::vector<generator_values>& generators,
                const std::string& metric);

} // namespace souk::eval
