#pragma once

#include "actors/cluster.hpp"
#include "actors/gate.hpp"
#include "actors/run_children.hpp"
#include "actors/supervisor.hpp"
#include "core/platform.hpp"

#include <caf/actor_system.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace souk::actors {

/// A process that takes part in a run.
struct member {
  std::uint32_t number = 0; ///< tickets name it by this; no other process ever gets it
  pid_t id = 0;             ///< on its machine
  std::string name;         ///< "process 1 (pid 4711)", for messages
  messages::node_actor node;
  core::bulk_address bulk; ///< where its tensors are fetched
};

/// What the processes of a run need to be started and let in.
struct membership_options {
  std::uint32_t processes = 1;       ///< of this machine, this one included
  std::optional<node_cluster> nodes; ///< instead of further processes of this machine
  run_description run;
  std::string certificates; ///< folder that holds the run's
  core::numeric_platform platform;
  messages::file_cabinet_actor
    cabinet;                 ///< for those who do not see the run's directory
  bool shared_memory = true; ///< may be used between processes of a machine
};

/// The processes of a run: this one, which is never lost, and its children, or slots of
/// the nodes of a cluster.
///
/// Whoever ended, or whose connection broke because it was silent for too long, is
/// dropped; a child is ended for good and another one started in its place, a node
/// starts its slots again by itself. Either way somebody joins and opens the run on its
/// own; it takes part when it is admitted. Every change gives the membership a new
/// generation: what an older one offers is not heard.
///
/// Used by one thread, see `run_children`.
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

  /// Starts the children, or waits for nodes as long as it takes, until all are in;
  /// `meanwhile` is called all the time and may throw. Throws `core::error` if one does
  /// not come up or differs in its numeric platform.
  void gather(const std::function<void()>& meanwhile);

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

  /// Drops everybody who is gone; if nobody is, whoever does not answer; if all do,
  /// whoever others could not fetch tensors from. Says how each of them ended.
  std::vector<std::string> drop_lost();

  /// Whether somebody waits to be admitted. Also sees to those who arrive.
  bool somebody_waits();

  /// Lets in everybody who waits and is still there, and tells all of all.
  void admit();

private:
  /// How long somebody who may be gone has to answer.
  static constexpr std::chrono::seconds answer_timeout{2};

  /// A process that has joined and opens the run.
  struct candidate {
    member who;
    std::future<messages::run_opened> opened;
    bool is_ready = false;
  };

  /// How long somebody whom others could not reach is not let in again.
  struct quarantine {
    double seconds = 0;
    double end = 0; ///< time when it ends
  };

  void open_entrance();
  std::size_t num_awaited() const;
  std::size_t num_ready() const;
  void wait_for_all(const std::function<void()>& meanwhile);
  void say_who_is_awaited() const;
  void check_start(double since) const;
  void welcome(const messages::join_run& arrival);
  void accept(candidate& waiting);
  void see_to_children_that_failed();
  void see_to_arrivals();
  void turn_away(const member& who, const std::string& reason);
  void drop(std::size_t index);
  std::optional<member> hard_to_reach();
  void put_in_quarantine(const std::string& host);
  bool is_quarantined(const candidate& waiting) const;
  std::string end_or(const member& who, const char* otherwise);
  bool answers(const member& who);
  void introduce_all();

  caf::actor_system& system_;
  membership_options options_;
  std::shared_ptr<const departures> gone_;
  std::shared_ptr<arrivals> arrived_ = std::make_shared<arrivals>();
  messages::gate_actor entrance_;
  std::optional<run_children> children_; ///< not with nodes
  std::vector<member> present_;
  std::list<candidate> candidates_;
  std::map<std::string, quarantine> quarantines_; ///< by host, of nodes
  std::uint32_t next_number_ = 1;
  std::uint32_t generation_ = 0;
};

} // namespace souk::actors
