#include "eval/realism/distances.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>

namespace souk::eval::realism {

namespace {

user_values one_user_each(core::span<const double> values) {
  user_values sample;
  for (const auto value : values) {
    sample.values.push_back(value);
    sample.end_user();
  }
  return sample;
}

} // namespace

sample_pair::sample_pair(const user_values& ours, const user_values& theirs) {
  ascending_.reserve(ours.values.size() + theirs.values.size());
  // Both may be the same sample, of which two halves are compared.
  const auto append = [this](const user_values& side, bool is_ours) {
    for (std::uint32_t user = 0; user < side.num_users(); ++user)
      for (auto i = side.offsets[user]; i < side.offsets[user + 1]; ++i)
        ascending_.push_back({side.values[i], user, is_ours});
  };
  append(ours, true);
  append(theirs, false);
  std::sort(ascending_.begin(), ascending_.end(),
            [](const entry& a, const entry& b) { return a.value < b.value; });
}

sample_pair::result sample_pair::compare(const user_weights& ours,
                                         const user_weights& theirs) const {
  const auto weight = [&](const entry& of) {
    return of.is_ours ? ours[of.user] : theirs[of.user];
  };
  std::uint64_t total[2] = {0, 0};
  for (const auto& each : ascending_)
    total[each.is_ours ? 0 : 1] += weight(each);
  result found;
  if (total[0] == 0 || total[1] == 0)
    return found;
  std::uint64_t below[2] = {0, 0};
  auto apart = 0.0;
  auto last = 0.0;
  for (std::size_t i = 0; i < ascending_.size();) {
    const auto value = ascending_[i].value;
    found.area += apart * (value - last);
    for (; i < ascending_.size() && ascending_[i].value == value; ++i)
      below[ascending_[i].is_ours ? 0 : 1] += weight(ascending_[i]);
    apart = std::fabs(static_cast<double>(below[0]) / static_cast<double>(total[0])
                      - static_cast<double>(below[1]) / static_cast<double>(total[1]));
    found.largest = std::max(found.largest, apart);
    last = value;
  }
  return found;
}

double sample_pair::kolmogorov_smirnov(const user_weights& ours,
                                       const user_weights& theirs) const {
  return compare(ours, theirs).largest;
}

double sample_pair::wasserstein(const user_weights& ours,
                                const user_weights& theirs) const {
  return compare(ours, theirs).area;
}

double kolmogorov_smirnov(core::span<const double> a, core::span<const double> b) {
  return sample_pair{one_user_each(a), one_user_each(b)}.kolmogorov_smirnov(
    user_weights(a.size(), 1), user_weights(b.size(), 1));
}

double wasserstein(core::span<const double> a, core::span<const double> b) {
  return sample_pair{one_user_each(a), one_user_each(b)}.wasserstein(
    user_weights(a.size(), 1), user_weights(b.size(), 1));
}

} // namespace souk::eval::realism
