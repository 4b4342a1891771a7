#include "actors/division_of_work.hpp"

#include "core/error.hpp"
#include "core/gradient.hpp"

#include <algorithm>
#include <numeric>

namespace souk::actors {

division_of_work::division_of_work(const training_options& training,
                                   std::uint32_t trainers)
  : training_{training} {
  core::expects(trainers > 0 && trainers <= most_trainers(training),
                "there are no more trainers than can have work");
  const auto workers = training.consistency.workers;
  switch (training.consistency.kind) {
  case consistency_kind::bsp:
    runs_ = core::runs_of_blocks(training.blocks, trainers);
    num_trainers_ = trainers;
    break;
  case consistency_kind::ssp:
  case consistency_kind::asp:
    runs_ = core::runs_of_blocks(training.blocks, std::max(1U, trainers / workers));
    num_trainers_ = static_cast<std::uint32_t>(runs_.size()) * workers;
    break;
  case consistency_kind::local_sgd:
    runs_ = {training.blocks};
    num_trainers_ = trainers;
  }
}

division_of_work::share division_of_work::of(std::uint32_t trainer) const {
  const auto& consistency = training_.consistency;
  if (consistency.kind == consistency_kind::local_sgd) {
    const auto first = consistency.workers * trainer / num_trainers_;
    const auto end = consistency.workers * (trainer + 1) / num_trainers_;
    return {{first, end - first}, 0, training_.blocks};
  }
  const auto sharing = static_cast<std::uint32_t>(runs_.size());
  const auto part = static_cast<std::ptrdiff_t>(trainer % sharing);
  return {{trainer / sharing, 1},
          static_cast<std::uint32_t>(
            std::accumulate(runs_.begin(), runs_.begin() + part, std::size_t{0})),
          static_cast<std::uint32_t>(runs_[trainer % sharing])};
}

std::vector<std::size_t> division_of_work::pushed_runs() const {
  if (training_.compression.kind == models::compression_kind::none)
    return runs_;
  return std::vector<std::size_t>(training_.blocks, 1);
}

std::uint32_t most_trainers(const training_options& training) {
  switch (training.consistency.kind) {
  case consistency_kind::ssp:
  case consistency_kind::asp:
    return training.consistency.workers * training.blocks;
  case consistency_kind::local_sgd:
    return training.consistency.workers;
  default:
    return training.blocks;
  }
}

} // namespace souk::actors
