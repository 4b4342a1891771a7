#include "tests/actors/channels/served_channels.hpp"

#include "actors/control_channel.hpp"
#include "actors/failure.hpp"
#include "actors/system_config.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <future>

namespace souk::tests {

namespace bulk = actors::bulk;

namespace {

/// With an argument: without one CAF dereferences null, which UBSan does not forgive.
echo_actor::behavior_type echo(std::int32_t added) {
  return {[added](std::int32_t number) {
    return number + added;
  }};
}

/// Reaches the actor at a port, and asks it. Empty if it answers.
std::string
ask(const bulk::credentials& who, const std::string& host, std::uint16_t port) {
  actors::system_config config{who};
  caf::actor_system system{config};
  const auto found = actors::reach<echo_actor>(system, host, port);
  if (!found)
    return actors::describe(found.error());
  std::string wrong = "another answer";
  caf::scoped_actor self{system};
  self->request(*found, std::chrono::seconds{10}, std::int32_t{7})
    .receive(
      [&](std::int32_t number) {
        if (number == 7)
          wrong.clear();
      },
      [&](const caf::error& reason) { wrong = actors::describe(reason); });
  return wrong;
}

/// Fetches a tensor from a port. Empty if it comes.
std::string fetch(const bulk::credentials& who,
                  const core::bulk_address& from,
                  const core::tensor_ticket& ticket) {
  const auto tensors = std::make_shared<bulk::exchange>();
  tensors->open(1);
  auto options = bulk::options_for(who);
  options.shared_memory = false;
  bulk::transport transport{tensors, options};
  transport.meet({from});
  std::promise<bulk::fetch_end> end;
  transport.fetch(ticket, [&](const bulk::fetch_end& how) { end.set_value(how); });
  const auto how = end.get_future().get();
  return how.code == core::errc::none ? "" : "no tensor: " + how.reason;
}

} // namespace

served_channels::served_channels(const bulk::credentials& mine)
  : host{mine.address}, config_{std::make_unique<actors::system_config>(mine)},
    system_{std::make_unique<caf::actor_system>(*config_)}, echo_{
                                                              system_->spawn(echo, 0)} {
  actor_number = echo_.id();
  control_port = actors::publish(*system_, echo_, 0, host);
  tensors_->open(0);
  transport_ = std::make_unique<bulk::transport>(tensors_, bulk::options_for(mine));
  bulk_port = transport_->address().port;
  ticket = tensors_->offer({}, {{0, numbers_.size(), numbers_.data()}}, nullptr);
}

served_channels::~served_channels() {
  caf::anon_send_exit(echo_, caf::exit_reason::user_shutdown);
}

bool served_channels::answers(const bulk::credentials& who) const {
  return why_not(who).empty();
}

std::string served_channels::why_not(const bulk::credentials& who) const {
  return ask(who, host, control_port);
}

bool served_channels::gives_tensor(const bulk::credentials& who) const {
  return fetch(who, {host, bulk_port, {}}, ticket).empty();
}

std::string served_channels::why_unreachable(const bulk::credentials& who,
                                             const std::string& host,
                                             std::uint16_t port) {
  return ask(who, host, port);
}

std::string served_channels::why_no_tensor(const bulk::credentials& who,
                                           const std::string& host,
                                           std::uint16_t port,
                                           const core::tensor_ticket& ticket) {
  return fetch(who, {host, port, {}}, ticket);
}

} // namespace souk::tests
