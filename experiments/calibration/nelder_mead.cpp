#include "experiments/calibration/nelder_mead.hpp"

#include "core/random.hpp"

#include <algorithm>

namespace souk::experiments {

namespace {

constexpr double reflection = 1;
constexpr double expansion = 2;
constexpr double contraction = 0.5;
constexpr double shrinkage = 0.5;

/// A simplex whose corners ascend by value.
class simplex {
public:
  simplex(const std::function<double(const std::vector<double>&)>& function,
          const nelder_mead_options& options)
    : function_{function}, left_{std::max(1U, options.evaluations)} {
    // nop
  }

  bool may_evaluate() const {
    return left_ > 0;
  }

  minimum evaluate(std::vector<double> at) {
    --left_;
    const auto value = function_(at);
    return {std::move(at), value};
  }

  void add(minimum corner) {
    const auto above =
      std::upper_bound(corners_.begin(), corners_.end(), corner,
                       [](const auto& a, const auto& b) { return a.value < b.value; });
    corners_.insert(above, std::move(corner));
  }

  /// The point `by` times as far from the middle of the others as the worst corner, on
  /// the other side.
  std::vector<double> beyond_the_worst(double by) const {
    const auto dimensions = corners_.front().at.size();
    std::vector<double> point(dimensions);
    for (std::size_t k = 0; k < dimensions; ++k) {
      auto middle = 0.0;
      for (std::size_t i = 0; i + 1 < corners_.size(); ++i)
        middle += corners_[i].at[k];
      middle /= static_cast<double>(corners_.size() - 1);
      point[k] = middle + by * (middle - corners_.back().at[k]);
    }
    return point;
  }

  void replace_worst(minimum corner) {
    corners_.pop_back();
    add(std::move(corner));
  }

  void shrink() {
    const auto old = corners_;
    corners_.resize(1);
    for (std::size_t i = 1; i < old.size(); ++i) {
      auto at = old[i].at;
      for (std::size_t k = 0; k < at.size(); ++k)
        at[k] = old[0].at[k] + shrinkage * (at[k] - old[0].at[k]);
      add(may_evaluate() ? evaluate(std::move(at)) : old[i]);
    }
  }

  void step() {
    const auto second_worst = corners_[corners_.size() - 2].value;
    const auto worst = corners_.back().value;
    auto reflected = evaluate(beyond_the_worst(reflection));
    if (reflected.value < best().value && may_evaluate()) {
      auto expanded = evaluate(beyond_the_worst(expansion));
      replace_worst(expanded.value < reflected.value ? expanded : reflected);
    } else if (reflected.value < second_worst || !may_evaluate()) {
      if (reflected.value < worst)
        replace_worst(std::move(reflected));
    } else {
      const auto outside = reflected.value < worst;
      auto contracted =
        evaluate(beyond_the_worst(outside ? contraction : -contraction));
      if (contracted.value < std::min(worst, reflected.value))
        replace_worst(std::move(contracted));
      else
        shrink();
    }
  }

  const minimum& best() const {
    return corners_.front();
  }

private:
  const std::function<double(const std::vector<double>&)>& function_;
  std::uint32_t left_;
  std::vector<minimum> corners_;
};

} // namespace

minimum nelder_mead(const std::function<double(const std::vector<double>&)>& function,
                    const std::vector<double>& start,
                    const nelder_mead_options& options) {
  simplex search{function, options};
  search.add(search.evaluate(start));
  const core::draw_site sides{options.seed, core::stream::search_parameters, 0, 0};
  for (std::uint32_t k = 0; k < start.size() && search.may_evaluate(); ++k) {
    auto corner = start;
    corner[k] += core::uniform(sides, k) < 0.5 ? -options.step : options.step;
    search.add(search.evaluate(std::move(corner)));
  }
  while (search.may_evaluate() && !start.empty())
    search.step();
  return search.best();
}

} // namespace souk::experiments
