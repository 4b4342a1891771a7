#include "actors/membership.hpp"

#include "actors/ask.hpp"
#include "actors/control_channel.hpp"
#include "core/clock.hpp"
#include "core/log.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <thread>

// a child                      gate                        membership
//    | join_run                  |                              |
//    |-------------------------->| noted as arrived             |
//    |                           |             open_run         | (in the background)
//    |<---------------------------------------------------------|
//    | run_opened                                               |
//    |--------------------------------------------------------->| it waits
//    |               ... between two leases: admit              |
//    |             meet_processes                               |
//    |<---------------------------------------------------------| to all, generation +
//    1

namespace souk::actors {

using namespace messages;

namespace {

/// Seconds that a child may take to join.
constexpr double join_timeout_seconds = 60;

/// Children that end before they take part are not replaced for ever: each may fail so
/// often in a row.
constexpr std::uint32_t failed_starts_of_each_max = 3;

/// How long somebody who may be gone has to answer.
constexpr auto answer_timeout = std::chrono::seconds{2};

constexpr auto moment = std::chrono::milliseconds{5};

} // namespace

membership::membership(caf::actor_system& system,
                       membership_options options,
                       member here,
                       std::shared_ptr<const departures> gone)
  : system_{system}, options_{std::move(options)}, gone_{std::move(gone)} {
  present_.push_back(std::move(here));
}

void membership::gather() {
  if (options_.processes > 1) {
    entrance_ = system_.spawn(gate, arrived_);
    port_ = publish(system_, entrance_, 0, "127.0.0.1");
    for (std::uint32_t i = 1; i < options_.processes; ++i)
      start_child();
    wait_for_all();
  }
  admit();
}

membership::~membership() {
  for (std::size_t i = 1; i < present_.size(); ++i)
    caf::anon_send_exit(present_[i].node, caf::exit_reason::user_shutdown);
  for (const auto& waiting : candidates_)
    caf::anon_send_exit(waiting.who.node, caf::exit_reason::user_shutdown);
  if (entrance_)
    caf::anon_send_exit(entrance_, caf::exit_reason::user_shutdown);
}

void membership::start_child() {
  children_.emplace_back(
    std::vector<std::string>{this_program(), "node", "--join", std::to_string(port_),
                             "--certificates", options_.certificates});
}

void membership::wait_for_all() {
  const auto deadline = core::seconds_now() + join_timeout_seconds;
  const auto all_wait = [&] {
    somebody_waits();
    return candidates_.size() == children_.size()
           && std::all_of(candidates_.begin(), candidates_.end(),
                          [](const candidate& x) { return x.is_ready; });
  };
  while (!all_wait()) {
    if (children_.size() + 1 < options_.processes)
      throw core::error{"processes of the run end before they take part",
                        "cluster.processes", "see the messages above"};
    if (candidates_.size() < children_.size() && core::seconds_now() > deadline)
      throw core::error{"a process of the run did not join within a minute",
                        "cluster.processes", "use fewer processes on this machine"};
    std::this_thread::sleep_for(moment);
  }
}

std::string membership::end_of(const member& who) {
  for (auto& child : children_)
    if (child.id() == who.id)
      return child.end();
  return {};
}

std::string membership::end_or(const member& who, const char* otherwise) {
  // A connection breaks a moment before the kernel reports the death.
  for (int i = 0; i < 40 && end_of(who).empty(); ++i)
    std::this_thread::sleep_for(moment);
  const auto end = end_of(who);
  return end.empty() ? otherwise : end;
}

bool membership::answers(const member& who) {
  auto answer = ask_later<node_done>(system_, who.node, are_you_there{}, who.name);
  const auto deadline = core::seconds_now() + answer_timeout.count();
  while (answer.wait_for(moment) != std::future_status::ready)
    if (!end_of(who).empty() || core::seconds_now() > deadline)
      return false;
  try {
    answer.get();
    return true;
  } catch (const core::error&) {
    return false;
  }
}

void membership::check() {
  // Whoever was killed comes first: the others may have ended because of it.
  for (const auto* how : {"was killed", ""})
    for (const auto& who : present_)
      if (const auto end = end_of(who); !end.empty() && end.find(how) == 0)
        throw core::error{who.name + " " + end, "", ""};
  for (const auto& who : present_)
    if (gone_->has(who.node))
      throw core::error{who.name + " is silent", "", ""};
}

void membership::end_for_good(const member& who) {
  children_.remove_if([&](child_process& child) {
    if (child.id() == who.id)
      child.kill();
    return child.id() == who.id;
  });
}

std::vector<std::string> membership::drop_lost() {
  std::vector<std::string> losses;
  const auto drop = [&](const auto& how_lost) {
    for (std::size_t i = 1; i < present_.size();) {
      const std::string how = how_lost(present_[i]);
      if (how.empty()) {
        ++i;
        continue;
      }
      losses.push_back(present_[i].name + " " + how);
      end_for_good(present_[i]);
      present_.erase(present_.begin() + static_cast<std::ptrdiff_t>(i));
      if (failed_starts_ < failed_starts_of_each_max * options_.processes)
        start_child();
    }
  };
  drop([&](const member& who) {
    return gone_->has(who.node) ? end_or(who, "fell silent") : end_of(who);
  });
  if (losses.empty())
    drop([&](const member& who) {
      return answers(who) ? std::string{} : end_or(who, "does not answer");
    });
  if (!losses.empty()) {
    ++generation_;
    introduce_all();
  }
  return losses;
}

bool membership::somebody_waits() {
  see_to_children_that_failed();
  see_to_arrivals();
  auto somebody = false;
  for (auto waiting = candidates_.begin(); waiting != candidates_.end();) {
    try {
      if (!waiting->is_ready
          && waiting->opened.wait_for(std::chrono::seconds{0})
               == std::future_status::ready)
        accept(*waiting);
    } catch (const core::error& broken) {
      // At the start everybody must come, and what cannot take part once never can.
      if (generation_ == 0 && broken.whom() == core::blame::request)
        throw;
      core::log::warning(broken.what());
      end_for_good(waiting->who);
      waiting = candidates_.erase(waiting);
      replace_child_that_failed();
      continue;
    }
    somebody = somebody || waiting->is_ready;
    ++waiting;
  }
  return somebody;
}

void membership::accept(candidate& waiting) {
  const auto opened = waiting.opened.get();
  const auto differs = core::difference(options_.platform, opened.platform);
  if (!differs.empty())
    throw core::error::request("its numeric platform differs (" + differs + ")",
                               waiting.who.name,
                               "a cluster needs one platform: set math.isa");
  waiting.is_ready = true;
  failed_starts_ = 0;
}

void membership::see_to_children_that_failed() {
  const auto is_known = [&](const child_process& child) {
    return std::any_of(present_.begin(), present_.end(),
                       [&](const member& who) { return who.id == child.id(); });
  };
  for (auto child = children_.begin(); child != children_.end();) {
    if (is_known(*child) || child->end().empty()) {
      ++child;
      continue;
    }
    core::log::warning("a process of the run (" + std::to_string(child->id()) + ") "
                       + child->end() + " before it took part");
    candidates_.remove_if(
      [&](const candidate& waiting) { return waiting.who.id == child->id(); });
    child = children_.erase(child);
    replace_child_that_failed();
  }
}

void membership::replace_child_that_failed() {
  if (++failed_starts_ < failed_starts_of_each_max * options_.processes)
    start_child();
}

void membership::see_to_arrivals() {
  const auto all = arrived_->all();
  for (; num_arrivals_seen_ < all.size(); ++num_arrivals_seen_) {
    const auto& arrival = all[num_arrivals_seen_];
    candidate joining;
    joining.who = {next_number_++, static_cast<pid_t>(arrival.process_id),
                   "process " + std::to_string(next_number_ - 1) + " (pid "
                     + std::to_string(arrival.process_id) + ")",
                   arrival.node, arrival.bulk};
    joining.opened = ask_later<run_opened>(
      system_, joining.who.node,
      open_run{joining.who.number, options_.run.configuration, options_.run.directory},
      joining.who.name);
    candidates_.push_back(std::move(joining));
  }
}

void membership::admit() {
  for (auto waiting = candidates_.begin(); waiting != candidates_.end();) {
    if (!waiting->is_ready) {
      ++waiting;
      continue;
    }
    if (generation_ > 0)
      core::log::info(waiting->who.name + " takes part");
    present_.push_back(waiting->who);
    waiting = candidates_.erase(waiting);
  }
  ++generation_;
  introduce_all();
}

void membership::introduce_all() {
  meet_processes all;
  for (const auto& who : present_) {
    all.bulk.resize(std::max<std::size_t>(all.bulk.size(), who.number + 1));
    all.bulk[who.number] = who.bulk;
  }
  std::vector<std::future<node_done>> answers;
  for (const auto& who : present_)
    answers.push_back(ask_later<node_done>(system_, who.node, all, who.name));
  for (auto& answer : answers)
    // Whoever is gone by now will be missed soon enough.
    answer.wait_for(answer_timeout);
}

} // namespace souk::actors
