#include "eval/student_t.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;

TEST_CASE("Student's t has the closed forms of one and two degrees of freedom",
          "[eval][student_t]") {
  const auto pi = std::acos(-1.0);
  for (const auto t : {0.0, 0.1, 0.7, 1.0, 2.5, 12.0, 300.0}) {
    CAPTURE(t);
    CHECK(eval::student_t_two_sided(t, 1)
          == Approx(1 - 2 / pi * std::atan(t)).epsilon(1e-10).margin(1e-14));
    CHECK(eval::student_t_two_sided(t, 2)
          == Approx(1 - t / std::sqrt(2 + t * t)).epsilon(1e-8).margin(1e-14));
  }
}

TEST_CASE("Student's t has the quantiles of the printed tables", "[eval][student_t]") {
  const auto near = [](double value) {
    return Approx(value).epsilon(1e-6);
  };
  CHECK(eval::student_t_quantile(0.975, 1) == near(12.7062047));
  CHECK(eval::student_t_quantile(0.975, 2) == near(4.3026527));
  CHECK(eval::student_t_quantile(0.975, 3) == near(3.1824463));
  CHECK(eval::student_t_quantile(0.975, 9) == near(2.2621572));
  CHECK(eval::student_t_quantile(0.95, 30) == near(1.6972609));
  CHECK(eval::student_t_quantile(0.975, 100000) == Approx(1.959964).epsilon(1e-4));
  CHECK(eval::student_t_quantile(0.5, 7) == Approx(0).margin(1e-12));
}

TEST_CASE("Student's t is certain at both ends", "[eval][student_t]") {
  CHECK(eval::student_t_two_sided(0, 5) == 1);
  CHECK(eval::student_t_two_sided(1e200, 5) == 0);
  CHECK(eval::student_t_two_sided(1e20, 5) >= 0);
}
