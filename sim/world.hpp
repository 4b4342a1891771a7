#pragma once

#include "sim/attention.hpp"
#include "sim/calendar.hpp"
#include "sim/campaigns.hpp"
#include "sim/catalogue.hpp"
#include "sim/choice.hpp"
#include "sim/dataset_catalogue.hpp"
#include "sim/options.hpp"
#include "sim/search.hpp"
#include "sim/season.hpp"
#include "sim/shopping_list.hpp"
#include "sim/tastes.hpp"
#include "sim/user_attributes.hpp"
#include "sim/utility.hpp"

#include <memory>
#include <string>
#include <vector>

namespace souk::sim {

namespace reco_gym {

struct laws;

} // namespace reco_gym

namespace interest_evolution {

struct laws;

} // namespace interest_evolution

/// What the real users behind a population's profiles did: rows by profile, or none.
struct real_rows {
  core::interactions before; ///< the run: theirs already, and known to the shop
  core::interactions after;  ///< what they want
  float wanted_weight = 0;   ///< utility of each item of `after`
};

/// What a world is made of besides its options.
struct world_parts {
  catalogue items;
  user_attributes people;
  tastes likings;
  real_rows past = {};
  /// Of a published model's world: how its users behave.
  std::shared_ptr<const reco_gym::laws> reco_gym = nullptr;
  std::shared_ptr<const interest_evolution::laws> interest_evolution = nullptr;
};

/// When a user joins a shop.
struct entry {
  core::time_ms joined = 0;
  bool newcomer = false; ///< joined during the run, with the first session
};

/// A replicate: what is for sale, who could come and how people behave. Immutable, and
/// shared by all cohorts and policies.
///
/// Time starts at 0, a midnight, and ends after `days`. Whatever is asked of a user is
/// a pure function of the seed and the user's number.
class world {
public:
  world(simulation_options options, world_parts parts, std::uint64_t seed);

  world(const world&) = delete;
  world& operator=(const world&) = delete;

  const simulation_options& options() const {
    return options_;
  }

  std::uint64_t seed() const {
    return seed_;
  }

  const catalogue& items() const {
    return parts_.items;
  }

  const user_attributes& people() const {
    return parts_.people;
  }

  const tastes& likings() const {
    return parts_.likings;
  }

  /// The published model of the preset, or null.
  const std::shared_ptr<const reco_gym::laws>& reco_gym() const {
    return parts_.reco_gym;
  }

  const std::shared_ptr<const interest_evolution::laws>& interest_evolution() const {
    return parts_.interest_evolution;
  }

  const calendar& week() const {
    return week_;
  }

  const season& year() const {
    return year_;
  }

  const campaigns& sales() const {
    return sales_;
  }

  const attention& eyes() const {
    return eyes_;
  }

  const choice& choosing() const {
    return choosing_;
  }

  const utility_model& utilities() const {
    return utilities_;
  }

  const planned_items& plans() const {
    return plans_;
  }

  const search_engine& search() const {
    return search_;
  }

  /// Returns the texts behind the numbers of queries in records; the same in all worlds
  /// of a run.
  const std::vector<std::string>& queries() const {
    return search_.queries();
  }

  std::uint32_t dimensions() const {
    return parts_.items.dimensions;
  }

  /// Returns when the run is over: nothing happens then or later.
  core::time_ms end() const;

  /// Returns the items that are for sale on a day, those there from the start first.
  core::span<const core::item_id> for_sale(std::uint32_t day) const;

  /// Returns the items that are not yet for sale on a day, ascending.
  core::span<const core::item_id> not_yet_for_sale(std::uint32_t day) const;

  /// Returns what regulars of a profile have from the start, as the shop knows.
  core::span<const core::item_id> had_by(std::uint32_t profile) const {
    return row_of(parts_.past.before, profile);
  }

  /// Returns what users of a profile want besides what their tastes make of it.
  core::span<const core::item_id> wanted_by(std::uint32_t profile) const {
    return row_of(parts_.past.after, profile);
  }

  /// Returns the utility of what is wanted.
  float wanted_weight() const {
    return parts_.past.wanted_weight;
  }

  /// Whether the shop knows a user's attributes.
  bool knows_attributes_of(core::user_id user) const;

  /// Draws when a user joins.
  entry entry_of(core::user_id user) const;

  /// Returns what a shop may know of all users, and of all items.
  core::attribute_table user_table() const;
  core::attribute_table item_table() const;

private:
  static core::span<const core::item_id> row_of(const core::interactions& rows,
                                                std::uint32_t profile) {
    return rows.num_rows() == 0 ? core::span<const core::item_id>{} : rows.row(profile);
  }

  simulation_options options_;
  std::uint64_t seed_;
  world_parts parts_;
  calendar week_;
  campaigns sales_;
  season year_;
  attention eyes_;
  choice choosing_;
  utility_model utilities_;
  search_engine search_;
  std::vector<core::item_id> by_launch_;
  planned_items plans_;
  std::vector<std::uint32_t> for_sale_; ///< [days], how many of `by_launch_`
  std::vector<std::vector<core::item_id>> not_yet_; ///< [days]
};

/// Makes replicate world `seed`. Options must be valid; `catalogue.from: dataset` needs
/// a dataset and its split. Throws `error` of the request if the source is missing, is
/// too small, or leaves fewer items at the start than a slate has places.
std::shared_ptr<const world> make_world(const simulation_options& options,
                                        const catalogue_source& source,
                                        std::uint64_t seed);

} // namespace souk::sim
