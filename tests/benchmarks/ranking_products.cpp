#include "tests/benchmarks/ranking_products.hpp"

#include "core/aligned_vector.hpp"
#include "core/random.hpp"
#include "models/kernels/matrix_product.hpp"
#include "models/kernels/packed_weights.hpp"
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

/// A layer's weights as both kernels take them.
struct layer {
  filled_matrix plain;
  models::kernels::packed_weights packed;

  layer(std::size_t outputs, std::size_t inputs)
    : plain{outputs, inputs}, packed{plain.rows(0, outputs)} {
    // nop
  }
};

struct network {
  layer to_code{latent, hidden};
  layer to_hidden{hidden, latent};
  layer to_items;

  explicit network(std::size_t items) : to_items{items, hidden} {
    // nop
  }
};

/// One thread's batch and its tile of scores.
class batch {
public:
  batch(std::size_t users, std::size_t items_per_tile, bool packed)
    : users_{users}, packed_{packed}, hidden_{users, hidden}, code_{users, latent},
      scores_{users, items_per_tile} {
    // nop
  }

  void score(const network& model, std::size_t items) {
    multiply(hidden_, model.to_code, 0, code_.rows(users_));
    multiply(code_, model.to_hidden, 0, hidden_.rows(users_));
    const models::kernels::tiling tiles{items, scores_.columns};
    for (std::size_t tile = 0; tile < tiles.count(); ++tile)
      multiply(hidden_, model.to_items, tiles.begin(tile),
               {scores_.values.data(), users_, tiles.end(tile) - tiles.begin(tile)});
  }

private:
  void multiply(filled_matrix& rows, const layer& by, std::size_t first, matrix out) {
    if (packed_)
      by.packed.apply(rows.rows(users_), {}, first, out);
    else
      pool_.parallel_for(1, [&](std::size_t) {
        models::kernels::serial_product(models::kernels::product_form::right_transposed,
                                        rows.rows(users_),
                                        by.plain.rows(first, first + out.columns), out);
      });
  }

  std::size_t users_;
  bool packed_;
  worker_pool pool_{1};
  filled_matrix hidden_;
  filled_matrix code_;
  filled_matrix scores_;
};

} // namespace

double ranking_products_per_second(std::size_t items, std::size_t threads) {
  const network model{items};
  double best = 0;
  const auto measure = [&](std::size_t users, std::size_t items_per_tile, bool packed) {
    const auto batches = std::max<std::size_t>(1, 1250 / users);
    const auto seconds = best_seconds(threads, 2, [&](std::size_t) {
      batch work{users, items_per_tile, packed};
      for (std::size_t i = 0; i < batches; ++i)
        work.score(model, items);
    });
    best = std::max(best, static_cast<double>(threads * batches * users) / seconds);
  };
  for (const std::size_t users : {64, 256, 1250})
    for (const std::size_t items_per_tile : {1024, 2048, 4096})
      measure(users, items_per_tile, false);
  for (const std::size_t users : {48, 96, 192})
    for (const std::size_t items_per_tile : {64, 512})
      measure(users, items_per_tile, true);
  return best;
}

} // namespace souk::benchmarks
