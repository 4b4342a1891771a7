#include "actors/training_progress.hpp"

#include <algorithm>

namespace souk::actors {

training_schedule::training_schedule(const training_options& options,
                                     const batches& plan)
  : options_{options}, plan_{plan}, time_{options.consistency, plan.per_epoch()} {
  // nop
}

std::uint64_t training_schedule::total_steps() const {
  return options_.epochs * plan_.per_epoch();
}

std::uint64_t training_schedule::rest_after(std::uint64_t step) const {
  const auto next_multiple = [step](std::uint64_t of) {
    return (step / of + 1) * of;
  };
  return std::min({next_multiple(plan_.per_epoch()),
                   time_.cut_from(next_multiple(options_.checkpoint.every_steps)),
                   total_steps()});
}

std::uint64_t training_schedule::lease_end(std::uint64_t step) const {
  return std::min(time_.cut_from(step + lease_steps), rest_after(step));
}

bool training_schedule::ends_epoch(std::uint64_t step) const {
  return step > 0 && step % plan_.per_epoch() == 0;
}

bool training_schedule::validates_at(std::uint64_t step) const {
  if (!ends_epoch(step))
    return false;
  const auto epoch = step / plan_.per_epoch();
  return epoch % options_.validate.every_epochs == 0 || step == total_steps();
}

bool training_schedule::checkpoints_at(std::uint64_t step) const {
  if (step == 0)
    return false;
  // Due somewhere in the clock that ends here.
  const auto every = options_.checkpoint.every_steps;
  return step / every > time_.begin(step - 1) / every;
}

bool training_schedule::note_validation(training_progress& progress,
                                        double metric) const {
  // Written so that a metric that is no number is never the best.
  if (!(metric > progress.best_metric.value_or(-1))) {
    ++progress.validations_without_best;
    return false;
  }
  progress.best_metric = metric;
  progress.best_epoch = progress.step / plan_.per_epoch();
  progress.validations_without_best = 0;
  return true;
}

bool training_schedule::is_over(const training_progress& progress) const {
  const auto patience = options_.validate.patience;
  return progress.step >= total_steps()
         || (patience && progress.validations_without_best >= *patience);
}

} // namespace souk::actors
