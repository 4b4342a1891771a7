#include "core/result_row.hpp"

#include "core/digest.hpp"

#include <algorithm>
#include <tuple>

namespace souk::core {

std::string digest_of(std::vector<result_row> rows) {
  const auto key = [](const result_row& row) {
    return std::tie(row.stage, row.model, row.metric, row.group, row.against);
  };
  std::stable_sort(
    rows.begin(), rows.end(),
    [&key](const result_row& a, const result_row& b) { return key(a) < key(b); });
  digest whole;
  for (const auto& row : rows) {
    if (row.measured)
      continue;
    for (const auto* text :
         {&row.stage, &row.model, &row.metric, &row.group, &row.against})
      whole.feed(*text);
    for (const auto number : {row.mean, row.ci_low, row.ci_high})
      whole.feed(number);
    whole.feed(row.n);
    whole.feed(row.p_value.value_or(-1.0));
  }
  return whole.finish();
}

} // namespace souk::core
