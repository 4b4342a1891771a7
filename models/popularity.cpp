#include "models/popularity.hpp"

#include "models/snapshot_checks.hpp"

#include <algorithm>

namespace souk::models {

namespace {

class prepared_popularity : public prepared_rows {
public:
  prepared_popularity(const std::vector<float>& counts, std::size_t rows)
    : counts_{counts}, rows_{rows} {
    // nop
  }

  void score(core::item_id first_item, kernels::matrix out) const override {
    for (std::size_t row = 0; row < rows_; ++row)
      std::copy_n(counts_.data() + first_item, out.columns, out.row(row));
  }

private:
  const std::vector<float>& counts_;
  std::size_t rows_;
};

class popularity_scorer : public scorer {
public:
  explicit popularity_scorer(std::vector<float> counts) : counts_{std::move(counts)} {
    // nop
  }

  std::size_t num_items() const override {
    return counts_.size();
  }

  std::unique_ptr<prepared_rows> prepare(const request_rows& rows) const override {
    return std::make_unique<prepared_popularity>(counts_, rows.size());
  }

private:
  std::vector<float> counts_;
};

} // namespace

void store_item_counts(const core::interactions& rows, core::snapshot& model) {
  model.options["num_items"] = std::to_string(rows.num_items);
  model.tensors[item_counts] = {{rows.num_items}, {}, count_by_item(rows)};
}

std::vector<float> load_item_counts(const core::snapshot& model,
                                    std::uint64_t num_items) {
  const auto& counts = integers_of(model, item_counts, {num_items}).integers;
  std::vector<float> scores(counts.size());
  std::transform(counts.begin(), counts.end(), scores.begin(),
                 [](std::uint32_t count) { return static_cast<float>(count); });
  return scores;
}

core::snapshot fit_popularity(const core::interactions& rows) {
  core::snapshot model;
  model.kind = "popularity";
  store_item_counts(rows, model);
  return model;
}

std::unique_ptr<scorer> make_popularity_scorer(const core::snapshot& model) {
  return std::make_unique<popularity_scorer>(
    load_item_counts(model, whole_number(model, "num_items")));
}

} // namespace souk::models
