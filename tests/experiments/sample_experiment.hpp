#pragma once

#include "experiments/config/document.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace souk::experiments {

enum class sample_consistency { bsp, ssp };

struct sample_baseline {
  std::string kind;
  std::uint32_t neighbours = 100;
  double l2 = 400;
};

/// A small experiment with a key of every type.
struct sample_experiment {
  std::int64_t schema = 1;
  std::string name;
  std::uint64_t seed = 0;
  std::string kind = "mult_vae";
  std::vector<std::uint32_t> hidden = {600};
  std::uint32_t latent = 200;
  double dropout = 0.5;
  double kl_cap = 0.2;
  std::uint64_t epochs = 40;
  std::uint32_t blocks = 4;
  double learning_rate = 1e-3;
  std::optional<std::uint32_t> patience = 10;
  sample_consistency consistency = sample_consistency::bsp;
  std::uint32_t staleness = 0;
  std::vector<sample_baseline> baselines;
  std::vector<std::optional<std::uint32_t>> history = {0, 1, 2, std::nullopt};
  std::vector<std::string> metrics = {"ndcg@100"};
  std::map<std::string, std::string> columns;
  std::int64_t tick = 60000;
  std::optional<std::uint32_t> days;
  std::optional<std::string> key_file;
  std::uint32_t trainers = 1;
  bool html = true;
};

/// Reads the whole file, strictly.
sample_experiment read_sample(document& file);

/// Reads text as the file `sample.yaml`.
sample_experiment sample_of(const std::string& text,
                            const std::vector<std::string>& overrides = {});

/// A short file that is right.
extern const char* const right_sample;

} // namespace souk::experiments
