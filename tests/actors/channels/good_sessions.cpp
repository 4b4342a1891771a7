#include "tests/actors/channels/good_sessions.hpp"

#include "actors/bulk/frames.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/io/basp/header.hpp>
#include <caf/make_message.hpp>
#include <caf/message_id.hpp>

#include <stdexcept>

namespace souk::tests {

namespace {

using caf::io::basp::header;
using caf::io::basp::message_type;

template <class... Ts>
void append(caf::actor_system& system, std::vector<char>& bytes, Ts... parts) {
  std::vector<char> more;
  caf::binary_serializer sink{system, more};
  if (auto failed = sink(parts...))
    throw std::runtime_error{"cannot serialise"};
  bytes.insert(bytes.end(), more.begin(), more.end());
}

/// Writes a header, and a payload as long as it says.
template <class... Ts>
void append_message(caf::actor_system& system,
                    std::vector<char>& bytes,
                    header head,
                    Ts... payload) {
  std::vector<char> body;
  append(system, body, payload...);
  head.payload_len = static_cast<std::uint32_t>(body.size());
  append(system, bytes, head);
  bytes.insert(bytes.end(), body.begin(), body.end());
}

} // namespace

std::vector<char> good_control_words(caf::actor_system& system,
                                     std::uint64_t actor,
                                     std::uint32_t process) {
  const auto peer = caf::make_node_id(process, std::string(40, 'a'));
  std::vector<char> bytes;
  // CAF's client says who it is, and then that it keeps this connection.
  for (const std::uint8_t flags : {std::uint8_t{0}, header::select_connection_flag})
    append_message(system, bytes,
                   header{message_type::client_handshake, flags, 0, 0, 0, 0}, *peer);
  append(system, bytes, header{message_type::heartbeat, 0, 0, 0, 0, 0});
  const auto id = caf::make_message_id(7).integer_value(); // of a request
  for (int i = 0; i < 3; ++i)
    append_message(
      system, bytes, header{message_type::direct_message, 0, 0, id, answers_to, actor},
      std::vector<caf::strong_actor_ptr>{}, caf::make_message(std::int32_t{7}));
  return bytes;
}

std::vector<char> good_bulk_words(const core::tensor_ticket& ticket) {
  namespace bulk = actors::bulk;
  std::vector<char> bytes;
  const auto hello = encode(bulk::hello{{}, bulk::bulk_way::stream});
  bytes.insert(bytes.end(), hello.begin(), hello.end());
  bulk::request wish;
  wish.ticket = ticket;
  for (wish.number = 0; wish.number < 3; ++wish.number) {
    const auto frame = encode(wish);
    bytes.insert(bytes.end(), frame.begin(), frame.end());
  }
  return bytes;
}

} // namespace souk::tests
