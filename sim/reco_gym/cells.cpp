#include "sim/reco_gym/cells.hpp"

#include "core/portable_math.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <queue>

namespace souk::sim::reco_gym {

namespace {

/// Far below any product's, yet finite: an empty cell's bound must stay a number.
constexpr float no_mass = -1e30F;

/// A cell on the way: products [first, last) of the order, and what it is worth to
/// divide it.
struct draft {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  std::uint32_t widest = 0; ///< dimension
  double waste = 0;         ///< about how often draws end here for nothing

  bool operator<(const draft& other) const {
    return waste != other.waste ? waste < other.waste : first > other.first;
  }
};

class division {
public:
  explicit division(const products& all) : all_{all}, order_(all.count) {
    std::iota(order_.begin(), order_.end(), 0U);
    for (core::item_id product = 0; product < all.count; ++product) {
      auto square = 0.0;
      for (std::uint32_t k = 0; k < all.dimensions; ++k)
        square +=
          static_cast<double>(at(product, k)) * static_cast<double>(at(product, k));
      // The mean of e^(vector . omega) over standard normal omega, offset included.
      share_.push_back(
        core::portable::exp(static_cast<double>(all.offsets[product]) + 0.5 * square));
    }
    drafts_.push(judged(0, all.count));
  }

  void divide(std::size_t most) {
    while (drafts_.size() < most && drafts_.top().last - drafts_.top().first > 1) {
      const auto whole = drafts_.top();
      drafts_.pop();
      const auto middle = split(whole);
      drafts_.push(judged(whole.first, middle));
      drafts_.push(judged(middle, whole.last));
    }
  }

  /// Returns the cells' ranges in the order of products, ascending.
  std::vector<draft> ranges() {
    std::vector<draft> all;
    for (; !drafts_.empty(); drafts_.pop())
      all.push_back(drafts_.top());
    std::sort(all.begin(), all.end(),
              [](const draft& a, const draft& b) { return a.first < b.first; });
    return all;
  }

  core::item_id product_at(std::uint32_t place) const {
    return order_[place];
  }

  float at(core::item_id product, std::uint32_t k) const {
    return all_.vectors[std::size_t{product} * all_.dimensions + k];
  }

  std::pair<float, float>
  bounds(std::uint32_t first, std::uint32_t last, std::uint32_t k) const {
    auto low = at(order_[first], k);
    auto high = low;
    for (auto place = first; place < last; ++place) {
      low = std::min(low, at(order_[place], k));
      high = std::max(high, at(order_[place], k));
    }
    return {low, high};
  }

private:
  draft judged(std::uint32_t first, std::uint32_t last) const {
    draft cell{first, last, 0, 0};
    auto half_widths = 0.0;
    auto widest = -1.0F;
    for (std::uint32_t k = 0; k < all_.dimensions; ++k) {
      const auto [low, high] = bounds(first, last, k);
      half_widths += static_cast<double>(high - low) / 2;
      if (high - low > widest) {
        widest = high - low;
        cell.widest = k;
      }
    }
    auto mass = 0.0;
    for (auto place = first; place < last; ++place)
      mass += share_[order_[place]];
    // |omega_k| is 0.8 on average.
    cell.waste = mass * (core::portable::exp(0.8 * half_widths) - 1);
    return cell;
  }

  /// Orders a cell along its widest dimension and returns where half of its share ends.
  std::uint32_t split(const draft& cell) {
    const auto begin = order_.begin() + cell.first;
    const auto end = order_.begin() + cell.last;
    std::sort(begin, end, [&](auto a, auto b) {
      const auto x = at(a, cell.widest);
      const auto y = at(b, cell.widest);
      return x != y ? x < y : a < b;
    });
    auto whole = 0.0;
    for (auto place = begin; place != end; ++place)
      whole += share_[*place];
    auto sum = 0.0;
    auto middle = cell.first;
    while (middle < cell.last && 2 * (sum + share_[order_[middle]]) <= whole)
      sum += share_[order_[middle++]];
    return std::min(std::max(middle, cell.first + 1), cell.last - 1);
  }

  const products& all_;
  std::vector<core::item_id> order_;
  std::vector<double> share_;
  std::priority_queue<draft> drafts_;
};

/// Appends the alias table of a cell's products, by Vose's method.
void append_aliases(cells& made, const std::vector<double>& weights) {
  const auto count = static_cast<std::uint32_t>(weights.size());
  const auto base = made.keep.size();
  auto sum = 0.0;
  for (const auto weight : weights)
    sum += weight;
  std::vector<double> scaled;
  std::vector<std::uint32_t> small, large;
  for (std::uint32_t i = 0; i < count; ++i) {
    scaled.push_back(weights[i] / sum * count);
    (scaled[i] < 1 ? small : large).push_back(i);
    made.keep.push_back(0xFFFFFFFFU);
    made.other.push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    const auto less = small.back();
    const auto more = large.back();
    small.pop_back();
    made.keep[base + less] = static_cast<std::uint32_t>(scaled[less] * 4294967295.0);
    made.other[base + less] = more;
    scaled[more] -= 1 - scaled[less];
    if (scaled[more] < 1) {
      large.pop_back();
      small.push_back(more);
    }
  }
}

} // namespace

cells make_cells(const products& all, std::size_t most) {
  division parts{all};
  parts.divide(most);
  const auto ranges = parts.ranges();
  cells made;
  made.dimensions = all.dimensions;
  made.count = (ranges.size() + cells::lanes - 1) / cells::lanes * cells::lanes;
  made.log_mass.assign(made.count, no_mass);
  made.centre.assign(made.count * all.dimensions, 0.0F);
  made.half.assign(made.count * all.dimensions, 0.0F);
  made.first.assign(made.count + 1, all.count);
  for (std::size_t c = 0; c < ranges.size(); ++c) {
    made.first[c] = ranges[c].first;
    std::vector<double> weights;
    auto mass = 0.0;
    for (auto place = ranges[c].first; place < ranges[c].last; ++place) {
      const auto product = parts.product_at(place);
      made.item.push_back(product);
      weights.push_back(core::portable::exp(static_cast<double>(all.offsets[product])));
      mass += weights.back();
      for (std::uint32_t k = 0; k < all.dimensions; ++k)
        made.vectors.push_back(parts.at(product, k));
    }
    append_aliases(made, weights);
    made.log_mass[c] = static_cast<float>(core::portable::log(mass));
    for (std::uint32_t k = 0; k < all.dimensions; ++k) {
      const auto [low, high] = parts.bounds(ranges[c].first, ranges[c].last, k);
      made.centre[k * made.count + c] = (low + high) / 2;
      made.half[k * made.count + c] = (high - low) / 2;
    }
  }
  return made;
}

} // namespace souk::sim::reco_gym
