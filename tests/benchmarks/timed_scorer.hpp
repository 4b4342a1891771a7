#pragma once

#include "core/clock.hpp"
#include "models/scorer.hpp"

#include <memory>
#include <utility>

namespace souk::benchmarks {

/// Passes on to a scorer, on one thread, and adds up the time in its layers: whatever
/// is not masking, selecting or the market's. A clock is read twice for 512 items.
class timed_scorer : public models::scorer {
public:
  timed_scorer(std::unique_ptr<models::scorer> layers, std::shared_ptr<double> seconds)
    : layers_{std::move(layers)}, seconds_{std::move(seconds)} {
    // nop
  }

  std::size_t num_items() const override {
    return layers_->num_items();
  }

  std::unique_ptr<models::prepared_rows>
  prepare(const models::request_rows& rows) const override {
    const auto began = core::seconds_now();
    auto prepared = layers_->prepare(rows);
    *seconds_ += core::seconds_now() - began;
    return std::make_unique<timed_rows>(std::move(prepared), *seconds_);
  }

private:
  class timed_rows : public models::prepared_rows {
  public:
    timed_rows(std::unique_ptr<models::prepared_rows> rows, double& seconds)
      : rows_{std::move(rows)}, seconds_{seconds} {
      // nop
    }

    void score(core::item_id first_item, models::kernels::matrix out) const override {
      const auto began = core::seconds_now();
      rows_->score(first_item, out);
      seconds_ += core::seconds_now() - began;
    }

  private:
    std::unique_ptr<models::prepared_rows> rows_;
    double& seconds_;
  };

  std::unique_ptr<models::scorer> layers_;
  std::shared_ptr<double> seconds_;
};

} // namespace souk::benchmarks
