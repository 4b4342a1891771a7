#pragma once

#include "actors/item_server.hpp"
#include "actors/item_trainer.hpp"
#include "actors/start_by_item.hpp"
#include "models/autoencoder_middle.hpp"
#include "tests/support/still_training.hpp"

namespace souk::tests {

/// A training whose items have owners, in a system that stands still: a small Mult-VAE
/// over the toy rows.
class still_by_item {
public:
  static constexpr std::uint64_t seed = 5;
  static constexpr std::uint64_t run = 77;
  static constexpr std::uint32_t num_ranges = 4;

  explicit still_by_item(const still_training_options& options,
                         std::shared_ptr<remembering_observer> observer,
                         actors::training_progress progress = {},
                         std::shared_ptr<actors::training_tensors> tensors = nullptr) {
    using namespace actors;
    const auto rows = toy_rows(options.num_users);
    const auto& training = options.training;
    const batches plan{options.num_users, training.batch_users, training.blocks};
    const auto network = models::make_network(model(), rows->num_items);
    if (!tensors) {
      tensors = std::make_shared<training_tensors>();
      tensors->parameters.resize(network->layout().size());
      network->initialise(seed, tensors->parameters);
    }
    memory = std::make_shared<training_memory>(network->layout().size());
    const auto owners = static_cast<std::uint32_t>(options.servers);
    const auto parts = parts_by_item(model(), rows->num_items, num_ranges, owners);
    bulk_ = (*system).spawn(bulk_transfer, exchange, fetching_with(nullptr));
    chief =
      (*system).spawn(coordinator, coordinator_options{run, 1, training, plan, parts},
                      observer, exchange, bulk_, progress, tensors);
    item_trainer_peers team;
    team.coordinator = chief;
    team.bulk = bulk_;
    team.shards.push_back((*system).spawn(
      data_shard, data_shard_options{seed, plan, 0, options.num_users}, rows));
    const auto runs = core::runs_of_blocks(num_ranges, owners);
    std::uint32_t first = 0;
    for (std::uint32_t i = 0; i < owners; ++i) {
      const auto owned = static_cast<std::uint32_t>(runs[i]);
      team.owners.push_back((*system).spawn(
        item_server, item_server_options{run, 1, i, parts[i]}, exchange, bulk_, memory,
        std::make_shared<models::item_owner>(
          model(), rows->num_items,
          models::item_owner_options{num_ranges, first, owned, plan.rows_per_block(),
                                     plan.blocks, 1, training.optimiser})));
      first += owned;
    }
    team.middle = (*system).spawn(parameter_server,
                                  parameter_server_options{run,
                                                           1,
                                                           owners,
                                                           parts.back().front(),
                                                           {plan.blocks},
                                                           training.optimiser,
                                                           /*threads=*/1},
                                  exchange, bulk_, memory);
    start.servers.assign(team.owners.begin(), team.owners.end());
    start.servers.push_back(team.middle);
    start.trainers.push_back((*system).spawn(
      item_trainer, item_trainer_options{run, 1, seed, plan}, team, exchange,
      std::make_shared<models::middle_learner>(
        model(), rows->num_items,
        models::middle_options{runs, plan.rows_per_block(), plan.blocks,
                               /*threads=*/1})));
    owners_ = team.owners;
    shards_ = team.shards;
  }

  ~still_by_item() {
    for (const auto& actor : start.trainers)
      system.stop(actor);
    for (const auto& actor : start.servers)
      system.stop(actor);
    for (const auto& actor : shards_)
      system.stop(actor);
    system.stop(chief);
    system.stop(bulk_);
  }

  static models::model_options model() {
    models::model_options options;
    options.hidden = {6};
    options.latent = 3;
    return options;
  }

  /// Trains to the end.
  std::variant<messages::training_finished, caf::error> train() {
    return system.ask<messages::training_finished>(chief, start);
  }

  const messages::item_server_actor& owner(std::size_t index) const {
    return owners_[index];
  }

  still_system system;
  std::shared_ptr<actors::bulk::exchange> exchange =
    std::make_shared<actors::bulk::exchange>();
  std::shared_ptr<actors::training_memory> memory;
  messages::coordinator_actor chief;
  messages::start_training start;

private:
  std::vector<messages::item_server_actor> owners_;
  std::vector<messages::data_shard_actor> shards_;
  messages::bulk_actor bulk_;
};

} // namespace souk::tests
