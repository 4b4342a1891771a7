#include "actors/local_replicas.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace souk::actors {

local_replicas::local_replicas(std::size_t count,
                               std::size_t size,
                               const models::adam_options& inner,
                               std::size_t threads)
  : inner_{inner, {0, size}, threads}, replicas_(count) {
  for (auto& replica : replicas_) {
    replica.parameters.resize(size);
    for (auto& moments : replica.moments)
      moments.resize(size);
  }
}

void local_replicas::begin(std::size_t replica, core::span<const float> origin) {
  auto& parameters = replicas_[replica].parameters;
  core::expects(origin.size() == parameters.size(), "a clock begins with all of them");
  std::copy(origin.begin(), origin.end(), parameters.begin());
}

void local_replicas::descend(std::size_t replica,
                             std::uint64_t number,
                             const models::partial_sum& gradient) {
  auto& mine = replicas_[replica];
  inner_.apply(number, {&gradient, 1},
               {mine.parameters, mine.moments[0], mine.moments[1]});
}

core::span<const float> local_replicas::end(std::size_t replica,
                                            core::span<const float> origin) {
  auto& parameters = replicas_[replica].parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i)
    parameters[i] = origin[i] - parameters[i];
  return parameters;
}

core::span<const float> local_replicas::moments(std::size_t replica,
                                                std::size_t order) const {
  return replicas_[replica].moments[order];
}

void local_replicas::restore(std::size_t replica,
                             std::size_t order,
                             core::span<const float> moments) {
  auto& mine = replicas_[replica].moments[order];
  core::expects(moments.empty() || moments.size() == mine.size(),
                "moments are as many as parameters");
  if (moments.empty())
    std::fill(mine.begin(), mine.end(), 0.0F);
  else
    std::copy(moments.begin(), moments.end(), mine.begin());
}

} // namespace souk::actors
