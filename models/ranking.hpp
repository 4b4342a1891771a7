#pragma once

#include "core/recommender.hpp"
#include "models/kernels/worker_pool.hpp"
#include "models/scorer.hpp"

#include <memory>
#include <string>

namespace souk::models {

/// Ranks with any scorer: scores one tile of items after the other for a batch of
/// users, masks, and keeps the best. Never holds a users x items matrix; with threads
/// to spare, batches are shared among them, or the tiles of a single batch.
class ranking : public core::recommender {
public:
  ranking(std::string name, std::unique_ptr<scorer> scores, std::size_t threads);

  std::string name() const override {
    return name_;
  }

  std::size_t num_items() const override {
    return scorer_->num_items();
  }

  bool has_posterior() const override {
    return scorer_->has_posterior();
  }

  /// Throws `error` if the request's matrices do not have the model's items, or its
  /// parts differ in length.
  core::slates rank(const core::rank_request& request) const override;
  void score(const core::rank_request& request, core::span<float> out) const override;

private:
  void check(const core::rank_request& request) const;
  void rank_by_batches(const core::rank_request& request, core::slates& out) const;
  void rank_by_tiles(const request_rows& rows, core::slates& out) const;

  std::string name_;
  std::unique_ptr<scorer> scorer_;
  mutable kernels::worker_pool pool_;
};

} // namespace souk::models
