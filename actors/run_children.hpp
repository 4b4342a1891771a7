#pragma once

#include "actors/child_process.hpp"

#include <cstdint>
#include <list>
#include <string>
#include <vector>

namespace souk::actors {

/// The processes that a run starts on its own machine, and starts again when they are
/// lost.
///
/// Used by one thread, the one that lives as long as the run: the kernel ends children
/// together with the thread that started them.
class run_children {
public:
  /// `command` starts one; so many are to run.
  run_children(std::vector<std::string> command, std::uint32_t wanted);

  /// Starts them all.
  void start();

  /// Says how a child ended, or nothing while it runs or if it is nobody's child.
  std::string end_of(pid_t id);

  /// Says how it ended; waits a moment for that, because a connection breaks before the
  /// kernel reports a death.
  std::string end_soon_of(pid_t id);

  /// Ends a child for good and starts another one in its place.
  void replace(pid_t id);

  /// Starts another one in place of a child that ended, or could not take part, before
  /// it ever did. Not for ever: see `gave_up`.
  void replace_failed(pid_t id);

  /// Children that ended, besides these, where one that stays stopped is ended.
  std::vector<pid_t> ended_besides(const std::vector<pid_t>& known);

  /// Whether too many in a row failed before they took part: fewer than wanted run.
  bool gave_up() const {
    return children_.size() < wanted_;
  }

  /// One of them takes part: failures before it are forgotten.
  void note_success() {
    failed_starts_ = 0;
  }

private:
  void start_one();
  void remove(pid_t id);

  std::vector<std::string> command_;
  std::size_t wanted_ = 0;
  std::list<child_process> children_;
  std::uint32_t failed_starts_ = 0; ///< in a row
};

} // namespace souk::actors
