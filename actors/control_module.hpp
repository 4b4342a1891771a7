#pragma once

#include "actors/bulk/secure_link.hpp"

#include <caf/actor_system.hpp>
#include <caf/io/middleman_actor.hpp>

#include <memory>

namespace souk::actors {

/// What the control channel of an actor system needs and has.
struct control_state {
  bulk::credentials credentials;
  std::shared_ptr<const bulk::tls_context> security;
  caf::io::middleman_actor middleman; ///< while the system runs
};

/// Starts and ends the control channel of an actor system together with it. CAF keeps a
/// place for the module that makes its network secure; this one takes it.
class control_module : public caf::actor_system::module {
public:
  explicit control_module(caf::actor_system& system);

  void start() override;
  void stop() override;
  void init(caf::actor_system_config&) override;
  id_t id() const override;
  void* subtype_ptr() override;

  /// For `actor_system_config::load`.
  static caf::actor_system::module* make(caf::actor_system& system,
                                         caf::detail::type_list<>);

private:
  caf::actor_system& system_;
};

} // namespace souk::actors
