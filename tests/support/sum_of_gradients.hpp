#pragma once

#include "core/gradient.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

namespace souk::tests {

/// Adds a part's touched rows to those of a sum, which touches all of them.
inline void
add_rows(const core::gradient& part, std::size_t number, core::gradient& sum) {
  const auto all = sum.touched(number);
  const std::vector<std::uint32_t> rows(all.begin(), all.end());
  const auto sums = sum.touch(number, rows); // the same: their values stay
  const auto width = sum.layout()[number].row_size();
  const auto* value = part.touched_values(number).data();
  for (const auto row : part.touched(number)) {
    const auto place = std::lower_bound(rows.begin(), rows.end(), row) - rows.begin();
    auto* const to = sums.data() + static_cast<std::size_t>(place) * width;
    for (std::size_t j = 0; j < width; ++j)
      to[j] += *value++;
  }
}

/// left + right, number by number; an untouched row counts as zeros.
inline core::gradient sum_of(const core::gradient& left, const core::gradient& right) {
  core::gradient sum{left.layout()};
  for (std::size_t i = 0; i < sum.layout().tensors().size(); ++i) {
    if (!sum.layout()[i].sparse_rows) {
      const auto a = left.dense(i);
      const auto b = right.dense(i);
      std::transform(a.begin(), a.end(), b.begin(), sum.dense(i).begin(),
                     [](float x, float y) { return x + y; });
      continue;
    }
    const auto a = left.touched(i);
    const auto b = right.touched(i);
    std::vector<std::uint32_t> rows;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(rows));
    sum.touch(i, rows); // zeros, in a new gradient
    add_rows(left, i, sum);
    add_rows(right, i, sum);
  }
  return sum;
}

} // namespace souk::tests
