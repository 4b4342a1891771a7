#include "sim/dataset_parts.hpp"

#include "core/error.hpp"
#include "core/random.hpp"

#include <optional>
#include <utility>

namespace souk::sim {

namespace {

/// The real users whom a world's shoppers are drawn from.
struct real_people {
  std::vector<core::user_id> users; ///< rows of the dataset
  core::interactions before;        ///< what each took before the run
  core::interactions after;         ///< and afterwards, if that is what they want
};

/// Draws as many of the held-out users, with replacement: a world of its own people, so
/// that worlds differ as samples of people do (Efron & Tibshirani 1993).
real_people resampled(const core::held_out_set& all, std::uint64_t seed) {
  std::vector<std::uint32_t> rows;
  real_people people;
  for (std::uint32_t i = 0; i < all.users.size(); ++i) {
    rows.push_back(static_cast<std::uint32_t>(
      core::below({seed, core::stream::bootstrap, 0, 0}, i, all.users.size())));
    people.users.push_back(all.users[rows.back()]);
  }
  people.before = core::select_rows(all.fold_in, rows);
  people.after = core::select_rows(all.held_out, rows);
  return people;
}

real_people people_behind(const generator_options& generator,
                          const core::split& split,
                          std::uint64_t seed) {
  if (generator.kind == "bootstrap")
    return resampled(split.validation, seed);
  return {split.training_users, split.training, {}};
}

/// Returns the rows without items that come into the shop later.
core::interactions there_from_the_start(const core::interactions& rows,
                                        const catalogue& items) {
  core::interactions kept;
  kept.num_items = rows.num_items;
  std::vector<core::item_id> row;
  for (std::size_t user = 0; user < rows.num_rows(); ++user) {
    row.clear();
    for (const auto item : rows.row(user))
      if (items.launch_day[item] == 0)
        row.push_back(item);
    kept.append_row(row);
  }
  return kept;
}

tastes tastes_of(const simulation_options& options,
                 const generator_options& generator,
                 const taste_factors& factors,
                 std::size_t num_people) {
  if (generator.kind == "bootstrap")
    return tastes::none(factors.dimensions, num_people);
  if (generator.kind == "run")
    return tastes::believed(factors);
  return tastes::of_factors(options.tastes, factors);
}

void check_source(const generator_options& generator, const catalogue_source& source) {
  if (!source.dataset || !source.split)
    throw core::error::request("there is no dataset to take items from",
                               "simulation.catalogue.from",
                               "give a data: block, or use \"generated\"");
  if (generator.kind == "bootstrap" && source.split->validation.users.empty())
    throw core::error::request("the split has no validation users to be drawn from",
                               "simulation.population.from",
                               "let data.split hold some out, or use factors");
}

} // namespace

taste_factors fit_factors(const simulation_options& options, const core::split& split) {
  return fit_factors(split.training, options.tastes.dimensions, /*seed=*/1);
}

world_parts dataset_parts(const simulation_options& options,
                          const catalogue_source& source,
                          std::uint64_t seed) {
  const auto& generator = options.population.from[source.generator];
  check_source(generator, source);
  std::optional<taste_factors> fitted;
  if (!source.factors)
    fitted = fit_factors(options, *source.split);
  const auto& factors = source.factors ? *source.factors : *fitted;
  auto people = people_behind(generator, *source.split, seed);
  world_parts parts{
    catalogue_of_dataset(options, source, factors, seed),
    user_attributes::of_dataset(source.dataset->user_attributes, people.users),
    tastes_of(options, generator, factors, people.users.size())};
  if (options.population.history == "real")
    parts.past.before = there_from_the_start(people.before, parts.items);
  if (generator.kind == "bootstrap") {
    parts.past.after = std::move(people.after);
    parts.past.wanted_weight = static_cast<float>(generator.wanted);
  }
  return parts;
}

} // namespace souk::sim
