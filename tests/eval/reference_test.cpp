#include "core/error.hpp"
#include "eval/cold_start.hpp"
#include "eval/evaluate.hpp"
#include "tests/eval/toy_recommenders.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <set>

using namespace souk;

namespace {

const std::string folder = "../shared/reference/ml-1m/";

using items_by_user = std::map<core::user_id, std::set<core::item_id>>;

items_by_user read(const std::string& file) {
  std::ifstream lines{folder + file};
  items_by_user rows;
  std::string header;
  std::getline(lines, header);
  core::user_id user = 0;
  core::item_id item = 0;
  for (char comma = 0; lines >> user >> comma >> item;)
    rows[user].insert(item);
  return rows;
}

bool is_there() {
  if (std::ifstream{folder + "train.csv"})
    return true;
  WARN("skipped: " << folder << " is not there");
  return false;
}

void append(core::interactions& matrix, const std::set<core::item_id>& items) {
  matrix.append_row(std::vector<core::item_id>(items.begin(), items.end()));
}

struct reference {
  std::vector<float> counts;
  core::held_out_set test;
};

reference read_reference() {
  reference made;
  for (const auto& [user, items] : read("train.csv"))
    for (const auto item : items) {
      made.counts.resize(std::max<std::size_t>(made.counts.size(), item + 1));
      ++made.counts[item];
    }
  made.test.fold_in.num_items = static_cast<std::uint32_t>(made.counts.size());
  made.test.held_out.num_items = made.test.fold_in.num_items;
  auto held_out = read("test_te.csv");
  for (const auto& [user, items] : read("test_tr.csv")) {
    made.test.users.push_back(user);
    append(made.test.fold_in, items);
    append(made.test.held_out, held_out[user]);
  }
  return made;
}

} // namespace

TEST_CASE("popularity on ml-1m has the metrics of the public implementations",
          "[eval][reference]") {
  if (!is_there())
    return;
  const auto reference = read_reference();
  const auto popularity = eval::always("popularity", reference.counts);
  core::silent_progress silent;
  const auto result =
    eval::evaluate(popularity, reference.test, nullptr,
                   eval::parse_metrics({"recall@20", "recall@50", "ndcg@100"}), silent);
  CHECK(result.overall[0] == Approx(0.1613).margin(0.0005));
  CHECK(result.overall[1] == Approx(0.2337).margin(0.0005));
  CHECK(result.overall[2] == Approx(0.2106).margin(0.0005));
}

TEST_CASE("popularity on ml-1m is as good with strangers as with regulars",
          "[eval][reference]") {
  if (!is_there())
    return;
  const auto reference = read_reference();
  const auto popularity = eval::always("popularity", reference.counts);
  core::silent_progress silent;
  eval::cold_start_options options;
  options.history = {0, 1, 5, std::nullopt};
  options.draws = 2;
  const auto curve =
    eval::cold_start(popularity, reference.test, nullptr,
                     eval::parse_metrics({"ndcg@100"}), options, silent);
  CHECK(curve.users.size() > 300);
  for (const auto& bucket : curve.buckets)
    CHECK(bucket.values == curve.buckets.front().values);
}
