#include "sim/search.hpp"

#include "tests/sim/small_world.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::sim;

namespace {

/// Four things: two red shoes, a blue shoe, a red hat.
catalogue shoes_and_hats() {
  catalogue items;
  items.num_items = 4;
  items.category_names = {"shoe", "hat"};
  items.category = {0, 0, 0, 1};
  items.popularity = {0.1, 0.4, 0.3, 0.2};
  items.terms = {"shoe", "hat", "red", "blue"};
  items.item_terms = {0, 2, 0, 2, 0, 3, 1, 2};
  items.term_offsets = {0, 2, 4, 6, 8};
  return items;
}

std::vector<core::item_id> found(const search_engine& engine, std::uint32_t query) {
  const auto results = engine.results(query);
  return {results.begin(), results.end()};
}

} // namespace

TEST_CASE("items that match more of a query come first, then popular ones",
          "[sim][search]") {
  const search_engine engine{shoes_and_hats(), {}};
  const auto red_shoe = engine.query(0, 2);
  CHECK(engine.queries()[red_shoe] == "shoe red");
  const auto results = found(engine, red_shoe);
  REQUIRE(results.size() == 4);
  CHECK(results[0] == 1);
  CHECK(results[1] == 0);
  CHECK(found(engine, engine.query(1, core::no_code)) == std::vector<core::item_id>{3});
  CHECK(found(engine, engine.query(0, core::no_code))
        == std::vector<core::item_id>{1, 2, 0});
}

TEST_CASE("a rare term counts more than a frequent one", "[sim][search]") {
  const search_engine engine{shoes_and_hats(), {}};
  // "hat red": the hat, then other red things; "hat" is rarer than "red".
  CHECK(found(engine, engine.query(1, 2)) == std::vector<core::item_id>{3, 1, 0});
}

TEST_CASE("of two texts with the same terms the shorter one comes first",
          "[sim][search]") {
  auto items = shoes_and_hats();
  // The most popular red shoe is described at length.
  items.terms.push_back("leather");
  items.item_terms = {0, 2, 0, 2, 4, 0, 3, 1, 2};
  items.term_offsets = {0, 2, 5, 7, 9};
  const auto red_shoe = [&](double b) {
    search_options options;
    options.b = b;
    const search_engine engine{items, options};
    return found(engine, engine.query(0, 2)).front();
  };
  CHECK(red_shoe(0.75) == 0);
  CHECK(red_shoe(0) == 1); // lengths do not count, so popularity decides
}

TEST_CASE("no more is found than the options allow, and sorted twice",
          "[sim][search]") {
  search_options options;
  options.results = 2;
  const search_engine engine{shoes_and_hats(), options};
  const auto query = engine.query(0, 2);
  CHECK(found(engine, query) == std::vector<core::item_id>{1, 0});
  const auto sorted = engine.sorted_results(query);
  CHECK(std::vector<core::item_id>(sorted.begin(), sorted.end())
        == std::vector<core::item_id>{0, 1});
}

TEST_CASE("a query is written from what is wanted, and sometimes off the mark",
          "[sim][search]") {
  const auto items = shoes_and_hats();
  const search_options options{8, 0.5, 0.2, 100};
  const search_engine engine{items, options};
  int alone = 0;
  int blue = 0;
  for (std::uint32_t i = 0; i < 10000; ++i) {
    const auto query =
      write_query(engine, items, options, /*wanted=*/0,
                  /*somewhere_else=*/2, {1, core::stream::intend, i, 0}, 0);
    const auto& text = engine.queries()[query];
    CHECK(text.substr(0, 4) == "shoe");
    alone += text == "shoe";
    blue += text == "shoe blue";
  }
  // Half name only a category, and half of the others' second terms are "shoe" again.
  CHECK(alone == Approx(7500).margin(200));
  CHECK(blue == Approx(10000 * 0.5 * 0.2 * 0.5).margin(100));
}

TEST_CASE("queries have the same numbers in all worlds", "[sim][search]") {
  const auto options = small_options();
  CHECK(small_world(options, 1)->queries() == small_world(options, 2)->queries());
}
