#include "core/error.hpp"
#include "models/model.hpp"
#include "models/segments.hpp"
#include "tests/models/toy_attributes.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

namespace {

/// Six users: the young like items 0 and 1, the old item 2; item 3 is everybody's.
struct market {
  core::interactions rows;
  core::attribute_table users{6, {}};
  model_options options;
  core::silent_progress progress;

  market() {
    rows.num_items = 5;
    for (int i = 0; i < 3; ++i)
      rows.append_row(std::vector<core::item_id>{0, 1, 3});
    for (int i = 0; i < 3; ++i)
      rows.append_row(std::vector<core::item_id>{2, 3});
    users.columns.push_back(
      category("gender", {"young\nand \\ bold", "young\nand \\ bold",
                          "young\nand \\ bold", "old", "old", "old"}));
    options.kind = "segment_popularity";
    options.segments = {"gender", "shoe size"};
    options.smoothing = 1;
  }

  std::unique_ptr<core::recommender> fitted() {
    return make_recommender(fit(options, {&rows, &users}, progress), 1);
  }

  std::vector<core::item_id> slate_of(const core::recommender& model,
                                      const core::attribute_table* who,
                                      std::size_t row = 0) {
    core::interactions nothing;
    nothing.num_items = 5;
    for (std::size_t i = 0; i < (who == nullptr ? 1 : who->num_rows); ++i)
      nothing.append_row({});
    core::rank_request request;
    request.history = &nothing;
    request.attributes = who;
    request.slate_size = 4;
    const auto slates = model.rank(request);
    return {slates.row(row).begin(), slates.row(row).end()};
  }
};

using items = std::vector<core::item_id>;

} // namespace

TEST_CASE_METHOD(market,
                 "users of a segment get what their segment likes",
                 "[models][segment_popularity]") {
  const auto model = fitted();
  CHECK(slate_of(*model, &users, 0) == items{3, 0, 1, 2});
  CHECK(slate_of(*model, &users, 5) == items{3, 2, 0, 1});
}

TEST_CASE_METHOD(market,
                 "a table may number its words in its own way",
                 "[models][segment_popularity]") {
  const core::attribute_table others{
    2, {category("gender", {"unheard of", "old"}), category("gender", {"old", "old"})}};
  const auto model = fitted();
  CHECK(slate_of(*model, &others, 1) == items{3, 2, 0, 1});
}

TEST_CASE_METHOD(market,
                 "strangers, unknown words and missing values get popularity",
                 "[models][segment_popularity]") {
  const auto model = fitted();
  const items popular{3, 0, 1, 2};
  CHECK(slate_of(*model, nullptr) == popular);
  const core::attribute_table others{2, {category("gender", {"unheard of", ""})}};
  CHECK(slate_of(*model, &others, 0) == popular);
  CHECK(slate_of(*model, &others, 1) == popular);
  const core::attribute_table without{1, {}};
  CHECK(slate_of(*model, &without) == popular);
}

TEST_CASE_METHOD(market,
                 "numbers are told apart by bands",
                 "[models][segment_popularity]") {
  users.columns = {number("age", {20, 21, 22, 60, 61, 62})};
  options.segments = {"age"};
  const auto model = fitted();
  const core::attribute_table others{
    3, {number("age", {-5, 99, std::numeric_limits<double>::quiet_NaN()})}};
  CHECK(slate_of(*model, &others, 0) == items{3, 0, 1, 2});
  CHECK(slate_of(*model, &others, 1) == items{3, 2, 0, 1});
  CHECK(slate_of(*model, &others, 2) == items{3, 0, 1, 2});
}

TEST_CASE("many distinct numbers share at most eight bands",
          "[models][segment_popularity]") {
  std::vector<double> numbers;
  for (int i = 0; i < 100; ++i)
    numbers.push_back(i);
  const auto columns = segment_columns({100, {number("price", numbers)}}, {"price"});
  REQUIRE(columns.size() == 1);
  CHECK(columns[0].edges.size() == 7);
  const auto codes = segment_codes(columns, {100, {number("price", numbers)}});
  CHECK(codes.front() == std::vector<std::uint32_t>{0});
  CHECK(codes.back() == std::vector<std::uint32_t>{7});
}

TEST_CASE_METHOD(market,
                 "data without any of the attributes are refused",
                 "[models][segment_popularity]") {
  const auto refused = [&](const core::attribute_table* who) {
    try {
      fit(options, {&rows, who}, progress);
    } catch (const core::error& e) {
      CHECK(e.whom() == core::blame::request);
      CHECK_THAT(e.what(), Catch::Contains("shoe size"));
      return true;
    }
    return false;
  };
  options.segments = {"shoe size"};
  CHECK(refused(&users));
  CHECK(refused(nullptr));
}
