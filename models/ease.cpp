#include "models/ease.hpp"

#include "core/error.hpp"
#include "models/co_occurrence.hpp"
#include "models/kernels/sum_of_rows.hpp"
#include "models/kernels/symmetric_inverse.hpp"
#include "models/popularity.hpp"
#include "models/snapshot_checks.hpp"

#include <algorithm>

namespace souk::models {

namespace {

constexpr std::size_t items_per_job = 64;

/// Fills the lower triangle of X^T X + l2 I.
void fill_gram(const core::interactions& rows,
               double l2,
               kernels::worker_pool& pool,
               kernels::matrix gram) {
  const co_occurrence pairs{rows};
  const kernels::tiling jobs{rows.num_items, items_per_job};
  pool.parallel_for(jobs.count(), [&](std::size_t job) {
    for (auto item = jobs.begin(job); item < jobs.end(job); ++item) {
      const auto number = static_cast<core::item_id>(item);
      pairs.add_row(number, number, gram.row(item));
      gram.row(item)[item] =
        static_cast<float>(static_cast<double>(gram.row(item)[item]) + l2);
    }
  });
}

/// Turns the lower triangle of P into the whole of the weights. A job owns a square of
/// the lower triangle and its mirror image.
void turn_into_weights(kernels::worker_pool& pool, kernels::matrix p) {
  std::vector<float> diagonal(p.rows);
  for (std::size_t i = 0; i < p.rows; ++i)
    diagonal[i] = p.row(i)[i];
  const kernels::tiling squares{p.rows, items_per_job};
  pool.parallel_for(squares.count(), [&](std::size_t below) {
    for (std::size_t beside = 0; beside <= below; ++beside)
      for (auto i = squares.begin(below); i < squares.end(below); ++i)
        for (auto j = squares.begin(beside); j < std::min(i, squares.end(beside));
             ++j) {
          const auto value = -p.row(i)[j];
          p.row(i)[j] = value / diagonal[j];
          p.row(j)[i] = value / diagonal[i];
        }
  });
  for (std::size_t i = 0; i < p.rows; ++i)
    p.row(i)[i] = 0;
}

class ease_scorer : public scorer {
public:
  explicit ease_scorer(core::snapshot model)
    : model_{std::move(model)}, counts_{load_item_counts(
                                  model_, whole_number(model_, "num_items"))},
      weights_{
        floats_of(model_, "weights", {counts_.size(), counts_.size()}).floats.data(),
        counts_.size(), counts_.size()} {
    for (std::size_t item = 0; item < counts_.size(); ++item)
      has_weights_.push_back(std::any_of(weights_.row(item),
                                         weights_.row(item) + counts_.size(),
                                         [](float weight) { return weight != 0; }));
  }

  std::size_t num_items() const override {
    return counts_.size();
  }

  std::unique_ptr<prepared_rows> prepare(const request_rows& rows) const override;

  void score(core::span<const core::item_id> history,
             core::span<const float> ones,
             core::item_id first_item,
             core::span<float> out) const {
    if (std::none_of(history.begin(), history.end(),
                     [&](core::item_id item) { return has_weights_[item]; }))
      std::copy_n(counts_.data() + first_item, out.size(), out.begin());
    else
      kernels::sum_of_rows(weights_.column_range(first_item, first_item + out.size()),
                           history, ones.subspan(0, history.size()), out.data());
  }

private:
  core::snapshot model_;
  std::vector<float> counts_;
  kernels::const_matrix weights_;
  std::vector<bool> has_weights_;
};

class prepared_histories : public prepared_rows {
public:
  prepared_histories(const ease_scorer& model, const request_rows& rows)
    : model_{model}, rows_{rows} {
    std::size_t longest = 0;
    for (auto row = rows.begin; row < rows.end; ++row)
      longest = std::max(longest, rows.request.history->row(row).size());
    ones_.assign(longest, 1.0F);
  }

  void score(core::item_id first_item, kernels::matrix out) const override {
    for (std::size_t row = 0; row < rows_.size(); ++row)
      model_.score(rows_.request.history->row(rows_.begin + row), ones_, first_item,
                   {out.row(row), out.columns});
  }

private:
  const ease_scorer& model_;
  request_rows rows_;
  std::vector<float> ones_;
};

std::unique_ptr<prepared_rows> ease_scorer::prepare(const request_rows& rows) const {
  return std::make_unique<prepared_histories>(*this, rows);
}

} // namespace

core::snapshot fit_ease(const model_options& options,
                        const core::interactions& rows,
                        kernels::worker_pool& pool,
                        core::progress& progress) {
  const auto refuse = [&](const std::string& what) {
    throw core::error::request(what, "model ease", "choose a larger l2, such as 400");
  };
  if (!(options.l2 > 0))
    refuse("l2 is not positive");
  core::snapshot model;
  model.kind = "ease";
  model.options["l2"] = std::to_string(options.l2);
  store_item_counts(rows, model);
  const std::size_t size = rows.num_items;
  auto& weights = model.tensors["weights"];
  weights.shape = {size, size};
  weights.floats.resize(size * size);
  const kernels::matrix square{weights.floats.data(), size, size};
  fill_gram(rows, options.l2, pool, square);
  if (!kernels::invert_symmetric(pool, square,
                                 [&](std::size_t done, std::size_t total) {
                                   progress.advance("ease", done, total, "blocks", "");
                                 }))
    refuse("the items' matrix with l2 " + std::to_string(options.l2)
           + " is singular in single precision");
  turn_into_weights(pool, square);
  return model;
}

std::unique_ptr<scorer> make_ease_scorer(core::snapshot model) {
  return std::make_unique<ease_scorer>(std::move(model));
}

} // namespace souk::models
