#include "actors/system_config.hpp"

#include "actors/messages/types.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace souk::actors {

system_config::system_config() {
  add_message_types<caf::id_block::souk>();
  // Workers that steal look for work every 10 ms once they were idle for a while, which
  // is how long a step's products take; those that share one queue are woken.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads",
      std::max<std::size_t>(2, std::thread::hardware_concurrency()));
}

system_config::system_config(const bulk::certificate_files& files) : system_config() {
  bulk::check_certificates(files);
  load<caf::io::middleman>();
  load<caf::openssl::manager>();
  openssl_certificate = files.certificate;
  openssl_key = files.key;
  openssl_cafile = files.certificate;
  // A frozen peer is given up soon: at worst a slow one computes for nothing. Alike on
  // both ends, else a healthy idle peer would be declared dead.
  set("middleman.heartbeat-interval", caf::timespan{std::chrono::milliseconds{500}});
  set("middleman.connection-timeout", caf::timespan{std::chrono::seconds{3}});
}

} // namespace souk::actors
