#include "sim/taste_scale.hpp"

#include <cmath>

namespace souk::sim {

namespace {

constexpr double longest_item = 2.5;

struct axis_scale {
  double mean = 0;
  double deviation = 0; ///< 0: everybody is at the same point
};

axis_scale
scale_of(const core::panel& users, const core::panel& deviations, std::size_t axis) {
  auto mean = 0.0;
  auto square = 0.0;
  for (std::size_t user = 0; user < users.num_rows(); ++user) {
    const auto value = users.row(user)[axis];
    mean += value;
    square += value * value;
  }
  for (std::size_t user = 0; user < deviations.num_rows(); ++user)
    square += deviations.row(user)[axis] * deviations.row(user)[axis];
  const auto count = static_cast<double>(users.num_rows());
  mean /= count;
  const auto variance = square / count - mean * mean;
  return {mean, variance > 1e-24 ? std::sqrt(variance) : 0.0};
}

/// Returns the points as floats, each axis (value - mean) / deviation.
std::vector<float>
scaled(const core::panel& points, const std::vector<axis_scale>& axes, bool centred) {
  std::vector<float> all(points.values.size());
  for (std::size_t row = 0; row < points.num_rows(); ++row)
    for (std::size_t k = 0; k < axes.size(); ++k)
      if (axes[k].deviation > 0)
        all[row * axes.size() + k] = static_cast<float>(
          (points.row(row)[k] - (centred ? axes[k].mean : 0.0)) / axes[k].deviation);
  return all;
}

/// Gives items mean square length 1, and shortens the longest.
std::vector<float> with_unit_lengths(const core::panel& items) {
  auto total_square = 0.0;
  for (std::size_t k = 0; k < items.columns; ++k)
    for (std::size_t item = 0; item < items.num_rows(); ++item)
      total_square += items.row(item)[k] * items.row(item)[k];
  const auto count = static_cast<double>(items.num_rows());
  const auto scale = total_square > 0 ? std::sqrt(count / total_square) : 0.0;
  std::vector<float> all(items.values.size());
  for (std::size_t item = 0; item < items.num_rows(); ++item) {
    const auto* vector = items.row(item);
    auto length = 0.0;
    for (std::size_t k = 0; k < items.columns; ++k)
      length += vector[k] * vector[k];
    length = std::sqrt(length) * scale;
    const auto shorten = length > longest_item ? longest_item / length : 1.0;
    for (std::size_t k = 0; k < items.columns; ++k)
      all[item * items.columns + k] = static_cast<float>(vector[k] * scale * shorten);
  }
  return all;
}

} // namespace

taste_factors in_scale_of_tastes(const core::panel& users,
                                 core::panel items,
                                 const core::panel& deviations) {
  std::vector<axis_scale> axes;
  for (std::size_t k = 0; k < users.columns; ++k)
    axes.push_back(scale_of(users, deviations, k));
  for (std::size_t item = 0; item < items.num_rows(); ++item)
    for (std::size_t k = 0; k < axes.size(); ++k)
      items.row(item)[k] *= axes[k].deviation;
  taste_factors factors;
  factors.dimensions = static_cast<std::uint32_t>(users.columns);
  factors.users = scaled(users, axes, /*centred=*/true);
  if (deviations.num_rows() > 0)
    factors.spreads = scaled(deviations, axes, /*centred=*/false);
  factors.items = with_unit_lengths(items);
  return factors;
}

} // namespace souk::sim
