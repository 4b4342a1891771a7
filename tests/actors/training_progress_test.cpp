#include "actors/training_progress.hpp"

#include <catch2/catch.hpp>

using namespace souk::actors;

namespace {

/// 3 steps an epoch, 4 epochs, a checkpoint every 5 steps, validation every 2 epochs.
training_schedule schedule() {
  training_options options;
  options.epochs = 4;
  options.batch_users = 8;
  options.checkpoint.every_steps = 5;
  options.validate.every_epochs = 2;
  options.validate.patience = 1;
  return {options, {22, 8, 4}};
}

} // namespace

TEST_CASE("leases end where something else is due", "[actors][training_progress]") {
  const auto plan = schedule();
  CHECK(plan.total_steps() == 12);
  CHECK(plan.lease_end(0) == 3); // the epoch ends
  CHECK(plan.lease_end(3) == 5); // a checkpoint is due
  CHECK(plan.lease_end(5) == 6);
  CHECK(plan.lease_end(10) == 12); // training ends
}

TEST_CASE("leases are short enough to hear an interrupt",
          "[actors][training_progress]") {
  training_options options;
  options.checkpoint.every_steps = 100000;
  const training_schedule plan{options, {1000000, 100, 4}};
  CHECK(plan.lease_end(0) == training_schedule::lease_steps);
}

TEST_CASE("validation happens every so many epochs and at the end",
          "[actors][training_progress]") {
  const auto plan = schedule();
  CHECK_FALSE(plan.validates_at(0));
  CHECK_FALSE(plan.validates_at(3));
  CHECK_FALSE(plan.validates_at(5));
  CHECK(plan.validates_at(6));
  CHECK(plan.validates_at(12));
}

TEST_CASE("patience counts validations without a new best",
          "[actors][training_progress]") {
  const auto plan = schedule();
  training_progress progress;
  progress.step = 6;
  CHECK(plan.note_validation(progress, 0.3));
  CHECK(progress.best_epoch == 2);
  CHECK_FALSE(plan.is_over(progress));
  CHECK_FALSE(plan.note_validation(progress, 0.3)); // equal is not better
  CHECK(plan.is_over(progress));
}

TEST_CASE("the last batch of an epoch may be smaller", "[actors][batches]") {
  const batches plan{22, 8, 4};
  CHECK(plan.per_epoch() == 3);
  CHECK(plan.rows_per_block() == 2);
  CHECK(plan.users_of(0) == 8);
  CHECK(plan.users_of(2) == 6);
  const batches uneven{10, 10, 4};
  CHECK(uneven.rows_per_block() == 3); // two of the twelve rows are padding
}
