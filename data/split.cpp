#include "data/split.hpp"

#include "core/error.hpp"
#include "core/random.hpp"
#include "data/split_rows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace souk::data {

namespace {

void expect_fraction(double value, const char* name) {
  if (!(value > 0 && value < 1))
    throw core::error::request(std::string{"\""} + name + "\" must lie between 0 and 1",
                               std::string{"data.split."} + name, "0.8 is usual");
}

/// Parts that a row is cut into.
struct two_rows {
  item_row fold_in;
  item_row held_out;
};

void sort_by_item(item_row& row) {
  std::sort(row.begin(), row.end(),
            [](const met_item& a, const met_item& b) { return a.item < b.item; });
}

/// Holds max(1, floor((1 - fold_in) n)) items out, but never all of them.
two_rows cut_at_random(const item_row& row,
                       double fold_in,
                       std::uint64_t seed,
                       core::user_id user) {
  const auto count = static_cast<std::uint32_t>(row.size());
  // 1 - 0.8 is a little less than 0.2: five items must still lose one.
  const auto share = std::floor((1 - fold_in) * count + 1e-9);
  const auto num_held_out =
    std::max<std::uint32_t>(1, static_cast<std::uint32_t>(share));
  const auto order =
    core::permutation({seed, core::stream::split_items, user, 0}, count);
  two_rows cut;
  for (std::uint32_t i = 0; i < count; ++i)
    (i < num_held_out ? cut.held_out : cut.fold_in).push_back(row[order[i]]);
  sort_by_item(cut.fold_in);
  sort_by_item(cut.held_out);
  return cut;
}

core::split strong_generalisation(const core::dataset& dataset,
                                  const split_options& options,
                                  std::uint64_t seed) {
  expect_fraction(options.fold_in, "fold_in");
  const auto rows = rows_of(dataset, options.positives);
  std::vector<core::user_id> users;
  for (core::user_id user = 0; user < rows.size(); ++user)
    if (!rows[user].empty())
      users.push_back(user);
  const auto held_out = std::size_t{options.held_out_users};
  if (held_out == 0 || 2 * held_out >= users.size())
    throw core::error::request(
      std::to_string(users.size()) + " users cannot spare " + std::to_string(held_out)
        + " for validation and as many for testing",
      "data.split.held_out_users", "at least one user must be left to train on");
  const auto order = core::permutation({seed, core::stream::split_users, 0, 0},
                                       static_cast<std::uint32_t>(users.size()));
  const auto num_training = users.size() - 2 * held_out;
  std::vector<item_row> training(rows.size());
  for (std::size_t i = 0; i < num_training; ++i)
    training[users[order[i]]] = rows[users[order[i]]];
  split_builder builder{dataset, training};
  const auto hold_out = [&](core::held_out_set& set, std::size_t first) {
    std::vector<core::user_id> chosen;
    for (auto i = first; i < first + held_out; ++i)
      chosen.push_back(users[order[i]]);
    std::sort(chosen.begin(), chosen.end());
    for (const auto user : chosen) {
      const auto cut =
        cut_at_random(builder.in_columns(rows[user]), options.fold_in, seed, user);
      builder.add_held_out(set, user, cut.fold_in, cut.held_out);
    }
  };
  hold_out(builder.validation(), num_training);
  hold_out(builder.test(), num_training + held_out);
  return builder.take();
}

/// Orders a row by time, or at random where there are no times.
item_row in_order_of_meeting(item_row row,
                             bool has_times,
                             std::uint64_t seed,
                             core::user_id user) {
  if (has_times) {
    // Places ascend with time within a user.
    std::sort(row.begin(), row.end(),
              [](const met_item& a, const met_item& b) { return a.place < b.place; });
    return row;
  }
  item_row shuffled;
  for (const auto place : core::permutation({seed, core::stream::split_items, user, 0},
                                            static_cast<std::uint32_t>(row.size())))
    shuffled.push_back(row[place]);
  return shuffled;
}

core::split leave_one_out(const core::dataset& dataset,
                          const split_options& options,
                          std::uint64_t seed) {
  constexpr std::size_t fewest_items = 3;
  const auto rows = rows_of(dataset, options.positives);
  auto training = rows;
  std::vector<item_row> last(rows.size());
  std::vector<item_row> last_but_one(rows.size());
  for (core::user_id user = 0; user < rows.size(); ++user) {
    if (rows[user].size() < fewest_items)
      continue;
    auto row = in_order_of_meeting(rows[user], dataset.has_times, seed, user);
    last[user] = {row.back()};
    row.pop_back();
    last_but_one[user] = {row.back()};
    row.pop_back();
    sort_by_item(row);
    training[user] = std::move(row);
  }
  split_builder builder{dataset, training};
  for (core::user_id user = 0; user < rows.size(); ++user) {
    auto& known = training[user];
    builder.add_held_out(builder.validation(), user, known, last_but_one[user]);
    known.insert(known.end(), last_but_one[user].begin(), last_but_one[user].end());
    sort_by_item(known);
    builder.add_held_out(builder.test(), user, known, last[user]);
  }
  return builder.take();
}

core::time_ms quantile(const std::vector<core::time_ms>& ascending, double share) {
  const auto place = std::floor(share * static_cast<double>(ascending.size()));
  return ascending[std::min(static_cast<std::size_t>(place), ascending.size() - 1)];
}

/// The items of a row that were met in [from, to).
item_row met_between(const item_row& row, core::time_ms from, core::time_ms to) {
  item_row met_then;
  for (const auto& met : row)
    if (met.time >= from && met.time < to)
      met_then.push_back(met);
  return met_then;
}

core::split by_time(const core::dataset& dataset, const split_options& options) {
  constexpr auto earliest = std::numeric_limits<core::time_ms>::min();
  constexpr auto latest = std::numeric_limits<core::time_ms>::max();
  expect_fraction(options.train_until, "train_until");
  expect_fraction(options.validate_until, "validate_until");
  if (options.train_until >= options.validate_until)
    throw core::error::request("training must end before validation does",
                               "data.split.train_until", "0.8 and 0.9 are usual");
  if (!dataset.has_times)
    throw core::error::request("the source has no times to split by", "data.split.kind",
                               "use strong_generalisation or leave_one_out");
  std::vector<core::time_ms> times;
  for (const auto& event : dataset.events)
    if (std::find(options.positives.begin(), options.positives.end(), event.kind)
        != options.positives.end())
      times.push_back(event.time);
  if (times.empty())
    throw core::error::request("the source has no positive events", "data.split",
                               "check which kinds of events count");
  std::sort(times.begin(), times.end());
  const auto train_end = quantile(times, options.train_until);
  const auto validation_end = quantile(times, options.validate_until);
  const auto rows = rows_of(dataset, options.positives);
  std::vector<item_row> training;
  for (const auto& row : rows)
    training.push_back(met_between(row, earliest, train_end));
  split_builder builder{dataset, training};
  for (core::user_id user = 0; user < rows.size(); ++user) {
    const auto& row = rows[user];
    builder.add_held_out(builder.validation(), user, training[user],
                         met_between(row, train_end, validation_end));
    builder.add_held_out(builder.test(), user,
                         met_between(row, earliest, validation_end),
                         met_between(row, validation_end, latest));
  }
  return builder.take();
}

core::split given(const core::dataset& dataset, const split_options& options) {
  using core::split_role;
  if (dataset.roles.empty())
    throw core::error::request("the source does not come split", "data.split.kind",
                               "use strong_generalisation, leave_one_out or by_time");
  const auto part = [&](split_role role) {
    return rows_of(dataset, options.positives,
                   [&, role](std::size_t i) { return dataset.roles[i] == role; });
  };
  split_builder builder{dataset, part(split_role::training)};
  const auto hold_out = [&](core::held_out_set& set, split_role fold_in,
                            split_role held_out) {
    const auto seen = part(fold_in);
    const auto asked = part(held_out);
    for (core::user_id user = 0; user < seen.size(); ++user)
      builder.add_held_out(set, user, seen[user], asked[user]);
  };
  hold_out(builder.validation(), split_role::validation_fold_in,
           split_role::validation_held_out);
  hold_out(builder.test(), split_role::test_fold_in, split_role::test_held_out);
  return builder.take();
}

} // namespace

core::split make_split(const core::dataset& dataset,
                       const split_options& options,
                       std::uint64_t seed) {
  if (options.kind == "strong_generalisation")
    return strong_generalisation(dataset, options, seed);
  if (options.kind == "leave_one_out")
    return leave_one_out(dataset, options, seed);
  if (options.kind == "by_time")
    return by_time(dataset, options);
  if (options.kind == "given")
    return given(dataset, options);
  throw core::error::request("there is no kind of split \"" + options.kind + "\"",
                             "data.split.kind",
                             "use strong_generalisation, leave_one_out, by_time or "
                             "given");
}

} // namespace souk::data
