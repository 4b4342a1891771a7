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

} // namespace

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
