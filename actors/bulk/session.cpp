#include "actors/bulk/session.hpp"

#include <algorithm>

namespace souk::actors::bulk {

using boost::system::error_code;

session::session(asio::io_context& io,
                 std::shared_ptr<byte_stream> stream,
                 bulk_way way,
                 std::string peer,
                 std::shared_ptr<const session_settings> settings)
  : stream_{std::move(stream)}, way_{way}, peer_{std::move(peer)}, settings_{std::move(
                                                                     settings)},
    greeting_{io.get_executor(), std::min(settings_->stall_timeout, greeting_limit)},
    reading_{io.get_executor(), settings_->stall_timeout},
    writing_{io.get_executor(), settings_->stall_timeout},
    segments_{settings_->shared_bytes_max} {
  // nop
}

void session::start(waiting_room& room) {
  seat_ = room.enter([weak = weak_from_this()] {
    if (const auto self = weak.lock())
      self->refuse_to_enter("others came while it took its time");
  });
  greeting_.begin(shared_from_this(),
                  [this] { refuse_to_enter("it did not show who it is in time"); });
  stream_->handshake(/*is_owner=*/true, [self = shared_from_this()](
                                          const error_code& failed, std::size_t) {
    if (failed)
      return self->refuse_to_enter(self->stream_->refusal());
    self->read_hello();
  });
}

void session::refuse_to_enter(const std::string& why) {
  if (!why.empty())
    settings_->refused->note(peer_, why);
  close();
}

void session::read_hello() {
  read_fully(stream_, hello_,
             [self = shared_from_this()](const error_code& failed, std::size_t) {
               if (failed)
                 return self->close();
               const auto words = decode_hello(self->hello_, self->settings_->secret);
               if (!words || words->way != self->way_)
                 return self->refuse_to_enter("it does not know the run's secret, or "
                                              "speaks another protocol");
               self->greeting_.end();
               self->seat_.leave();
               self->send({}, {});
               self->read_request();
             });
}

/// Between requests a fetcher may be silent as long as it likes; inside one it may not.
void session::read_request() {
  is_reading_ = waiting_.size() < waiting_max;
  if (!is_reading_)
    return;
  const core::span<std::uint8_t> room{request_};
  stream_->read_some(
    room.subspan(request_bytes_, room.size() - request_bytes_),
    [self = shared_from_this()](const error_code& failed, std::size_t bytes) {
      if (failed)
        return self->close();
      self->take_request_bytes(bytes);
    });
}

void session::take_request_bytes(std::size_t bytes) {
  request_bytes_ += bytes;
  if (request_bytes_ < request_.size()) {
    reading_.begin(shared_from_this(), [this] { close(); });
    return read_request();
  }
  reading_.end();
  request_bytes_ = 0;
  const auto wish = decode_request(request_);
  if (!wish || !accept(*wish))
    return close();
  answer_next();
  read_request();
}

bool session::accept(const request& wish) {
  if (wish.kind == request_kind::give_back) {
    lent_.erase(wish.number);
    forget_freed_pieces(); // this may have been the last who held them
    return segments_.give_back(wish.number);
  }
  waiting_.push_back(wish);
  return true;
}

void session::answer_next() {
  if (!sending_.empty() || waiting_.empty())
    return;
  const auto wish = waiting_.front();
  waiting_.pop_front();
  answer(wish);
}

void session::answer(const request& wish) {
  const auto& ticket = wish.ticket;
  reply answer;
  answer.number = wish.number;
  answer.length = ticket.length;
  if (ticket.length > payload_bytes_max)
    return refuse(answer, reply_status::too_large);
  auto numbers = ticket.process == settings_->tensors->process()
                   ? settings_->tensors->find(ticket)
                   : nullptr;
  if (!numbers)
    return refuse(answer, reply_status::unknown_ticket);
  if (way_ == bulk_way::shared_memory)
    return answer_in_memory(answer, std::move(numbers));
  answer.status = reply_status::bytes;
  outgoing rest;
  rest.bytes = std::make_unique<encoding>(numbers->runs);
  rest.numbers = std::move(numbers);
  send(answer, std::move(rest));
}

void session::answer_in_memory(reply answer, std::shared_ptr<const payload> numbers) {
  forget_freed_pieces();
  const shared_layout layout{numbers->runs};
  const auto loan = segments_.lend(layout.size());
  for (const auto number : loan.retired) {
    reply retired;
    retired.status = reply_status::retired;
    retired.segment = number;
    send(retired, {});
  }
  if (loan.segment == nullptr)
    return refuse(answer, reply_status::use_stream);
  show_pieces(layout);
  layout.write(loan.segment->data());
  if (!layout.pieces().empty())
    lent_[loan.number] = std::move(numbers);
  answer.status = loan.is_new ? reply_status::new_segment : reply_status::old_segment;
  answer.segment = loan.number;
  outgoing rest;
  if (loan.is_new)
    rest.descriptor_number = loan.segment->file().number();
  send(answer, std::move(rest));
}

void session::show_pieces(const shared_layout& layout) {
  for (const auto& piece : layout.pieces()) {
    if (!shown_.emplace(piece->number, piece).second)
      continue;
    reply shown;
    shown.status = reply_status::piece;
    shown.segment = piece->number;
    shown.length = piece->segment.size();
    outgoing rest;
    rest.descriptor_number = piece->segment.file().number();
    rest.piece = piece;
    send(shown, std::move(rest));
  }
}

/// The fetcher would keep their memory as long as the connection lasts.
void session::forget_freed_pieces() {
  for (auto shown = shown_.begin(); shown != shown_.end();) {
    if (!shown->second.expired()) {
      ++shown;
      continue;
    }
    reply freed;
    freed.status = reply_status::freed;
    freed.segment = shown->first;
    send(freed, {});
    shown = shown_.erase(shown);
  }
}

void session::refuse(reply answer, reply_status why) {
  answer.status = why;
  send(answer, {});
}

void session::send(const reply& answer, outgoing rest) {
  rest.frame = encode(answer);
  sending_.push_back(std::move(rest));
  if (sending_.size() > 1)
    return; // what is being written goes on to it
  writing_.begin(shared_from_this(), [this] { close(); });
  write();
}

void session::write() {
  auto& now = sending_.front();
  pieces_.clear();
  if (now.bytes)
    now.bytes->next(pieces_, pieces_per_write_max - 1, bytes_per_write);
  if (now.frame_sent < now.frame.size())
    pieces_.insert(pieces_.begin(), {now.frame.data() + now.frame_sent,
                                     now.frame.size() - now.frame_sent});
  if (now.descriptor_number >= 0)
    stream_->attach(std::exchange(now.descriptor_number, -1));
  stream_->write_some(
    pieces_, [self = shared_from_this()](const error_code& failed, std::size_t bytes) {
      if (failed)
        return self->close();
      self->writing_.moved();
      if (!self->note_sent(bytes))
        return self->write();
      self->sending_.pop_front();
      if (!self->sending_.empty())
        return self->write();
      self->writing_.end();
      self->answer_next();
      if (!self->is_reading_)
        self->read_request();
    });
}

/// Whether the frame in hand is out with all that belongs to it.
bool session::note_sent(std::size_t bytes) {
  auto& now = sending_.front();
  const auto of_frame = std::min(bytes, now.frame.size() - now.frame_sent);
  now.frame_sent += of_frame;
  if (!now.bytes)
    return now.frame_sent == now.frame.size();
  now.bytes->skip(bytes - of_frame);
  return now.bytes->left() == 0;
}

void session::close() {
  seat_.leave();
  greeting_.end();
  reading_.end();
  writing_.end();
  stream_->close();
}

} // namespace souk::actors::bulk
