#include "core/result_row.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk::core;

namespace {

result_row row(const std::string& model, double mean) {
  result_row made;
  made.stage = "offline";
  made.model = model;
  made.metric = "ndcg@100";
  made.group = "all";
  made.mean = made.ci_low = made.ci_high = mean;
  return made;
}

} // namespace

TEST_CASE("the digest of results", "[core][result_row]") {
  const auto ease = row("ease", 0.42);
  const auto vae = row("mult_vae", 0.40);
  const auto digest = digest_of({ease, vae});

  SECTION("does not depend on the order of rows") {
    CHECK(digest_of({vae, ease}) == digest);
  }
  SECTION("changes with the last bit of a number") {
    CHECK(digest_of({row("ease", std::nextafter(0.42, 1.0)), vae}) != digest);
  }
  SECTION("ignores what was measured on a clock") {
    auto speed = row("mult_vae", 5000);
    speed.measured = true;
    CHECK(digest_of({ease, vae, speed}) == digest);
  }
}
