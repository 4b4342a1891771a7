#pragma once

#include "sim/cohort.hpp"
#include "sim/warm_up.hpp"
#include "sim/world.hpp"

#include <algorithm>
#include <memory>
#include <tuple>
#include <vector>

namespace souk::sim {

/// Options of a world that is quick to live through.
inline simulation_options small_options(const std::string& preset = "default") {
  auto options = preset_options(preset);
  options.catalogue.items = 300;
  options.catalogue.departments = 3;
  options.catalogue.categories = 12;
  options.catalogue.brands = 20;
  options.population.users = 100;
  options.temperament.sessions_per_day = 0.5;
  options.days = 10;
  return options;
}

inline std::shared_ptr<const world> small_world(const simulation_options& options,
                                                std::uint64_t seed = 11) {
  return make_world(options, {}, seed);
}

inline auto fields(const core::session_record& record) {
  return std::tie(record.time, record.user, record.step, record.session, record.item,
                  record.slate, record.query, record.price, record.propensity,
                  record.position, record.kind, record.propensity_is);
}

inline bool same_records(const std::vector<core::session_record>& a,
                         const std::vector<core::session_record>& b) {
  return std::equal(
    a.begin(), a.end(), b.begin(), b.end(),
    [](const auto& x, const auto& y) { return fields(x) == fields(y); });
}

inline std::size_t count_of(const std::vector<core::session_record>& records,
                            core::event_kind kind) {
  return static_cast<std::size_t>(std::count_if(
    records.begin(), records.end(),
    [kind](const core::session_record& record) { return record.kind == kind; }));
}

} // namespace souk::sim
