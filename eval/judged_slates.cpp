#include "eval/judged_slates.hpp"

#include "core/error.hpp"
#include "eval/intervals.hpp"

#include <algorithm>

namespace souk::eval {

judged_slates::judged_slates(const std::vector<metric>& metrics,
                             const core::interactions& held_out,
                             std::size_t num_users)
  : metrics_{metrics}, held_out_{&held_out}, values_(metrics.size()),
    covered_(metrics.size()) {
  for (std::size_t number = 0; number < metrics.size(); ++number) {
    judges_.emplace_back(metrics[number]);
    if (metrics[number].is_per_user())
      values_[number].resize(num_users);
    else
      covered_[number].resize(held_out.num_items);
  }
}

void judged_slates::take(std::size_t place,
                         std::uint32_t row,
                         core::span<const core::item_id> slate) {
  for (std::size_t number = 0; number < metrics_.size(); ++number) {
    if (metrics_[number].is_per_user()) {
      values_[number][place] = judges_[number].value(slate, held_out_->row(row));
      continue;
    }
    const auto seen = std::min(metrics_[number].k, slate.size());
    for (const auto item : slate.subspan(0, seen))
      if (item != core::no_item)
        covered_[number][item] = true;
  }
}

std::vector<double> judged_slates::overall() const {
  std::vector<double> means;
  for (std::size_t number = 0; number < metrics_.size(); ++number)
    means.push_back(metrics_[number].is_per_user() ? mean_of(values_[number])
                                                   : coverage(number));
  return means;
}

double judged_slates::coverage(std::size_t metric_number) const {
  const auto& items = covered_[metric_number];
  if (items.empty())
    return 0;
  return static_cast<double>(std::count(items.begin(), items.end(), true))
         / static_cast<double>(items.size());
}

} // namespace souk::eval
