#pragma once

#include "models/model_options.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace souk::actors {

/// When trained weights are tried on the validation users.
struct validation_options {
  std::string metric = "ndcg@100";
  std::uint32_t every_epochs = 1;
  /// Validations without a new best before training stops; nothing: all epochs run.
  std::optional<std::uint32_t> patience = 10;
};

struct checkpoint_options {
  std::uint64_t every_steps = 50;
  std::uint32_t keep = 2;
};

/// The `training:` block of an experiment: all of it changes the answer.
struct training_options {
  std::uint32_t epochs = 40;
  std::uint32_t batch_users = 500;
  std::uint32_t blocks = 4; ///< a power of two; also the most trainers that can be used
  models::adam_options optimiser;
  models::precision precision = models::precision::fp32; ///< of the decoder's products
  models::compression_options compression;
  validation_options validate;
  checkpoint_options checkpoint;
};

/// The `cluster:` block: how, never what. Results do not depend on it.
struct cluster_options {
  std::uint32_t processes = 1;
  std::uint32_t trainers = 1;
  std::uint32_t threads_per_trainer = 1;
  std::uint32_t parameter_servers = 1;
  std::uint32_t data_shards = 1;
};

} // namespace souk::actors
