#include "models/pure_svd.hpp"

#include "core/error.hpp"
#include "core/singular_vectors.hpp"
#include "models/kernels/sum_of_rows.hpp"
#include "models/kernels/symmetric_eigenvectors.hpp"
#include "models/popularity.hpp"
#include "models/snapshot_checks.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace souk::models {

namespace {

constexpr std::size_t spare_dimensions = 32;
constexpr std::uint64_t iterations_max = 100;
constexpr std::uint64_t check_every = 4;   ///< iterations
constexpr double gain_of_converged = 1e-5; ///< since the last check, of what is kept

/// Divided by a constant, which changes no vector, so that no singular value is
/// above 1.
core::scaled_interactions scaled(const core::interactions& rows) {
  const auto norm =
    std::sqrt(static_cast<double>(std::max<std::size_t>(1, rows.items.size())));
  return {rows, std::vector<double>(rows.num_rows(), 1 / norm),
          std::vector<double>(rows.num_items, 1.0)};
}

/// Y^T Y, [columns, columns].
std::vector<double> gram_of(const core::panel& y) {
  const auto size = y.columns;
  std::vector<double> gram(size * size);
  for (std::size_t user = 0; user < y.num_rows(); ++user) {
    const auto* row = y.row(user);
    for (std::size_t j = 0; j < size; ++j)
      for (std::size_t k = 0; k <= j; ++k)
        gram[j * size + k] += row[j] * row[k];
  }
  for (std::size_t j = 0; j < size; ++j)
    for (std::size_t k = 0; k < j; ++k)
      gram[k * size + j] = gram[j * size + k];
  return gram;
}

/// A subspace of the items' space, and the directions in it that keep most.
struct subspace {
  core::panel basis; ///< [num_items, width]
  kernels::eigenvectors directions;
};

subspace leading_subspace(const core::interactions& rows,
                          std::size_t factors,
                          core::progress& progress) {
  const auto matrix = scaled(rows);
  const auto width = std::min(
    {factors + spare_dimensions, rows.num_rows(), std::size_t{rows.num_items}});
  subspace found{core::leading_right_vectors(matrix, width, 1, /*seed=*/1), {}};
  core::panel y{rows.num_rows(), width};
  auto kept = 0.0;
  for (std::uint64_t i = 1;; ++i) {
    matrix.times(found.basis, y);
    if (i % check_every == 0) {
      found.directions = kernels::symmetric_eigenvectors(gram_of(y), width);
      const auto& values = found.directions.values;
      const auto now = std::accumulate(
        values.begin(), values.begin() + static_cast<std::ptrdiff_t>(factors), 0.0);
      const auto converged = now - kept <= gain_of_converged * now;
      progress.advance("pure_svd", i, converged ? i : iterations_max, "iterations", "");
      if (converged || i == iterations_max)
        return found;
      kept = now;
    }
    matrix.transposed_times(y, found.basis);
    core::orthonormalise(found.basis);
  }
}

/// The leading directions as vectors of items, [num_items, factors].
core::named_tensor item_factors(const subspace& found, std::size_t factors) {
  const auto width = found.basis.columns;
  core::named_tensor tensor;
  tensor.shape = {found.basis.num_rows(), factors};
  for (std::size_t item = 0; item < found.basis.num_rows(); ++item)
    for (std::size_t k = 0; k < factors; ++k) {
      const auto* direction = found.directions.vectors.data() + k * width;
      tensor.floats.push_back(static_cast<float>(
        std::inner_product(direction, direction + width, found.basis.row(item), 0.0)));
    }
  return tensor;
}

class pure_svd_scorer : public scorer {
public:
  explicit pure_svd_scorer(core::snapshot model)
    : model_{std::move(model)}, counts_{load_item_counts(
                                  model_, whole_number(model_, "num_items"))},
      factors_{whole_number(model_, "factors")},
      by_item_{
        floats_of(model_, "item_factors", {counts_.size(), factors_}).floats.data(),
        counts_.size(), factors_} {
    // Scores of a tile of items are sums of rows here, so that their bits know neither
    // the tile nor the instruction set.
    by_factor_.resize(factors_ * counts_.size());
    for (std::size_t item = 0; item < counts_.size(); ++item)
      for (std::size_t k = 0; k < factors_; ++k)
        by_factor_[k * counts_.size() + item] = by_item_.row(item)[k];
    every_factor_.resize(factors_);
    std::iota(every_factor_.begin(), every_factor_.end(), 0U);
  }

  std::size_t num_items() const override {
    return counts_.size();
  }

  std::unique_ptr<prepared_rows> prepare(const request_rows& rows) const override;

  std::size_t factors() const {
    return factors_;
  }

  /// Writes x V, [factors].
  void project(core::span<const core::item_id> history,
               core::span<const float> ones,
               float* out) const {
    kernels::sum_of_rows(by_item_, history, ones.subspan(0, history.size()), out);
  }

  void score(core::span<const float> projected,
             core::item_id first_item,
             core::span<float> out) const {
    const auto is_zero = [](float value) {
      return value == 0;
    };
    const kernels::const_matrix table{by_factor_.data(), factors_, counts_.size()};
    if (std::all_of(projected.begin(), projected.end(), is_zero))
      std::copy_n(counts_.data() + first_item, out.size(), out.begin());
    else
      kernels::sum_of_rows(table.column_range(first_item, first_item + out.size()),
                           every_factor_, projected, out.data());
  }

private:
  core::snapshot model_;
  std::vector<float> counts_;
  std::size_t factors_;
  kernels::const_matrix by_item_;
  core::aligned_vector<float> by_factor_; ///< [factors, num_items]
  std::vector<std::uint32_t> every_factor_;
};

class prepared_projections : public prepared_rows {
public:
  prepared_projections(const pure_svd_scorer& model, const request_rows& rows)
    : model_{model}, projections_(rows.size() * model.factors()) {
    std::size_t longest = 0;
    for (auto row = rows.begin; row < rows.end; ++row)
      longest = std::max(longest, rows.request.history->row(row).size());
    const std::vector<float> ones(longest, 1.0F);
    for (auto row = rows.begin; row < rows.end; ++row)
      model.project(rows.request.history->row(row), ones,
                    projections_.data() + (row - rows.begin) * model.factors());
  }

  void score(core::item_id first_item, kernels::matrix out) const override {
    const auto factors = model_.factors();
    for (std::size_t row = 0; row < out.rows; ++row)
      model_.score({projections_.data() + row * factors, factors}, first_item,
                   {out.row(row), out.columns});
  }

private:
  const pure_svd_scorer& model_;
  std::vector<float> projections_; ///< [rows, factors]
};

std::unique_ptr<prepared_rows>
pure_svd_scorer::prepare(const request_rows& rows) const {
  return std::make_unique<prepared_projections>(*this, rows);
}

} // namespace

core::snapshot fit_pure_svd(const model_options& options,
                            const core::interactions& rows,
                            core::progress& progress) {
  if (options.factors == 0)
    throw core::error::request("factors is 0", "model pure_svd",
                               "let there be at least one factor");
  const auto factors =
    std::max<std::size_t>(1, std::min({std::size_t{options.factors}, rows.num_rows(),
                                       std::size_t{rows.num_items}}));
  core::snapshot model;
  model.kind = "pure_svd";
  model.options["factors"] = std::to_string(factors);
  store_item_counts(rows, model);
  auto& tensor = model.tensors["item_factors"];
  if (rows.items.empty()) {
    tensor.shape = {rows.num_items, factors};
    tensor.floats.resize(rows.num_items * factors);
  } else {
    tensor = item_factors(leading_subspace(rows, factors, progress), factors);
  }
  return model;
}

std::unique_ptr<scorer> make_pure_svd_scorer(core::snapshot model) {
  return std::make_unique<pure_svd_scorer>(std::move(model));
}

} // namespace souk::models
