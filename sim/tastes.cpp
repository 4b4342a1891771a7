#include "sim/tastes.hpp"

#include "core/random.hpp"

#include <cmath>

namespace souk::sim {

tastes tastes::generated(const tastes_options& options,
                         const user_attributes& people,
                         std::uint64_t seed) {
  tastes result;
  result.dimensions_ = options.dimensions;
  result.spread_ = static_cast<float>(std::sqrt(1 - options.attribute_share));
  const auto& profiles = people.profiles();
  result.means_.resize(profiles.num_rows * options.dimensions);
  for (std::uint32_t k = 0; k < options.dimensions; ++k) {
    std::vector<double> pulls(profiles.num_rows);
    auto mean = 0.0;
    auto square = 0.0;
    for (std::uint32_t row = 0; row < profiles.num_rows; ++row) {
      for (std::size_t i = 0; i < profiles.columns.size(); ++i)
        for (const auto code : profiles.columns[i].codes_of(row)) {
          // Values are numbered beyond all users.
          const auto value = (std::uint64_t{1} << 40) + (i << 32) + code;
          pulls[row] += core::normal({seed, core::stream::taste, value, 0}, k);
        }
      mean += people.share(row) * pulls[row];
      square += people.share(row) * pulls[row] * pulls[row];
    }
    const auto variance = square - mean * mean;
    const auto scale =
      variance > 1e-12 ? std::sqrt(options.attribute_share / variance) : 0.0;
    for (std::uint32_t row = 0; row < profiles.num_rows; ++row)
      result.means_[row * options.dimensions + k] =
        static_cast<float>((pulls[row] - mean) * scale);
  }
  return result;
}

tastes tastes::of_factors(const tastes_options& options, const taste_factors& factors) {
  tastes result;
  result.dimensions_ = factors.dimensions;
  result.spread_ = static_cast<float>(std::sqrt(options.smoothing));
  result.means_ = factors.users;
  const auto keep = static_cast<float>(std::sqrt(1 - options.smoothing));
  for (auto& value : result.means_)
    value *= keep;
  return result;
}

tastes tastes::believed(const taste_factors& factors) {
  tastes result;
  result.dimensions_ = factors.dimensions;
  result.means_ = factors.users;
  result.spread_ = 0;
  result.spreads_ = factors.spreads;
  return result;
}

tastes tastes::none(std::uint32_t dimensions, std::size_t num_profiles) {
  tastes result;
  result.dimensions_ = dimensions;
  result.spread_ = 0;
  result.means_.assign(num_profiles * dimensions, 0.0F);
  return result;
}

void tastes::draw(std::uint64_t seed,
                  core::user_id user,
                  std::uint32_t profile,
                  core::span<float> taste) const {
  core::fill_normals({seed, core::stream::taste, user, 0}, taste);
  const auto mean = mean_of(profile);
  const auto* spreads =
    spreads_.empty() ? nullptr : spreads_.data() + std::size_t{profile} * dimensions_;
  for (std::uint32_t k = 0; k < dimensions_; ++k)
    taste[k] = mean[k] + (spreads == nullptr ? spread_ : spreads[k]) * taste[k];
}

core::span<const float> tastes::mean_of(std::uint32_t profile) const {
  return {means_.data() + static_cast<std::size_t>(profile) * dimensions_, dimensions_};
}

} // namespace souk::sim
