#include "experiments/environment/conversation.hpp"

#include "core/error.hpp"
#include "experiments/config/position.hpp"
#include "experiments/config/suggestion.hpp"
#include "experiments/environment/answer_text.hpp"
#include "experiments/environment/environment_flags.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <new>

namespace souk::experiments {

namespace {

using json = nlohmann::json;

/// Replicate worlds are below it; the shop that models train on is none of them.
constexpr std::uint32_t num_worlds = 0xFFFFFFFF;

std::string shown(const json& value) {
  return one_line(value.dump(-1, ' ', false, json::error_handler_t::replace), 60);
}

/// Reads a line. What is nested more deeply than a step's slates is refused while it is
/// read: a tree of a million brackets would be taken apart by as many nested calls.
json parsed(const std::string& line) {
  constexpr int deepest = 3;
  return json::parse(line, [](int depth, json::parse_event_t, json&) {
    if (depth > deepest)
      throw core::error::request("is nested too deeply", "request",
                                 "send one object on a line");
    return true;
  });
}

/// Refuses keys that nobody reads, which would be misspelt ones.
void expect_keys(const json& request, const std::vector<std::string>& known) {
  for (const auto& [key, value] : request.items())
    if (key != "command" && std::find(known.begin(), known.end(), key) == known.end())
      throw core::error::request("unknown key \"" + one_line(key, 60) + '"', "request",
                                 known.empty() ? "leave it out"
                                               : suggestion(key, known));
}

core::item_id item_of(const json& value, std::size_t slot, std::size_t position) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() >= core::no_item)
    throw core::error::request("is no item's number: " + shown(value),
                               "slates[" + std::to_string(slot) + "]["
                                 + std::to_string(position) + "]",
                               "write whole numbers from 0");
  return value.get<core::item_id>();
}

std::vector<core::item_id> slate_of(const json& slate, std::size_t slot) {
  if (!slate.is_array())
    throw core::error::request("is no slate: " + shown(slate),
                               "slates[" + std::to_string(slot) + "]",
                               "this user waits: give a list of items' numbers");
  std::vector<core::item_id> items;
  for (std::size_t j = 0; j < slate.size(); ++j)
    items.push_back(item_of(slate[j], slot, j));
  return items;
}

/// Reads a slate for each row of a demand from a list with an entry per slot.
std::vector<std::vector<core::item_id>> slates_of(const json& all,
                                                  const sim::episode& played) {
  if (!all.is_array() || all.size() != played.num_slots())
    throw core::error::request(
      all.is_array() ? "has " + std::to_string(all.size()) + " entries"
                     : "is no list: " + shown(all),
      "slates",
      "give " + std::to_string(played.num_slots())
        + ", one per user: a slate, or null where nobody waits");
  const auto& users = played.demand().users;
  std::vector<std::size_t> row_of(played.num_slots(), users.size());
  for (std::size_t row = 0; row < users.size(); ++row)
    row_of[users[row]] = row;
  std::vector<std::vector<core::item_id>> slates(users.size());
  for (std::size_t slot = 0; slot < all.size(); ++slot) {
    if (row_of[slot] < users.size())
      slates[row_of[slot]] = slate_of(all[slot], slot);
    else if (!all[slot].is_null())
      throw core::error::request("nobody waits there",
                                 "slates[" + std::to_string(slot) + "]",
                                 "write null where info.waiting is false");
  }
  return slates;
}

std::uint32_t seed_of(const json& request, std::uint32_t otherwise) {
  const auto seed = request.find("seed");
  if (seed == request.end() || seed->is_null())
    return otherwise;
  if (!seed->is_number_unsigned() || seed->get<std::uint64_t>() >= num_worlds)
    throw core::error::request("is no seed: " + shown(*seed), "seed",
                               "write a whole number from 0 to "
                                 + std::to_string(num_worlds - 1));
  return seed->get<std::uint32_t>();
}

} // namespace

conversation::conversation(const environment_options& options,
                           const world_factory& make_world)
  : options_{options}, make_world_{make_world}, next_world_{options.first_world} {
  // nop
}

std::size_t conversation::longest_line(const sim::simulation_options& shop) {
  constexpr std::size_t for_words = 64 * 1024;
  constexpr std::size_t per_item = 24; // digits, a comma, and how people indent
  return for_words
         + per_item * shop.population.users * (std::size_t{shop.slate_size} + 1);
}

std::string conversation::answer(const std::string& line) {
  try {
    return answer_to(parsed(line));
  } catch (const json::parse_error& broken) {
    return error_answer("request: is no JSON from byte " + std::to_string(broken.byte)
                        + " on; send one object on a line");
  } catch (const core::error& wrong) {
    return error_answer(wrong.what());
  } catch (const std::bad_alloc&) {
    return error_answer("out of memory; use fewer users or a smaller catalogue");
  }
}

std::string conversation::answer_to(const json& request) {
  if (!request.is_object())
    throw core::error::request("is no object: " + shown(request), "request",
                               R"(send {"command": "hello", "version": 1})");
  const auto command = request.find("command");
  if (command == request.end() || !command->is_string())
    throw core::error::request("names no command", "request",
                               R"(send {"command": "hello", "version": 1})");
  const auto& word = command->get_ref<const std::string&>();
  if (word == "hello")
    return hello(request);
  const std::vector<std::string> known{"hello", "reset", "step", "items", "close"};
  if (std::find(known.begin(), known.end(), word) == known.end())
    throw core::error::request("unknown command \"" + one_line(word, 60) + '"',
                               "command", suggestion(word, known));
  if (!has_greeted_)
    throw core::error::request("nobody has said hello", "command",
                               R"(send {"command": "hello", "version": 1} first)");
  if (word == "reset")
    return reset(request);
  if (word == "step")
    return step(request);
  expect_keys(request, {});
  return word == "items" ? items() : close();
}

std::string conversation::hello(const json& request) {
  expect_keys(request, {"version"});
  const auto spoken = request.find("version");
  if (spoken == request.end() || *spoken != version)
    throw core::error::request(
      "is not spoken here: " + (spoken == request.end() ? "none" : shown(*spoken)),
      "version",
      "speak " + std::to_string(version) + ", as this souk's own client does");
  has_greeted_ = true;
  const json told{{"protocol", "souk environment"},
                  {"version", version},
                  {"name", options_.name},
                  {"users", options_.shop.population.users},
                  {"slate_size", options_.shop.slate_size},
                  {"days", options_.shop.days},
                  {"reward", to_string(options_.episode.reward)},
                  {"tick", options_.episode.tick},
                  {"reveal_truth", options_.reveal_truth}};
  return told.dump();
}

std::string conversation::reset(const json& request) {
  expect_keys(request, {"seed"});
  const auto world = seed_of(request, next_world_);
  auto fresh = std::make_unique<sim::episode>(make_world_(world), options_.episode);
  episode_ = std::move(fresh);
  world_ = world;
  next_world_ = (world + 1) % num_worlds;
  return reset_answer(*episode_, world_, options_.reveal_truth);
}

sim::episode& conversation::running() const {
  if (!episode_)
    throw core::error::request("there is no episode yet", "command", "reset first");
  return *episode_;
}

std::string conversation::step(const json& request) {
  expect_keys(request, {"slates"});
  auto& played = running();
  if (played.is_over())
    throw core::error::request("the episode is over: nobody will come any more",
                               "command", "reset, for another world");
  const auto slates = request.find("slates");
  if (slates == request.end())
    throw core::error::request(
      "are missing", "slates",
      "give one per user: a slate, or null where nobody waits");
  const auto shown_slates = slates_of(*slates, played);
  std::optional<slate_values> values;
  if (options_.reveal_truth) {
    played.check(shown_slates);
    values = values_of(played, shown_slates);
  }
  const auto told = played.step(shown_slates);
  return step_answer(played, world_, told, values);
}

std::string conversation::items() const {
  return items_answer(running().market());
}

std::string conversation::close() {
  is_over_ = true;
  return json{{"closed", true}}.dump();
}

std::string error_answer(const std::string& what) {
  return json{{"error", what}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace souk::experiments
