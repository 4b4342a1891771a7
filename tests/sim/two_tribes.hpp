#pragma once

#include "core/dataset.hpp"
#include "core/random.hpp"
#include "tests/sim/small_world.hpp"

#include <cmath>
#include <string>
#include <vector>

namespace souk::sim {

/// Users like items of their own half: even users even items. The split's columns are
/// the dataset's items backwards.
struct two_tribes {
  static constexpr std::uint32_t num_users = 200;
  static constexpr std::uint32_t num_items = 40;

  core::dataset data;
  core::split parts;

  two_tribes() {
    core::attribute_column gender;
    gender.name = "gender";
    gender.vocabulary = {"F", "M"};
    core::attribute_column genres;
    genres.name = "genres";
    genres.kind = core::attribute_kind::categories;
    genres.vocabulary = {"drama", "comedy"};
    genres.offsets = {0};
    core::attribute_column price;
    price.name = "price";
    price.kind = core::attribute_kind::number;
    for (std::uint32_t item = 0; item < num_items; ++item) {
      data.item_names.push_back("film " + std::to_string(item));
      genres.codes.push_back(item % 2);
      genres.offsets.push_back(genres.codes.size());
      price.numbers.push_back(item < 30 ? 5.0 + item : std::nan(""));
      parts.items.push_back(num_items - 1 - item);
    }
    data.item_attributes = {num_items, {genres, price}};
    parts.training.num_items = num_items;
    for (std::uint32_t user = 0; user < num_users; ++user) {
      data.user_names.push_back("u" + std::to_string(user));
      gender.codes.push_back(user % 2);
      parts.training_users.push_back(user);
      std::vector<core::item_id> row;
      for (std::uint32_t column = 0; column < num_items; ++column) {
        const auto own = parts.items[column] % 2 == user % 2;
        const auto chance = (own ? 0.5 : 0.05) * (column < 10 ? 1.6 : 0.7);
        if (core::uniform({4, core::stream::synthetic_data, user, column}, 0) < chance)
          row.push_back(column);
      }
      parts.training.append_row(row);
    }
    data.user_attributes = {num_users, {gender}};
  }
};

inline simulation_options from_dataset() {
  auto options = small_options();
  options.catalogue.from = "dataset";
  options.catalogue.launch_share = 0;
  options.tastes.dimensions = 3;
  return options;
}

} // namespace souk::sim
