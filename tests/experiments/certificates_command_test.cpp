#include "experiments/commands/commands.hpp"
#include "tests/experiments/refusals.hpp"
#include "tests/support/scratch_folder.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace souk;
using namespace souk::experiments;
using namespace souk::tests;
using Catch::Matchers::Contains;

TEST_CASE("souk certificates makes a folder per host, and adds some later",
          "[experiments][certificates]") {
  const scratch_folder scratch;
  command asked;
  asked.what = verb::certificates;
  asked.files = {scratch / "cluster/"};
  asked.coordinator = "10.0.0.1";
  asked.nodes = {"left=10.0.0.2", "right=10.0.0.3,fd00::3"};
  asked.days = 30;
  make_certificates(asked);
  for (const auto* host : {"coordinator", "left", "right"})
    CHECK(std::filesystem::exists(scratch / "cluster/" + host + "/certificate.pem"));
  CHECK_THAT(refusal_of([&] { make_certificates(asked); }),
             Contains("is there already"));

  asked.coordinator.clear();
  asked.nodes = {"third=10.0.0.4"};
  make_certificates(asked);
  CHECK(std::filesystem::exists(scratch / "cluster/third/key.pem"));

  asked.nodes = {"fourth"};
  CHECK_THAT(refusal_of([&] { make_certificates(asked); }),
             Contains("NAME=ADDRESS") && Contains("fourth"));
  asked.nodes.clear();
  CHECK_THAT(refusal_of([&] { make_certificates(asked); }), Contains("--coordinator"));
}
