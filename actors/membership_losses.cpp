#include "actors/ask.hpp"
#include "actors/membership.hpp"
#include "core/clock.hpp"

#include <caf/send.hpp>

#include <algorithm>

// How a membership finds out who is lost; who takes part stands in membership.cpp.

namespace souk::actors {

using namespace messages;

namespace {

constexpr auto moment = std::chrono::milliseconds{5};

/// Who could not be reached, but seems well, may be so again at once; a step that
/// fails costs more than a slot that rests.
constexpr double quarantine_seconds_min = 15;
constexpr double quarantine_seconds_max = 300;

} // namespace

std::string membership::end_or(const member& who, const char* otherwise) {
  const auto end = children_ ? children_->end_soon_of(who.id) : std::string{};
  return end.empty() ? otherwise : end;
}

bool membership::answers(const member& who) {
  auto answer = ask_later<node_done>(system_, who.node, are_you_there{}, who.name);
  const auto deadline = core::seconds_now() + answer_timeout.count();
  while (answer.wait_for(moment) != std::future_status::ready)
    if ((children_ && !children_->end_of(who.id).empty())
        || core::seconds_now() > deadline)
      return false;
  try {
    answer.get();
    return true;
  } catch (const core::error&) {
    return false;
  }
}

void membership::drop(std::size_t index) {
  if (children_)
    children_->replace(present_[index].id);
  present_.erase(present_.begin() + static_cast<std::ptrdiff_t>(index));
}

std::vector<std::string> membership::drop_lost() {
  std::vector<std::string> losses;
  const auto drop_all = [&](const auto& how_lost) {
    for (std::size_t i = present_.size(); i-- > 1;) {
      const std::string how = how_lost(present_[i]);
      if (how.empty())
        continue;
      losses.push_back(present_[i].name + " " + how);
      drop(i);
    }
  };
  drop_all([&](const member& who) -> std::string {
    if (gone_->has(who.node))
      return end_or(who, "fell silent");
    return children_ ? children_->end_of(who.id) : std::string{};
  });
  if (losses.empty())
    drop_all([&](const member& who) {
      return answers(who) ? std::string{} : end_or(who, "does not answer");
    });
  if (const auto unreached = losses.empty() ? hard_to_reach() : std::nullopt)
    drop_all([&](const member& who) -> std::string {
      if (who.number != *unreached)
        return {};
      put_in_quarantine(who);
      return "cannot be reached by the others";
    });
  if (!losses.empty()) {
    ++generation_;
    introduce_all();
  }
  return losses;
}

std::optional<std::uint32_t> membership::hard_to_reach() {
  std::map<std::uint32_t, std::size_t> complaints;
  std::vector<std::future<unreachable_processes>> answers;
  for (const auto& who : present_)
    answers.push_back(
      ask_later<unreachable_processes>(system_, who.node, get_unreachable{}, who.name));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].wait_for(answer_timeout) != std::future_status::ready)
      continue;
    try {
      for (const auto number : answers[i].get().processes)
        // This process is never lost: then whoever cannot reach it is.
        ++complaints[number == 0 ? present_[i].number : number];
    } catch (const core::error&) {
      // Gone, which others see to.
    }
  }
  complaints.erase(0);
  const auto most =
    std::max_element(complaints.begin(), complaints.end(),
                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == complaints.end() ? std::nullopt : std::optional{most->first};
}

void membership::put_in_quarantine(const member& who) {
  caf::anon_send_exit(who.node, caf::exit_reason::user_shutdown);
  auto& rest = quarantines_[who.bulk.host];
  rest.seconds =
    std::clamp(2 * rest.seconds, quarantine_seconds_min, quarantine_seconds_max);
  rest.end = core::seconds_now() + rest.seconds;
}

bool membership::is_quarantined(const candidate& waiting) const {
  const auto found = quarantines_.find(waiting.who.bulk.host);
  return options_.nodes && found != quarantines_.end()
         && core::seconds_now() < found->second.end;
}

} // namespace souk::actors
