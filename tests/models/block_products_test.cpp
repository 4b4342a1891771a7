#include "models/block_products.hpp"

#include "models/kernels/multinomial_likelihood.hpp"
#include "tests/models/precisions.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>

using namespace souk::models;
using souk::models::testing::normals;
using souk::models::testing::precisions;

namespace {

struct layer_case {
  std::size_t blocks, rows, inputs, outputs;
};

// Shapes whose blocks may share under some instruction sets and may not under others.
const std::vector<layer_case> cases{
  {1, 7, 20, 30},   {2, 25, 300, 40},    {4, 125, 200, 600}, {8, 16, 600, 200},
  {4, 9, 64, 3000}, {2, 300, 100, 2500}, {16, 3, 33, 17}};

/// All three products of a layer, computed by a run.
struct outcome {
  std::vector<float> y, dx, weight, bias;

  outcome(const layer_case& c,
          precision operands,
          std::size_t blocks,
          std::size_t first,
          std::size_t threads,
          rounding how = rounding::once_a_step)
    : y(blocks * c.rows * kernels::padded(c.outputs)),
      dx(blocks * c.rows * kernels::padded(c.inputs)), weight(c.outputs * c.inputs),
      bias(c.outputs) {
    kernels::worker_pool pool{threads};
    const run_shape run{blocks, c.rows};
    const auto products =
      make_block_products(pool, run, c.inputs, c.outputs, operands, how);
    const auto x_stride = kernels::padded(c.inputs);
    const auto y_stride = kernels::padded(c.outputs);
    auto x = normals(c.blocks * c.rows * x_stride, 1);
    auto dy = normals(c.blocks * c.rows * y_stride, 2);
    auto w = normals(c.outputs * c.inputs, 3);
    const auto rows = run.total_rows();
    const kernels::matrix x_rows{x.data() + first * c.rows * x_stride, rows, c.inputs,
                                 x_stride};
    const kernels::matrix dy_rows{dy.data() + first * c.rows * y_stride, rows,
                                  c.outputs, y_stride};
    const kernels::matrix weights{w.data(), c.outputs, c.inputs};
    const kernels::matrix y_rows{y.data(), rows, c.outputs, y_stride};
    const kernels::matrix dx_rows{dx.data(), rows, c.inputs, x_stride};
    const kernels::matrix gradient{weight.data(), c.outputs, c.inputs};
    if (how == rounding::once_a_step) {
      products->forward(x_rows, weights, y_rows);
      products->weight_gradient(dy_rows, x_rows, {gradient, bias});
      products->backward(dy_rows, weights, dx_rows);
      return;
    }
    // Another order, and another layer's product in between.
    products->backward(dy_rows, weights, dx_rows);
    auto others = normals(c.outputs * c.inputs, 4);
    products->forward(dx_rows, {others.data(), c.outputs, c.inputs}, y_rows);
    products->weight_gradient(dy_rows, x_rows, {gradient, bias});
    products->forward(x_rows, weights, y_rows);
  }
};

/// The root mean square of the errors over that of the values.
double relative_error(const std::vector<float>& found,
                      const std::vector<float>& exact) {
  double errors = 0;
  double values = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    errors +=
      std::pow(static_cast<double>(found[i]) - static_cast<double>(exact[i]), 2);
    values += std::pow(static_cast<double>(exact[i]), 2);
  }
  return std::sqrt(errors / values);
}

std::vector<float> tree(const std::vector<std::vector<float>>& parts,
                        std::size_t first,
                        std::size_t count) {
  if (count == 1)
    return parts[first];
  auto sum = tree(parts, first, count / 2);
  const auto right = tree(parts, first + count / 2, count / 2);
  for (std::size_t i = 0; i < sum.size(); ++i)
    sum[i] += right[i];
  return sum;
}

} // namespace

TEST_CASE("a run's products have the bits of its blocks computed alone",
          "[models][block_products]") {
  for (const auto operands : precisions())
    for (const auto& c : cases) {
      INFO(c.blocks << " blocks of " << c.rows << " rows, " << c.inputs << " to "
                    << c.outputs << ", precision " << static_cast<int>(operands));
      std::vector<float> y, dx;
      std::vector<std::vector<float>> weights, biases;
      for (std::size_t block = 0; block < c.blocks; ++block) {
        const outcome alone{c, operands, 1, block, 1};
        y.insert(y.end(), alone.y.begin(), alone.y.end());
        dx.insert(dx.end(), alone.dx.begin(), alone.dx.end());
        weights.push_back(alone.weight);
        biases.push_back(alone.bias);
      }
      for (const std::size_t threads : {1, 2, 3, 8}) {
        const outcome together{c, operands, c.blocks, 0, threads};
        CHECK(together.y == y);
        CHECK(together.dx == dx);
        CHECK(together.weight == tree(weights, 0, c.blocks));
        CHECK(together.bias == tree(biases, 0, c.blocks));
      }
    }
}

TEST_CASE("rounded products are those of float, up to the rounding of operands",
          "[models][block_products]") {
  for (const auto operands : precisions()) {
    if (operands == precision::fp32)
      continue;
    const auto most = operands == precision::bf16 ? 0.004 : 0.000015;
    for (const auto& c : cases) {
      const outcome exact{c, precision::fp32, c.blocks, 0, 2};
      const outcome rounded{c, operands, c.blocks, 0, 2};
      CHECK(relative_error(rounded.y, exact.y) < most);
      CHECK(relative_error(rounded.dx, exact.dx) < most);
      CHECK(relative_error(rounded.weight, exact.weight) < most);
      CHECK(relative_error(rounded.weight, exact.weight) > 0);
      CHECK(rounded.bias == exact.bias);
    }
  }
}

TEST_CASE("operands that are rounded each time give the same bits, in any order",
          "[models][block_products]") {
  for (const auto operands : precisions())
    for (const auto& c : cases) {
      const outcome once{c, operands, c.blocks, 0, 2};
      const outcome each_time{c, operands, c.blocks, 0, 2, rounding::each_time};
      CHECK(each_time.y == once.y);
      CHECK(each_time.dx == once.dx);
      CHECK(each_time.weight == once.weight);
      CHECK(each_time.bias == once.bias);
    }
}

TEST_CASE("a gradient is received once, some outputs at a time, as it is as a whole",
          "[models][block_products]") {
  // Copies what it takes, and spoils the room for the next outputs.
  class copies : public gradient_receiver {
  public:
    copies(std::size_t workers, std::size_t most, const layer_case& c)
      : weight(c.outputs * c.inputs), bias(c.outputs),
        times(c.outputs), most_{most}, inputs_{c.inputs}, rooms_(workers) {
      for (auto& room : rooms_)
        room.resize(most * (c.inputs + 1));
    }

    layer_gradient
    room(std::size_t begin, std::size_t end, std::size_t worker) override {
      auto* const values = rooms_.at(worker).data();
      is_too_large = is_too_large || end - begin > most_;
      return {{values, end - begin, inputs_}, {values + most_ * inputs_, end - begin}};
    }

    void take(std::size_t begin, const layer_gradient& gradient) override {
      const auto size = gradient.weight.rows * inputs_;
      std::copy_n(gradient.weight.data, size, weight.data() + begin * inputs_);
      std::copy_n(gradient.bias.data(), gradient.bias.size(), bias.data() + begin);
      std::fill_n(gradient.weight.data, size, NAN);
      for (std::size_t i = 0; i < gradient.bias.size(); ++i) {
        gradient.bias[i] = NAN;
        ++times[begin + i];
      }
    }

    std::vector<float> weight, bias;
    std::vector<int> times; ///< that outputs were received
    std::atomic<bool> is_too_large{false};

  private:
    std::size_t most_;
    std::size_t inputs_;
    std::vector<std::vector<float>> rooms_;
  };

  for (const auto operands : precisions())
    for (const auto& c : cases)
      for (const std::size_t threads : {1, 3}) {
        const outcome whole{c, operands, c.blocks, 0, threads};
        kernels::worker_pool pool{threads};
        const auto products = make_block_products(
          pool, {c.blocks, c.rows}, c.inputs, c.outputs, operands, rounding::each_time);
        const auto x_stride = kernels::padded(c.inputs);
        const auto y_stride = kernels::padded(c.outputs);
        auto x = normals(c.blocks * c.rows * x_stride, 1);
        auto dy = normals(c.blocks * c.rows * y_stride, 2);
        copies received{threads, products->outputs_received(), c};
        products->weight_gradient({dy.data(), c.blocks * c.rows, c.outputs, y_stride},
                                  {x.data(), c.blocks * c.rows, c.inputs, x_stride},
                                  received);
        CHECK(received.weight == whole.weight);
        CHECK(received.bias == whole.bias);
        CHECK(received.times == std::vector<int>(c.outputs, 1));
        CHECK_FALSE(received.is_too_large);
      }
}
