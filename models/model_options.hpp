#pragma once

#include "models/precision.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace souk::models {

/// The `model:` block of an experiment, and each entry of `baselines:`. A kind reads
/// only the fields it names; defaults are those of its paper.
struct model_options {
  /// mult_vae | mult_dae | ease | item_knn | pure_svd | popularity |
  /// segment_popularity
  std::string kind = "mult_vae";

  // mult_vae, mult_dae (Liang et al., WWW 2018)
  // The decoder mirrors the encoder's widths; the reference Mult-DAE has no hidden
  // layer, and is better without (ml-1m: ndcg@100 .411 against .409).
  std::vector<std::uint32_t> hidden = {600};
  std::uint32_t latent = 200;
  double dropout = 0.5; ///< of the input row, during training
  // mult_vae: the KL term's weight is min(cap, step / anneal_steps).
  double kl_cap = 0.2;
  std::uint64_t kl_anneal_steps = 4000;

  // item_knn: cosine similarity, the `neighbours` most similar sources of each target
  std::uint32_t neighbours = 100;

  // pure_svd (Cremonesi, Koren & Turrin, RecSys 2010): singular vectors that are kept
  std::uint32_t factors = 64;

  // ease (Steck, WWW 2019)
  double l2 = 400;

  // segment_popularity: popularity times, for each of these attributes, how much more
  // often those who share its value have the item; each group is smoothed towards
  // everybody with the weight of `smoothing` users
  std::vector<std::string> segments = {"age", "gender", "occupation"};
  double smoothing = 200;
};

/// Adam (Kingma & Ba, ICLR 2015).
struct adam_options {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
};

/// Nesterov's momentum (as in Sutskever et al., ICML 2013), for the outer optimiser of
/// local SGD; defaults are those of DiLoCo (Douillard et al., 2023).
struct nesterov_options {
  double learning_rate = 0.7;
  double momentum = 0.9;
};

/// How a block's gradient is made smaller before it is sent and summed.
enum class compression_kind : std::uint8_t {
  none,
  bf16,  ///< every number rounded to bf16
  top_k, ///< the numbers of largest magnitude; the rest waits
};

/// The `training.compression:` block.
struct compression_options {
  compression_kind kind = compression_kind::none;
  double fraction = 0.01; ///< top_k: of a matrix's elements, in (0, 1]
};

} // namespace souk::models
