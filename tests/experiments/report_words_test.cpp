#include "experiments/report/words.hpp"
#include "tests/experiments/report_run.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace souk::experiments;

TEST_CASE("numbers are written as people read them", "[experiments][report]") {
  CHECK(in_words(0.42194) == "0.4219");
  CHECK(in_words(0) == "0.0000");
  CHECK(in_words(0.00012) == "0.00012");
  CHECK(in_words(3.14159) == "3.14");
  CHECK(in_words(31.4159) == "31.4");
  CHECK(in_words(1234567) == "1,234,567");
  CHECK(in_words(-1234) == "-1,234");
  CHECK(in_words(-123456) == "-123,456");
  CHECK(counted(1, "world") == "1 world");
  CHECK(counted(2500, "user") == "2,500 users");
  CHECK(listed({"a"}) == "a");
  CHECK(listed({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("an interval is told only where there is one", "[experiments][report]") {
  CHECK(interval_in_words(row_of("offline", "a", "m", "all", 0.4, 0.1))
        == " (95% interval 0.3000 to 0.5000)");
  CHECK(interval_in_words(row_of("offline", "a", "m", "all", 0.4)).empty());
}

TEST_CASE("means are ranked without measurements, comparisons and gaps",
          "[experiments][report]") {
  auto speed = row_of("offline", "fast", "m", "all", 9);
  speed.measured = true;
  const auto gap =
    row_of("offline", "gap", "m", "all", std::numeric_limits<double>::quiet_NaN());
  const auto pair = against(row_of("offline", "a", "m", "all", 8), "b", 0.1);
  const auto order = ranked({speed, gap, pair, row_of("offline", "a", "m", "all", 1),
                             row_of("offline", "b", "m", "all", 2),
                             row_of("offline", "c", "m", "other", 3)},
                            "offline", "m", "all");
  REQUIRE(order.size() == 2);
  CHECK(order[0].model == "b");
  CHECK(order[1].model == "a");
}

TEST_CASE("a comparison is turned to whoever is asked about", "[experiments][report]") {
  const std::vector<souk::core::result_row> rows{
    against(row_of("offline", "a", "m", "all", -0.3, 0.1), "b", 0.02)};
  const auto turned = compared(rows, row_of("offline", "b", "m", "all", 1), "a");
  REQUIRE(turned);
  CHECK(turned->model == "b");
  CHECK(turned->mean == 0.3);
  CHECK(turned->ci_low == Approx(0.2));
  CHECK(turned->ci_high == Approx(0.4));
  CHECK(compared(rows, row_of("offline", "a", "m", "all", 1), "b")->mean == -0.3);
  CHECK_FALSE(compared(rows, row_of("offline", "a", "m", "all", 1), "c"));
}
