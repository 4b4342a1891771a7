#pragma once

#include "core/shared_segment.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace souk::actors::bulk {

/// The segments that an owner lends to one fetcher. They end with the connection, and
/// are never used again for another: a fetcher may go on reading what it was lent.
class segment_pool {
public:
  /// A segment to write to.
  struct loan {
    std::uint64_t number = 0;
    core::shared_segment* segment = nullptr; ///< null: no memory can be had
    bool is_new = false;                ///< the fetcher does not have its descriptor
    std::vector<std::uint64_t> retired; ///< segments that were given up for it
  };

  /// All segments together stay below `bytes_max`.
  explicit segment_pool(std::uint64_t bytes_max) : bytes_max_{bytes_max} {
    // nop
  }

  /// Lends a segment of at least that many bytes.
  loan lend(std::uint64_t bytes);

  /// Takes a segment back; false if it was not lent.
  bool give_back(std::uint64_t number);

private:
  struct entry {
    core::shared_segment segment;
    bool is_lent = false;
  };

  using entries = std::map<std::uint64_t, entry>;

  void retire_idle(std::vector<std::uint64_t>& retired);

  const std::uint64_t bytes_max_;
  entries segments_; ///< by number
  std::uint64_t bytes_ = 0;
  std::uint64_t last_number_ = 0;
};

} // namespace souk::actors::bulk
