#include "data/split.hpp"

#include "core/random.hpp"
#include "importing.hpp"

#include <algorithm>
#include <set>

using namespace souk;
using test::error_of;

namespace {

/// Users with 4 to 23 random items each, all positive, at ascending times.
core::dataset random_dataset(std::uint32_t users, bool has_times) {
  core::dataset made;
  made.has_times = has_times;
  const std::uint32_t items = 60;
  for (std::uint32_t i = 0; i < items; ++i)
    made.item_names.push_back("i" + std::to_string(i));
  for (std::uint32_t user = 0; user < users; ++user) {
    made.user_names.push_back("u" + std::to_string(user));
    const core::draw_site site{11, core::stream::synthetic_data, user, 0};
    const auto order = core::permutation(site, items);
    const auto start = static_cast<core::time_ms>(
      core::below({11, core::stream::synthetic_data, user, 1}, 0, 1000));
    for (std::uint32_t i = 0; i < 4 + user % 20; ++i) {
      core::event event;
      event.user = user;
      event.item = order[i];
      event.time = has_times ? start + 100 * i : 0;
      made.events.push_back(event);
    }
  }
  return made;
}

/// The dataset's items of a row, with those of another.
std::set<core::item_id>
items_of(const core::split& split, const core::interactions& rows, std::size_t row) {
  std::set<core::item_id> items;
  for (const auto column : rows.row(row))
    items.insert(split.items[column]);
  return items;
}

std::set<core::item_id> items_of_user(const core::dataset& dataset,
                                      core::user_id user) {
  std::set<core::item_id> items;
  for (const auto& event : dataset.events)
    if (event.user == user)
      items.insert(event.item);
  return items;
}

bool is_well_formed(const core::interactions& rows) {
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    const auto row = rows.row(i);
    if (!std::is_sorted(row.begin(), row.end()) || row.empty()
        || std::adjacent_find(row.begin(), row.end()) != row.end()
        || row[row.size() - 1] >= rows.num_items)
      return false;
  }
  return true;
}

bool same(const core::split& a, const core::split& b) {
  return a.items == b.items && a.training_users == b.training_users
         && a.training.items == b.training.items && a.test.users == b.test.users
         && a.test.fold_in.items == b.test.fold_in.items
         && a.test.held_out.items == b.test.held_out.items
         && a.validation.users == b.validation.users;
}

} // namespace

TEST_CASE("strong generalisation keeps held-out users out of training",
          "[data][split]") {
  const auto dataset = random_dataset(200, false);
  data::split_options options;
  options.held_out_users = 30;
  const auto split = data::make_split(dataset, options, 7);
  std::set<core::user_id> everyone(split.training_users.begin(),
                                   split.training_users.end());
  CHECK(everyone.size() == 140);
  for (const auto* set : {&split.validation, &split.test}) {
    CHECK(set->users.size() == 30);
    everyone.insert(set->users.begin(), set->users.end());
    CHECK(is_well_formed(set->fold_in));
    CHECK(is_well_formed(set->held_out));
    for (std::size_t i = 0; i < set->users.size(); ++i) {
      auto seen = items_of(split, set->fold_in, i);
      const auto asked = items_of(split, set->held_out, i);
      const auto n = seen.size() + asked.size();
      CHECK(asked.size() == std::max<std::size_t>(1, n / 5));
      seen.insert(asked.begin(), asked.end());
      CHECK(seen == items_of_user(dataset, set->users[i]));
    }
  }
  CHECK(everyone.size() == 200);
  CHECK(is_well_formed(split.training));
  CHECK(split.training.times.empty());
  CHECK(core::count_by_item(split.training).size() == split.items.size());
}

TEST_CASE("a split is a function of dataset, options and seed", "[data][split]") {
  const auto dataset = random_dataset(100, true);
  for (const auto* kind : {"strong_generalisation", "leave_one_out", "by_time"}) {
    data::split_options options;
    options.kind = kind;
    options.held_out_users = 10;
    CHECK(same(data::make_split(dataset, options, 1),
               data::make_split(dataset, options, 1)));
  }
  data::split_options options;
  options.held_out_users = 10;
  CHECK_FALSE(
    same(data::make_split(dataset, options, 1), data::make_split(dataset, options, 2)));
}

TEST_CASE("items that no training user has vanish from held-out rows",
          "[data][split]") {
  auto dataset = random_dataset(100, false);
  data::split_options options;
  options.held_out_users = 10;
  const auto before = data::make_split(dataset, options, 3);
  // Give a test user an item that nobody else has.
  const auto rare = static_cast<core::item_id>(dataset.item_names.size());
  dataset.item_names.push_back("rare");
  for (std::size_t i = 0; i < dataset.events.size(); ++i)
    if (dataset.events[i].user == before.test.users[0]) {
      auto event = dataset.events[i];
      event.item = rare;
      dataset.events.insert(dataset.events.begin() + static_cast<std::ptrdiff_t>(i),
                            event);
      break;
    }
  CHECK(same(data::make_split(dataset, options, 3), before));
}

TEST_CASE("leaving one out takes the item met last, and the one before",
          "[data][split]") {
  const auto dataset = random_dataset(100, true);
  data::split_options options;
  options.kind = "leave_one_out";
  const auto split = data::make_split(dataset, options, 1);
  CHECK(split.training_users.size() == 100);
  CHECK(split.test.users.size() == 100);
  for (std::size_t i = 0; i < split.test.users.size(); ++i) {
    const auto user = split.test.users[i];
    const auto last = std::find_if(dataset.events.rbegin(), dataset.events.rend(),
                                   [&](const auto& e) { return e.user == user; });
    CHECK(items_of(split, split.test.held_out, i)
          == std::set<core::item_id>{last->item});
    CHECK(items_of(split, split.validation.held_out, i)
          == std::set<core::item_id>{(last + 1)->item});
    CHECK(items_of(split, split.test.fold_in, i).count((last + 1)->item) == 1);
    CHECK(items_of(split, split.training, i).count(last->item) == 0);
  }
}

TEST_CASE("a repeated event does not let a held-out item into training",
          "[data][split]") {
  core::dataset dataset;
  dataset.has_times = true;
  dataset.user_names = {"u", "v"};
  dataset.item_names = {"a", "b", "c", "d"};
  // u meets a, b, c, d, and then a again; v makes all items known.
  for (const core::item_id item : {0, 1, 2, 3, 0})
    dataset.events.push_back(
      {0, item, static_cast<core::time_ms>(dataset.events.size())});
  for (const core::item_id item : {3, 2, 0, 1})
    dataset.events.push_back(
      {1, item, static_cast<core::time_ms>(dataset.events.size())});
  data::split_options options;
  options.kind = "leave_one_out";
  const auto split = data::make_split(dataset, options, 1);
  REQUIRE(split.test.users.size() == 2);
  CHECK(items_of(split, split.test.held_out, 0) == std::set<core::item_id>{3});
  CHECK(items_of(split, split.training, 0) == std::set<core::item_id>{0, 1});
}

TEST_CASE("a split by time trains on nothing from after the cut", "[data][split]") {
  const auto dataset = random_dataset(300, true);
  data::split_options options;
  options.kind = "by_time";
  const auto split = data::make_split(dataset, options, 1);
  REQUIRE_FALSE(split.test.users.empty());
  REQUIRE_FALSE(split.validation.users.empty());
  const auto latest = [](const core::interactions& rows) {
    return *std::max_element(rows.times.begin(), rows.times.end());
  };
  const auto earliest = [](const core::interactions& rows) {
    return *std::min_element(rows.times.begin(), rows.times.end());
  };
  CHECK(latest(split.training) < earliest(split.validation.held_out));
  CHECK(latest(split.validation.fold_in) < earliest(split.validation.held_out));
  CHECK(latest(split.validation.held_out) < earliest(split.test.held_out));
  CHECK(latest(split.test.fold_in) < earliest(split.test.held_out));
  CHECK(split.training.items.size() > dataset.events.size() * 7 / 10);
  CHECK(is_well_formed(split.test.fold_in));
}

TEST_CASE("only positive events make rows", "[data][split]") {
  auto dataset = random_dataset(50, true);
  for (std::size_t i = 0; i < dataset.events.size(); i += 2)
    dataset.events[i].kind = core::event_kind::impression;
  data::split_options options;
  options.held_out_users = 5;
  const auto split = data::make_split(dataset, options, 1);
  const auto rows = split.training.items.size() + split.validation.fold_in.items.size()
                    + split.validation.held_out.items.size()
                    + split.test.fold_in.items.size()
                    + split.test.held_out.items.size();
  CHECK(rows <= dataset.events.size() / 2);
  CHECK(rows > dataset.events.size() / 3);
}

TEST_CASE("splits that the data cannot make are refused", "[data][split]") {
  const auto dataset = random_dataset(20, false);
  const auto refuses = [&](data::split_options options) {
    return !error_of([&] { data::make_split(dataset, options, 1); }).empty();
  };
  data::split_options options;
  options.held_out_users = 10;
  CHECK(refuses(options));
  options.held_out_users = 0;
  CHECK(refuses(options));
  options.held_out_users = 5;
  CHECK_FALSE(refuses(options));
  options.fold_in = 1;
  CHECK(refuses(options));
  for (const auto* kind : {"by_time", "given", "by_magic"}) {
    options = {};
    options.kind = kind;
    CHECK(refuses(options));
  }
}
