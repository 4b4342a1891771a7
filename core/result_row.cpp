#include "core/result_row.hpp"

#include "core/digest.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace souk::core {

result_row exact_row(std::string stage,
                     std::string model,
                     std::string metric,
                     double value,
                     std::uint64_t n) {
  result_row row;
  row.stage = std::move(stage);
  row.model = std::move(model);
  row.metric = std::move(metric);
  row.group = "all";
  row.mean = row.ci_low = row.ci_high = value;
  row.n = n;
  return row;
}

result_row measured_row(std::string stage,
                        std::string model,
                        std::string metric,
                        double value,
                        std::uint64_t n) {
  auto row = exact_row(std::move(stage), std::move(model), std::move(metric), value, n);
  row.measured = true;
  return row;
}

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
