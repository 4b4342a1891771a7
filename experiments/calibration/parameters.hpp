#pragma once

#include "sim/options.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::experiments {

/// Which numbers a parameter may take; a search moves in the logarithm of `positive`
/// ones, in the log odds of `share`s and in `any` as they are.
enum class parameter_range { positive, share, any };

/// A number of the `simulation:` block that a search can move.
struct parameter {
  std::string key; ///< dotted, below `simulation:`
  parameter_range range = parameter_range::positive;
  double& (*of)(sim::simulation_options&);
};

/// Parameters that are searched together because the same statistics tell of them.
struct parameter_group {
  std::vector<parameter> parameters;
  std::vector<std::string>
    statistics; ///< whose squared distances are minimised, summed
  /// Worlds that one point is judged by: more where worlds of the same parameters
  /// differ (which popular items are alike is the luck of few draws).
  std::uint32_t worlds = 1;
};

/// Returns the groups for a log of purchases alone (invoices), whose sessions are
/// shopping lists, or for one that has clicks, whose sessions go through slates;
/// without what has no part in a shop whose `catalogue.from` is this.
std::vector<parameter_group> groups_for(bool has_clicks, const std::string& catalogue);

/// Whether a key describes items that a dataset would have.
bool is_of_generated_items(const std::string& key);

/// Returns where the options are in the coordinates of a search over `parameters`.
std::vector<double> coordinates_of(const std::vector<parameter>& parameters,
                                   sim::simulation_options options);

/// Rounds to four digits: more than any log identifies, and readable.
double four_digits(double value);

/// Moves options to coordinates; values stay inside what `validate` takes.
void move_to(const std::vector<parameter>& parameters,
             const std::vector<double>& coordinates,
             sim::simulation_options& options);

} // namespace souk::experiments
