#pragma once

#include "core/interactions.hpp"
#include "core/random.hpp"
#include "models/learner.hpp"

#include <algorithm>
#include <vector>

namespace souk::models::testing {

/// Draws floats from a standard normal distribution.
inline std::vector<float> normals(std::size_t size, std::uint64_t entity) {
  std::vector<float> values(size);
  core::fill_normals({11, core::stream::synthetic_data, entity, 0}, values);
  return values;
}

/// Draws users with up to `longest` items each; lower items are more popular, and every
/// fifth user has none.
inline core::interactions
random_rows(std::size_t users, std::uint32_t items, std::size_t longest) {
  core::interactions rows;
  rows.num_items = items;
  for (std::uint32_t user = 0; user < users; ++user) {
    const core::draw_site site{12, core::stream::synthetic_data, user, items};
    std::vector<core::item_id> row;
    const auto length = user % 5 == 4 ? 0 : 1 + core::below(site, 0, longest);
    for (std::uint32_t i = 1; i <= length; ++i)
      row.push_back(static_cast<core::item_id>(
        core::below(site, 2 * i, 1 + core::below(site, 2 * i + 1, items))));
    std::sort(row.begin(), row.end());
    row.erase(std::unique(row.begin(), row.end()), row.end());
    rows.append_row(row);
  }
  return rows;
}

/// Cuts users 0, 1, ... into blocks; what is missing at the end is padding.
inline std::vector<training_block> blocks_of(const core::interactions& rows,
                                             std::size_t num_blocks,
                                             std::size_t rows_per_block) {
  std::vector<training_block> blocks(num_blocks);
  std::uint32_t user = 0;
  for (auto& block : blocks) {
    block.rows.num_items = rows.num_items;
    for (std::size_t i = 0; i < rows_per_block; ++i, ++user) {
      const auto exists = user < rows.num_rows();
      block.users.push_back(exists ? user : core::no_user);
      block.rows.append_row(exists ? rows.row(user)
                                   : core::span<const core::item_id>{});
    }
  }
  return blocks;
}

} // namespace souk::models::testing
