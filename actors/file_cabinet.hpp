#pragma once

#include "actors/bulk/exchange.hpp"
#include "actors/messages/types.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <string>

namespace souk::actors {

/// A run's directory, as far as others may see it.
struct file_cabinet_state {
  static constexpr const char* name = "file_cabinet";

  /// Tickets of files carry this instead of a training's number.
  static constexpr std::uint64_t run = ~std::uint64_t{0};

  std::string directory;
  std::shared_ptr<bulk::exchange> exchange;
  std::map<std::string, messages::file_opened> opened; ///< by entry
  std::uint32_t next_number = 0;

  /// Offers a file of HDF5 with a hash beside it; nothing else leaves the directory.
  /// Throws `core::error`.
  messages::file_opened open(const std::string& entry);
};

/// Lends files to the nodes of a run: there is one, in the coordinator's process.
messages::file_cabinet_actor::behavior_type
file_cabinet(messages::file_cabinet_actor::stateful_pointer<file_cabinet_state> self,
             std::string directory,
             std::shared_ptr<bulk::exchange> exchange);

} // namespace souk::actors
