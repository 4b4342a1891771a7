#include "models/outer_optimiser.hpp"
#include "tests/support/still_training.hpp"

#include <catch2/catch.hpp>

#include <cstring>

using namespace souk;
using namespace souk::tests;
using actors::consistency_kind;

namespace {

/// 38 users in batches of 8: five steps an epoch, the last of 6 users.
still_training_options small_training(consistency_kind kind,
                                      std::uint32_t workers,
                                      std::uint64_t staleness = 0) {
  still_training_options options;
  options.num_users = 38;
  options.training.epochs = 4;
  options.training.batch_users = 8;
  options.training.blocks = 4;
  options.training.optimiser.learning_rate = 0.05;
  options.training.checkpoint.every_steps = 4;
  options.training.validate.patience = std::nullopt;
  options.training.consistency.kind = kind;
  options.training.consistency.workers = workers;
  options.training.consistency.staleness = staleness;
  return options;
}

still_training_options local_sgd(std::uint32_t replicas, std::uint32_t period) {
  auto options = small_training(consistency_kind::local_sgd, replicas);
  options.training.consistency.period = period;
  return options;
}

std::shared_ptr<remembering_observer> trained(const still_training_options& options) {
  auto observer = std::make_shared<remembering_observer>();
  still_training training{options, observer};
  const auto end = training.train();
  if (const auto* error = std::get_if<caf::error>(&end))
    FAIL(to_string(*error));
  CHECK(std::get<messages::training_finished>(end).end
        == messages::training_end::completed);
  CHECK(observer->final_progress.step == 20);
  return observer;
}

/// Trains on from what another training saved.
std::shared_ptr<remembering_observer> trained_from(
  const still_training_options& options,
  const std::pair<actors::training_progress, actors::training_tensors>& saved) {
  auto observer = std::make_shared<remembering_observer>();
  still_training rest{options, observer, saved.first,
                      std::make_shared<actors::training_tensors>(saved.second)};
  const auto end = rest.train();
  CHECK(std::holds_alternative<messages::training_finished>(end));
  return observer;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return !a.empty() && a.size() == b.size()
         && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

bool same_answer(const remembering_observer& a, const remembering_observer& b) {
  return same_bits(a.final_parameters, b.final_parameters) && a.curves == b.curves;
}

std::vector<std::uint64_t> steps_saved(const remembering_observer& observer) {
  std::vector<std::uint64_t> steps;
  for (const auto& [progress, tensors] : observer.saved)
    steps.push_back(progress.step);
  return steps;
}

/// Does by itself, one thing after another, what actors do together.
class lone_trainer {
public:
  explicit lone_trainer(const still_training_options& options)
    : options_{options}, rows_{toy_rows(options.num_users)}, learner_{rows_->num_items},
      plan_{options.num_users, options.training.batch_users, options.training.blocks},
      time_{options.training.consistency, plan_.per_epoch()},
      adam_{options.training.optimiser, {0, learner_.layout().size()}, 1} {
    parameters.resize(learner_.layout().size());
    learner_.initialise(still_training::seed, parameters);
    first_.resize(parameters.size());
    second_.resize(parameters.size());
  }

  /// Reads and applies gradients in an order.
  void follow(const actors::range_order& order) {
    std::map<std::uint64_t, core::parameter_arena> read; // by turn
    std::uint64_t version = 0;
    for (const auto& event : order) {
      if (event.what == actors::range_event::kind::read) {
        read[event.turn] = parameters;
        continue;
      }
      const auto gradient = gradient_at(event.turn, read.at(event.turn));
      adam_.apply(++version, whole(gradient), {parameters, first_, second_});
    }
  }

  /// Trains replicas and averages them, clock after clock.
  void average(std::uint64_t steps) {
    const auto replicas = options_.training.consistency.workers;
    std::vector<core::parameter_arena> moments(2 * replicas, first_); // zeros
    models::outer_optimiser outer{options_.training.consistency.outer, 1};
    std::vector<std::uint64_t> taken(replicas);
    for (std::uint64_t cut = 0; cut < steps; cut = time_.end(cut)) {
      std::vector<core::parameter_arena> differences;
      for (std::uint32_t r = 0; r < replicas && cut + r < time_.end(cut); ++r) {
        auto own = parameters;
        for (auto step = cut + r; step < time_.end(cut); step += replicas) {
          const auto gradient = gradient_at(step, own);
          adam_.apply(++taken[r], whole(gradient),
                      {own, moments[2 * r], moments[2 * r + 1]});
        }
        for (std::size_t i = 0; i < own.size(); ++i)
          own[i] = parameters[i] - own[i];
        differences.push_back(own);
      }
      const std::vector<core::span<const float>> views(differences.begin(),
                                                       differences.end());
      outer.apply(views, parameters, first_);
    }
  }

  core::parameter_arena parameters;

private:
  core::gradient gradient_at(std::uint64_t step, core::span<const float> at) {
    const auto epoch = step / plan_.per_epoch();
    const auto batch = step % plan_.per_epoch();
    const auto order =
      actors::epoch_order(still_training::seed, epoch, options_.num_users);
    std::vector<models::training_block> blocks(plan_.blocks);
    for (std::uint32_t place = 0; place < plan_.blocks * plan_.rows_per_block();
         ++place) {
      auto& block = blocks[place / plan_.rows_per_block()];
      const auto is_there = place < plan_.users_of(batch);
      const auto user =
        is_there ? order[batch * plan_.batch_users + place] : core::no_user;
      block.rows.num_items = rows_->num_items;
      block.users.push_back(user);
      block.rows.append_row(is_there ? rows_->row(user)
                                     : core::span<const core::item_id>{});
    }
    core::gradient gradient{learner_.layout()};
    std::vector<models::block_loss> losses(blocks.size());
    learner_.accumulate({still_training::seed, step, plan_.users_of(batch)}, blocks, at,
                        gradient, losses);
    return gradient;
  }

  std::vector<models::partial_sum> whole(const core::gradient& gradient) const {
    return {{plan_.blocks, gradient.slice({0, parameters.size()})}};
  }

  still_training_options options_;
  std::shared_ptr<const core::interactions> rows_;
  toy_learner learner_;
  actors::batches plan_;
  actors::clocks time_;
  models::optimiser adam_;
  core::parameter_arena first_;
  core::parameter_arena second_;
};

bool same_bits(const core::parameter_arena& a, const std::vector<float>& b) {
  return same_bits(std::vector<float>(a.begin(), a.end()), b);
}

} // namespace

SCENARIO("the log tells which version each gradient read",
         "[actors][training][order]") {
  for (const auto kind : {consistency_kind::asp, consistency_kind::ssp}) {
    auto options = small_training(kind, 3, 2);
    const auto observer = trained(options);
    lone_trainer alone{options};
    alone.follow(observer->orders.at(0));
    CHECK(same_bits(alone.parameters, observer->final_parameters));
    // It is a matter of the order.
    REQUIRE(actors::staleness_in(observer->orders[0]).size() > 1);
    actors::range_order in_turn;
    for (std::uint64_t step = 0; step < 20; ++step)
      for (const auto what :
           {actors::range_event::kind::read, actors::range_event::kind::apply})
        in_turn.push_back({what, step});
    lone_trainer other{options};
    other.follow(in_turn);
    CHECK_FALSE(same_bits(other.parameters, observer->final_parameters));
  }
}

SCENARIO("ssp without staleness reads at the cut and applies worker after worker",
         "[actors][training][ssp]") {
  const auto options = small_training(consistency_kind::ssp, 3);
  actors::range_order order;
  const actors::clocks time{options.training.consistency, 5};
  for (std::uint64_t cut = 0; cut < 20; cut = time.end(cut))
    for (const auto what :
         {actors::range_event::kind::read, actors::range_event::kind::apply})
      for (auto step = cut; step < time.end(cut); ++step)
        order.push_back({what, step});
  lone_trainer alone{options};
  alone.follow(order);
  CHECK(same_bits(alone.parameters, trained(options)->final_parameters));
}

SCENARIO("local SGD averages what replicas learn alone",
         "[actors][training][local_sgd]") {
  for (const std::uint32_t replicas : {1, 2, 3})
    for (const std::uint32_t period : {1, 2, 4}) {
      const auto options = local_sgd(replicas, period);
      lone_trainer alone{options};
      alone.average(20);
      CHECK(same_bits(alone.parameters, trained(options)->final_parameters));
    }
}

SCENARIO("ssp of one worker without staleness is bsp", "[actors][training][ssp]") {
  const auto bsp = trained(small_training(consistency_kind::bsp, 1));
  for (const auto trainers : {1, 2, 4})
    for (const auto servers : {1, 2}) {
      auto options = small_training(consistency_kind::ssp, 1);
      options.trainers = trainers;
      options.servers = servers;
      const auto ssp = trained(options);
      CHECK(same_answer(*ssp, *bsp));
      CHECK(ssp->saved.size() == bsp->saved.size());
      CHECK(ssp->saved.back().second.second_moments
            == bsp->saved.back().second.second_moments);
    }
}

SCENARIO("ssp without staleness has the same bits on every cluster shape",
         "[actors][training][ssp]") {
  for (const auto kind :
       {models::compression_kind::none, models::compression_kind::bf16})
    for (const std::uint32_t workers : {2, 3, 5}) {
      auto options = small_training(consistency_kind::ssp, workers);
      options.training.compression.kind = kind;
      const auto reference = trained(options);
      CHECK(reference->orders.empty()); // the file alone decides
      for (const std::size_t trainers : {1U, 2U, workers, 2 * workers, 4 * workers})
        for (std::size_t servers = 1; servers <= 3; ++servers) {
          options.trainers = trainers;
          options.servers = servers;
          INFO(workers << " workers, " << trainers << " trainers, " << servers
                       << " servers");
          CHECK(same_answer(*trained(options), *reference));
        }
    }
}

SCENARIO("local SGD has the same bits on every cluster shape",
         "[actors][training][local_sgd]") {
  for (const std::uint32_t replicas : {1, 2, 3, 7})
    for (const std::uint32_t period : {1, 2, 4}) {
      auto options = local_sgd(replicas, period);
      const auto reference = trained(options);
      for (std::size_t trainers = 1; trainers <= replicas; ++trainers)
        for (std::size_t servers = 1; servers <= 3; ++servers) {
          options.trainers = trainers;
          options.servers = servers;
          INFO(replicas << " replicas, " << period << " steps, " << trainers
                        << " trainers, " << servers << " servers");
          CHECK(same_answer(*trained(options), *reference));
        }
    }
}

SCENARIO("one replica that is averaged plainly takes Adam's steps",
         "[actors][training][local_sgd]") {
  const auto bsp = trained(small_training(consistency_kind::bsp, 1));
  auto options = local_sgd(1, 3);
  options.training.consistency.outer = {/*learning_rate=*/1, /*momentum=*/0};
  const auto local = trained(options);
  for (std::size_t i = 0; i < bsp->final_parameters.size(); ++i)
    CHECK(local->final_parameters[i]
          == Approx(bsp->final_parameters[i]).epsilon(1e-4).margin(1e-6));
  // Momentum makes it another training.
  const auto pushed = trained(local_sgd(1, 3));
  CHECK(pushed->final_parameters[0] != Approx(bsp->final_parameters[0]).epsilon(1e-4));
}

SCENARIO("training is cut where clocks end", "[actors][training]") {
  // Clocks of three steps, five an epoch: 3 5 8 10 13 15 18 20; due 4 8 12 16 20.
  CHECK(steps_saved(*trained(small_training(consistency_kind::ssp, 3)))
        == std::vector<std::uint64_t>{5, 8, 13, 18, 20});
  // Clocks of four steps: 4 5 9 10 14 15 19 20.
  CHECK(steps_saved(*trained(local_sgd(2, 2)))
        == std::vector<std::uint64_t>{4, 9, 14, 19, 20});
}

SCENARIO("training goes on from a cut with the same bits on another cluster shape",
         "[actors][training]") {
  for (auto options :
       {small_training(consistency_kind::ssp, 3), local_sgd(3, 1), local_sgd(2, 2)}) {
    const auto whole = trained(options);
    for (const auto& saved : whole->saved) {
      INFO("from step " << saved.first.step);
      options.trainers = 2;
      options.servers = 3;
      const auto rest = trained_from(options, saved);
      CHECK(same_bits(rest->final_parameters, whole->final_parameters));
      if (saved.second.residuals.empty() || saved.first.step == 20)
        continue;
      // Without the replicas' moments it would be another training.
      auto forgetful = saved;
      forgetful.second.residuals.clear();
      CHECK_FALSE(same_bits(trained_from(options, forgetful)->final_parameters,
                            whole->final_parameters));
    }
  }
  CHECK(trained(local_sgd(3, 1))->saved.front().second.residuals.size() == 6);
}

SCENARIO("asynchronous training logs an order that can be repeated",
         "[actors][training][order]") {
  for (const auto kind : {consistency_kind::asp, consistency_kind::ssp})
    for (const auto compression :
         {models::compression_kind::none, models::compression_kind::bf16}) {
      auto options = small_training(kind, 3, 2);
      options.training.compression.kind = compression;
      options.trainers = 6;
      options.servers = 2;
      const auto first = trained(options);
      REQUIRE(first->orders.size() == 2);
      for (const auto& order : first->orders)
        CHECK(actors::is_complete(order, 0, 20));

      // Who repeats it may be another cluster, as long as it has as many ranges.
      options.orders =
        std::make_shared<std::vector<actors::range_order>>(first->orders);
      for (const auto trainers : {3, 12}) {
        options.trainers = trainers;
        const auto again = trained(options);
        CHECK(same_answer(*again, *first));
        CHECK(again->orders == first->orders);
      }

      // From a checkpoint too.
      for (const auto& saved : first->saved) {
        const auto rest = trained_from(options, saved);
        CHECK(same_bits(rest->final_parameters, first->final_parameters));
      }

      options.servers = 1;
      auto observer = std::make_shared<remembering_observer>();
      still_training training{options, observer};
      const auto end = training.train();
      REQUIRE(std::holds_alternative<caf::error>(end));
      CHECK(to_string(std::get<caf::error>(end)).find("2 ranges") != std::string::npos);
    }
}

SCENARIO("the order decides the answer", "[actors][training][order]") {
  auto options = small_training(consistency_kind::asp, 2);
  const auto first = trained(options);
  // Another order: worker after worker, as far as one may go before the next cut.
  auto orders = std::make_shared<std::vector<actors::range_order>>(1);
  for (std::uint64_t cut = 0; cut < 20; cut += cut % 5 == 4 ? 1 : 2)
    for (std::uint64_t i = cut % 5 == 4 ? 1 : 2; i-- > 0;) {
      orders->front().push_back({actors::range_event::kind::read, cut + i});
      orders->front().push_back({actors::range_event::kind::apply, cut + i});
    }
  REQUIRE(actors::is_complete(orders->front(), 0, 20));
  options.orders = orders;
  const auto other = trained(options);
  CHECK(other->orders == *orders);
  CHECK_FALSE(same_bits(other->final_parameters, first->final_parameters));
}

SCENARIO("an interrupt lets asynchronous training come to rest at a cut",
         "[actors][training]") {
  for (auto options : {small_training(consistency_kind::asp, 2),
                       small_training(consistency_kind::ssp, 3, 1), local_sgd(2, 2)}) {
    options.training.checkpoint.every_steps = 1000;
    auto observer = std::make_shared<remembering_observer>();
    still_training training{options, observer};
    training.system.tell(training.chief, messages::interrupt_training{});
    const auto end = training.train();
    REQUIRE(std::holds_alternative<messages::training_finished>(end));
    CHECK(std::get<messages::training_finished>(end).end
          == messages::training_end::interrupted);
    REQUIRE(observer->saved.size() == 1);
    const auto step = observer->saved.front().first.step;
    CHECK(step < 20);
    for (const auto& order : observer->orders)
      CHECK(actors::is_complete(order, 0, step));
  }
}
