#pragma once

#include "actors/bulk/entrance.hpp"

#include <caf/io/doorman.hpp>
#include <caf/io/network/default_multiplexer.hpp>

#include <memory>
#include <string>

namespace souk::actors {

/// Brings those who came through an entrance to CAF's broker, which never sees anybody
/// else. The entrance has its own thread; everything here runs in the multiplexer's.
class control_doorman : public caf::io::doorman {
public:
  control_doorman(caf::io::network::default_multiplexer& multiplexer,
                  std::unique_ptr<bulk::entrance> entrance,
                  std::string host);
  ~control_doorman() override;

  bool new_connection() override; // never asked: there is no acceptor of CAF's
  void launch() override;
  void graceful_shutdown() override;
  std::string addr() const override;
  std::uint16_t port() const override;
  void add_to_loop() override;
  void remove_from_loop() override;

private:
  /// What arrivals hold, which may outlive the doorman.
  struct desk {
    control_doorman* doorman = nullptr;
  };

  void admit(std::shared_ptr<bulk::secure_link> link);

  caf::io::network::default_multiplexer& multiplexer_;
  std::unique_ptr<bulk::entrance> entrance_; ///< null once it was shut down
  const std::string host_;
  const std::uint16_t port_;
  std::shared_ptr<desk> desk_;
};

} // namespace souk::actors
