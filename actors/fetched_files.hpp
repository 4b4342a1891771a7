#pragma once

#include "actors/messages/types.hpp"
#include "actors/process_services.hpp"
#include "actors/run_files.hpp"

#include <caf/actor_system.hpp>

#include <string>

namespace souk::actors {

/// Of a process on another machine: fetches what it needs from the coordinator's
/// process and keeps it in a folder of its own, named by hash, for the next run that
/// wants the same. Safe beside other processes that use the same folder.
///
/// `find` waits for messages, so it must not be called by an actor that shares its
/// thread.
class fetched_files : public run_files {
public:
  fetched_files(caf::actor_system& system,
                process_services services,
                messages::file_cabinet_actor cabinet,
                std::string folder);

  /// Throws `core::error` if the cabinet refuses, its process is gone, the disk is full
  /// or what arrived has another hash.
  std::string find(const std::string& entry) override;

private:
  std::string fetch(const std::string& entry,
                    const messages::file_opened& offered,
                    const std::string& folder);

  caf::actor_system& system_;
  process_services services_;
  messages::file_cabinet_actor cabinet_;
  std::string folder_;
};

} // namespace souk::actors
