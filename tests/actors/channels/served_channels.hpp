#pragma once

#include "actors/bulk/credentials.hpp"
#include "actors/bulk/exchange.hpp"
#include "actors/bulk/transport.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace souk::tests {

/// Says a number again.
using echo_actor = caf::typed_actor<caf::replies_to<std::int32_t>::with<std::int32_t>>;

/// A process of a cluster: an actor that can be reached over the control channel, and
/// tensors that can be fetched. Others are made for a moment, in this same process.
class served_channels {
public:
  explicit served_channels(const actors::bulk::credentials& mine);
  served_channels(const served_channels&) = delete;
  served_channels& operator=(const served_channels&) = delete;
  ~served_channels();

  /// Whether somebody reaches the actor and is answered.
  bool answers(const actors::bulk::credentials& who) const;

  /// Why somebody cannot reach the actor; empty: it can.
  std::string why_not(const actors::bulk::credentials& who) const;

  /// Whether somebody can fetch the tensor.
  bool gives_tensor(const actors::bulk::credentials& who) const;

  static std::string why_unreachable(const actors::bulk::credentials& who,
                                     const std::string& host,
                                     std::uint16_t port);
  static std::string why_no_tensor(const actors::bulk::credentials& who,
                                   const std::string& host,
                                   std::uint16_t port,
                                   const core::tensor_ticket& ticket);

  std::string host;
  std::uint16_t control_port = 0;
  std::uint16_t bulk_port = 0;
  core::tensor_ticket ticket; ///< of a tensor of 1,000 numbers
  std::uint64_t actor_number = 0;

private:
  std::unique_ptr<caf::actor_system_config> config_;
  std::unique_ptr<caf::actor_system> system_;
  echo_actor echo_;
  std::vector<float> numbers_ = std::vector<float>(1000, 1.5F);
  std::shared_ptr<actors::bulk::exchange> tensors_ =
    std::make_shared<actors::bulk::exchange>();
  std::unique_ptr<actors::bulk::transport> transport_;
};

} // namespace souk::tests
