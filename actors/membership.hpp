#pragma once

#include "actors/child_process.hpp"
#include "actors/cluster.hpp"
#include "actors/gate.hpp"
#include "actors/supervisor.hpp"
#include "core/platform.hpp"

#include <caf/actor_system.hpp>

#include <cstdint>
#include <future>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace souk::actors {

/// A process that takes part in a run.
struct member {
  std::uint32_t number = 0; ///< tickets name it by this; no other process ever gets it
  pid_t id = 0;
  std::string name; ///< "process 1 (pid 4711)", for messages
  messages::node_actor node;
  core::bulk_address bulk; ///< where its tensors are fetched
};

/// What the processes of a run need to be started and let in.
struct membership_options {
  std::uint32_t processes = 1;
  run_description run;
  std::string certificates; ///< folder that holds the run's
  core::numeric_platform platform;
};

/// The processes of a run: this one, which is never lost, and its children.
///
/// A child that ended, or whose connection broke because it was silent for too long, is
/// ended for good and dropped, and another one is started in its place. That one joins
/// and opens the run on its own; it takes part when it is admitted. Every change gives
/// the membership a new generation: what an older one offers is not heard.
///
/// Used by one thread, the one that lives as long as the run: the kernel ends children
/// together with the thread that started them.
class membership {
public:
  /// `here` has this process's actors.
  membership(caf::actor_system& system,
             membership_options options,
             member here,
             std::shared_ptr<const departures> gone);
  membership(const membership&) = delete;
  membership& operator=(const membership&) = delete;
  ~membership();

  /// Starts the children and waits until all are in. Throws `core::error` if one does
  /// not come up or differs in its numeric platform.
  void gather();

  /// Those who take part, this process first.
  const std::vector<member>& present() const {
    return present_;
  }

  /// Whose turn it is: roles are spread over the processes by their index.
  const member& in_turn(std::size_t index) const {
    return present_[index % present_.size()];
  }

  std::uint32_t generation() const {
    return generation_;
  }

  /// Throws `core::error` if somebody who takes part is gone.
  void check();

  /// Drops everybody who is gone, or does not answer, and starts others in their place.
  /// Says how each of them ended.
  std::vector<std::string> drop_lost();

  /// Whether somebody waits to be admitted. Also sees to those who arrive.
  bool somebody_waits();

  /// Lets in everybody who waits, and tells all of all.
  void admit();

private:
  /// A process that has joined and opens the run.
  struct candidate {
    member who;
    std::future<messages::run_opened> opened;
    bool is_ready = false;
  };

  void start_child();
  void wait_for_all();
  void replace_child_that_failed();
  void accept(candidate& waiting);
  void see_to_children_that_failed();
  void see_to_arrivals();
  std::string end_of(const member& who);
  std::string end_or(const member& who, const char* otherwise);
  bool answers(const member& who);
  void end_for_good(const member& who);
  void introduce_all();

  caf::actor_system& system_;
  membership_options options_;
  std::shared_ptr<const departures> gone_;
  std::shared_ptr<arrivals> arrived_ = std::make_shared<arrivals>();
  messages::gate_actor entrance_;
  std::uint16_t port_ = 0;

  std::list<child_process> children_;
  std::vector<member> present_;
  std::list<candidate> candidates_;
  std::size_t num_arrivals_seen_ = 0;
  std::uint32_t next_number_ = 1;
  std::uint32_t generation_ = 0;
  std::uint32_t failed_starts_ = 0; ///< in a row
};

} // namespace souk::actors
