#include "actors/status_door.hpp"

#include "actors/ask.hpp"
#include "actors/ask_status.hpp"
#include "actors/bulk/certificates.hpp"
#include "actors/control_channel.hpp"
#include "core/log.hpp"

#include <caf/send.hpp>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

namespace souk::actors {

using namespace messages;

namespace {

namespace fs = std::filesystem;

constexpr const char* loopback = "127.0.0.1";

/// How long a run may take to answer.
constexpr auto status_timeout = std::chrono::seconds{15};

std::string certificates_of(const std::string& run_directory) {
  return run_directory + "/.certificates";
}

/// The address that connections to a host come from; empty if there is no way to it.
std::string address_towards(const core::network_address& whom) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_DGRAM; // connecting sends nothing
  addrinfo* found = nullptr;
  if (getaddrinfo(whom.host.c_str(), std::to_string(whom.port).c_str(), &hints, &found)
      != 0)
    return {};
  std::string own;
  const auto descriptor = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_storage here{};
  socklen_t size = sizeof here;
  char text[NI_MAXHOST];
  if (descriptor >= 0 && connect(descriptor, found->ai_addr, found->ai_addrlen) == 0
      && getsockname(descriptor, reinterpret_cast<sockaddr*>(&here), &size) == 0
      && getnameinfo(reinterpret_cast<sockaddr*>(&here), size, text, sizeof text,
                     nullptr, 0, NI_NUMERICHOST)
           == 0)
    own = text;
  if (descriptor >= 0)
    close(descriptor);
  freeaddrinfo(found);
  return own;
}

/// Whoever asks comes as a node: a run listens to nobody else.
bulk::credentials credentials_for(const status_address& whom) {
  const auto of_run = bulk::credentials_of_run(whom.certificates, bulk::role::node);
  std::error_code unknown;
  if (fs::exists(of_run.secret, unknown))
    return of_run;
  return bulk::credentials_of_cluster(whom.certificates, bulk::role::node,
                                      address_towards(whom.at));
}

core::run_status ask_in_a_system(const status_address& whom) {
  system_config config{credentials_for(whom)};
  caf::actor_system system{config};
  const auto place = core::to_string(whom.at);
  const auto teller = reach<status_actor>(system, whom.at.host, whom.at.port);
  if (!teller)
    throw core::error{"no run answers there, or it does not accept the credentials ("
                        + describe(teller.error()) + ")",
                      place, "check that it still runs"};
  return ask<core::run_status>(system, *teller, get_status{}, place);
}

/// A door needs no more than one worker.
void use_one_worker(system_config& config) {
  config.set("scheduler.max-threads", std::size_t{1});
}

void say_that_nobody_can_ask(const core::error& why) {
  core::log::warning(std::string{"this run cannot be asked for its status: "}
                     + why.what());
}

} // namespace

status_actor::behavior_type status_teller(status_actor::pointer self,
                                          std::shared_ptr<const run_board> board) {
  share_exception_handler(self);
  return {[board](const get_status&) {
    return board->status();
  }};
}

status_door::status_door(std::shared_ptr<const run_board> board,
                         const bulk::credentials& mine,
                         const core::network_address& at)
  : config_{mine}, system_{(use_one_worker(config_), config_)}, teller_{system_.spawn(
                                                                  status_teller,
                                                                  std::move(board))} {
  try {
    port_ = publish(system_, teller_, at.port, at.host);
  } catch (...) {
    caf::anon_send_exit(teller_, caf::exit_reason::user_shutdown);
    throw;
  }
}

status_door::~status_door() {
  caf::anon_send_exit(teller_, caf::exit_reason::user_shutdown);
}

status_doors::status_doors(const std::shared_ptr<const run_board>& board,
                           const std::string& run_directory,
                           std::string run_certificates,
                           const std::optional<node_cluster>& nodes) {
  try {
    open_here(board, run_directory, std::move(run_certificates));
  } catch (const core::error& broken) {
    say_that_nobody_can_ask(broken);
  }
  if (!nodes)
    return;
  const core::network_address at{nodes->listen.host, nodes->status_port()};
  try {
    outside_ = std::make_unique<status_door>(
      board,
      bulk::credentials_of_cluster(nodes->certificates, bulk::role::coordinator,
                                   at.host),
      at);
  } catch (const core::error& broken) {
    say_that_nobody_can_ask(broken);
  }
}

void status_doors::open_here(const std::shared_ptr<const run_board>& board,
                             const std::string& run_directory,
                             std::string run_certificates) {
  if (run_certificates.empty()) {
    run_certificates = certificates_of(run_directory);
    own_certificates_ = run_certificates;
    // Those of a process that was killed are old.
    bulk::make_run_credentials(run_certificates);
  }
  here_ = std::make_unique<status_door>(
    board, bulk::credentials_of_run(run_certificates, bulk::role::coordinator),
    core::network_address{loopback, 0});
  // Whole or not there: somebody may be waiting for it.
  const auto file = status_file_in(run_directory);
  std::ofstream{file + ".tmp"} << core::to_string({loopback, here_->port()}) << '\n';
  std::error_code ignored;
  fs::rename(file + ".tmp", file, ignored);
  file_ = file;
}

status_doors::~status_doors() {
  std::error_code ignored;
  if (!file_.empty())
    fs::remove(file_, ignored);
  if (!own_certificates_.empty())
    fs::remove_all(own_certificates_, ignored);
}

std::string status_file_in(const std::string& run_directory) {
  return run_directory + "/.status";
}

status_address status_address_in(const std::string& run_directory) {
  std::ifstream file{status_file_in(run_directory)};
  std::string line;
  std::getline(file, line);
  const auto address = core::parse_network_address(line);
  if (!address)
    throw core::error{"this run cannot be asked: it is over, or has not started to "
                      "train yet",
                      run_directory,
                      "name the folder of a run that trains or simulates"};
  return {*address, certificates_of(run_directory)};
}

core::run_status ask_status(const status_address& whom) {
  // A process that is frozen accepts connections, and then says nothing for ever.
  auto answer = std::make_shared<std::promise<core::run_status>>();
  auto told = answer->get_future();
  std::thread{[answer, whom] {
    try {
      answer->set_value(ask_in_a_system(whom));
    } catch (...) {
      answer->set_exception(std::current_exception());
    }
  }}.detach();
  if (told.wait_for(status_timeout) != std::future_status::ready)
    throw core::error{"the run does not answer", core::to_string(whom.at),
                      "it may be frozen, or its machine unreachable"};
  return told.get();
}

} // namespace souk::actors
