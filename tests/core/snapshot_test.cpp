#include "core/snapshot.hpp"

#include "core/error.hpp"

#include <catch2/catch.hpp>

using namespace souk::core;

TEST_CASE("a snapshot is its kind, options and tensors", "[core][snapshot]") {
  snapshot model{"mult_vae", {{"latent", "2"}}, {}};
  model.tensors["weights"] = {{2}, {1.0F, 2.0F}, {}};
  const auto digest = digest_of(model);

  SECTION("its digest changes with any of them") {
    auto other = model;
    other.tensors["weights"].floats[1] = 3;
    CHECK(digest_of(other) != digest);
    other = model;
    other.options["latent"] = "3";
    CHECK(digest_of(other) != digest);
    CHECK(digest_of(model) == digest);
  }
  SECTION("what is missing is named") {
    CHECK(model.option("latent") == "2");
    CHECK(model.tensor("weights").floats.size() == 2);
    CHECK_THROWS_WITH(model.tensor("bias"), Catch::Contains("bias"));
    CHECK_THROWS_WITH(model.option("hidden"), Catch::Contains("hidden"));
  }
}
