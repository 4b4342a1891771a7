#pragma once

#include "core/attributes.hpp"
#include "core/ids.hpp"
#include "core/span.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::sim {

/// Who a user can be, as far as a shop may know: a table of profiles, each with a
/// weight. A synthetic user has one profile, and draws it by number.
class user_attributes {
public:
  /// Makes the profiles of a generated population: every combination of age band,
  /// gender, region, income band and device; income and device depend on age.
  static user_attributes generated();

  /// Takes the given rows of a dataset's user attributes, texts left out, one profile
  /// per row and equally likely: attributes keep their joint distribution.
  static user_attributes of_dataset(const core::attribute_table& users,
                                    core::span<const core::user_id> rows);

  /// Draws a user's profile.
  std::uint32_t draw(std::uint64_t seed, core::user_id user) const;

  const core::attribute_table& profiles() const {
    return profiles_;
  }

  /// Returns the weight of a profile; all sum to 1.
  double share(std::uint32_t profile) const;

  /// Returns the names of segments ("gender=female"): a category's values where there
  /// are at most twelve, and a number's quarters.
  const std::vector<std::string>& segments() const {
    return segments_;
  }

  /// Returns the segments that a profile belongs to: at most one per attribute.
  core::span<const std::uint16_t> segments_of(std::uint32_t profile) const;

private:
  user_attributes(core::attribute_table profiles, std::vector<double> weights);

  void add_categories(const core::attribute_column& column,
                      std::vector<std::vector<std::uint16_t>>& by_profile);
  void add_quarters(const core::attribute_column& column,
                    std::vector<std::vector<std::uint16_t>>& by_profile);

  core::attribute_table profiles_;
  std::vector<double> cumulative_;
  std::vector<std::string> segments_;
  std::vector<std::uint64_t> segment_offsets_{0};
  std::vector<std::uint16_t> profile_segments_;
};

} // namespace souk::sim
