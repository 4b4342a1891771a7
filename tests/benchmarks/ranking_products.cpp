#include "tests/benchmarks/ranking_products.hpp"

#include "core/aligned_vector.hpp"
#include "core/random.hpp"
#include "models/kernels/matrix_product.hpp"
#include "tests/benchmarks/best_of.hpp"

namespace souk::benchmarks {

namespace {

using models::kernels::const_matrix;
using models::kernels::matrix;
using models::kernels::worker_pool;

constexpr std::size_t hidden = 600;
constexpr std::size_t latent = 200;

/// A matrix with room of its own.
struct filled_matrix {
  core::aligned_vector<float> values;
  std::size_t columns;

  filled_matrix(std::size_t rows, std::size_t num_columns)
    : values(rows * num_columns), columns{num_columns} {
    core::fill_uniforms({1, core::stream::synthetic_data, rows, 0}, values);
  }

  matrix rows(std::size_t count) {
    return {values.data(), count, columns};
  }

  const_matrix rows(std::size_t begin, std::size_t end) const {
    return {values.data() + begin * columns, end - begin, columns};
  }
};

struct weights {
  filled_matrix to_code{latent, hidden};
  filled_matrix to_hidden{hidden, latent};
  filled_matrix to_items;

  explicit weights(std::size_t items) : to_items{items, hidden} {
    // nop
  }
};

/// One thread's batch and its tile of scores.
class batch {
public:
  batch(std::size_t users, std::size_t items_per_tile)
    : users_{users}, hidden_{users, hidden}, code_{users, latent}, scores_{
                                                                     users,
                                                                     items_per_tile} {
    // nop
  }

  void score(const weights& model, std::size_t items) {
    using models::kernels::product_with_transposed;
    product_with_transposed(pool_, hidden_.rows(users_), model.to_code.rows(0, latent),
                            code_.rows(users_));
    product_with_transposed(pool_, code_.rows(users_), model.to_hidden.rows(0, hidden),
                            hidden_.rows(users_));
    const models::kernels::tiling tiles{items, scores_.columns};
    for (std::size_t tile = 0; tile < tiles.count(); ++tile) {
      const auto begin = tiles.begin(tile);
      const auto end = tiles.end(tile);
      product_with_transposed(pool_, hidden_.rows(users_),
                              model.to_items.rows(begin, end),
                              {scores_.values.data(), users_, end - begin});
    }
  }

private:
  std::size_t users_;
  worker_pool pool_{1};
  filled_matrix hidden_;
  filled_matrix code_;
  filled_matrix scores_;
};

} // namespace

double ranking_products_per_second(std::size_t items, std::size_t threads) {
  const weights model{items};
  double best = 0;
  for (const std::size_t users : {64, 256, 1250})
    for (const std::size_t items_per_tile : {1024, 2048, 4096}) {
      const auto batches = std::max<std::size_t>(1, 1250 / users);
      const auto seconds = best_seconds(threads, 2, [&](std::size_t) {
        batch work{users, items_per_tile};
        for (std::size_t i = 0; i < batches; ++i)
          work.score(model, items);
      });
      best = std::max(best, static_cast<double>(threads * batches * users) / seconds);
    }
  return best;
}

} // namespace souk::benchmarks
