#pragma once

#include "core/span.hpp"
#include "sim/slate_demand.hpp"

#include <vector>

namespace souk::sim {

/// Finds slates of the highest expected value. Keeps scratch memory for one thread.
class best_slate_finder {
public:
  /// Writes the candidates of a row with the highest utilities, best first (ties: the
  /// lower number), `no_item` from where they run out: [slate_size]. Returns how many.
  std::size_t
  find(const slate_demand& demand, std::size_t row, core::span<core::item_id> slate);

private:
  void consider(core::item_id item, float utility);

  row_filter filter_;
  std::vector<float> utilities_;
  std::vector<std::pair<float, core::item_id>> best_; ///< best first
  std::size_t places_ = 0;
};

} // namespace souk::sim
