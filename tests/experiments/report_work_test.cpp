#include "experiments/report/curves.hpp"
#include "experiments/report/work.hpp"

#include <catch2/catch.hpp>

using namespace souk::experiments;

namespace {

const std::vector<metric_point> points{
  {"vae", 1, 1, "loss", 3},
  {"vae", 3, 1, "compute_seconds", 2, "trainer 0", "this process"},
  {"vae", 3, 1, "wait_seconds", 1, "trainer 0", "this process"},
  {"vae", 3, 1, "queue_max", 5, "trainer 0", "this process"},
  {"vae", 3, 1, "compute_seconds", 4, "trainer 1", "process 1"},
  {"vae", 6, 2, "compute_seconds", 3, "trainer 0", "this process"},
  {"vae", 6, 2, "queue_max", 4, "trainer 0", "this process"},
  {"vae", 6, 2, "bytes_sent", 1000, "trainer 0", "this process"},
  {"vae", 6, 2, "times_slower", 2.5, "trainer 1", "process 1"},
  {"vae", 9, 3, "compute_seconds", 1, "trainer 1", "process 2"},
  {"vae", 9, 3, "restarts", 1, "trainer 1", "process 2"},
};

} // namespace

TEST_CASE("what roles did adds up over epochs, by process",
          "[experiments][report_work]") {
  const auto work = work_of(points);
  REQUIRE(work.size() == 3);
  CHECK(work[0].model == "vae");
  CHECK(work[0].told.role == "trainer 0");
  CHECK(work[0].told.work.compute_seconds == 5);
  CHECK(work[0].told.work.wait_seconds == 1);
  CHECK(work[0].told.work.queue_max == 5);
  CHECK(work[0].told.work.bytes_sent == 1000);
  CHECK(work[1].told.process == "process 1");
  CHECK(work[1].told.times_slower == 2.5);
  CHECK(work[2].told.process == "process 2");
  CHECK(work[2].told.restarts == 1);
}

TEST_CASE("what roles did is no curve", "[experiments][report_work]") {
  const auto curves = curves_of(points, 100);
  REQUIRE(curves.size() == 1);
  CHECK(curves[0].name == "loss");
}
