#include "models/kernels/normals.hpp"

#include "tests/models/highway_targets.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

TEST_CASE("normals drawn in bulk are the draws of core, to the bit",
          "[models][normals]") {
  for (const std::size_t count : {1, 11, 64, 20001}) {
    const core::draw_site site{42, core::stream::reparameterise, 7, 11};
    std::vector<float> expected(count);
    core::fill_normals(site, expected);
    for_each_highway_target([&](const std::string& target) {
      INFO(target << ", " << count);
      std::vector<float> drawn(count);
      kernels::draw_normals(site, drawn);
      CHECK(drawn == expected);
    });
  }
}
