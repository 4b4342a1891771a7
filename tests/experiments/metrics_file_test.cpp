#include "experiments/metrics_file.hpp"

#include "experiments/atomic_file.hpp"
#include "tests/experiments/refusals.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace souk::experiments;
using Catch::Matchers::Contains;
using souk::tests::scratch_folder;

TEST_CASE("points are lines in the order they came", "[experiments][metrics]") {
  const scratch_folder folder;
  const auto path = folder / "metrics.jsonl";
  {
    metrics_file curves{path};
    curves.append({"mult_vae", 1, 0, "loss", 312.4});
    curves.append({"mult_vae", 50, 1, "ndcg@100", 0.1});
  }
  CHECK(read_file(path)
        == "{\"model\":\"mult_vae\",\"step\":1,\"epoch\":0,\"name\":\"loss\","
           "\"value\":312.4}\n"
           "{\"model\":\"mult_vae\",\"step\":50,\"epoch\":1,\"name\":\"ndcg@100\","
           "\"value\":0.1}\n");
  const auto points = read_metrics(path);
  REQUIRE(points.size() == 2);
  CHECK(points[1].name == "ndcg@100");
  CHECK(points[1].value == 0.1);
}

SCENARIO("curves go on from a checkpoint", "[experiments][metrics]") {
  GIVEN("a file with steps beyond the checkpoint and a torn last line") {
    const scratch_folder folder;
    const auto path = folder / "metrics.jsonl";
    {
      metrics_file curves{path};
      for (std::uint64_t step = 1; step <= 5; ++step) {
        curves.append({"mult_vae", step, 1, "loss", 1.0 / static_cast<double>(step)});
        curves.append({"mult_dae", step, 1, "loss", 2});
      }
    }
    folder.write("metrics.jsonl", read_file(path) + "{\"model\":\"mult_v");
    WHEN("training resumes at step 3") {
      metrics_file curves{path};
      CHECK(curves.rewind("mult_vae", 3) == 5); // which it had come to
      curves.append({"mult_vae", 4, 1, "loss", 0.25});
      THEN("the model's later points are gone, and only those") {
        const auto points = read_metrics(path);
        REQUIRE(points.size() == 9);
        CHECK(points.back().step == 4);
        CHECK(points[7].model == "mult_dae");
        CHECK(points[7].step == 5);
      }
    }
  }
}

TEST_CASE("a value that is no number is null", "[experiments][metrics]") {
  const scratch_folder folder;
  metrics_file curves{folder / "metrics.jsonl"};
  curves.append({"m", 1, 1, "loss", std::numeric_limits<double>::infinity()});
  CHECK(std::isnan(read_metrics(folder / "metrics.jsonl")[0].value));
}

TEST_CASE("a damaged line is named", "[experiments][metrics]") {
  const scratch_folder folder;
  const auto path =
    folder.write("metrics.jsonl", "{\"model\":\"m\",\"step\":1,\"epoch\":1,\"name\":"
                                  "\"loss\",\"value\":1}\nrubbish\n");
  CHECK_THAT(failure_of([&] { read_metrics(path); }), Contains("metrics.jsonl:2: "));
  CHECK(read_metrics(folder / "none.jsonl").empty());
}

TEST_CASE("what a role did says whose it is", "[experiments][metrics]") {
  const scratch_folder folder;
  const auto path = folder / "metrics.jsonl";
  {
    metrics_file curves{path};
    curves.append(std::vector<metric_point>{
      {"mult_vae", 11, 1, "wait_seconds", 0.5, "trainer 1", "process 2 (pid 4711)"},
      {"mult_vae", 11, 1, "queue_max", 3, "trainer 1", "process 2 (pid 4711)"}});
  }
  CHECK(read_file(path).find("{\"model\":\"mult_vae\",\"step\":11,\"epoch\":1,"
                             "\"name\":\"wait_seconds\",\"value\":0.5,"
                             "\"role\":\"trainer 1\","
                             "\"process\":\"process 2 (pid 4711)\"}\n")
        == 0);
  const auto points = read_metrics(path);
  REQUIRE(points.size() == 2);
  CHECK(points[1].role == "trainer 1");
  CHECK(points[1].process == "process 2 (pid 4711)");
}
