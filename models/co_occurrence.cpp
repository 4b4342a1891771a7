#include "models/co_occurrence.hpp"

namespace souk::models {

co_occurrence::co_occurrence(const core::interactions& users)
  : users_{users}, offsets_(users.num_items + std::size_t{1}),
    rows_(users.items.size()) {
  for (const auto item : users.items)
    ++offsets_[item + std::size_t{1}];
  for (std::size_t item = 0; item < users.num_items; ++item)
    offsets_[item + 1] += offsets_[item];
  auto next = offsets_;
  for (std::size_t user = 0; user < users.num_rows(); ++user)
    for (const auto item : users.row(user))
      rows_[next[item]++] = static_cast<std::uint32_t>(user);
}

} // namespace souk::models
