#pragma once

#include "core/dataset.hpp"
#include "core/session_record.hpp"
#include "sim/market_totals.hpp"
#include "sim/policy.hpp"
#include "sim/world.hpp"

#include <memory>
#include <vector>

namespace souk::sim {

/// What a whole market told.
struct market_run {
  std::vector<core::session_record> records; ///< by (time, user, step)
  market_totals totals;
};

/// Lets a world's whole population shop against one policy from start to end, in this
/// thread, in cohorts of `users_per_cohort` (which changes nothing but memory).
market_run run_market(std::shared_ptr<const world> market,
                      const policy& shop,
                      std::uint32_t users_per_cohort);

/// What a shop knows after a warm-up: its log, and who and what is in it.
struct warm_up {
  std::vector<core::session_record> records;
  core::attribute_table users; ///< [population.users]
  core::attribute_table items; ///< [items]
};

/// Runs a warm-up world with `random` or `popularity`. Throws `error` of the request
/// for another policy.
warm_up simulate_warm_up(std::shared_ptr<const world> market, const std::string& shop);

/// Turns a log into a dataset that models can be trained on. Rows of users and items
/// are the numbers in the world, whether or not anything happened to them; events are
/// views, clicks, carts, purchases and returns, by (user, time, step).
core::dataset dataset_of(const world& market,
                         const std::vector<core::session_record>& records);

} // namespace souk::sim
