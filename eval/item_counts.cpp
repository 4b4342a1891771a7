#include "eval/item_counts.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace souk::eval {

item_counts::item_counts(std::size_t num_items)
  : clicks_(num_items), purchases_(num_items) {
  // nop
}

void item_counts::add(core::span<const core::session_record> records) {
  const auto count = [](std::vector<std::uint64_t>& counts, core::item_id item) {
    core::expects(item < counts.size(), "what is opened or bought is in the catalogue");
    ++counts[item];
  };
  for (const auto& record : records) {
    if (record.kind == core::event_kind::click)
      count(clicks_, record.item);
    else if (record.kind == core::event_kind::purchase)
      count(purchases_, record.item);
  }
}

void item_counts::clear() {
  std::fill(clicks_.begin(), clicks_.end(), 0);
  std::fill(purchases_.begin(), purchases_.end(), 0);
}

} // namespace souk::eval
