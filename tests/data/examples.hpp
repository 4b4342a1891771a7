#pragma once

#include "core/dataset.hpp"
#include "core/random.hpp"
#include "core/session_record.hpp"
#include "core/snapshot.hpp"
#include "data/checkpoint.hpp"
#include "data/snapshot_file.hpp"

#include <limits>
#include <string>
#include <vector>

/// One of each thing that the room stores, with every field in use.
namespace souk::test {

inline core::attribute_table example_attributes(std::size_t rows) {
  core::attribute_table table{rows, {}};
  core::attribute_column gender{
    "gender", core::attribute_kind::category, {"F", "M"}, {}, {}, {}, {}};
  core::attribute_column genres{"genres/odd name",
                                core::attribute_kind::categories,
                                {"Drama",
                                 "Com\xC3\xA9"
                                 "die",
                                 ""},
                                {},
                                {0},
                                {},
                                {}};
  core::attribute_column year{"year", core::attribute_kind::number, {}, {}, {}, {}, {}};
  core::attribute_column id{"id", core::attribute_kind::text, {}, {}, {}, {}, {}};
  for (std::uint32_t i = 0; i < rows; ++i) {
    gender.codes.push_back(i % 3 == 2 ? core::no_code : i % 3);
    for (std::uint32_t code = 0; code < i % 4; ++code)
      genres.codes.push_back(code % 3);
    genres.offsets.push_back(genres.codes.size());
    year.numbers.push_back(i % 5 == 0 ? std::numeric_limits<double>::infinity()
                                      : 1990.5 + i);
    id.texts.push_back(i % 2 == 0 ? "" : "title " + std::to_string(i));
  }
  table.columns = {gender, genres, year, id};
  return table;
}

inline core::dataset example_dataset(std::uint32_t users = 40) {
  core::dataset made;
  made.name = "example";
  made.has_times = true;
  const std::uint32_t items = 17;
  for (std::uint32_t i = 0; i < users; ++i)
    made.user_names.push_back("user " + std::to_string(i));
  for (std::uint32_t i = 0; i < items; ++i)
    made.item_names.push_back("\xC3\xA9" + std::to_string(i));
  for (std::uint32_t user = 0; user < users; ++user)
    for (std::uint32_t i = 0; i < 9; ++i) {
      const auto word =
        core::random_words({5, core::stream::synthetic_data, user, 0}, i);
      made.events.push_back({user, word[0] % items, 1'600'000'000'000 + 1000 * i,
                             static_cast<float>(word[1] % 5),
                             static_cast<float>(word[2] % 1000) / 8,
                             static_cast<core::event_kind>(word[3] % 8)});
      made.roles.push_back(static_cast<core::split_role>(word[3] % 5));
    }
  made.user_attributes = example_attributes(users);
  made.item_attributes = example_attributes(items);
  return made;
}

inline core::snapshot example_snapshot() {
  core::snapshot model;
  model.kind = "mult_vae";
  model.options = {
    {"hidden", "600"}, {"empty", ""}, {"long", std::string(100'000, 'x')}};
  model.tensors["encoder.weight"].shape = {3, 5};
  for (int i = 0; i < 15; ++i)
    model.tensors["encoder.weight"].floats.push_back(static_cast<float>(i) / 7);
  model.tensors["indices"].shape = {4};
  model.tensors["indices"].integers = {1, 0, 0xFFFFFFFFU, 7};
  model.tensors["nothing"].shape = {0, 8};
  model.tensors["scalar"].shape = {};
  model.tensors["scalar"].floats = {2.5F};
  return model;
}

inline data::checkpoint example_checkpoint(std::uint64_t step) {
  data::checkpoint state;
  state.step = step;
  state.epoch = 3;
  for (int i = 0; i < 1000; ++i) {
    const auto value = static_cast<float>(i) + static_cast<float>(step) / 3;
    state.parameters.push_back(value);
    state.first_moments.push_back(-value);
    state.second_moments.push_back(value * value);
  }
  state.best_metric = 0.1 + 0.2;
  state.best_epoch = 2;
  state.patience_left = 8;
  state.negative_log_likelihood = 1.0 / 3;
  state.divergence = -1e-300;
  state.configuration_digest = "abc";
  state.extra = {{"key", "value\nof two lines"}};
  return state;
}

inline std::vector<core::session_record> example_records(std::uint32_t count) {
  std::vector<core::session_record> records;
  for (std::uint32_t i = 0; i < count; ++i) {
    core::session_record record;
    record.time = 1000 * static_cast<core::time_ms>(i);
    record.user = i % 7;
    record.session = i / 70;
    record.step = i / 7;
    record.item = i % 5 == 4 ? core::no_item : i % 11;
    record.slate = i / 10;
    record.query = i % 3 == 0 ? i % 2 : core::session_record::no_query;
    record.price = static_cast<float>(i) / 4;
    record.propensity = 0.25F;
    record.position = static_cast<std::uint16_t>(i % 10);
    record.policy = static_cast<std::uint16_t>(i % 2);
    record.world = 3;
    record.kind =
      i % 5 == 4 ? core::event_kind::leave : static_cast<core::event_kind>(i % 4);
    record.propensity_is = core::propensity_kind::exact;
    records.push_back(record);
  }
  return records;
}

} // namespace souk::test
