#include "models/kernels/dropout.hpp"

#include <algorithm>
#include <cmath>

namespace souk::models::kernels {

namespace {

double normalised_value(std::size_t num_items) {
  return num_items == 0 ? 0 : 1 / std::sqrt(static_cast<double>(num_items));
}

} // namespace

std::size_t drop_items(const core::draw_site& site,
                       double rate,
                       core::span<const core::item_id> items,
                       input_row out) {
  const auto value = static_cast<float>(normalised_value(items.size()) / (1 - rate));
  // The row's values serve as room for its draws: place `kept` is read before written.
  core::fill_uniforms(site, {out.values, items.size()});
  std::size_t kept = 0;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (static_cast<double>(out.values[i]) >= rate) {
      out.items[kept] = items[i];
      out.values[kept++] = value;
    }
  return kept;
}

void normalise_items(core::span<const core::item_id> items, input_row out) {
  std::copy(items.begin(), items.end(), out.items);
  std::fill_n(out.values, items.size(),
              static_cast<float>(normalised_value(items.size())));
}

} // namespace souk::models::kernels
