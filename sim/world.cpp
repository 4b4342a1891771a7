#include "sim/world.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "sim/attribute_rows.hpp"
#include "sim/dataset_parts.hpp"
#include "sim/draws.hpp"
#include "sim/generated_catalogue.hpp"
#include "sim/published_models.hpp"

#include <algorithm>
#include <numeric>

namespace souk::sim {

namespace {

world_parts generated_parts(const simulation_options& options, std::uint64_t seed) {
  auto people = user_attributes::generated();
  auto likings = tastes::generated(options.tastes, people, seed);
  return {generate_catalogue(options, seed), std::move(people), std::move(likings)};
}

world_parts parts_of(const simulation_options& options,
                     const catalogue_source& source,
                     std::uint64_t seed) {
  if (is_published_model(options))
    return published_parts(options);
  return options.catalogue.from == "dataset" ? dataset_parts(options, source, seed)
                                             : generated_parts(options, seed);
}

} // namespace

world::world(simulation_options options, world_parts parts, std::uint64_t seed)
  : options_{std::move(options)}, seed_{seed}, parts_{std::move(parts)},
    week_{options_.calendar}, sales_{options_.campaigns, parts_.items,
                                     options_.catalogue.price_spread_within,
                                     options_.days, seed_},
    year_{week_, options_.calendar, sales_, options_.days}, eyes_{options_.attention,
                                                                  options_.slate_size},
    choosing_{options_.choice}, utilities_{parts_.items, options_.choice, sales_},
    // Users of a published model do not search.
    search_{is_published_model(options_) ? catalogue{} : parts_.items, options_.search},
    by_launch_(parts_.items.num_items) {
  std::iota(by_launch_.begin(), by_launch_.end(), 0U);
  const auto& launch = parts_.items.launch_day;
  std::stable_sort(by_launch_.begin(), by_launch_.end(),
                   [&](auto a, auto b) { return launch[a] < launch[b]; });
  plans_ = planned_items{parts_.items, by_launch_};
  for (std::uint32_t day = 0; day < options_.days; ++day) {
    std::vector<core::item_id> later;
    for (core::item_id item = 0; item < launch.size(); ++item)
      if (launch[item] > day)
        later.push_back(item);
    for_sale_.push_back(static_cast<std::uint32_t>(launch.size() - later.size()));
    not_yet_.push_back(std::move(later));
  }
}

core::time_ms world::end() const {
  return options_.days * core::day_ms;
}

core::span<const core::item_id> world::for_sale(std::uint32_t day) const {
  return {by_launch_.data(), for_sale_[day]};
}

core::span<const core::item_id> world::not_yet_for_sale(std::uint32_t day) const {
  return not_yet_[day];
}

bool world::knows_attributes_of(core::user_id user) const {
  // A step of its own: the user's profile is drawn under step 0.
  return core::uniform({seed_, core::stream::attributes, user, 1}, 0)
         < options_.population.attributes_known;
}

entry world::entry_of(core::user_id user) const {
  const core::draw_site site{seed_, core::stream::arrive, user, 0};
  if (core::uniform(site, 0) >= options_.population.newcomer_share)
    return {0, false};
  const auto whole = year_.elapsed(end());
  const auto joined = year_.when(core::uniform(site, 1) * whole);
  return {std::min(joined, end() - 1), true};
}

core::attribute_table world::user_table() const {
  const auto& profiles = parts_.people.profiles();
  auto table = empty_like(profiles);
  for (core::user_id user = 0; user < options_.population.users; ++user)
    append_row(profiles, parts_.people.draw(seed_, user), table);
  return table;
}

core::attribute_table world::item_table() const {
  return attributes_of(parts_.items);
}

std::shared_ptr<const world> make_world(const simulation_options& options,
                                        const catalogue_source& source,
                                        std::uint64_t seed) {
  validate(options);
  auto made =
    std::make_shared<const world>(options, parts_of(options, source, seed), seed);
  check_items_at_start(options, made->items().num_items);
  return made;
}

} // namespace souk::sim
