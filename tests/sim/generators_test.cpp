#include "core/error.hpp"
#include "sim/believed_tastes.hpp"
#include "sim/dataset_parts.hpp"
#include "tests/sim/asking_policy.hpp"
#include "tests/sim/two_tribes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace souk;
using namespace souk::sim;

namespace {

/// Two tribes of whom some users were held out: number v had item v before, and took
/// items v + 1 and v + 2 afterwards.
struct held_out_tribes : two_tribes {
  held_out_tribes() {
    auto& validation = parts.validation;
    validation.fold_in.num_items = num_items;
    validation.held_out.num_items = num_items;
    for (core::user_id user = 0; user < 20; ++user) {
      validation.users.push_back(user);
      validation.fold_in.append_row(std::vector<core::item_id>{user});
      validation.held_out.append_row(std::vector<core::item_id>{user + 1, user + 2});
    }
  }
};

simulation_options drawn_from(const std::string& kind) {
  auto options = from_dataset();
  options.population.from.front().kind = kind;
  options.population.users = 300;
  options.intent.search_share = 0;
  return options;
}

std::shared_ptr<const world> world_of(const simulation_options& options,
                                      const two_tribes& source) {
  return make_world(options, {&source.data, &source.parts}, 3);
}

/// The share of clicks that are on something wanted.
double wanted_share(const world& market,
                    const std::vector<core::session_record>& records) {
  auto wanted = 0.0;
  auto clicks = 0.0;
  for (const auto& record : records)
    if (record.kind == core::event_kind::click) {
      const auto list =
        market.wanted_by(market.people().draw(market.seed(), record.user));
      wanted += std::binary_search(list.begin(), list.end(), record.item) ? 1 : 0;
      ++clicks;
    }
  return wanted / clicks;
}

/// Scores item i for a user of n items (two_factors knows users by that) by two
/// factors, with a posterior that is uncertain along the second.
class two_factors : public core::recommender {
public:
  static constexpr std::size_t items = 30;

  explicit two_factors(double deviation) : deviation_{deviation} {
    // nop
  }

  std::string name() const override {
    return "two_factors";
  }

  std::size_t num_items() const override {
    return items;
  }

  bool has_posterior() const override {
    return deviation_ > 0;
  }

  core::slates rank(const core::rank_request&) const override {
    return {};
  }

  /// A user's place on either factor; numbers of users are their first items.
  static double first(std::size_t user) {
    return user % 2 == 0 ? 2.0 : -2.0;
  }

  static double second(std::size_t user) {
    return user % 3 == 0 ? 1.0 : -0.5;
  }

  static double score_of(double first, double second, std::size_t item) {
    return 5.0 + 0.1 * static_cast<double>(item) + first * (item < items / 2 ? 1 : -1)
           + second * (item % 2 == 0 ? 1 : -1);
  }

  void score(const core::rank_request& request, core::span<float> out) const override {
    for (std::size_t row = 0; row < request.history->num_rows(); ++row) {
      const auto user = request.history->row(row)[0];
      auto noise = 0.0;
      if (request.posterior != nullptr)
        noise = deviation_ * core::normal((*request.posterior)[row], 0);
      for (std::size_t item = 0; item < items; ++item)
        out[row * items + item] =
          static_cast<float>(score_of(first(user), second(user) + noise, item));
    }
  }

private:
  double deviation_;
};

core::interactions rows_of_numbers() {
  core::interactions rows;
  rows.num_items = two_factors::items;
  for (core::item_id user = 0; user < two_factors::items; ++user)
    rows.append_row(std::vector<core::item_id>{user});
  return rows;
}

} // namespace

SCENARIO("bootstrapped shoppers want what real users took afterwards",
         "[sim][generators]") {
  const held_out_tribes source;
  auto options = drawn_from("bootstrap");

  GIVEN("a world of validation users") {
    const auto market = world_of(options, source);

    THEN("profiles are theirs, and so is what is wanted") {
      options.population.history = "real";
      const auto known = world_of(options, source);
      CHECK(known->people().profiles().num_rows == 20);
      for (std::uint32_t profile = 0; profile < 20; ++profile) {
        REQUIRE(known->had_by(profile).size() == 1);
        const auto user = known->had_by(profile)[0]; // who had an item of that number
        REQUIRE(known->wanted_by(profile).size() == 2);
        CHECK(known->wanted_by(profile)[0] == user + 1);
        CHECK(known->wanted_by(profile)[1] == user + 2);
      }
    }

    THEN("every world has a resample of the people") {
      const auto people_of = [&](std::uint64_t seed) {
        const auto made = make_world(options, {&source.data, &source.parts}, seed);
        std::vector<core::item_id> people;
        for (std::uint32_t profile = 0; profile < 20; ++profile)
          people.push_back(made->wanted_by(profile)[0] - 1);
        return people;
      };
      CHECK(people_of(3) == people_of(3));
      CHECK(people_of(3) != people_of(4));
      auto different = people_of(3);
      std::sort(different.begin(), different.end());
      different.erase(std::unique(different.begin(), different.end()), different.end());
      CHECK(different.size() < 20);
      CHECK(different.size() > 8); // 12.8 are expected
    }

    THEN("tastes say nothing, whoever somebody is") {
      std::vector<float> taste(market->dimensions());
      market->likings().draw(3, 1, 5, taste);
      for (const auto value : taste)
        CHECK(value == 0);
    }

    THEN("most clicks of a random shop are on it") {
      const auto run = run_market(market, *make_random_policy(), 300);
      CHECK(wanted_share(*market, run.records) > 0.4); // 2 of 40 items
    }
  }

  GIVEN("that it is worth nothing to them") {
    options.population.from.front().wanted = 0;
    const auto market = world_of(options, source);

    THEN("they click on it as on anything else") {
      const auto run = run_market(market, *make_random_policy(), 300);
      CHECK(wanted_share(*market, run.records) < 0.15);
    }
  }

  GIVEN("a split without validation users") {
    const two_tribes plain;

    THEN("nobody can be drawn") {
      CHECK_THROWS_WITH(world_of(options, plain),
                        Catch::Contains("simulation.population.from")
                          && Catch::Contains("no validation users"));
    }
  }
}

TEST_CASE("one item and all items have the same utility where some are wanted",
          "[sim][generators]") {
  const held_out_tribes source;
  const auto market = world_of(drawn_from("bootstrap"), source);
  shopper_view shopper;
  shopper.direction = {0.3F, -0.2F, 0.1F};
  shopper.wanted = market->wanted_by(4);
  shopper.wanted_weight = 2.5F;
  std::vector<float> all(market->items().num_items);
  market->utilities().of_all(shopper, all);
  for (core::item_id item = 0; item < all.size(); ++item)
    CHECK(market->utilities().of(shopper, item) == all[item]);
  auto plain = shopper;
  plain.wanted = {};
  const auto wanted = shopper.wanted[0];
  CHECK(all[wanted] - market->utilities().of(plain, wanted)
        == Approx(2.5).epsilon(1e-5));
}

SCENARIO("regulars may come with what the real users had", "[sim][generators]") {
  const held_out_tribes source;
  auto options = drawn_from("bootstrap");
  options.population.newcomer_share = 0.5;
  options.population.anonymous_share = 0;

  GIVEN("real histories") {
    options.population.history = "real";
    options.intent.buy_again = 0;
    const auto market = world_of(options, source);

    THEN("the shop knows them at the first slate of regulars, and shows them nothing "
         "they have") {
      std::vector<bool> seen(options.population.users);
      auto newcomers = 0;
      const asking_policy policy{
        make_random_policy(),
        [&](const slate_demand& demand, const policy_slates& shown) {
          for (std::size_t row = 0; row < demand.num_rows(); ++row) {
            const auto user = demand.users[row];
            const auto had = market->had_by(market->people().draw(3, user));
            REQUIRE(had.size() == 1);
            const auto known = demand.history.row(row);
            const auto is_first = !seen[user];
            seen[user] = true;
            if (market->entry_of(user).newcomer) {
              newcomers += is_first ? 1 : 0;
              if (is_first)
                CHECK(known.empty());
              continue;
            }
            CHECK(std::find(known.begin(), known.end(), had[0]) != known.end());
            const auto slate = shown.slates.row(row);
            CHECK(std::find(slate.begin(), slate.end(), had[0]) == slate.end());
          }
        }};
      run_market(market, policy, 300);
      CHECK(newcomers > 50);
    }
  }

  GIVEN("items that are launched later") {
    options.population.history = "real";
    options.catalogue.launch_share = 0.5;
    const auto market = world_of(options, source);

    THEN("nobody had one") {
      for (std::uint32_t profile = 0; profile < 20; ++profile)
        for (const auto item : market->had_by(profile))
          CHECK(market->items().launch_day[item] == 0);
    }
  }

  GIVEN("none") {
    const auto market = world_of(options, source);

    THEN("nobody had anything") {
      CHECK(market->had_by(3).empty());
    }
  }
}

SCENARIO("a model's beliefs become tastes", "[sim][generators]") {
  const auto rows = rows_of_numbers();

  GIVEN("a model that is sure") {
    const two_factors model{0};
    const auto tastes = fit_believed_tastes(model, rows, 2);

    THEN(
      "tastes times items are its scores, up to what is common to all and a factor") {
      REQUIRE(tastes.dimensions == 2);
      CHECK(tastes.spreads.empty());
      // Compare differences between users of differences between items.
      const auto affinity = [&](std::size_t user, std::size_t item) {
        auto sum = 0.0;
        for (std::size_t k = 0; k < 2; ++k)
          sum += static_cast<double>(tastes.users[user * 2 + k])
                 * static_cast<double>(tastes.items[item * 2 + k]);
        return sum;
      };
      const auto of_scores = [&](std::size_t user, std::size_t item) {
        return two_factors::score_of(two_factors::first(user),
                                     two_factors::second(user), item);
      };
      const auto contrast = [](const auto& of, std::size_t user, std::size_t item) {
        return of(user, item) - of(0, item) - of(user, 0) + of(0, 0);
      };
      const auto factor = contrast(affinity, 1, 20) / contrast(of_scores, 1, 20);
      CHECK(factor > 0);
      for (std::size_t user = 1; user < 30; ++user)
        for (std::size_t item = 1; item < 30; ++item)
          CHECK(contrast(affinity, user, item)
                == Approx(factor * contrast(of_scores, user, item)).margin(1e-4));
    }
  }

  GIVEN("a model that is unsure along one factor") {
    const two_factors model{1.5};
    const auto tastes = fit_believed_tastes(model, rows, 2);

    THEN("users are spread along it, and have variance 1 with the spread") {
      REQUIRE(tastes.spreads.size() == tastes.users.size());
      for (std::size_t k = 0; k < 2; ++k) {
        auto square = 0.0;
        for (std::size_t user = 0; user < 30; ++user)
          square += std::pow(static_cast<double>(tastes.users[user * 2 + k]), 2)
                    + std::pow(static_cast<double>(tastes.spreads[user * 2 + k]), 2);
        CHECK(square / 30 == Approx(1).epsilon(1e-4));
      }
      auto widest = 0.0F;
      auto narrowest = 0.0F;
      for (std::size_t user = 0; user < 30; ++user) {
        widest += tastes.spreads[user * 2 + 1] / 30;
        narrowest += tastes.spreads[user * 2] / 30;
      }
      CHECK(widest > 0.5F); // sd of the factor: .71, of a draw: 1.5
      CHECK(narrowest < 0.1F);
    }

    THEN("a world draws from both") {
      const auto likings = sim::tastes::believed(tastes);
      auto mean = 0.0;
      auto square = 0.0;
      constexpr int draws = 4000;
      std::vector<float> taste(2);
      for (core::user_id user = 0; user < draws; ++user) {
        likings.draw(9, user, 4, taste);
        mean += static_cast<double>(taste[1]) / draws;
        square += std::pow(static_cast<double>(taste[1]), 2) / draws;
      }
      CHECK(mean == Approx(static_cast<double>(tastes.users[4 * 2 + 1])).margin(0.05));
      CHECK(std::sqrt(square - mean * mean)
            == Approx(static_cast<double>(tastes.spreads[4 * 2 + 1])).epsilon(0.05));
    }
  }

  GIVEN("rows that it takes for one and the same user") {
    core::interactions same;
    same.num_items = two_factors::items;
    for (int i = 0; i < 5; ++i)
      same.append_row(std::vector<core::item_id>{6});

    THEN("there are no tastes in it") {
      CHECK_THROWS_WITH(fit_believed_tastes(two_factors{0}, same, 2),
                        Catch::Contains("two_factors believes the same of everybody"));
    }
  }
}

TEST_CASE("replicates of all generators share their numbers", "[sim][generators]") {
  simulation_options options;
  options.worlds = 3;
  options.population.from.resize(2);
  CHECK(num_worlds(options) == 6);
  CHECK(generator_of(options, 2) == 0);
  CHECK(generator_of(options, 3) == 1);
  CHECK(replicate_of(options, 4) == 1);
}
