#include "data/split.hpp"
#include "importing.hpp"

#include <set>

using namespace souk;

namespace {

/// Whether real data is at hand; says so where it is not.
bool have(const std::string& path) {
  if (std::filesystem::exists(path))
    return true;
  WARN("skipped: there is no " + path);
  return false;
}

data::imported import_given(const std::string& name, const std::string& attributes) {
  data::source_options source;
  source.kind = "given_split";
  source.path = "../shared/reference/" + name;
  source.attributes = attributes;
  core::silent_progress silent;
  return data::import_source(source, {}, {}, "", silent);
}

/// A number of stats.json, which is flat but for its hashes.
std::size_t stated(const std::string& name, const std::string& key) {
  const auto text = tests::bytes_of("../shared/reference/" + name + "/stats.json");
  const auto place = text.find("\"" + key + "\": ");
  REQUIRE(place != std::string::npos);
  return std::stoul(text.substr(place + key.size() + 4));
}

std::size_t distinct_pairs(const core::dataset& dataset, core::event_kind kind) {
  std::set<std::pair<core::user_id, core::item_id>> pairs;
  for (const auto& event : dataset.events)
    if (event.kind == kind)
      pairs.emplace(event.user, event.item);
  return pairs.size();
}

} // namespace

TEST_CASE("the reference splits have the sizes that they state", "[data][reference]") {
  for (const std::string name : {"ml-1m", "ml-100k", "online-retail"}) {
    const auto attributes = "../shared/data/" + name;
    if (!have("../shared/reference/" + name) || !have(attributes))
      continue;
    const auto [dataset, report] = import_given(name, attributes);
    data::split_options options;
    options.kind = "given";
    const auto split = data::make_split(dataset, options, 1);
    CHECK(split.items.size() == stated(name, "items"));
    CHECK(split.training.items.size() == stated(name, "train"));
    CHECK(split.validation.users.size() == stated(name, "valid_users"));
    CHECK(split.validation.fold_in.items.size() == stated(name, "valid_tr"));
    CHECK(split.validation.held_out.items.size() == stated(name, "valid_te"));
    CHECK(split.test.users.size() == stated(name, "test_users"));
    CHECK(split.test.fold_in.items.size() == stated(name, "test_tr"));
    CHECK(split.test.held_out.items.size() == stated(name, "test_te"));
    CHECK(report.adds_up());
    CHECK_FALSE(dataset.user_attributes.columns.empty());
    CHECK_FALSE(dataset.item_attributes.columns.empty());
  }
}

TEST_CASE("every user of the ml-1m reference has age, gender and occupation",
          "[data][reference]") {
  if (!have("../shared/reference/ml-1m") || !have("../shared/data/ml-1m"))
    return;
  const auto dataset = import_given("ml-1m", "../shared/data/ml-1m").dataset;
  for (const auto* name : {"age", "gender", "occupation"}) {
    const auto* column = dataset.user_attributes.find(name);
    REQUIRE(column);
    for (std::size_t user = 0; user < dataset.user_names.size(); ++user)
      REQUIRE(column->codes_of(user).size() == 1);
  }
  CHECK(dataset.user_attributes.find("age")->vocabulary.size() == 7);
}

TEST_CASE("ml-1m's ratings clean to the reference's users and interactions",
          "[data][reference]") {
  const std::string path = "../shared/data/ml-1m/ratings_no_timestamp.csv.gz";
  if (!have(path))
    return;
  const auto [dataset, report] = test::import_from("movielens", path, {});
  CHECK(report.rows_read == 1000209);
  CHECK(dataset.events.size() == 575272);
  CHECK(dataset.user_names.size() == 6034);
  CHECK(report.adds_up());
}

TEST_CASE("Online Retail cleans to the reference's users and interactions",
          "[data][reference]") {
  const std::string path = "../shared/data/online-retail";
  if (!have(path))
    return;
  const auto [dataset, report] = test::import_from("online_retail", path, {});
  CHECK(report.rows_read == 541909);
  CHECK(dataset.user_names.size() == 4076);
  CHECK(distinct_pairs(dataset, core::event_kind::purchase) == 265634);
}

TEST_CASE("prepared YooChoose clicks are read whole", "[data][reference]") {
  const std::string path =
    "../shared/data/yoochoose-100k/yoochoose-clicks-100k_train_full.txt";
  if (!have(path))
    return;
  const auto dataset = test::import_from("sessions", path).dataset;
  CHECK(dataset.events.size() == 70278);
}
