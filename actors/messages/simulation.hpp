#pragma once

#include "actors/messages/raw_vector.hpp"
#include "core/ids.hpp"
#include "core/session_record.hpp"

#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <vector>

namespace souk::messages {

/// Lets a cohort live through the simulated time [start, end), a tick.
struct advance_cohort {
  core::time_ms start = 0;
  core::time_ms end = 0;
};

/// Answers `advance_cohort`: what happened, and when something happens next.
struct tick_finished {
  raw_vector<core::session_record> records; ///< in (time, user, step) order
  core::time_ms next_wake = 0;              ///< nothing happens before
};

/// Asks for the cohort's sums so far.
struct get_totals {};

/// Answers `get_totals`: a `sim::market_totals`, packed.
struct cohort_totals {
  raw_vector<std::uint8_t> bytes;
};

/// Asks what the shop knows of the cohort's users by now.
struct get_histories {};

/// Answers `get_histories`: of users of whom anything is known, in ascending order.
struct cohort_histories {
  raw_vector<core::user_id> users;
  raw_vector<std::uint32_t> lengths; ///< items of each user
  raw_vector<core::item_id> items;   ///< of all, one user after another
};

/// Lets a retrained model decide from now on. The process has loaded it.
struct use_policy {
  std::uint32_t version = 0; ///< counts the policy's trainings in this market
};

/// Answers `use_policy`.
struct policy_in_use {};

/// Owns a fixed set of synthetic users of one replicate world under one policy.
using user_cohort_actor =
  caf::typed_actor<caf::replies_to<advance_cohort>::with<tick_finished>,
                   caf::replies_to<get_totals>::with<cohort_totals>,
                   caf::replies_to<get_histories>::with<cohort_histories>,
                   // Fails with `failed` if there is no such model.
                   caf::replies_to<use_policy>::with<policy_in_use>>;

template <class Inspector>
auto inspect(Inspector& f, advance_cohort& x) {
  return f(caf::meta::type_name("advance_cohort"), x.start, x.end);
}

template <class Inspector>
auto inspect(Inspector& f, tick_finished& x) {
  return f(caf::meta::type_name("tick_finished"), x.records, x.next_wake);
}

template <class Inspector>
auto inspect(Inspector& f, get_totals&) {
  return f(caf::meta::type_name("get_totals"));
}

template <class Inspector>
auto inspect(Inspector& f, cohort_totals& x) {
  return f(caf::meta::type_name("cohort_totals"), x.bytes);
}

template <class Inspector>
auto inspect(Inspector& f, get_histories&) {
  return f(caf::meta::type_name("get_histories"));
}

template <class Inspector>
auto inspect(Inspector& f, cohort_histories& x) {
  return f(caf::meta::type_name("cohort_histories"), x.users, x.lengths, x.items);
}

template <class Inspector>
auto inspect(Inspector& f, use_policy& x) {
  return f(caf::meta::type_name("use_policy"), x.version);
}

template <class Inspector>
auto inspect(Inspector& f, policy_in_use&) {
  return f(caf::meta::type_name("policy_in_use"));
}

} // namespace souk::messages
