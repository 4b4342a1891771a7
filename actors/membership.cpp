#include "actors/membership.hpp"

#include "actors/ask.hpp"
#include "actors/control_channel.hpp"
#include "core/clock.hpp"
#include "core/log.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <thread>

// a process                    gate                        membership
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

/// Seconds between two lines that say which nodes are still awaited.
constexpr double reminder_seconds = 30;

constexpr auto moment = std::chrono::milliseconds{5};

std::vector<std::string> addresses_of(const std::optional<node_cluster>& nodes) {
  std::vector<std::string> addresses;
  if (nodes)
    for (const auto& node : nodes->nodes)
      addresses.push_back(node.address);
  return addresses;
}

} // namespace

membership::membership(caf::actor_system& system,
                       membership_options options,
                       member here,
                       std::shared_ptr<const departures> gone)
  : system_{system}, options_{std::move(options)}, gone_{std::move(gone)} {
  present_.push_back(std::move(here));
}

membership::~membership() {
  for (std::size_t i = 1; i < present_.size(); ++i)
    caf::anon_send_exit(present_[i].node, caf::exit_reason::user_shutdown);
  for (const auto& waiting : candidates_)
    caf::anon_send_exit(waiting.who.node, caf::exit_reason::user_shutdown);
  if (entrance_)
    caf::anon_send_exit(entrance_, caf::exit_reason::user_shutdown);
}

std::size_t membership::num_awaited() const {
  return options_.nodes ? options_.nodes->begin_with : options_.processes - 1;
}

std::size_t membership::num_ready() const {
  return static_cast<std::size_t>(
    std::count_if(candidates_.begin(), candidates_.end(),
                  [](const candidate& waiting) { return waiting.is_ready; }));
}

void membership::gather(const std::function<void()>& meanwhile) {
  if (num_awaited() > 0)
    open_entrance();
  // Who is ready may be gone again when it is let in.
  do {
    wait_for_all(meanwhile);
    admit();
  } while (present_.size() - 1 < num_awaited());
  generation_ = 1;
}

void membership::open_entrance() {
  entrance_ = system_.spawn(gate, arrived_, addresses_of(options_.nodes));
  const auto at =
    options_.nodes ? options_.nodes->listen : core::network_address{"127.0.0.1", 0};
  const auto port = publish(system_, entrance_, at.port, at.host);
  if (options_.nodes)
    return say_who_is_awaited();
  children_.emplace(
    std::vector<std::string>{this_program(), "node", "--join",
                             to_string(core::network_address{at.host, port}),
                             "--certificates", options_.certificates, "--as", "child"},
    options_.processes - 1);
  children_->start();
}

void membership::say_who_is_awaited() const {
  std::string awaited;
  for (const auto& node : options_.nodes->nodes) {
    const auto is_here = [&](const member& who) {
      return who.number > 0 && who.bulk.host == node.address;
    };
    const auto here =
      std::count_if(present_.begin(), present_.end(), is_here)
      + std::count_if(candidates_.begin(), candidates_.end(),
                      [&](const candidate& x) { return x.is_ready && is_here(x.who); });
    awaited += (awaited.empty() ? "" : ", ") + node.address + ' ' + std::to_string(here)
               + " of " + std::to_string(node.slots);
  }
  core::log::info("waiting for nodes at " + to_string(options_.nodes->listen) + ", "
                  + std::to_string(num_awaited()) + " slots to begin with (" + awaited
                  + ")");
}

void membership::wait_for_all(const std::function<void()>& meanwhile) {
  const auto since = core::seconds_now();
  auto said = since;
  for (;;) {
    somebody_waits();
    if (num_ready() + present_.size() > num_awaited())
      return;
    if (children_)
      check_start(since);
    else if (core::seconds_now() - said > reminder_seconds) {
      said = core::seconds_now();
      say_who_is_awaited();
    }
    meanwhile();
    std::this_thread::sleep_for(moment);
  }
}

void membership::check_start(double since) const {
  if (children_->gave_up())
    throw core::error{"processes of the run end before they take part",
                      "cluster.processes", "see the messages above"};
  if (candidates_.size() + present_.size() <= num_awaited()
      && core::seconds_now() - since > join_timeout_seconds)
    throw core::error{"a process of the run did not join within a minute",
                      "cluster.processes", "use fewer processes on this machine"};
}

void membership::check() {
  // Whoever was killed comes first: the others may have ended because of it.
  for (const auto* how : {"was killed", ""})
    for (const auto& who : present_)
      if (const auto end = children_ ? children_->end_of(who.id) : std::string{};
          !end.empty() && end.find(how) == 0)
        throw core::error{who.name + " " + end, "", ""};
  for (const auto& who : present_)
    if (gone_->has(who.node))
      throw core::error{who.name + " is silent", "", ""};
}

bool membership::somebody_waits() {
  see_to_children_that_failed();
  see_to_arrivals();
  for (auto waiting = candidates_.begin(); waiting != candidates_.end();) {
    try {
      if (!waiting->is_ready
          && waiting->opened.wait_for(std::chrono::seconds{0})
               == std::future_status::ready)
        accept(*waiting);
      ++waiting;
    } catch (const core::error& broken) {
      // What cannot take part once never can, and at the start everybody must come.
      const auto for_good = broken.whom() == core::blame::request;
      if (for_good)
        turn_away(waiting->who, broken.what());
      if (for_good && generation_ == 0)
        throw;
      core::log::warning(broken.what());
      // A full disk, a fetch that stalled: another process of that node may do better.
      caf::anon_send_exit(waiting->who.node, caf::exit_reason::kill);
      if (children_)
        children_->replace_failed(waiting->who.id);
      waiting = candidates_.erase(waiting);
    }
  }
  return std::any_of(candidates_.begin(), candidates_.end(),
                     [&](const candidate& waiting) {
                       return waiting.is_ready && !is_quarantined(waiting);
                     });
}

void membership::turn_away(const member& who, const std::string& reason) {
  ask_later<node_done>(system_, who.node, messages::turn_away{reason}, who.name)
    .wait_for(answer_timeout);
}

void membership::accept(candidate& waiting) {
  const auto opened = waiting.opened.get();
  const auto differs = core::difference(options_.platform, opened.platform);
  if (!differs.empty())
    throw core::error::request("its numeric platform differs (" + differs + ")",
                               waiting.who.name,
                               "a cluster needs one platform: set math.isa");
  waiting.is_ready = true;
  if (children_)
    children_->note_success();
}

void membership::see_to_children_that_failed() {
  if (!children_)
    return;
  std::vector<pid_t> known;
  for (const auto& who : present_)
    known.push_back(who.id);
  for (const auto id : children_->ended_besides(known)) {
    core::log::warning("a process of the run (" + std::to_string(id) + ") "
                       + children_->end_of(id) + " before it took part");
    candidates_.remove_if(
      [&](const candidate& waiting) { return waiting.who.id == id; });
    children_->replace_failed(id);
  }
}

void membership::see_to_arrivals() {
  for (const auto& arrival : arrived_->take())
    welcome(arrival);
}

void membership::welcome(const join_run& arrival) {
  candidate joining;
  auto& who = joining.who;
  who.number = next_number_++;
  who.id = static_cast<pid_t>(arrival.process_id);
  who.name = "process " + std::to_string(who.number) + " ("
             + (options_.nodes ? arrival.bulk.host + ", " : std::string{}) + "pid "
             + std::to_string(arrival.process_id) + ")";
  who.node = arrival.node;
  who.bulk = arrival.bulk;
  open_run opening{who.number,
                   options_.run.configuration,
                   options_.run.directory,
                   {},
                   present_.front().bulk};
  // Those on other machines do not see the run's directory.
  if (options_.nodes) {
    opening.directory.clear();
    opening.cabinet = options_.cabinet;
  }
  joining.opened = ask_later<run_opened>(system_, who.node, opening, who.name);
  if (options_.nodes)
    core::log::info(who.name + " has joined");
  candidates_.push_back(std::move(joining));
}

void membership::admit() {
  for (auto waiting = candidates_.begin(); waiting != candidates_.end();) {
    if (!waiting->is_ready || is_quarantined(*waiting)) {
      ++waiting;
      continue;
    }
    if (answers(waiting->who)) {
      if (generation_ > 0)
        core::log::info(waiting->who.name + " takes part");
      present_.push_back(waiting->who);
    } else {
      core::log::warning(waiting->who.name + " "
                         + end_or(waiting->who, "does not answer")
                         + " before it took part");
      if (children_)
        children_->replace_failed(waiting->who.id);
    }
    waiting = candidates_.erase(waiting);
  }
  if (generation_ > 0)
    ++generation_;
  introduce_all();
}

void membership::introduce_all() {
  meet_processes all;
  for (const auto& who : present_) {
    all.bulk.resize(std::max<std::size_t>(all.bulk.size(), who.number + 1));
    all.bulk[who.number] = who.bulk;
    if (!options_.shared_memory) // nobody learns how to ask for it
      all.bulk[who.number].local.clear();
  }
  std::vector<std::future<node_done>> answers;
  for (const auto& who : present_)
    answers.push_back(ask_later<node_done>(system_, who.node, all, who.name));
  for (auto& answer : answers)
    // Whoever is gone by now will be missed soon enough.
    answer.wait_for(answer_timeout);
}

} // namespace souk::actors
