#include "core/random.hpp"
#include "sim/tastes.hpp"
#include "sim/temperament.hpp"
#include "sim/user_attributes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace souk;
using namespace souk::sim;

TEST_CASE("a generated population has the shares of its profiles",
          "[sim][attributes]") {
  const auto people = user_attributes::generated();
  const auto& ages = *people.profiles().find("age_band");
  const auto& devices = *people.profiles().find("device");
  constexpr core::user_id users = 20000;
  auto young = 0.0;
  auto young_phones = 0.0;
  auto old = 0.0;
  auto old_phones = 0.0;
  for (core::user_id user = 0; user < users; ++user) {
    const auto profile = people.draw(9, user);
    const auto phone = devices.codes[profile] == 0 ? 1.0 : 0.0;
    if (ages.codes[profile] == 0) {
      young += 1;
      young_phones += phone;
    } else if (ages.codes[profile] == 5) {
      old += 1;
      old_phones += phone;
    }
  }
  CHECK(young / users == Approx(0.14).margin(0.01));
  CHECK(old / users == Approx(0.09).margin(0.01));
  CHECK(young_phones / young == Approx(0.80).margin(0.04));
  CHECK(old_phones / old == Approx(0.32).margin(0.04));
}

TEST_CASE("every profile belongs to one segment per attribute", "[sim][attributes]") {
  const auto people = user_attributes::generated();
  CHECK(people.segments().size() == 6 + 3 + 5 + 3 + 3);
  for (std::uint32_t profile = 0; profile < people.profiles().num_rows; ++profile)
    REQUIRE(people.segments_of(profile).size() == 5);
  CHECK(people.segments()[people.segments_of(0)[0]] == "age_band=18-24");
}

TEST_CASE("a dataset's numbers are cut into quarters, and what is missing is nowhere",
          "[sim][attributes]") {
  core::attribute_column age;
  age.name = "age";
  age.kind = core::attribute_kind::number;
  for (int i = 0; i < 100; ++i)
    age.numbers.push_back(i);
  age.numbers.push_back(std::nan(""));
  std::vector<core::user_id> rows(101);
  for (core::user_id i = 0; i < 101; ++i)
    rows[i] = i;
  const auto people = user_attributes::of_dataset({101, {age}}, rows);
  REQUIRE(people.segments().size() == 4);
  CHECK(people.segments_of(0)[0] == 0);
  CHECK(people.segments_of(30)[0] == 1);
  CHECK(people.segments_of(99)[0] == 3);
  CHECK(people.segments_of(100).empty());
}

TEST_CASE("attributes explain their share of tastes", "[sim][tastes]") {
  tastes_options options;
  options.attribute_share = 0.4;
  const auto people = user_attributes::generated();
  const auto likings = tastes::generated(options, people, 21);
  constexpr core::user_id users = 20000;
  for (const std::uint32_t k : {0U, 7U}) {
    auto mean = 0.0;
    auto square = 0.0;
    auto explained = 0.0;
    std::vector<float> taste(options.dimensions);
    for (core::user_id user = 0; user < users; ++user) {
      const auto profile = people.draw(21, user);
      likings.draw(21, user, profile, taste);
      const auto value = static_cast<double>(taste[k]);
      const auto expected = static_cast<double>(likings.mean_of(profile)[k]);
      mean += value / users;
      square += value * value / users;
      explained += expected * expected / users;
    }
    CHECK(mean == Approx(0).margin(0.03));
    CHECK(square == Approx(1).margin(0.04));
    CHECK(explained == Approx(0.4).margin(0.03));
  }
}

TEST_CASE("a taste is a function of the seed and the user alone", "[sim][tastes]") {
  const auto people = user_attributes::generated();
  const auto likings = tastes::generated({}, people, 2);
  std::vector<float> a(8);
  std::vector<float> b(8);
  likings.draw(2, 77, 5, a);
  likings.draw(2, 77, 5, b);
  CHECK(a == b);
  likings.draw(2, 78, 5, b);
  CHECK(a != b);
}

TEST_CASE("activity has the mean asked for and a heavy tail", "[sim][temperament]") {
  temperament_options options;
  options.sessions_per_day = 0.4;
  options.activity_spread = 1.1;
  std::vector<double> rates;
  for (core::user_id user = 0; user < 40000; ++user)
    rates.push_back(
      static_cast<double>(draw_temperament(options, 3, user).sessions_per_day));
  std::sort(rates.begin(), rates.end());
  auto sum = 0.0;
  for (const auto rate : rates)
    sum += rate;
  auto top_tenth = 0.0;
  for (std::size_t i = rates.size() * 9 / 10; i < rates.size(); ++i)
    top_tenth += rates[i];
  CHECK(sum / 40000 == Approx(0.4).margin(0.02));
  CHECK(rates[20000] == Approx(0.4 * std::exp(-1.1 * 1.1 / 2)).epsilon(0.05));
  CHECK(top_tenth / sum > 0.35);
}
