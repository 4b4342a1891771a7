#pragma once

#include "actors/messages/types.hpp"
#include "actors/options.hpp"
#include "actors/run_board.hpp"
#include "actors/system_config.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <optional>
#include <string>

namespace souk::actors {

/// Reads a run's board to whoever asks.
messages::status_actor::behavior_type
status_teller(messages::status_actor::pointer self,
              std::shared_ptr<const run_board> board);

/// A port where a run can be asked for its status, behind mutual TLS.
///
/// It has an actor system of its own: CAF tells all nodes of a system when one of them
/// leaves it, and the processes of a run took themselves for abandoned when somebody
/// who had asked went away.
class status_door {
public:
  /// Opens it. Throws `core::error` where nobody can listen, or not with these
  /// credentials.
  status_door(std::shared_ptr<const run_board> board,
              const bulk::credentials& mine,
              const core::network_address& at);
  status_door(const status_door&) = delete;
  status_door& operator=(const status_door&) = delete;
  ~status_door();

  std::uint16_t port() const {
    return port_;
  }

private:
  system_config config_;
  caf::actor_system system_;
  messages::status_actor teller_;
  std::uint16_t port_ = 0;
};

/// The doors of a run: on the loopback interface, where a file in the run's folder says
/// which port it is as long as it is open (`status_address_in`), and in a cluster of
/// nodes also two ports above the one where nodes join. A run that cannot be asked is
/// none the worse: that is only said.
class status_doors {
public:
  /// `run_certificates` is the folder of the run's; where it has none (empty) they are
  /// made in the run's folder.
  status_doors(const std::shared_ptr<const run_board>& board,
               const std::string& run_directory,
               std::string run_certificates,
               const std::optional<node_cluster>& nodes);
  status_doors(const status_doors&) = delete;
  status_doors& operator=(const status_doors&) = delete;
  ~status_doors();

private:
  void open_here(const std::shared_ptr<const run_board>& board,
                 const std::string& run_directory,
                 std::string run_certificates);

  std::unique_ptr<status_door> here_;
  std::unique_ptr<status_door> outside_;
  std::string file_;             ///< empty: not written
  std::string own_certificates_; ///< folder, if it was made here
};

} // namespace souk::actors
