#include "actors/bulk/fetcher.hpp"

#include <algorithm>

namespace souk::actors::bulk {

fetcher::fetcher(std::shared_ptr<exchange> tensors,
                 std::shared_ptr<channel_settings> settings,
                 bool shared_memory)
  : tensors_{std::move(tensors)}, settings_{std::move(settings)}, shared_memory_{
                                                                    shared_memory} {
  settings_->ended = [this](const std::shared_ptr<transfer>& done,
                            channel_result result) {
    finish(done, std::move(result));
  };
}

void fetcher::leave(peer& gone, const std::string& reason) {
  for (const auto& connection : {gone.memory, gone.tcp})
    if (connection)
      connection->close(core::errc::failed, reason);
  gone.memory.reset();
  gone.tcp.reset();
}

void fetcher::meet(std::vector<core::bulk_address> all) {
  std::vector<peer> gone;
  for (std::size_t i = 0; i < peers_.size(); ++i)
    if (i >= all.size() || all[i] != peers_[i].address)
      gone.push_back(std::exchange(peers_[i], {}));
  peers_.resize(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (peers_[i].address != all[i])
      peers_[i] = {all[i], shared_memory_ && !all[i].local.empty(), nullptr, nullptr};
  // Whoever is told may ask again at once, and then finds the new addresses.
  for (auto& old : gone)
    leave(old, "the process was replaced");
}

void fetcher::fetch(const core::tensor_ticket& ticket, transport::when_ended ended) {
  if (tensors_->find(ticket))
    return ended({});
  if (is_closing_)
    return ended({core::errc::failed, "this process ends"});
  if (ticket.length > payload_bytes_max)
    return ended({core::errc::too_large, "a tensor longer than allowed"});
  if (!is_known(ticket))
    return ended({core::errc::unknown_ticket, "nobody offers this tensor"});
  begin(ticket, std::move(ended));
}

bool fetcher::fetch_now(const core::tensor_ticket& ticket,
                        transport::when_ended& ended) {
  if (is_closing_ || !is_known(ticket) || ticket.length > payload_bytes_max
      || tensors_->find(ticket))
    return false;
  const auto& owner = peers_[ticket.process];
  const auto& way = owner.shared_memory ? owner.memory : owner.tcp;
  if (!way || !way->is_open())
    return false;
  begin(ticket, std::move(ended));
  return true;
}

bool fetcher::is_known(const core::tensor_ticket& ticket) const {
  return ticket.process < peers_.size() && peers_[ticket.process].address.port != 0
         && ticket.process != tensors_->process();
}

void fetcher::begin(const core::tensor_ticket& ticket, transport::when_ended ended) {
  const auto same =
    std::find_if(under_way_.begin(), under_way_.end(), [&](const auto& other) {
      return core::same_bytes(other->ticket, ticket);
    });
  if (same != under_way_.end()) {
    (*same)->waiting.push_back(std::move(ended));
    return;
  }
  under_way_.push_back(
    std::make_shared<transfer>(transfer{ticket, {std::move(ended)}}));
  route(under_way_.back());
}

channel& fetcher::open_channel(std::shared_ptr<channel>& present,
                               bulk_way way,
                               const core::bulk_address& address) {
  if (!present || present->is_closed()) {
    present = std::make_shared<channel>(settings_, way);
    present->open(address);
  }
  return *present;
}

void fetcher::route(std::shared_ptr<transfer> wanted) {
  auto& owner = peers_[wanted->ticket.process];
  // A channel that could not be opened is closed by now; it answers all the same.
  auto& way = owner.shared_memory && !wanted->only_tcp
                ? open_channel(owner.memory, bulk_way::shared_memory, owner.address)
                : open_channel(owner.tcp, bulk_way::stream, owner.address);
  way.fetch(std::move(wanted));
}

void fetcher::finish(const std::shared_ptr<transfer>& done, channel_result result) {
  if (result.use_stream && !is_closing_ && done->ticket.process < peers_.size()) {
    done->only_tcp = true;
    if (result.not_connected)
      peers_[done->ticket.process].shared_memory = false;
    return route(done);
  }
  under_way_.remove(done);
  if (result.end.code == core::errc::none)
    tensors_->keep(done->ticket, std::move(result.arrived));
  for (const auto& ended : done->waiting)
    ended(result.end);
}

void fetcher::close() {
  is_closing_ = true;
  for (auto& other : peers_)
    leave(other, "this process ends");
}

} // namespace souk::actors::bulk
