#include "core/error.hpp"
#include "tests/support/still_training.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <limits>

using namespace souk;
using namespace souk::tests;

namespace {

/// 22 users in batches of 8: the last batch of an epoch has 6 users and two padded
/// rows.
still_training_options small_training() {
  still_training_options options;
  options.training.epochs = 3;
  options.training.batch_users = 8;
  options.training.blocks = 4;
  options.training.optimiser.learning_rate = 0.05;
  options.training.checkpoint.every_steps = 4;
  options.training.validate.patience = std::nullopt;
  return options;
}

std::shared_ptr<remembering_observer> trained(const still_training_options& options) {
  auto observer = std::make_shared<remembering_observer>();
  still_training training{options, observer};
  const auto end = training.train();
  REQUIRE(std::holds_alternative<messages::training_finished>(end));
  CHECK(std::get<messages::training_finished>(end).end
        == messages::training_end::completed);
  return observer;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size()
         && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

} // namespace

SCENARIO("training has the same bits on every cluster shape", "[actors][training]") {
  const auto reference = trained(small_training());
  CHECK(reference->final_progress.step == 9);
  for (std::size_t trainers = 1; trainers <= 4; ++trainers)
    for (std::size_t servers = 1; servers <= 3; ++servers)
      for (const std::size_t shards : {1, 3}) {
        auto options = small_training();
        options.trainers = trainers;
        options.servers = servers;
        options.shards = shards;
        INFO(trainers << " trainers, " << servers << " servers, " << shards
                      << " shards");
        const auto other = trained(options);
        CHECK(same_bits(other->final_parameters, reference->final_parameters));
        CHECK(other->curves == reference->curves);
      }
}

SCENARIO("compressed training has the same bits on every cluster shape",
         "[actors][training][compression]") {
  const auto plain = trained(small_training());
  for (const auto kind :
       {models::compression_kind::bf16, models::compression_kind::top_k}) {
    auto options = small_training();
    options.training.compression = {kind, /*fraction=*/0.3};
    const auto reference = trained(options);
    CHECK_FALSE(same_bits(reference->final_parameters, plain->final_parameters));
    for (std::size_t trainers = 1; trainers <= 4; ++trainers)
      for (std::size_t servers = 1; servers <= 3; ++servers) {
        options.trainers = trainers;
        options.servers = servers;
        INFO(trainers << " trainers, " << servers << " servers");
        const auto other = trained(options);
        CHECK(same_bits(other->final_parameters, reference->final_parameters));
        CHECK(other->curves == reference->curves);
        CHECK(other->saved.back().second.residuals
              == reference->saved.back().second.residuals);
      }
  }
}

SCENARIO("compressed training goes on from a checkpoint on another cluster shape",
         "[actors][training][compression]") {
  auto options = small_training();
  options.training.compression = {models::compression_kind::top_k, 0.3};
  const auto whole = trained(options);
  REQUIRE(whole->saved.size() == 2);
  for (const auto& [progress, tensors] : whole->saved) {
    INFO("from step " << progress.step);
    CHECK(tensors.residuals.size() == options.training.blocks);
    options.trainers = 3;
    options.servers = 2;
    auto observer = std::make_shared<remembering_observer>();
    still_training rest{options, observer, progress,
                        std::make_shared<actors::training_tensors>(tensors)};
    rest.train();
    CHECK(same_bits(observer->final_parameters, whole->final_parameters));
    // Without what the blocks had left to send, it would be another training.
    auto forgetful = tensors;
    forgetful.residuals.clear();
    auto other = std::make_shared<remembering_observer>();
    still_training without{options, other, progress,
                           std::make_shared<actors::training_tensors>(forgetful)};
    without.train();
    CHECK_FALSE(same_bits(other->final_parameters, whole->final_parameters));
  }
}

SCENARIO("every step tells the bytes that were pushed", "[actors][training]") {
  for (const auto kind :
       {models::compression_kind::none, models::compression_kind::bf16}) {
    auto options = small_training();
    options.trainers = 4;
    options.training.compression.kind = kind;
    const auto observer = trained(options);
    REQUIRE(observer->bytes_pushed.size() == 9);
    for (const auto bytes : observer->bytes_pushed) {
      CHECK(bytes >= 4 * 4 * sizeof(std::uint16_t)); // the bias, of four blocks
      CHECK(bytes < 4 * 1000);
    }
    // Each trainer also gets all parameters.
    const auto arena = observer->final_parameters.size() * sizeof(float);
    for (std::size_t step = 0; step < 9; ++step)
      CHECK(observer->bytes_moved[step] >= observer->bytes_pushed[step] + 4 * arena);
  }
}

SCENARIO("compressed training that diverges says so",
         "[actors][training][compression]") {
  for (const auto kind :
       {models::compression_kind::bf16, models::compression_kind::top_k}) {
    auto options = small_training();
    options.training.compression = {kind, 0.5};
    options.training.optimiser.learning_rate = 1e38;
    auto observer = std::make_shared<remembering_observer>();
    still_training training{options, observer};
    const auto end = training.train();
    REQUIRE(std::holds_alternative<caf::error>(end));
    CHECK(to_string(std::get<caf::error>(end)).find("diverged") != std::string::npos);
  }
}

SCENARIO("training goes on from a checkpoint with the same bits",
         "[actors][training]") {
  auto options = small_training();
  const auto whole = trained(options);
  REQUIRE(whole->saved.size() == 2); // after steps 4 and 8
  for (const auto& [progress, tensors] : whole->saved) {
    INFO("from step " << progress.step);
    options.trainers = 2;
    options.servers = 3;
    auto observer = std::make_shared<remembering_observer>();
    still_training rest{options, observer, progress,
                        std::make_shared<actors::training_tensors>(tensors)};
    rest.train();
    CHECK(same_bits(observer->final_parameters, whole->final_parameters));
    // Finished steps are not computed again, and the epoch's loss is whole.
    CHECK(observer->curves["loss"].front().first == progress.step + 1);
    CHECK(observer->curves["epoch_loss"].back() == whole->curves["epoch_loss"].back());
  }
}

SCENARIO("the best epoch's weights are kept", "[actors][training]") {
  auto options = small_training();
  auto observer = std::make_shared<remembering_observer>();
  std::vector<float> best;
  observer->metric = [&](core::span<const float> parameters) {
    if (observer->validations == 2)
      best.assign(parameters.begin(), parameters.end());
    return observer->validations == 2 ? 0.9 : 0.1;
  };
  still_training training{options, observer};
  training.train();
  CHECK(observer->validations == 3);
  CHECK(observer->final_progress.best_epoch == 2);
  CHECK(same_bits(observer->final_parameters, best));
}

SCENARIO("training stops when patience runs out", "[actors][training]") {
  auto options = small_training();
  options.training.epochs = 50;
  options.training.validate.patience = 2;
  auto observer = std::make_shared<remembering_observer>();
  observer->metric = [&](core::span<const float>) {
    return observer->validations <= 3 ? 0.1 * static_cast<double>(observer->validations)
                                      : 0.2;
  };
  still_training training{options, observer};
  training.train();
  CHECK(observer->validations == 5);
  CHECK(observer->final_progress.best_epoch == 3);
  CHECK(observer->final_progress.step == 15);
}

SCENARIO("an interrupt ends training with a checkpoint", "[actors][training]") {
  auto options = small_training();
  options.training.checkpoint.every_steps = 1000;
  auto observer = std::make_shared<remembering_observer>();
  still_training training{options, observer};
  training.system.tell(training.chief, messages::interrupt_training{});
  const auto end = training.train();
  CHECK(std::get<messages::training_finished>(end).end
        == messages::training_end::interrupted);
  CHECK(observer->final_parameters.empty());
}

SCENARIO("the death of an actor ends training with its name", "[actors][training]") {
  auto observer = std::make_shared<remembering_observer>();
  observer->metric = [](core::span<const float>) -> std::optional<double> {
    throw core::error{"the validation broke", "", ""};
  };
  still_training training{small_training(), observer};
  const auto end = training.train();
  REQUIRE(std::holds_alternative<caf::error>(end));
  CHECK(to_string(std::get<caf::error>(end)).find("the validation broke")
        != std::string::npos);
}

SCENARIO("training does not start from numbers that are not finite",
         "[actors][training]") {
  const auto whole = trained(small_training());
  auto [progress, tensors] = whole->saved.front();
  for (auto* arena : {&tensors.parameters, &tensors.second_moments}) {
    const auto before = *arena;
    arena->back() = std::numeric_limits<float>::quiet_NaN();
    auto observer = std::make_shared<remembering_observer>();
    still_training training{small_training(), observer, progress,
                            std::make_shared<actors::training_tensors>(tensors)};
    const auto end = training.train();
    REQUIRE(std::holds_alternative<caf::error>(end));
    CHECK(to_string(std::get<caf::error>(end)).find("not finite") != std::string::npos);
    CHECK(observer->curves.empty());
    *arena = before;
  }
}

SCENARIO("training does not start from a state of another size or beyond its end",
         "[actors][training]") {
  const auto whole = trained(small_training());
  const auto end_of_training_from = [](const actors::training_progress& progress,
                                       const actors::training_tensors& tensors) {
    auto observer = std::make_shared<remembering_observer>();
    still_training training{small_training(), observer, progress,
                            std::make_shared<actors::training_tensors>(tensors)};
    const auto end = training.train();
    REQUIRE(std::holds_alternative<caf::error>(end));
    CHECK(observer->final_parameters.empty());
    return to_string(std::get<caf::error>(end));
  };
  const auto& [progress, tensors] = whole->saved.front();
  for (auto tensor :
       {&actors::training_tensors::parameters, &actors::training_tensors::first_moments,
        &actors::training_tensors::best_parameters}) {
    auto shorter = tensors;
    (shorter.*tensor).resize(5);
    CHECK(end_of_training_from(progress, shorter).find("5 numbers")
          != std::string::npos);
  }
  auto later = progress;
  later.step = 100000;
  CHECK(end_of_training_from(later, tensors).find("step 100000") != std::string::npos);
}

SCENARIO("a training that is over does not end with numbers that are not finite",
         "[actors][training]") {
  const auto whole = trained(small_training());
  auto tensors = whole->saved.back().second;
  tensors.parameters.front() = std::numeric_limits<float>::infinity();
  auto observer = std::make_shared<remembering_observer>();
  still_training training{small_training(), observer, whole->final_progress,
                          std::make_shared<actors::training_tensors>(tensors)};
  const auto end = training.train();
  REQUIRE(std::holds_alternative<caf::error>(end));
  CHECK(to_string(std::get<caf::error>(end)).find("not finite") != std::string::npos);
}

SCENARIO("training that diverges ends with the step", "[actors][training]") {
  auto options = small_training();
  options.training.optimiser.learning_rate = 1e30;
  auto observer = std::make_shared<remembering_observer>();
  still_training training{options, observer};
  const auto end = training.train();
  REQUIRE(std::holds_alternative<caf::error>(end));
  CHECK(to_string(std::get<caf::error>(end)).find("diverged") != std::string::npos);
}

SCENARIO("every role tells once an epoch what it did", "[actors][training]") {
  for (const auto kind :
       {models::compression_kind::none, models::compression_kind::top_k}) {
    auto options = small_training();
    options.trainers = 2;
    options.servers = 3;
    options.shards = 2;
    options.training.compression = {kind, 0.3};
    const auto observer = trained(options);
    REQUIRE(observer->work.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto& [step, epoch, roles] = observer->work[i];
      CHECK(step == 3 * (i + 1));
      CHECK(epoch == i + 1);
      std::map<std::string, core::work_counters> work;
      for (const auto& each : roles)
        work[each.role] = each.work;
      CHECK(work.size() == 2 + 3 + 2 + 1);
      for (const auto* trainer : {"trainer 0", "trainer 1"}) {
        CHECK(work[trainer].compute_seconds > 0);
        CHECK(work[trainer].send_seconds > 0);
        CHECK(work[trainer].wait_seconds > 0);
        CHECK(work[trainer].queue_max >= 3);
        CHECK(work[trainer].bytes_sent == 0); // nothing left the process
      }
      for (const auto* server :
           {"parameter_server 0", "parameter_server 1", "parameter_server 2"}) {
        CHECK(work[server].apply_seconds > 0);
        CHECK(work[server].queue_max >= 2);
      }
      CHECK(work["data_shard 1"].compute_seconds > 0);
      CHECK(work["coordinator"].wait_seconds > 0);
    }
  }
}
