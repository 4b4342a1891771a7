#include "eval/realism/resampling.hpp"

#include "core/random.hpp"

namespace souk::eval::realism {

namespace {

constexpr std::uint64_t halves_entity = 16; ///< lower ones draw users

} // namespace

user_weights resampled_weights(std::size_t count,
                               std::uint64_t seed,
                               std::uint64_t log,
                               std::uint32_t resample) {
  user_weights weights(count);
  const core::draw_site site{seed, core::stream::bootstrap, log, resample};
  for (std::uint32_t i = 0; i < count; ++i)
    ++weights[core::below(site, i, count)];
  return weights;
}

halves::halves(std::size_t count, std::uint64_t seed, std::uint32_t number)
  : first(count), second(count, 1) {
  const auto order =
    core::permutation({seed, core::stream::bootstrap, halves_entity, number},
                      static_cast<std::uint32_t>(count));
  for (std::size_t i = 0; i < count / 2; ++i) {
    first[order[i]] = 1;
    second[order[i]] = 0;
  }
}

} // namespace souk::eval::realism
