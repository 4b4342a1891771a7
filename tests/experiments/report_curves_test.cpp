#include "experiments/report/curves.hpp"

#include <catch2/catch.hpp>

using namespace souk::experiments;

TEST_CASE("points become a curve per model and quantity", "[experiments][report]") {
  const auto curves = curves_of({{"a", 1, 1, "loss", 5},
                                 {"a", 1, 1, "ndcg@5", 0.1},
                                 {"b", 1, 1, "loss", 7},
                                 {"a", 2, 1, "loss", 4}},
                                100);
  REQUIRE(curves.size() == 3);
  CHECK(curves[0].model == "a");
  CHECK(curves[0].name == "loss");
  CHECK(curves[0].points.size() == 2);
  CHECK(curves[0].points[1].value == 4);
  CHECK(curves[0].mean_of == 1);
  CHECK(curves[1].name == "ndcg@5");
  CHECK(curves[2].model == "b");
}

TEST_CASE("a long curve is thinned to means of neighbours", "[experiments][report]") {
  std::vector<metric_point> points;
  for (std::uint64_t step = 1; step <= 7; ++step)
    points.push_back({"a", step, 1, "loss", static_cast<double>(step)});
  const auto curves = curves_of(points, 3);
  REQUIRE(curves.size() == 1);
  CHECK(curves[0].mean_of == 3);
  REQUIRE(curves[0].points.size() == 3);
  CHECK(curves[0].points[0].value == 2); // 1, 2, 3
  CHECK(curves[0].points[0].step == 3);
  CHECK(curves[0].points[1].value == 5);
  CHECK(curves[0].points[2].value == 7); // the last stands alone
  CHECK(curves[0].points[2].step == 7);
}

TEST_CASE("a run without training has no curves", "[experiments][report]") {
  CHECK(curves_of({}, 10).empty());
}
