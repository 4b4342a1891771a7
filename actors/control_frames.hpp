#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace souk::actors {

/// Follows what a peer sends over the control channel, in CAF's protocol (BASP, CAF
/// 0.17): a header of 32 bytes, and a payload as long as the header says. Refuses what
/// CAF would die of or drown in: a header without the payload that its kind needs, one
/// that the peer must not send at this moment, one that is called part of a stream of
/// CAF's, which souk has none of, a payload longer than allowed.
class control_frames {
public:
  static constexpr std::size_t header_bytes = 32;

  /// No message of ours is longer (`messages::raw_vector`).
  static constexpr std::size_t payload_bytes_max =
    (std::size_t{256} << 20) + (1U << 20);

  /// `has_accepted`: the peer began the connection.
  explicit control_frames(bool has_accepted) : has_accepted_{has_accepted} {
    // nop
  }

  /// Length of the part that comes next, a header or a payload; never 0.
  std::size_t wanted() const {
    return wanted_;
  }

  /// Takes a part, which is whole. Returns what is wrong with it; empty: nothing.
  std::string take(const std::vector<char>& part);

private:
  std::string
  take_header(std::uint8_t operation, std::size_t payload, bool is_part_of_stream);

  bool has_accepted_;
  bool is_first_ = true;
  bool expects_payload_ = false;
  std::size_t wanted_ = header_bytes;
};

} // namespace souk::actors
