#include "actors/control_doorman.hpp"

#include "actors/control_scribe.hpp"

#include <caf/io/abstract_broker.hpp>
#include <caf/make_counted.hpp>

namespace souk::actors {

control_doorman::control_doorman(caf::io::network::default_multiplexer& multiplexer,
                                 std::unique_ptr<bulk::entrance> entrance,
                                 std::string host)
  : doorman{caf::io::network::accept_hdl_from_socket(entrance->number())},
    multiplexer_{multiplexer}, entrance_{std::move(entrance)}, host_{std::move(host)},
    port_{entrance_->port()}, desk_{std::make_shared<desk>()} {
  desk_->doorman = this;
}

control_doorman::~control_doorman() {
  entrance_.reset();
  desk_->doorman = nullptr;
}

bool control_doorman::new_connection() {
  return false;
}

void control_doorman::launch() {
  add_to_loop();
}

void control_doorman::graceful_shutdown() {
  entrance_.reset();
  detach(&multiplexer_, /*invoke_disconnect_message=*/false);
}

std::string control_doorman::addr() const {
  return host_;
}

std::uint16_t control_doorman::port() const {
  return port_;
}

void control_doorman::add_to_loop() {
  if (!entrance_)
    return;
  entrance_->open([&multiplexer = multiplexer_,
                   at = desk_](std::unique_ptr<bulk::secure_link> arrived) {
    const std::shared_ptr<bulk::secure_link> link{std::move(arrived)};
    multiplexer.post([at, link] {
      if (at->doorman != nullptr)
        at->doorman->admit(link);
    });
  });
}

void control_doorman::remove_from_loop() {
  if (entrance_)
    entrance_->close();
}

void control_doorman::admit(std::shared_ptr<bulk::secure_link> link) {
  if (detached())
    return;
  const auto socket = link->release_socket();
  auto scribe = caf::make_counted<control_scribe>(multiplexer_, socket, std::move(link),
                                                  /*has_accepted=*/true);
  const auto handle = scribe->hdl();
  parent()->add_scribe(std::move(scribe));
  doorman::new_connection(&multiplexer_, handle);
}

} // namespace souk::actors
