#pragma once

#include "core/dataset.hpp"
#include "core/session_record.hpp"
#include "core/span.hpp"

#include <string>
#include <vector>

namespace souk::data {

/// Who and what a simulated world consists of. Attributes have a row for every name, or
/// no columns.
struct simulated_world {
  std::string name;
  std::vector<std::string> user_names;
  std::vector<std::string> item_names;
  core::attribute_table user_attributes;
  core::attribute_table item_attributes;
};

/// Turns a session log of one world into a dataset: every record about an item becomes
/// an event (impressions too; searches and leavings have no item). Users and items keep
/// the world's numbers, also those without events, and nothing is cleaned. Times are
/// the simulation's.
core::dataset dataset_from_sessions(core::span<const core::session_record> records,
                                    const simulated_world& world);

} // namespace souk::data
