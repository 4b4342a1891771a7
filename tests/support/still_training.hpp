#pragma once

#include "actors/bulk_transfer.hpp"
#include "actors/coordinator.hpp"
#include "actors/data_shard.hpp"
#include "actors/division_of_work.hpp"
#include "actors/parameter_server.hpp"
#include "actors/trainer.hpp"
#include "tests/support/still_system.hpp"
#include "tests/support/toy_learner.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace souk::tests {

/// What a test wants to train, and on which cluster.
struct still_training_options {
  std::size_t trainers = 1;
  std::size_t servers = 1;
  std::size_t shards = 1;
  std::uint32_t num_users = 22;
  actors::training_options training;
  /// What servers are to repeat, by range.
  std::shared_ptr<const std::vector<actors::range_order>> orders;
};

/// Remembers all that the coordinator tells.
class remembering_observer : public actors::training_observer {
public:
  actors::training_start start() override {
    return {};
  }

  void
  record(std::uint64_t step, std::uint64_t, const char* name, double value) override {
    curves[name].emplace_back(step, value);
  }

  std::optional<double> validate(core::span<const float> parameters) override {
    ++validations;
    return metric ? metric(parameters) : std::optional<double>{};
  }

  void save(const actors::training_progress& progress,
            const actors::training_view& tensors) override {
    const auto copy = [](core::span<const float> values) {
      return core::parameter_arena(values.begin(), values.end());
    };
    std::vector<core::parameter_arena> residuals;
    for (const auto& residual : tensors.residuals)
      residuals.push_back(copy(residual));
    saved.emplace_back(progress, actors::training_tensors{copy(tensors.parameters),
                                                          copy(tensors.first_moments),
                                                          copy(tensors.second_moments),
                                                          copy(tensors.best_parameters),
                                                          residuals});
  }

  void happened(std::uint64_t,
                std::uint64_t,
                std::size_t range,
                std::size_t num_ranges,
                const actors::range_order& order) override {
    orders.resize(num_ranges);
    orders[range].insert(orders[range].end(), order.begin(), order.end());
  }

  void moved(std::uint64_t, std::uint64_t pushed, std::uint64_t both_ways) override {
    bytes_pushed.push_back(pushed);
    bytes_moved.push_back(both_ways);
  }

  void finished(const actors::training_progress& progress,
                core::span<const float> parameters) override {
    final_progress = progress;
    final_parameters.assign(parameters.begin(), parameters.end());
  }

  void worked(std::uint64_t step,
              std::uint64_t epoch,
              const std::vector<core::role_status>& roles) override {
    work.push_back({step, epoch, roles});
  }

  /// What the roles did in an epoch.
  struct epoch_work {
    std::uint64_t step = 0;
    std::uint64_t epoch = 0;
    std::vector<core::role_status> roles;
  };

  std::vector<epoch_work> work;
  std::map<std::string, std::vector<std::pair<std::uint64_t, double>>> curves;
  std::function<std::optional<double>(core::span<const float>)> metric;
  std::size_t validations = 0;
  std::vector<std::uint64_t> bytes_pushed, bytes_moved; ///< by step
  std::vector<actors::range_order> orders;              ///< by range
  std::vector<std::pair<actors::training_progress, actors::training_tensors>> saved;
  actors::training_progress final_progress;
  std::vector<float> final_parameters;
};

/// Rows of users with one to five items each, some without any.
inline std::shared_ptr<const core::interactions> toy_rows(std::uint32_t num_users) {
  auto rows = std::make_shared<core::interactions>();
  rows->num_items = 12;
  for (std::uint32_t user = 0; user < num_users; ++user) {
    std::vector<core::item_id> items;
    for (std::uint32_t i = 0; i < user % 6; ++i)
      items.push_back((user * 5 + i * 7) % 12);
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    rows->append_row(items);
  }
  return rows;
}

/// All actors of one training in a system that stands still.
class still_training {
public:
  explicit still_training(const still_training_options& options,
                          std::shared_ptr<remembering_observer> observer,
                          actors::training_progress progress = {},
                          std::shared_ptr<actors::training_tensors> tensors = nullptr)
    : exchange_{std::make_shared<actors::bulk::exchange>()} {
    using namespace actors;
    const auto rows = toy_rows(options.num_users);
    const toy_learner model{rows->num_items};
    const batches plan{options.num_users, options.training.batch_users,
                       options.training.blocks};
    const auto size = model.layout().size();
    if (!tensors) {
      tensors = std::make_shared<training_tensors>();
      tensors->parameters.resize(size);
      model.initialise(seed, tensors->parameters);
    }
    const auto memory = std::make_shared<training_memory>(size);
    const auto ranges = model.layout().ranges(options.servers);
    const division_of_work work{options.training,
                                static_cast<std::uint32_t>(options.trainers)};
    const messages::bulk_actor bulk =
      (*system).spawn(bulk_transfer, exchange_, fetching_with(nullptr));
    chief = (*system).spawn(coordinator,
                            coordinator_options{run, 1, options.training, plan,
                                                core::single_parts(ranges),
                                                options.orders, board},
                            observer, exchange_, bulk, progress, tensors);
    trainer_peers team;
    team.coordinator = chief;
    team.bulk = bulk;
    for (std::size_t i = 0; i < options.shards; ++i)
      team.shards.push_back((*system).spawn(
        data_shard,
        data_shard_options{
          seed, plan,
          static_cast<core::user_id>(options.num_users * i / options.shards),
          static_cast<core::user_id>(options.num_users * (i + 1) / options.shards)},
        rows));
    for (std::size_t i = 0; i < options.servers; ++i)
      team.servers.push_back((*system).spawn(
        parameter_server,
        parameter_server_options{run, 1, static_cast<std::uint32_t>(i), ranges[i],
                                 work.pushed_runs(), options.training.optimiser,
                                 /*threads=*/1, options.training.consistency,
                                 plan.per_epoch()},
        exchange_, bulk, memory));
    for (std::uint32_t i = 0; i < work.num_trainers(); ++i) {
      const auto share = work.of(i);
      const trainer_options own{run,
                                1,
                                seed,
                                plan,
                                rows->num_items,
                                share.first_block,
                                share.num_blocks,
                                ranges,
                                options.training.compression,
                                /*threads=*/1,
                                options.training.consistency,
                                share.workers,
                                options.training.optimiser};
      start.trainers.push_back(
        (*system).spawn(trainer, own, team, exchange_,
                        std::make_shared<std::unique_ptr<models::learner>>(
                          std::make_unique<toy_learner>(rows->num_items))));
    }
    start.servers = team.servers;
    start.shards = team.shards;
    bulk_ = bulk;
  }

  ~still_training() {
    for (const auto& actor : start.trainers)
      system.stop(actor);
    for (const auto& actor : start.servers)
      system.stop(actor);
    for (const auto& actor : start.shards)
      system.stop(actor);
    system.stop(chief);
    system.stop(bulk_);
  }

  /// Trains to the end.
  std::variant<messages::training_finished, caf::error> train() {
    return system.ask<messages::training_finished>(chief, start);
  }

  static constexpr std::uint64_t seed = 5;
  static constexpr std::uint64_t run = 77;
  still_system system;
  messages::coordinator_actor chief;
  messages::start_training start;
  std::shared_ptr<actors::run_board> board = std::make_shared<actors::run_board>();

private:
  std::shared_ptr<actors::bulk::exchange> exchange_;
  messages::bulk_actor bulk_;
};

} // namespace souk::tests
