#include "experiments/status_text.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::experiments;

namespace {

core::run_status training() {
  core::run_status status;
  status.directory = "runs/sample";
  status.task = "training mult_vae";
  status.detail = "loss 312.4";
  status.unit = "steps";
  status.done = 1000;
  status.total = 4000;
  status.units_per_second = 50;
  status.epoch = 12;
  status.generation = 2;
  status.processes = {"process 0 (pid 1)", "process 2 (pid 3)"};
  status.checkpoints_written = 20;
  status.checkpoints_failed = 1;
  status.roles = {
    {"trainer 0", "process 0 (pid 1)", 0, {1, 2, 0.5, 0, 0, 0, 3}, 0},
    {"trainer 1", "process 2 (pid 3)", 1, {3, 0.25, 0.5, 0, 2'000'000, 900, 3}, 2.04}};
  return status;
}

} // namespace

TEST_CASE("a status says how far a run is, who does what and who is slow",
          "[experiments][status]") {
  CHECK(text_of(training())
        == "runs/sample\n"
           "training mult_vae: 1,000 of 4,000 steps (25%), epoch 12, 50.0 steps/s, "
           "1:00 left; loss 312.4\n"
           "checkpoints: 20 written, 1 failed\n"
           "generation 2: process 0 (pid 1), process 2 (pid 3)\n"
           "slow: trainer 1 in process 2 (pid 3) computes 2.0 times as long as its "
           "peers\n"
           "\n"
           "role       process            computes  applies  sends  waits  sent  "
           "received  queue  restarts\n"
           "trainer 0  process 0 (pid 1)     1.0 s    0.0 s  0.5 s  2.0 s     -  "
           "       -      3         0\n"
           "trainer 1  process 2 (pid 3)     3.0 s    0.0 s  0.5 s  0.2 s  2 MB  "
           "   900 B      3         1\n");
}

TEST_CASE("a status is told of what is not known yet", "[experiments][status]") {
  core::run_status status;
  status.directory = "runs/sample";
  CHECK(text_of(status).find("starting") != std::string::npos);
  status.task = "simulating";
  status.unit = "days";
  status.done = 3;
  CHECK(text_of(status).find("simulating: 3 days\n") != std::string::npos);
}

TEST_CASE("a status for programs is JSON", "[experiments][status]") {
  const auto json = json_of(training());
  CHECK(json.find("\"done\": 1000") != std::string::npos);
  CHECK(json.find("\"seconds_left\": 60.0") != std::string::npos);
  CHECK(json.find("\"times_slower\": 2.04") != std::string::npos);
  CHECK(json.find("\"times_slower\": null") != std::string::npos);
  CHECK(json_of(core::run_status{}).find("\"seconds_left\": null")
        != std::string::npos);
}
