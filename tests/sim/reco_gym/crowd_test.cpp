#include "sim/reco_gym/crowd.hpp"

#include "sim/reco_gym/click_law.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace souk;
using namespace souk::sim;
using namespace souk::sim::reco_gym;

namespace {

/// numpy's RandomState with an integer seed: MT19937, and normals by Marsaglia's polar
/// method. The examples of reco-gym draw their products with seed 42.
class numpy_normals {
public:
  explicit numpy_normals(std::uint32_t seed) : words_{seed} {
    // nop
  }

  double operator()() {
    if (has_spare_) {
      has_spare_ = false;
      return spare_;
    }
    double x, y, square;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const auto factor = std::sqrt(-2 * std::log(square) / square);
    spare_ = factor * x;
    has_spare_ = true;
    return factor * y;
  }

private:
  double uniform() {
    const auto high = words_() >> 5;
    const auto low = words_() >> 6;
    return (static_cast<double>(high) * 67108864 + static_cast<double>(low))
           / 9007199254740992.0;
  }

  std::mt19937 words_;
  double spare_ = 0;
  bool has_spare_ = false;
};

products published_products(std::uint32_t count) {
  numpy_normals normal{42};
  products drawn;
  drawn.count = count;
  drawn.dimensions = 5;
  for (std::uint32_t i = 0; i < count * 5; ++i)
    drawn.vectors.push_back(static_cast<float>(normal()));
  for (std::uint32_t i = 0; i < count; ++i)
    drawn.offsets.push_back(static_cast<float>(3 * normal()));
  return drawn;
}

/// What a random agent sees of a crowd that lives to its end.
struct statistics {
  double views_per_user;
  double shown_per_user;
  double click_through_percent;          ///< as drawn
  double expected_click_through_percent; ///< the mean of the chances
};

statistics live(std::shared_ptr<const laws> model, std::size_t num_users) {
  crowd people{model, 3, 0, num_users};
  std::vector<core::item_id> shown(num_users);
  while (people.size() > 0) {
    people.begin_step();
    const auto places = people.shown_to();
    for (std::size_t i = 0; i < places.size(); ++i)
      shown[i] = static_cast<core::item_id>(core::below(
        {8, core::stream::recommend, people.users()[places[i]], people.step()}, 0,
        model->items.count));
    people.finish_step(shown.data());
    people.settle();
  }
  const auto users = static_cast<double>(num_users);
  const auto num_shown = static_cast<double>(people.num_shown());
  return {static_cast<double>(people.num_views()) / users, num_shown / users,
          100 * static_cast<double>(people.num_clicks()) / num_shown,
          static_cast<double>(people.value_millionths()) / 1e4 / num_shown};
}

std::shared_ptr<const laws> published_laws(std::uint32_t num_products) {
  reco_gym_options options;
  options.products = num_products;
  return std::make_shared<const laws>(options, published_products(num_products));
}

} // namespace

TEST_CASE("clicks follow three sigmoids in a row", "[sim][reco_gym]") {
  const auto sigmoid = [](double x) {
    return 1 / (1 + std::exp(-x));
  };
  for (const auto affinity : {-40.0, -8.0, -1.0, 0.0, 0.5, 3.0, 12.0, 40.0})
    CHECK(static_cast<double>(click_law(static_cast<float>(affinity)))
          == Approx(sigmoid(5 * sigmoid(2 * sigmoid(0.3 * affinity) - 2) - 6))
               .epsilon(1e-5));
}

TEST_CASE("products of the published examples are numpy's normals", "[sim][reco_gym]") {
  const auto all = published_products(10);
  CHECK(all.vectors[0] == Approx(0.49671415F));
  CHECK(all.vectors[1] == Approx(-0.1382643F));
  CHECK(all.vectors[2] == Approx(0.64768854F));
}

// Measured of reco-gym itself with a random agent: 103 events a user of which 22 views,
// clicks on 1.12% of what is shown at 10 products, 1.11% at 1,000, 1.09% at 10,000.
TEST_CASE("a crowd repeats the statistics measured of reco-gym", "[sim][reco_gym]") {
  SECTION("with the products of the published examples") {
    const auto seen = live(published_laws(10), 20000);
    CHECK(seen.views_per_user == Approx(22).epsilon(0.02));
    CHECK(seen.views_per_user + seen.shown_per_user == Approx(103).epsilon(0.02));
    CHECK(seen.expected_click_through_percent == Approx(1.12).epsilon(0.02));
    // 1.6 million draws: a standard deviation is 0.7%.
    CHECK(seen.click_through_percent
          == Approx(seen.expected_click_through_percent).epsilon(0.025));
  }
  const auto expected_with_default_products = [](std::uint32_t products,
                                                 std::size_t users) {
    reco_gym_options options;
    options.products = products;
    return live(std::make_shared<const laws>(options), users)
      .expected_click_through_percent;
  };
  SECTION("with our products") {
    CHECK(expected_with_default_products(10, 5000) == Approx(1.12).epsilon(0.02));
    CHECK(expected_with_default_products(1000, 2000) == Approx(1.11).epsilon(0.02));
    CHECK(expected_with_default_products(10000, 1000) == Approx(1.09).epsilon(0.02));
  }
}

// With c the share of clicks: an organic user stays organic with 0.74 and is shown
// products with 0.25; one who is shown a product comes back with 0.05 unless clicking,
// and always with a click; each life ends with one more product that nobody clicks on.
TEST_CASE("moods follow their chain", "[sim][reco_gym]") {
  const auto seen = live(published_laws(10), 20000);
  const auto clicks = seen.expected_click_through_percent / 100 * seen.shown_per_user
                      / (seen.shown_per_user - 1);
  const auto stays = 0.94 * (1 - clicks);
  const auto comes_back = 0.05 * (1 - clicks) + clicks;
  const auto shown_per_view = 0.25 / (1 - stays);
  const auto views = 1 / (1 - 0.74 - comes_back * shown_per_view);
  // Lives are about geometric: a standard deviation of their mean is 0.7%.
  CHECK(seen.views_per_user == Approx(views).epsilon(0.02));
  CHECK(seen.shown_per_user - 1 == Approx(views * shown_per_view).epsilon(0.025));
}

TEST_CASE("tastes begin normal and drift before further views", "[sim][reco_gym]") {
  reco_gym_options options;
  options.sigma_omega_initial = 2;
  constexpr std::size_t num_users = 20000;
  crowd people{std::make_shared<const laws>(options), 17, 0, num_users};
  std::vector<float> before(people.tastes(4), people.tastes(4) + num_users);
  auto squares = 0.0;
  for (const auto value : before)
    squares += static_cast<double>(value) * static_cast<double>(value);
  CHECK(squares / num_users == Approx(4).epsilon(0.04));
  people.begin_step();
  const std::vector<core::item_id> nothing(num_users);
  people.finish_step(nothing.data());
  auto moved = 0.0;
  std::size_t num_moved = 0;
  people.settle(); // nobody is gone after one step
  REQUIRE(people.size() == num_users);
  for (std::size_t i = 0; i < num_users; ++i) {
    const auto step = static_cast<double>(people.tastes(4)[i] - before[i]);
    moved += step * step;
    if (people.modes()[i] == mode::organic) {
      ++num_moved;
      CHECK(step != 0);
    } else {
      CHECK(step == 0);
    }
  }
  CHECK(static_cast<double>(num_moved) / num_users == Approx(0.74).epsilon(0.02));
  CHECK(moved / static_cast<double>(num_moved) == Approx(0.01).epsilon(0.05));
}

TEST_CASE("a life ends with a product that is not clicked on", "[sim][reco_gym]") {
  reco_gym_options options;
  options.leave_organic = 0.75; // with 0.25 to bandit: nobody views twice
  options.bandit_to_organic = 0;
  options.leave_bandit = 1;
  crowd people{std::make_shared<const laws>(options), 1, 0, 1000};
  std::size_t num_bandit = 0;
  for (std::uint32_t step = 0; people.size() > 0; ++step) {
    people.begin_step();
    std::vector<core::item_id> shown(1000, 3);
    people.finish_step(shown.data());
    for (std::size_t i = 0; i < people.size(); ++i) {
      num_bandit += people.modes()[i] == mode::bandit ? 1 : 0;
      if (people.modes()[i] == mode::stopping)
        CHECK(people.clicked()[i] == 0);
      CHECK(people.items()[i] < 10);
    }
    people.settle();
  }
  // All are shown one more at the end; those who clicked lived on.
  CHECK(people.num_shown() == 1000 + num_bandit);
  CHECK(people.num_clicks() + 1000 == people.num_views());
}
