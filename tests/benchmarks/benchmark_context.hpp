#pragma once

#include "actors/run_context.hpp"
#include "models/model.hpp"

namespace souk::benchmarks {

/// A run that only trains one model on rows that are already there.
class benchmark_context : public actors::run_context {
public:
  benchmark_context(actors::training_options training,
                    std::shared_ptr<const core::interactions> rows,
                    models::model_options model = {}) // mult_vae
    : training_{std::move(training)}, rows_{std::move(rows)}, models_{
                                                                std::move(model)} {
    // nop
  }

  std::uint64_t seed() const override {
    return 1;
  }

  const actors::training_options& training() const override {
    return training_;
  }

  const std::vector<models::model_options>& learned_models() const override {
    return models_;
  }

  std::shared_ptr<const core::interactions> training_rows() const override {
    return rows_;
  }

  std::shared_ptr<const core::interactions>
  training_rows_with(const std::string&) override {
    return nullptr;
  }

  std::shared_ptr<const sim::world> world(std::uint32_t) override {
    return nullptr;
  }

  std::uint32_t cohort_users() const override {
    return 0;
  }

  std::shared_ptr<const sim::policy>
  policy(const std::string&, std::uint32_t, std::uint32_t) override {
    return nullptr;
  }

  core::numeric_platform platform() const override {
    return models::platform();
  }

private:
  actors::training_options training_;
  std::shared_ptr<const core::interactions> rows_;
  std::vector<models::model_options> models_;
};

} // namespace souk::benchmarks
