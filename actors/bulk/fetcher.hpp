#pragma once

#include "actors/bulk/channel.hpp"

#include <list>
#include <memory>
#include <vector>

namespace souk::actors::bulk {

/// Decides over which channel a tensor comes, and lets everybody who wants the same one
/// share its transfer. Used by whoever has the settings' turn.
class fetcher {
public:
  /// `settings.ended` is the fetcher's to set. Without `shared_memory` only TCP is
  /// used.
  fetcher(std::shared_ptr<exchange> tensors,
          std::shared_ptr<channel_settings> settings,
          bool shared_memory);

  void meet(std::vector<core::bulk_address> all);
  void fetch(const core::tensor_ticket& ticket, transport::when_ended ended);

  /// Asks if there is a connection for it, and then takes `ended` without calling it;
  /// else does nothing, and returns false.
  bool fetch_now(const core::tensor_ticket& ticket, transport::when_ended& ended);

  /// Fails all that is under way.
  void close();

private:
  /// Another process, and the connections to it.
  struct peer {
    core::bulk_address address;
    bool shared_memory = false;
    std::shared_ptr<channel> memory;
    std::shared_ptr<channel> tcp;
  };

  bool is_known(const core::tensor_ticket& ticket) const;
  void begin(const core::tensor_ticket& ticket, transport::when_ended ended);
  void leave(peer& gone, const std::string& reason);
  void route(std::shared_ptr<transfer> wanted);
  channel& open_channel(std::shared_ptr<channel>& present,
                        bulk_way way,
                        const core::bulk_address& address);
  void finish(const std::shared_ptr<transfer>& done, channel_result result);

  std::shared_ptr<exchange> tensors_;
  std::shared_ptr<channel_settings> settings_;
  const bool shared_memory_;
  std::vector<peer> peers_; ///< by process
  std::list<std::shared_ptr<transfer>> under_way_;
  bool is_closing_ = false;
};

} // namespace souk::actors::bulk
