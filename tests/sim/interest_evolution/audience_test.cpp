#include "sim/interest_evolution/audience.hpp"

#include "tests/sim/chi_square.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk;
using namespace souk::sim;
using namespace souk::sim::interest_evolution;

namespace {

std::shared_ptr<const laws> small_laws(std::uint32_t documents = 10000,
                                       std::size_t slate_size = 3) {
  interest_evolution_options options;
  options.documents = documents;
  return std::make_shared<const laws>(options, slate_size);
}

/// Shows everybody the first candidates after a shift, which random documents make as
/// good as any.
std::vector<core::item_id> some_slates(const audience& people, std::size_t slate_size) {
  std::vector<core::item_id> slates;
  for (std::size_t i = 0; i < people.size(); ++i)
    for (std::size_t j = 0; j < slate_size; ++j)
      slates.push_back(people.candidates(i)[(people.user(i) + 3 * j) % 10]);
  return slates;
}

} // namespace

TEST_CASE("topics have the published qualities", "[sim][interest_evolution]") {
  const auto means = topic_qualities(3);
  CHECK(means[0] == -3);
  CHECK(means[1] == Approx(-3 + 3.0 / 13));
  CHECK(means[13] == 0);
  CHECK(means[14] == 0);
  CHECK(means[15] == Approx(0.6));
  CHECK(means[19] == 3);
  const auto videos = draw_documents({});
  std::vector<std::uint64_t> counts(num_topics);
  auto squares = 0.0;
  for (std::size_t i = 0; i < videos.topic.size(); ++i) {
    ++counts[videos.topic[i]];
    const auto off = static_cast<double>(videos.quality[i]) - means[videos.topic[i]];
    squares += off * off;
  }
  CHECK(std::abs(chi_square_z(counts, std::vector<double>(20, 0.05))) < 4);
  CHECK(squares / 10000 == Approx(0.01).epsilon(0.06));
}

TEST_CASE("candidates are different documents, all equally likely",
          "[sim][interest_evolution]") {
  audience people{small_laws(15), 4, 0, 30000};
  people.begin_step();
  std::vector<std::uint64_t> counts(15);
  for (std::size_t i = 0; i < people.size(); ++i) {
    const auto row = people.candidates(i);
    for (std::size_t j = 0; j < row.size(); ++j) {
      REQUIRE((j == 0 || row[j - 1] < row[j]));
      ++counts[row[j]];
    }
  }
  // Draws without replacement vary less than chi-square says: by a third as much.
  CHECK(chi_square_z(counts, std::vector<double>(15, 1.0 / 15)) < 4);
}

TEST_CASE("choice is multinomial logit over interests and no click",
          "[sim][interest_evolution]") {
  constexpr std::size_t num_users = 20000;
  audience people{small_laws(), 21, 0, num_users};
  people.begin_step();
  const auto slates = some_slates(people, 3);
  const auto videos = draw_documents({});
  // Each user has a law of their own: what was drawn is compared with the sum of laws.
  std::vector<double> law(4);
  std::vector<double> before;
  for (std::size_t i = 0; i < num_users; ++i) {
    double weights[4] = {0, 0, 0, std::exp(1.0)};
    auto sum = weights[3];
    for (std::size_t j = 0; j < 3; ++j)
      sum += weights[j] = std::exp(
        static_cast<double>(people.interests(i)[videos.topic[slates[3 * i + j]]]));
    for (std::size_t j = 0; j < 4; ++j)
      law[j] += weights[j] / sum / num_users;
    before.push_back(1 - weights[3] / sum);
  }
  people.finish_step(slates.data());
  std::vector<std::uint64_t> counts(4);
  for (std::size_t i = 0; i < num_users; ++i) {
    ++counts[people.chosen(i) == audience::no_choice ? 3 : people.chosen(i)];
    REQUIRE(static_cast<double>(people.click_chance(i)) == Approx(before[i]));
  }
  CHECK(chi_square_z(counts, law) < 4);
}

TEST_CASE("a click moves one interest and the time that is left",
          "[sim][interest_evolution]") {
  constexpr std::size_t num_users = 20000;
  audience people{small_laws(), 22, 0, num_users};
  std::vector<float> interests;
  for (std::size_t i = 0; i < num_users; ++i)
    interests.insert(interests.end(), people.interests(i).begin(),
                     people.interests(i).end());
  people.begin_step();
  const auto slates = some_slates(people, 3);
  people.finish_step(slates.data());
  const auto videos = draw_documents({});
  auto ups = 0.0;
  auto expected_ups = 0.0;
  std::size_t num_clicks = 0;
  for (std::size_t i = 0; i < num_users; ++i) {
    if (people.chosen(i) == audience::no_choice) {
      CHECK(people.budget(i) == 199.5F);
      continue;
    }
    ++num_clicks;
    const auto video = slates[3 * i + people.chosen(i)];
    const auto topic = videos.topic[video];
    const auto old = static_cast<double>(interests[i * num_topics + topic]);
    const auto now = static_cast<double>(people.interests(i)[topic]);
    const auto move = 0.3 * (1 - std::abs(old)) * (1 - old);
    const auto up = now > old;
    CHECK(now == Approx(std::max(old + (up ? move : -move), -1.0)).margin(1e-6));
    ups += up ? 1 : 0;
    expected_ups += (old + 1) / 2;
    CHECK(static_cast<double>(people.budget(i))
          == Approx(196 + 0.9 / 3.4 * 4 * static_cast<double>(videos.quality[video])));
    for (std::uint32_t other = 0; other < num_topics; ++other)
      if (other != topic)
        REQUIRE(people.interests(i)[other] == interests[i * num_topics + other]);
  }
  CHECK(num_clicks > num_users / 2);
  CHECK(ups == Approx(expected_ups).epsilon(0.03));
}

// Measured of RecSim itself with a random agent: 18.2 to 18.3 clicks on 100 videos
// shown.
TEST_CASE("an audience repeats the click-through measured of RecSim",
          "[sim][interest_evolution]") {
  audience people{small_laws(), 23, 0, 3000};
  std::size_t num_shown = 0;
  std::size_t num_clicks = 0;
  while (people.size() > 0) {
    people.begin_step();
    const auto slates = some_slates(people, 3);
    people.finish_step(slates.data());
    num_shown += 3 * people.size();
    for (std::size_t i = 0; i < people.size(); ++i) {
      num_clicks += people.chosen(i) == audience::no_choice ? 0 : 1;
      REQUIRE(people.budget(i) < 202);
    }
    people.settle();
  }
  CHECK(100.0 * static_cast<double>(num_clicks) / static_cast<double>(num_shown)
        == Approx(18.25).epsilon(0.02));
}

TEST_CASE("a shorter slate is chosen from as far as it goes",
          "[sim][interest_evolution]") {
  audience people{small_laws(), 24, 0, 500};
  people.begin_step();
  std::vector<core::item_id> slates(1500, core::no_item);
  for (std::size_t i = 0; i < 500; ++i)
    slates[3 * i] = people.candidates(i)[0];
  people.finish_step(slates.data());
  for (std::size_t i = 0; i < 500; ++i)
    CHECK((people.chosen(i) == 0 || people.chosen(i) == audience::no_choice));
}
