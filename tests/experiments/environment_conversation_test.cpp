#include "core/random.hpp"
#include "experiments/environment/conversation.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace souk;
using namespace souk::experiments;
using Catch::Matchers::Contains;
using json = nlohmann::json;

namespace {

/// A small shop, and a conversation about it.
struct shop_talk {
  environment_options options;
  world_factory make_world = [this](std::uint32_t number) {
    return sim::make_world(options.shop, {}, core::derive_seed(7, number));
  };
  conversation talk;

  explicit shop_talk(bool reveal_truth = false)
    : options{options_of(reveal_truth)}, talk{options, make_world} {
    // nop
  }

  static environment_options options_of(bool reveal_truth) {
    environment_options made;
    made.name = "shop";
    made.reveal_truth = reveal_truth;
    made.shop.catalogue.items = 120;
    made.shop.catalogue.departments = 2;
    made.shop.catalogue.categories = 6;
    made.shop.catalogue.brands = 10;
    made.shop.population.users = 6;
    made.shop.temperament.sessions_per_day = 2;
    made.shop.slate_size = 4;
    made.shop.days = 5;
    made.shop.regret_share = 0;
    return made;
  }

  json say(const json& request) {
    return json::parse(talk.answer(request.dump()));
  }

  json greet_and_reset(std::uint32_t seed) {
    say({{"command", "hello"}, {"version", 1}});
    return say({{"command", "reset"}, {"seed", seed}});
  }

  std::string refused(const json& request) {
    return say(request).value("error", "");
  }
};

/// The first items that may be shown to each user.
json slates_for(const json& told, const json& launch_days) {
  auto slates = json::array();
  const auto& seen = told["observation"];
  for (std::size_t user = 0; user < told["info"]["waiting"].size(); ++user) {
    if (!told["info"]["waiting"][user]) {
      slates.push_back(nullptr);
      continue;
    }
    auto candidates = seen["found"][user];
    if (candidates.is_null()) {
      candidates = json::array();
      for (std::uint32_t item = 0; item < launch_days.size(); ++item)
        if (launch_days[item] <= seen["day"][user])
          candidates.push_back(item);
    }
    const auto& barred = seen["barred"][user];
    auto slate = json::array();
    for (const auto& item : candidates)
      if (slate.size() < seen["length"][user]
          && std::find(barred.begin(), barred.end(), item) == barred.end())
        slate.push_back(item);
    slates.push_back(slate);
  }
  return slates;
}

json step_with(const json& slates) {
  return {{"command", "step"}, {"slates", slates}};
}

/// Plays to the end and returns all answers.
std::vector<json> play(shop_talk& shop, json told) {
  std::vector<json> answers;
  const auto launch_days = shop.say({{"command", "items"}})["launch_day"];
  while (!told["info"]["over"]) {
    told = shop.say(step_with(slates_for(told, launch_days)));
    REQUIRE_FALSE(told.contains("error"));
    answers.push_back(told);
  }
  return answers;
}

} // namespace

SCENARIO("an episode is played over lines of JSON", "[experiments][environment]") {
  shop_talk shop;
  const auto hello = shop.say({{"command", "hello"}, {"version", 1}});
  CHECK(hello["protocol"] == "souk environment");
  CHECK(hello["users"] == 6);
  CHECK(hello["slate_size"] == 4);
  const auto first = shop.say({{"command", "reset"}, {"seed", 3}});
  CHECK(first["info"]["world"] == 3);
  CHECK(first["info"]["items"] == 120);
  CHECK(first["info"]["attributes"].size()
        == first["observation"]["attributes"].size());
  CHECK_FALSE(first["info"].contains("reference"));
  for (const auto& [name, column] : first["observation"].items())
    if (name != "attributes")
      CHECK(column.size() == 6);
  const auto answers = play(shop, first);
  REQUIRE(answers.size() > 10);
  double clicks = 0;
  std::size_t opened = 0;
  for (const auto& told : answers)
    for (std::size_t user = 0; user < 6; ++user) {
      clicks += told["reward"][user].get<double>();
      opened += told["info"]["clicked"][user] != -1 ? 1 : 0;
    }
  CHECK(clicks > 0);
  CHECK(clicks == static_cast<double>(opened));
  CHECK_THAT(shop.refused(step_with(json::array())), Contains("the episode is over"));
  CHECK(shop.say({{"command", "close"}})["closed"] == true);
  CHECK(shop.talk.is_over());
}

SCENARIO("a seed is a world, and the same one plays the same",
         "[experiments][environment]") {
  shop_talk shop;
  shop_talk other;
  const auto once = play(shop, shop.greet_and_reset(3));
  const auto again = play(shop, shop.greet_and_reset(3));
  const auto elsewhere = play(other, other.greet_and_reset(3));
  CHECK(once == again);
  CHECK(once == elsewhere);
  CHECK(once != play(shop, shop.greet_and_reset(4)));
  // Without a seed worlds follow one another.
  CHECK(shop.say({{"command", "reset"}})["info"]["world"] == 5);
  CHECK(shop.say({{"command", "reset"}, {"seed", nullptr}})["info"]["world"] == 6);
  shop_talk fresh;
  fresh.say({{"command", "hello"}, {"version", 1}});
  CHECK(fresh.say({{"command", "reset"}})["info"]["world"] == 0);
}

SCENARIO("the truth is told only where it was asked for",
         "[experiments][environment]") {
  shop_talk open{true};
  auto told = open.greet_and_reset(1);
  const auto reference = told["info"]["reference"];
  const auto promised = told["info"]["reference_value"];
  const auto best = open.say(step_with(reference));
  REQUIRE_FALSE(best.contains("error"));
  for (std::size_t user = 0; user < 6; ++user)
    CHECK(best["info"]["slate_value"][user] == promised[user]);
  shop_talk closed;
  told = closed.greet_and_reset(1);
  const auto plain = closed.say(step_with(reference));
  CHECK_FALSE(plain["info"].contains("slate_value"));
  CHECK(plain["observation"] == best["observation"]);
}

SCENARIO("what is wrong is said, and nothing has happened",
         "[experiments][environment]") {
  shop_talk shop;
  const auto where = [&](const json& request, const std::string& part) {
    CHECK_THAT(shop.refused(request), Contains(part));
  };
  where({{"command", "reset"}}, "nobody has said hello");
  where({{"command", "hello"}}, "version: is not spoken here: none");
  where({{"command", "hello"}, {"version", 2}}, "version: is not spoken here: 2");
  shop.say({{"command", "hello"}, {"version", 1}});
  where(step_with(json::array()), "reset first");
  where({{"command", "items"}}, "reset first");
  const auto told = shop.say({{"command", "reset"}, {"seed", 2}});
  const auto launch_days = shop.say({{"command", "items"}})["launch_day"];
  const auto right = slates_for(told, launch_days);
  const auto waiting = [&] {
    std::size_t user = 0;
    while (!right[user].is_array() || !told["observation"]["found"][user].is_null())
      ++user;
    return user;
  }();
  const auto with = [&](const json& slate) {
    auto slates = right;
    slates[waiting] = slate;
    return step_with(slates);
  };
  const auto& fine = right[waiting];
  const auto ending_in = [&](const json& last) {
    return with({fine[0], fine[1], fine[2], last});
  };
  const auto at = "slates[" + std::to_string(waiting) + "]";
  where({{"command", "rest"}}, "did you mean \"reset\"");
  where({{"command", 3}}, "names no command");
  where(json::array({1, 2}), "request: is no object");
  where({{"command", "step"}}, "slates: are missing");
  where({{"command", "step"}, {"slate", right}}, "did you mean \"slates\"");
  where({{"command", "reset"}, {"seed", -1}}, "seed: is no seed: -1");
  where({{"command", "reset"}, {"seed", 4294967295U}}, "is no seed");
  where({{"command", "reset"}, {"seed", 1.5}}, "is no seed: 1.5");
  where({{"command", "reset"}, {"seed", "one"}}, "is no seed");
  where(step_with("all"), "slates: is no list");
  where(step_with(json::array({right[0]})), "slates: has 1 entries");
  where(with(nullptr), at + ": is no slate: null");
  where(with({fine[0], fine[1], fine[2]}), "has 3 items instead of 4");
  where(with({fine[0], fine[1], fine[2], fine[3], 5}), "has 5 items instead of 4");
  where(ending_in(fine[1]), "item " + fine[1].dump() + " stands there twice");
  where(ending_in(120), "there is no item 120");
  where(ending_in(-1), at + "[3]: is no item's number: -1");
  where(ending_in(3.0), "is no item's number: 3.0");
  where(ending_in(18446744073709551615U), "is no item's number");
  CHECK_THAT(shop.talk.answer("{\"command\":"), Contains("is no JSON"));
  CHECK_THAT(shop.talk.answer(""), Contains("is no JSON"));
  CHECK_THAT(shop.talk.answer("{\"command\":\"\xff\xfe\"}"), Contains("is no JSON"));
  shop_talk untouched;
  untouched.greet_and_reset(2);
  CHECK(shop.say(step_with(right)) == untouched.say(step_with(right)));
}

SCENARIO("garbage is answered, whatever it is", "[experiments][environment][fuzz]") {
  shop_talk shop;
  const auto told = shop.greet_and_reset(2);
  const auto launch_days = shop.say({{"command", "items"}})["launch_day"];
  const auto right = step_with(slates_for(told, launch_days)).dump();
  CHECK_THAT(shop.talk.answer(std::string(1'000'000, '[')),
             Contains("is nested too deeply"));
  CHECK_THAT(shop.talk.answer(std::string(300'000, '[') + std::string(300'000, ']')),
             Contains("is nested too deeply"));
  std::size_t refused = 0;
  for (std::uint32_t round = 0; round < 5000; ++round) {
    const core::draw_site site{11, core::stream::synthetic_data, round, 0};
    auto line = round % 2 == 0 ? right : std::string(core::below(site, 0, 200), ' ');
    const auto damages = round % 2 == 0 ? 1 + core::below(site, 1, 4) : line.size();
    for (std::uint32_t i = 0; i < damages; ++i) {
      const auto place = core::below(site, 2 + 2 * i, line.size());
      line[place] = static_cast<char>(core::below(site, 3 + 2 * i, 256));
    }
    const auto answer = shop.talk.answer(line);
    REQUIRE(answer.find('\n') == std::string::npos);
    const auto read = json::parse(answer);
    refused += read.contains("error") ? 1 : 0;
    if (!read.contains("error")) // another number may be as right
      shop.greet_and_reset(2);
  }
  CHECK(refused > 4000);
  shop.greet_and_reset(2);
  shop_talk untouched;
  untouched.greet_and_reset(2);
  CHECK(shop.talk.answer(right) == untouched.talk.answer(right));
}
