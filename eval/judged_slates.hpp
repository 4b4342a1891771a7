#pragma once

#include "core/dataset.hpp"
#include "eval/metrics.hpp"

#include <cstdint>
#include <vector>

namespace souk::eval {

/// Takes slates in, one user at a time, and judges each by several metrics.
class judged_slates {
public:
  judged_slates(const std::vector<metric>& metrics,
                const core::interactions& held_out,
                std::size_t num_users);

  /// Judges the slate of user number `place`, whose held-out items are in `row`.
  void
  take(std::size_t place, std::uint32_t row, core::span<const core::item_id> slate);

  /// [metrics][users]; empty for metrics that are not per user.
  const std::vector<std::vector<double>>& values() const {
    return values_;
  }

  /// [metrics]: means over users in their order, or the one value of all users.
  std::vector<double> overall() const;

private:
  double coverage(std::size_t metric_number) const;

  std::vector<metric> metrics_;
  const core::interactions* held_out_;
  std::vector<judge> judges_;
  std::vector<std::vector<double>> values_;
  std::vector<std::vector<bool>> covered_; ///< [metrics][items], coverage only
};

} // namespace souk::eval
