#include "experiments/simulated_source.hpp"

#include "core/error.hpp"
#include "experiments/config/document.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace souk;
using namespace souk::experiments;

namespace {

core::silent_progress silence;

experiment gym_with(std::uint32_t products,
                    std::uint32_t users,
                    const std::string& policies = "[random, ease]") {
  auto file = document::parse("souk: 1\nname: gym\nseed: 7\n"
                              "data: {source: {kind: simulated, users: "
                                + std::to_string(users)
                                + "}, split: {held_out_users: 5}}\n"
                                  "baselines: [{kind: ease}]\n"
                                  "simulation: {preset: reco_gym, policies: "
                                + policies + ", reco_gym: {products: "
                                + std::to_string(products) + "}}\n",
                              "gym.yaml");
  return read_experiment(file);
}

} // namespace

TEST_CASE("a source has what users of the published model view and click on",
          "[experiments][simulated_source]") {
  const auto options = gym_with(30, 200);
  const auto made = simulate_source(options, silence);
  CHECK(made.item_names.size() == 30);
  CHECK(made.user_names.size() == 200);
  std::size_t views = 0;
  std::size_t clicks = 0;
  for (const auto& event : made.events) {
    views += event.kind == core::event_kind::view ? 1 : 0;
    clicks += event.kind == core::event_kind::click ? 1 : 0;
  }
  CHECK(views + clicks == made.events.size());
  CHECK(views > 10 * clicks);
  CHECK(clicks > 0);
  CHECK_NOTHROW(check_all_seen(options, *prepare(made, options)));
}

TEST_CASE("models that have not seen all products of a published model are refused",
          "[experiments][simulated_source]") {
  const auto options = gym_with(3000, 30);
  const auto data = prepare(simulate_source(options, silence), options);
  CHECK_THROWS_WITH(check_all_seen(options, *data),
                    Catch::Contains("of the 3000 products")
                      && Catch::Contains("data.source"));
  const auto alone = gym_with(3000, 30, "[random, popularity]");
  CHECK_NOTHROW(check_all_seen(alone, *data));
}
