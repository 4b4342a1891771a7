#include "experiments/report/curves.hpp"

#include <algorithm>

namespace souk::experiments {

namespace {

void thin(curve& drawn, std::size_t points_max) {
  const auto count = drawn.points.size();
  drawn.mean_of = (count + points_max - 1) / points_max;
  if (drawn.mean_of <= 1) {
    drawn.mean_of = 1;
    return;
  }
  std::vector<metric_point> kept;
  for (std::size_t first = 0; first < count; first += drawn.mean_of) {
    const auto last = std::min(first + drawn.mean_of, count);
    auto point = drawn.points[last - 1];
    point.value = 0;
    for (auto i = first; i < last; ++i)
      point.value += drawn.points[i].value;
    point.value /= static_cast<double>(last - first);
    kept.push_back(std::move(point));
  }
  drawn.points = std::move(kept);
}

} // namespace

std::vector<curve> curves_of(const std::vector<metric_point>& points,
                             std::size_t points_max) {
  std::vector<curve> curves;
  for (const auto& point : points) {
    if (!point.role.empty())
      continue; // measured of a role: see work.hpp
    auto found = std::find_if(curves.begin(), curves.end(), [&](const curve& each) {
      return each.model == point.model && each.name == point.name;
    });
    if (found == curves.end())
      found = curves.insert(curves.end(), {point.model, point.name, {}, 1});
    found->points.push_back(point);
  }
  for (auto& each : curves)
    thin(each, points_max);
  return curves;
}

} // namespace souk::experiments
