#include "actors/bulk/frames.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace souk::actors::bulk {

namespace {

constexpr std::uint32_t magic = 0x6b756f73; // "souk"

/// Writes numbers one after another.
template <class Frame>
class writer {
public:
  template <class T>
  void put(T value) {
    static_assert(std::is_unsigned_v<T>);
    for (std::size_t i = 0; i < sizeof(T); ++i)
      frame[position_++] = static_cast<std::uint8_t>(value >> (8 * i));
  }

  Frame frame{};

private:
  std::size_t position_ = 0;
};

/// Reads them back.
template <class Frame>
class reader {
public:
  explicit reader(const Frame& frame) : frame_{&frame} {
    // nop
  }

  template <class T>
  T get() {
    static_assert(std::is_unsigned_v<T>);
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      value =
        static_cast<T>(value | static_cast<T>(frame_->at(position_++)) << (8 * i));
    return value;
  }

private:
  const Frame* frame_;
  std::size_t position_ = 0;
};

/// Begins every frame but the hello: magic, version and a byte that says what it is.
template <class Frame>
void begin(writer<Frame>& out, std::uint8_t what, std::uint8_t detail) {
  out.put(magic);
  out.put(frame_version);
  out.put(what);
  out.put(detail);
}

template <class Frame>
bool begins_well(reader<Frame>& in) {
  const auto found = in.template get<std::uint32_t>();
  return found == magic && in.template get<std::uint16_t>() == frame_version;
}

} // namespace

hello_frame encode(const hello& words) {
  hello_frame frame{};
  std::copy(words.secret.begin(), words.secret.end(), frame.begin());
  writer<reply_frame> rest;
  begin(rest, static_cast<std::uint8_t>(words.way), 0);
  std::copy_n(rest.frame.begin(), frame.size() - words.secret.size(),
              frame.begin() + words.secret.size());
  return frame;
}

request_frame encode(const request& wish) {
  writer<request_frame> out;
  const auto& ticket = wish.ticket;
  begin(out, static_cast<std::uint8_t>(wish.kind),
        static_cast<std::uint8_t>(ticket.kind));
  out.put(wish.number);
  out.put(ticket.run);
  out.put(ticket.generation);
  out.put(ticket.process);
  out.put(ticket.step);
  out.put(ticket.block);
  out.put(ticket.range);
  out.put(std::uint64_t{ticket.version});
  out.put(ticket.length);
  return out.frame;
}

reply_frame encode(const reply& answer) {
  writer<reply_frame> out;
  begin(out, static_cast<std::uint8_t>(answer.status), 0);
  out.put(answer.number);
  out.put(answer.length);
  out.put(answer.segment);
  return out.frame;
}

std::optional<hello> decode_hello(const hello_frame& frame,
                                  const secret_token& secret) {
  if (CRYPTO_memcmp(frame.data(), secret.data(), secret.size()) != 0)
    return std::nullopt;
  reply_frame rest{};
  std::copy(frame.begin() + secret.size(), frame.end(), rest.begin());
  reader<reply_frame> in{rest};
  if (!begins_well(in))
    return std::nullopt;
  const auto way = in.get<std::uint8_t>();
  if (way > static_cast<std::uint8_t>(bulk_way::shared_memory))
    return std::nullopt;
  return hello{secret, static_cast<bulk_way>(way)};
}

std::optional<request> decode_request(const request_frame& frame) {
  reader<request_frame> in{frame};
  if (!begins_well(in))
    return std::nullopt;
  const auto kind = in.get<std::uint8_t>();
  const auto tensor = in.get<std::uint8_t>();
  if (kind > static_cast<std::uint8_t>(request_kind::give_back))
    return std::nullopt;
  request wish;
  wish.kind = static_cast<request_kind>(kind);
  wish.number = in.get<std::uint64_t>();
  auto& ticket = wish.ticket;
  ticket.kind = static_cast<core::tensor_kind>(tensor);
  ticket.run = in.get<std::uint64_t>();
  ticket.generation = in.get<std::uint32_t>();
  ticket.process = in.get<std::uint32_t>();
  ticket.step = in.get<std::uint64_t>();
  ticket.block = in.get<std::uint32_t>();
  ticket.range = in.get<std::uint32_t>();
  ticket.version = in.get<std::uint64_t>();
  ticket.length = in.get<std::uint64_t>();
  return wish;
}

std::optional<reply> decode_reply(const reply_frame& frame) {
  reader<reply_frame> in{frame};
  if (!begins_well(in))
    return std::nullopt;
  const auto status = in.get<std::uint8_t>();
  if (status > static_cast<std::uint8_t>(reply_status::use_stream))
    return std::nullopt;
  in.get<std::uint8_t>();
  reply answer;
  answer.status = static_cast<reply_status>(status);
  answer.number = in.get<std::uint64_t>();
  answer.length = in.get<std::uint64_t>();
  answer.segment = in.get<std::uint64_t>();
  return answer;
}

} // namespace souk::actors::bulk
