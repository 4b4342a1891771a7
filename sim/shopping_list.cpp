#include "sim/shopping_list.hpp"

#include "core/portable_math.hpp"

#include <algorithm>

namespace souk::sim {

namespace {

constexpr double log_2 = 0.6931471805599453;

/// How often an entry is drawn anew, on average, before the list ends short.
constexpr std::uint32_t attempts_per_entry = 4;

/// Picks among items that come to mind by taste: P(i) is proportional to e^(direction *
/// vector). Uniforms from `first` on, `considered` + 1 of them.
core::item_id come_to_mind(const list_source& source,
                           std::uint32_t considered,
                           const core::draw_site& draws,
                           std::uint32_t first) {
  std::vector<core::item_id> candidates;
  std::vector<double> cumulative;
  auto sum = 0.0;
  for (std::uint32_t i = 0; i < considered; ++i) {
    const auto item =
      source.plans->draw(source.for_sale, core::uniform(draws, first + i));
    const auto vector = source.items->vector_of(item);
    auto liking = 0.0;
    for (std::size_t k = 0; k < vector.size(); ++k)
      liking += static_cast<double>(source.shopper->direction[k])
                * static_cast<double>(vector[k]);
    candidates.push_back(item);
    cumulative.push_back(sum += core::portable::exp(std::min(liking, 700.0)));
  }
  const auto place = core::uniform(draws, first + considered) * sum;
  const auto above = std::upper_bound(cumulative.begin(), cumulative.end() - 1, place);
  return candidates[static_cast<std::size_t>(above - cumulative.begin())];
}

} // namespace

std::uint32_t
list_length(const shopping_list_options& options, double user, double session) {
  const auto median = options.items * core::portable::exp(options.user_spread * user);
  const auto halvings = -core::portable::log(1 - session) / log_2;
  const auto length =
    halvings > 0 ? median * core::portable::pow(halvings, 1 / options.shape) : 0.0;
  const auto rounded = std::min(length + 0.5, static_cast<double>(max_list));
  return std::max(1U, static_cast<std::uint32_t>(rounded));
}

planned_items::planned_items(const catalogue& items,
                             const std::vector<core::item_id>& by_launch)
  : by_launch_{&by_launch} {
  auto sum = 0.0;
  for (const auto item : by_launch)
    cumulative_.push_back(sum += items.popularity[item]);
}

core::item_id planned_items::draw(std::size_t for_sale, double uniform) const {
  const auto end = cumulative_.begin() + static_cast<std::ptrdiff_t>(for_sale);
  const auto place = uniform * *(end - 1);
  const auto above = std::upper_bound(cumulative_.begin(), end - 1, place);
  return (*by_launch_)[static_cast<std::size_t>(above - cumulative_.begin())];
}

std::vector<core::item_id> draw_list(const shopping_list_options& options,
                                     const list_source& source,
                                     std::uint32_t length,
                                     const core::draw_site& draws) {
  std::vector<core::item_id> list;
  std::vector<core::item_id> ascending;
  const auto stride = options.considered + 3;
  const auto attempts = attempts_per_entry * length + attempts_per_entry;
  for (std::uint32_t attempt = 0; attempt < attempts && list.size() < length;
       ++attempt) {
    const auto first = first_entry_draw + attempt * stride;
    const auto again =
      !source.bought.empty() && core::uniform(draws, first) < source.again;
    const auto place =
      core::uniform(draws, first + 1) * static_cast<double>(source.bought.size());
    const auto item = again
                        ? source.bought[static_cast<std::size_t>(place)]
                        : come_to_mind(source, options.considered, draws, first + 2);
    const auto where = std::lower_bound(ascending.begin(), ascending.end(), item);
    if (where != ascending.end() && *where == item)
      continue;
    ascending.insert(where, item);
    list.push_back(item);
  }
  return list;
}

} // namespace souk::sim
