#pragma once

#include "core/span.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace souk::eval::realism {

/// Values of a statistic by user, one user after the other; a user may have none.
struct user_values {
  std::vector<double> values;
  std::vector<std::uint64_t> offsets{0}; ///< [users + 1]

  void end_user() {
    offsets.push_back(values.size());
  }

  std::uint32_t num_users() const {
    return static_cast<std::uint32_t>(offsets.size() - 1);
  }
};

/// How often each user counts: 1 for all of a log, draws of a bootstrap, 0 or 1 for the
/// half of a log. [users]
using user_weights = std::vector<std::uint32_t>;

/// The distance of two logs, given how often the users of each count. Where a side has
/// nothing left the distance is 0.
using weighted_distance =
  std::function<double(const user_weights& ours, const user_weights& theirs)>;

/// Compares two samples with all values of a user counted as often as the user.
///
/// Construction sorts once; each distance is one pass.
class sample_pair {
public:
  sample_pair(const user_values& ours, const user_values& theirs);

  /// Kolmogorov-Smirnov: the largest difference of the distribution functions, 0 to 1.
  double kolmogorov_smirnov(const user_weights& ours, const user_weights& theirs) const;

  /// Wasserstein-1: the area between the distribution functions, in units of the
  /// values.
  double wasserstein(const user_weights& ours, const user_weights& theirs) const;

private:
  struct entry {
    double value = 0;
    std::uint32_t user = 0;
    bool is_ours = false;
  };

  struct result {
    double largest = 0;
    double area = 0;
  };

  result compare(const user_weights& ours, const user_weights& theirs) const;

  std::vector<entry> ascending_;
};

/// Kolmogorov-Smirnov distance of two plain samples.
double kolmogorov_smirnov(core::span<const double> a, core::span<const double> b);

/// Wasserstein-1 distance of two plain samples.
double wasserstein(core::span<const double> a, core::span<const double> b);

} // namespace souk::eval::realism
