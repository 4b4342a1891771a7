#include "actors/control_module.hpp"

#include "actors/bulk/entrance.hpp"
#include "actors/control_doorman.hpp"
#include "actors/control_scribe.hpp"
#include "actors/failure.hpp"
#include "actors/system_config.hpp"
#include "core/error.hpp"

#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor_impl.hpp>
#include <caf/make_counted.hpp>
#include <caf/scoped_actor.hpp>

namespace souk::actors {

namespace {

/// How long somebody may take to be connected to.
constexpr std::chrono::milliseconds connect_limit{5000};

/// CAF's middleman, whose connections are secure ones. Runs in a thread of its own:
/// connecting blocks.
class secure_middleman : public caf::io::middleman_actor_impl {
public:
  secure_middleman(caf::actor_config& config,
                   caf::actor broker,
                   std::shared_ptr<control_state> control)
    : middleman_actor_impl{config, std::move(broker)}, control_{std::move(control)} {
    // nop
  }

  const char* name() const override {
    return "secure_middleman";
  }

protected:
  caf::expected<caf::io::scribe_ptr> connect(const std::string& host,
                                             std::uint16_t port) override {
    try {
      const std::shared_ptr<bulk::secure_link> link = bulk::connect_securely(
        *control_->security, host, port, control_->credentials.address, connect_limit);
      const auto socket = link->release_socket();
      return caf::io::scribe_ptr{caf::make_counted<control_scribe>(
        multiplexer(), socket, link, /*has_accepted=*/false)};
    } catch (const core::error& broken) {
      return refusal(core::errc::failed, broken.what());
    }
  }

  caf::expected<caf::io::doorman_ptr>
  open(std::uint16_t port, const char* host, bool) override {
    try {
      const std::string where = host == nullptr ? "" : host;
      return caf::io::doorman_ptr{caf::make_counted<control_doorman>(
        multiplexer(),
        std::make_unique<bulk::entrance>(control_->security, control_->credentials,
                                         where, port),
        where)};
    } catch (const core::error& broken) {
      return refusal(core::errc::failed, broken.what());
    }
  }

private:
  caf::io::network::default_multiplexer& multiplexer() {
    return dynamic_cast<caf::io::network::default_multiplexer&>(
      system().middleman().backend());
  }

  std::shared_ptr<control_state> control_;
};

} // namespace

control_module::control_module(caf::actor_system& system) : system_{system} {
  // nop
}

void control_module::start() {
  const auto& control = control_of(system_);
  auto broker =
    system_.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
  control->middleman =
    system_.spawn<secure_middleman, caf::detached + caf::hidden>(broker, control);
}

void control_module::stop() {
  const auto& control = control_of(system_);
  caf::scoped_actor self{system_, true};
  self->send_exit(control->middleman, caf::exit_reason::kill);
  self->wait_for(control->middleman);
  control->middleman = nullptr;
}

void control_module::init(caf::actor_system_config&) {
  // nop
}

caf::actor_system::module::id_t control_module::id() const {
  return openssl_manager;
}

void* control_module::subtype_ptr() {
  return this;
}

caf::actor_system::module* control_module::make(caf::actor_system& system,
                                                caf::detail::type_list<>) {
  return new control_module{system};
}

} // namespace souk::actors
