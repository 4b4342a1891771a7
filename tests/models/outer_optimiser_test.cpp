#include "models/outer_optimiser.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace souk;
using namespace souk::models;

namespace {

using numbers = std::vector<float>;

numbers drawn(std::uint32_t which, std::size_t size) {
  numbers values(size);
  core::fill_normals({3, core::stream::synthetic_data, which, 0}, values);
  return values;
}

std::vector<core::span<const float>>
views(const std::vector<numbers>& all, std::size_t begin, std::size_t end) {
  std::vector<core::span<const float>> made;
  for (const auto& each : all)
    made.emplace_back(each.data() + begin, end - begin);
  return made;
}

} // namespace

TEST_CASE("the outer step follows the mean with Nesterov's momentum",
          "[models][outer_optimiser]") {
  outer_optimiser outer{{/*learning_rate=*/0.5, /*momentum=*/0.9}, 1};
  numbers parameters{1, -2};
  numbers velocity{0, 0};
  const std::vector<numbers> first{{2, 0}, {4, 4}}; // mean 3, 2
  outer.apply(views(first, 0, 2), parameters, velocity);
  CHECK(velocity == numbers{3, 2});
  CHECK(parameters[0] == Approx(1 - 0.5 * (0.9 * 3 + 3)));
  CHECK(parameters[1] == Approx(-2 - 0.5 * (0.9 * 2 + 2)));
  const std::vector<numbers> second{{1, 0}};
  outer.apply(views(second, 0, 2), parameters, velocity);
  CHECK(velocity[0] == Approx(0.9 * 3 + 1));
  CHECK(velocity[1] == Approx(0.9 * 2));
}

TEST_CASE("plain averaging ends where the replicas are in the mean",
          "[models][outer_optimiser]") {
  outer_optimiser outer{{/*learning_rate=*/1, /*momentum=*/0}, 1};
  numbers parameters{8};
  numbers velocity{5};
  // Three replicas went from 8 to 7, 5 and 3.
  const std::vector<numbers> differences{{1}, {3}, {5}};
  outer.apply(views(differences, 0, 1), parameters, velocity);
  CHECK(parameters[0] == Approx(5));
}

TEST_CASE("the outer step has the same bits wherever ranges are cut, on any threads",
          "[models][outer_optimiser]") {
  constexpr std::size_t size = 9001;
  for (const std::size_t replicas : {1, 2, 3, 6}) {
    std::vector<numbers> differences;
    for (std::uint32_t i = 0; i < replicas; ++i)
      differences.push_back(drawn(i, size));
    auto whole = drawn(90, size);
    auto velocity = drawn(91, size);
    outer_optimiser{{}, 1}.apply(views(differences, 0, size), whole, velocity);
    for (const std::size_t cut : {std::size_t{1}, std::size_t{2048}, std::size_t{5000}})
      for (const std::size_t threads : {1, 2}) {
        auto parts = drawn(90, size);
        auto parts_velocity = drawn(91, size);
        outer_optimiser outer{{}, threads};
        for (const auto& [begin, end] :
             {std::pair{std::size_t{0}, cut}, std::pair{cut, size}})
          outer.apply(views(differences, begin, end),
                      {parts.data() + begin, end - begin},
                      {parts_velocity.data() + begin, end - begin});
        CHECK(parts == whole);
        CHECK(parts_velocity == velocity);
      }
  }
}
