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
  if (const auto unreached = losses.empty() ? hard_to_reach() : std::nullopt) {
    if (options_.nodes)
      put_in_quarantine(unreached->bulk.host);
    drop_all([&](const member& who) -> std::string {
      // A cable is a machine's: with nodes all of its slots go.
      if (options_.nodes ? who.bulk.host != unreached->bulk.host
                         : who.number != unreached->number)
        return {};
      caf::anon_send_exit(who.node, caf::exit_reason::user_shutdown);
      return "cannot be reached by the others";
    });
  }
  if (!losses.empty()) {
    ++generation_;
    introduce_all();
  }
  return losses;
}

std::optional<member> membership::hard_to_reach() {
  std::vector<std::size_t> complaints(present_.size());
  std::vector<std::future<unreachable_processes>> answers;
  for (const auto& who : present_)
    answers.push_back(
      ask_later<unreachable_processes>(system_, who.node, get_unreachable{}, who.name));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].wait_for(answer_timeout) != std::future_status::ready)
      continue;
    try {
      for (const auto number : answers[i].get().processes)
        for (std::size_t whose = 0; whose < present_.size(); ++whose)
          if (present_[whose].number == number)
            // This process is never lost: then whoever cannot reach it is.
            ++complaints[whose == 0 ? i : whose];
    } catch (const core::error&) {
      // Gone, which others see to.
    }
  }
  complaints[0] = 0;
  const auto most = std::max_element(complaints.begin(), complaints.end());
  if (*most == 0)
    return std::nullopt;
  return present_[static_cast<std::size_t>(most - complaints.begin())];
}

void membership::put_in_quarantine(const std::string& host) {
  auto& rest = quarantines_[host];
  rest.seconds =
    std::clamp(2 * rest.seconds, quarantine_seconds_min, quarantine_seconds_max);
  rest.end = core::seconds_now() + rest.seconds;
}

bool membership::is_quarantined(const candidate& waiting) const {
  const auto found = quarantines_.find(waiting.who.bulk.host);
  return found != quarantines_.end() && core::seconds_now() < found->second.end;
}

} // namespace souk::actors
