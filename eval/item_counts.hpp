#pragma once

#include "core/session_record.hpp"
#include "core/span.hpp"

#include <cstdint>
#include <vector>

namespace souk::eval {

/// How often each item of a catalogue was opened and bought in one market, counted
/// while its records pass.
class item_counts {
public:
  explicit item_counts(std::size_t num_items);

  /// Counts what there is to count in records of the catalogue's items.
  void add(core::span<const core::session_record> records);

  /// Forgets everything: the next market begins.
  void clear();

  /// Clicks by item: [num_items].
  const std::vector<std::uint64_t>& clicks() const {
    return clicks_;
  }

  /// Purchases by item, returned ones among them: [num_items].
  const std::vector<std::uint64_t>& purchases() const {
    return purchases_;
  }

private:
  std::vector<std::uint64_t> clicks_;
  std::vector<std::uint64_t> purchases_;
};

} // namespace souk::eval
