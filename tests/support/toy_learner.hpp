#pragma once

#include "core/random.hpp"
#include "models/learner.hpp"
#include "tests/support/sum_of_gradients.hpp"

#include <algorithm>
#include <vector>

namespace souk::tests {

/// A learner whose gradient can be checked by hand: tensor "bias" [4] sees every item,
/// tensor "rows" [num_items, 2] only the rows of items that occur. The gradient depends
/// on the parameters, on users and on the step, so that a wrong row, version or order
/// shows.
class toy_learner : public models::learner, public models::network {
public:
  explicit toy_learner(std::uint32_t num_items) {
    layout_.add("bias", {4});
    layout_.add("rows", {num_items, 2}, /*sparse_rows=*/true);
  }

  const core::parameter_layout& layout() const override {
    return layout_;
  }

  void initialise(std::uint64_t seed, core::span<float> parameters) const override {
    for (std::size_t i = 0; i < layout_.tensors().size(); ++i) {
      auto values = core::view(parameters, layout_[i]);
      core::fill_normals({seed, core::stream::initialise, i, 0}, values);
    }
  }

  void accumulate(const models::training_step& step,
                  core::span<const models::training_block> blocks,
                  core::span<const float> parameters,
                  core::gradient& out,
                  core::span<models::block_loss> losses) override {
    out = subtree(step, blocks, parameters, losses);
  }

  core::snapshot to_snapshot(core::span<const float> parameters) const override {
    core::snapshot made{"toy", {}, {}};
    made.tensors["all"].floats.assign(parameters.begin(), parameters.end());
    return made;
  }

private:
  core::gradient subtree(const models::training_step& step,
                         core::span<const models::training_block> blocks,
                         core::span<const float> parameters,
                         core::span<models::block_loss> losses) {
    if (blocks.size() == 1)
      return block_gradient(step, blocks[0], parameters, losses[0]);
    const auto half = blocks.size() / 2;
    const auto left =
      subtree(step, blocks.subspan(0, half), parameters, losses.subspan(0, half));
    return sum_of(left, subtree(step, blocks.subspan(half, half), parameters,
                                losses.subspan(half, half)));
  }

  core::gradient block_gradient(const models::training_step& step,
                                const models::training_block& block,
                                core::span<const float> parameters,
                                models::block_loss& loss) {
    core::gradient gradient{layout_};
    loss = {};
    const auto bias = core::view(parameters, layout_[0]);
    const auto rows = core::view(parameters, layout_[1]);
    auto touched = block.rows.items;
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    const auto errors = gradient.touch(1, touched);
    std::fill(errors.begin(), errors.end(), 0.0F);
    for (std::size_t i = 0; i < block.users.size(); ++i) {
      if (block.users[i] == core::no_user)
        continue;
      const auto noise = static_cast<float>(
        core::normal({step.seed, core::stream::dropout, block.users[i],
                      static_cast<std::uint32_t>(step.number)},
                     0));
      for (const auto item : block.rows.row(i)) {
        const auto place = static_cast<std::size_t>(
          std::lower_bound(touched.begin(), touched.end(), item) - touched.begin());
        for (std::size_t j = 0; j < 2; ++j) {
          const auto error = (rows[item * 2 + j] + bias[item % 4] - noise)
                             / static_cast<float>(step.batch_users);
          errors[place * 2 + j] += error;
          gradient.dense(0)[item % 4] += error;
          loss.negative_log_likelihood += error * error;
        }
      }
    }
    return gradient;
  }

  core::parameter_layout layout_;
};

} // namespace souk::tests
