#include "sim/published_models.hpp"

#include "core/portable_math.hpp"
#include "sim/catalogue_draws.hpp"
#include "sim/interest_evolution/audience.hpp"
#include "sim/reco_gym/crowd.hpp"

#include <string>

namespace souk::sim {

namespace {

catalogue plain_catalogue(std::uint32_t count, const std::string& noun) {
  catalogue items;
  items.num_items = count;
  items.dimensions = 1;
  for (std::uint32_t item = 0; item < count; ++item)
    items.names.push_back(noun + " " + std::to_string(item + 1));
  items.category.assign(count, core::no_code);
  items.brand.assign(count, core::no_code);
  items.price_cents.assign(count, 100);
  items.price_level.assign(count, 0.0F);
  items.quality.assign(count, 0.0F);
  items.popularity.assign(count, 1.0 / count);
  items.launch_day.assign(count, 0);
  items.vectors.assign(count, 1.0F);
  items.term_offsets.assign(count + std::size_t{1}, 0);
  return items;
}

/// Products are as popular as the mean of e^(vector . omega + offset) over new users.
void set_popularity(catalogue& items,
                    const reco_gym::products& products,
                    double sigma_omega) {
  auto sum = 0.0;
  for (core::item_id product = 0; product < products.count; ++product) {
    auto square = 0.0;
    for (std::uint32_t k = 0; k < products.dimensions; ++k) {
      const auto length = static_cast<double>(
        products.vectors[std::size_t{product} * products.dimensions + k]);
      square += length * length;
    }
    sum += items.popularity[product] =
      core::portable::exp(static_cast<double>(products.offsets[product])
                          + 0.5 * sigma_omega * sigma_omega * square);
  }
  for (auto& weight : items.popularity)
    weight /= sum;
}

/// Nobody's attributes are known: one profile without any.
user_attributes nothing_known() {
  const core::user_id only = 0;
  return user_attributes::of_dataset({1, {}}, {&only, 1});
}

} // namespace

void set_published_defaults(simulation_options& options) {
  options.slate_size = options.preset == "reco_gym" ? 1 : 3;
  options.days = 1;
  options.tick = core::second_ms;
  options.worlds = 1;
  options.policies = plain_policies({"random", "popularity"});
  options.population.cohort = 2500;
  options.population.newcomer_share = 0;
  options.population.anonymous_share = 0;
}

world_parts published_parts(const simulation_options& options) {
  auto people = nothing_known();
  auto likings = tastes::generated(options.tastes, people, /*seed=*/0);
  world_parts parts{{}, std::move(people), std::move(likings), {}, nullptr, nullptr};
  if (options.preset == "reco_gym") {
    parts.reco_gym = std::make_shared<const reco_gym::laws>(options.reco_gym);
    parts.items = plain_catalogue(options.reco_gym.products, "product");
    set_popularity(parts.items, parts.reco_gym->items,
                   options.reco_gym.sigma_omega_initial);
  } else {
    const auto laws = std::make_shared<const interest_evolution::laws>(
      options.interest_evolution, options.slate_size);
    parts.interest_evolution = laws;
    parts.items = plain_catalogue(options.interest_evolution.documents, "video");
    for (std::uint32_t topic = 0; topic < interest_evolution::num_topics; ++topic)
      parts.items.category_names.push_back("topic " + std::to_string(topic + 1));
    for (core::item_id video = 0; video < parts.items.num_items; ++video) {
      parts.items.category[video] = laws->videos.topic[video];
      parts.items.quality[video] = laws->videos.quality[video];
    }
  }
  fill_appeal(parts.items);
  return parts;
}

} // namespace souk::sim
