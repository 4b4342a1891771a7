#include "actors/bulk/channel.hpp"

#include "actors/bulk/shared_payload.hpp"
#include "core/error.hpp"

#include <algorithm>
#include <new>

namespace souk::actors::bulk {

using boost::system::error_code;

namespace {

/// Bytes that one read may bring.
constexpr std::uint64_t bytes_per_read = std::uint64_t{1} << 20;

/// Requests that may wait for their replies, whatever their lengths.
constexpr std::size_t asked_max = 64;

/// For how long the rest of a tensor is waited for without sleeping: as long as the
/// other end may take over the next piece.
constexpr std::chrono::microseconds plain_piece{20};
constexpr std::chrono::microseconds encrypted_piece{60};

channel_result failure(core::errc code, std::string reason) {
  channel_result result;
  result.end = {code, std::move(reason)};
  return result;
}

channel_result success(payload arrived) {
  channel_result result;
  result.arrived = std::move(arrived);
  return result;
}

} // namespace

channel::channel(std::shared_ptr<const channel_settings> settings, bulk_way way)
  : settings_{std::move(settings)}, way_{way}, silence_{settings_->io->executor(),
                                                        settings_->stall_timeout} {
  // nop
}

void channel::fetch(std::shared_ptr<transfer> wanted) {
  if (is_closed())
    return end_unheard(wanted);
  waiting_.push_back(std::move(wanted));
  if (state_ == state::open)
    ask();
}

/// Sends the requests that fit into the window.
void channel::ask() {
  const auto was_idle = asked_.empty();
  while (!waiting_.empty() && asked_.size() < asked_max) {
    const auto& ticket = waiting_.front()->ticket;
    if (!asked_.empty() && asked_bytes_ + ticket.length > settings_->window_bytes)
      break;
    request wish;
    wish.number = first_number_ + asked_.size();
    wish.ticket = ticket;
    const auto frame = encode(wish);
    to_send_.insert(to_send_.end(), frame.begin(), frame.end());
    asked_bytes_ += ticket.length;
    asked_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  if (was_idle && !asked_.empty())
    silence_.begin(shared_from_this(),
                   [this] { close(core::errc::failed, "the process fell silent"); });
  write();
}

void channel::write() {
  while (pieces_.empty()) {
    if (sending_.empty())
      sending_.swap(to_send_);
    if (sending_.empty())
      return;
    note_sent(stream_->write_now({sending_.data(), sending_.size()}));
    if (sending_.empty())
      continue;
    pieces_.assign(1, {sending_.data(), sending_.size()});
    stream_->write_some(pieces_, [self = shared_from_this()](const error_code& failed,
                                                             std::size_t bytes) {
      if (failed)
        return self->fail_connection(failed);
      self->pieces_.clear();
      self->note_sent(bytes);
      self->write();
    });
  }
}

void channel::note_sent(std::size_t bytes) {
  sending_.erase(sending_.begin(),
                 sending_.begin() + static_cast<std::ptrdiff_t>(bytes));
}

void channel::read_reply() {
  read_fully(stream_, reply_,
             [self = shared_from_this()](const error_code& failed, std::size_t) {
               if (failed || self->is_closed())
                 return self->fail_connection(failed);
               self->silence_.moved();
               const auto answer = decode_reply(self->reply_);
               if (!answer)
                 return self->close(core::errc::corrupt_payload,
                                    "a malformed reply arrived");
               self->take(*answer);
             });
}

void channel::take(const reply& answer) {
  switch (answer.status) {
  case reply_status::retired:
    segments_.erase(answer.segment);
    return read_reply();
  case reply_status::freed:
    memory_.erase(answer.segment);
    return read_reply();
  case reply_status::piece:
    return take_piece(answer);
  default: // a reply to a request
    break;
  }
  if (asked_.empty() || answer.number != first_number_
      || answer.length != asked_.front()->ticket.length)
    return close(core::errc::corrupt_payload, "a reply to another request arrived");
  switch (answer.status) {
  case reply_status::bytes:
    return take_bytes(answer);
  case reply_status::old_segment:
  case reply_status::new_segment:
    return take_segment(answer);
  case reply_status::unknown_ticket:
    finish(
      failure(core::errc::unknown_ticket, "this tensor is not offered (any more)"));
    break;
  case reply_status::too_large:
    finish(failure(core::errc::too_large, "a tensor longer than allowed"));
    break;
  case reply_status::use_stream: {
    auto result = failure(core::errc::failed, "there is no shared memory");
    result.use_stream = true;
    finish(std::move(result));
    break;
  }
  default:
    return close(core::errc::corrupt_payload, "a malformed reply arrived");
  }
  read_reply();
}

void channel::take_bytes(const reply& answer) {
  if (way_ != bulk_way::stream)
    return close(core::errc::corrupt_payload, "bytes arrived where segments should");
  try {
    read_bytes(settings_->buffers->take(answer.length), 0);
  } catch (const std::bad_alloc&) {
    close(core::errc::too_large, "there is no memory for a tensor of "
                                   + std::to_string(answer.length) + " bytes");
  }
}

void channel::read_bytes(std::shared_ptr<std::uint8_t> bytes, std::uint64_t received) {
  const auto length = asked_.front()->ticket.length;
  if (received == length) {
    const core::span<const std::uint8_t> encoded{bytes.get(), length};
    finish_with([&] { return decode(encoded, std::move(bytes)); });
    return;
  }
  if (settings_->encryption)
    settings_->polling->go_on_for(encrypted_piece);
  else if (length > bytes_per_read)
    settings_->polling->go_on_for(plain_piece);
  const core::span<std::uint8_t> room{bytes.get() + received,
                                      std::min(length - received, bytes_per_read)};
  stream_->read_some(room, [self = shared_from_this(), bytes,
                            received](const error_code& failed, std::size_t arrived) {
    // What was read before the connection was given up may be told after it.
    if (failed || self->is_closed())
      return self->fail_connection(failed);
    self->silence_.moved();
    self->read_bytes(bytes, received + arrived);
  });
}

void channel::take_piece(const reply& shown) {
  auto mapped = way_ == bulk_way::shared_memory
                  ? core::shared_segment::map(stream_->take_descriptor(), shown.length)
                  : std::nullopt;
  if (!mapped)
    return close(core::errc::corrupt_payload, "what arrived is no shared memory");
  memory_[shown.segment] =
    std::make_shared<const core::shared_segment>(std::move(*mapped));
  read_reply();
}

void channel::take_segment(const reply& answer) {
  if (way_ != bulk_way::shared_memory)
    return close(core::errc::corrupt_payload, "a segment arrived where bytes should");
  if (answer.status == reply_status::new_segment) {
    auto mapped = core::shared_segment::map(stream_->take_descriptor(), 1);
    if (!mapped)
      return close(core::errc::corrupt_payload, "what arrived is no shared memory");
    segments_[answer.segment] =
      std::make_shared<const core::shared_segment>(std::move(*mapped));
  }
  const auto found = segments_.find(answer.segment);
  if (found == segments_.end())
    return close(core::errc::corrupt_payload, "an unknown segment was named");
  finish_with([&] { return view(answer, found->second); });
}

/// Views what a segment says where it lies. Whoever reads last says so, in whatever
/// thread, if the connection is still there; so do we if there is nothing to be read.
payload channel::view(const reply& answer, const segment_pointer& segment) {
  const auto pieces = std::make_shared<std::vector<segment_pointer>>();
  payload seen;
  seen.owner = std::shared_ptr<const void>{
    segment->data(), [pieces, segment, io = settings_->io, number = answer.segment,
                      weak = weak_from_this()](const void*) {
      asio::post(io->executor(), [weak, number] {
        if (const auto self = weak.lock())
          self->give_back(number);
      });
    }};
  seen.runs = read_shared(*segment, answer.length, [&](std::uint64_t number) {
    const auto piece = memory_.find(number);
    return piece == memory_.end() ? nullptr : pieces->emplace_back(piece->second).get();
  });
  return seen;
}

/// Ends the oldest transfer with what `read` returns, or with its error, and goes on.
template <class Read>
void channel::finish_with(Read read) {
  try {
    finish(success(read()));
  } catch (const core::error& broken) {
    finish(failure(core::errc::corrupt_payload, broken.what()));
  }
  if (!is_closed())
    read_reply();
}

void channel::give_back(std::uint64_t segment) {
  if (is_closed())
    return;
  request wish;
  wish.kind = request_kind::give_back;
  wish.number = segment;
  const auto frame = encode(wish);
  to_send_.insert(to_send_.end(), frame.begin(), frame.end());
  write();
}

/// Ends the oldest transfer that was asked for.
void channel::finish(channel_result result) {
  auto done = std::move(asked_.front());
  asked_.pop_front();
  ++first_number_;
  asked_bytes_ -= done->ticket.length;
  if (asked_.empty())
    silence_.end();
  ask();
  settings_->ended(done, std::move(result));
}

void channel::fail_connection(const error_code& failed) {
  const auto why = stream_ ? stream_->refusal() : std::string{};
  close(core::errc::failed, "the connection to the process broke: "
                              + (why.empty() ? failed.message() : why));
}

void channel::close(core::errc code, const std::string& reason) {
  if (is_closed())
    return;
  never_open_ = state_ == state::opening;
  why_closed_ = {code, reason};
  state_ = state::closed;
  silence_.end();
  error_code ignored;
  if (connecting_)
    connecting_->close(ignored);
  if (stream_)
    stream_->close();
  asked_.insert(asked_.end(), waiting_.begin(), waiting_.end());
  waiting_.clear();
  for (const auto& lost : std::exchange(asked_, {}))
    end_unheard(lost);
}

/// Shared memory is an offer: a process that cannot be reached that way may be reached
/// over TCP.
void channel::end_unheard(const std::shared_ptr<transfer>& lost) {
  auto result = failure(why_closed_.code, why_closed_.reason);
  result.not_connected = never_open_ && way_ == bulk_way::shared_memory;
  result.use_stream = result.not_connected;
  settings_->ended(lost, std::move(result));
}

} // namespace souk::actors::bulk
