#include "models/kernels/amx_strips.hpp"

#include "core/aligned_vector.hpp"
#include "core/platform.hpp"
#include "models/kernels/instruction_set.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

using namespace souk;
using namespace souk::models::kernels;
using souk::models::testing::normals;

namespace {

/// CTest runs this room's tests with AMX too, where there is one.
bool has_amx() {
  if (settled_isa() == core::isa::amx)
    return true;
  WARN("skipped: AMX is not in use (SOUK_TEST_ISA=amx)");
  return false;
}

/// The product of two matrices of which every element is known by (line, inner place).
struct product_case {
  std::size_t rows, inner, columns;
  bf16_terms terms;
  std::vector<float> left = normals(rows * inner, 1);
  std::vector<float> right = normals(columns * inner, 2);

  float left_at(std::size_t row, std::size_t k) const {
    return left[row * inner + k];
  }

  float right_at(std::size_t column, std::size_t k) const {
    return right[column * inner + k];
  }

  strip_shape shape() const {
    return {inner, terms};
  }

  using strip = core::aligned_buffer<bf16>;

  /// Packs places [begin, end) of lines that lie in rows.
  strip packed_rows(strip_side side, std::size_t begin, std::size_t end) const {
    const auto& values = side == strip_side::left ? left : right;
    const auto lines = side == strip_side::left ? rows : columns;
    strip packed{strip_shape{end - begin, terms}.size()};
    pack_rows(side, terms, {values.data() + begin, lines, end - begin, inner},
              packed.data());
    return packed;
  }

  /// Packs the same lines from where they lie in columns.
  strip packed_columns(strip_side side) const {
    const auto& values = side == strip_side::left ? left : right;
    const auto lines = side == strip_side::left ? rows : columns;
    std::vector<float> transposed(values.size());
    for (std::size_t line = 0; line < lines; ++line)
      for (std::size_t k = 0; k < inner; ++k)
        transposed[k * lines + line] = values[line * inner + k];
    strip packed{shape().size()};
    pack_columns(side, terms, {transposed.data(), inner, lines}, packed.data());
    return packed;
  }

  std::vector<float> product(const strip& left_strip, const strip& right_strip) const {
    const amx_tiles tiles;
    std::vector<float> out(rows * columns, 99.0F);
    multiply_strips(shape(), left_strip.data(), right_strip.data(),
                    {out.data(), rows, columns});
    return out;
  }

  std::vector<float> product() const {
    return product(packed_rows(strip_side::left, 0, inner),
                   packed_rows(strip_side::right, 0, inner));
  }

  /// The largest error of an element, in sums of its terms' magnitudes.
  double error(const std::vector<float>& out) const {
    double worst = 0;
    for (std::size_t row = 0; row < rows; ++row)
      for (std::size_t column = 0; column < columns; ++column) {
        double sum = 0;
        double size = 0;
        for (std::size_t k = 0; k < inner; ++k) {
          const auto term = static_cast<double>(left_at(row, k))
                            * static_cast<double>(right_at(column, k));
          sum += term;
          size += std::abs(term);
        }
        if (size == 0) {
          CHECK(out[row * columns + column] == 0);
          continue;
        }
        REQUIRE(std::isfinite(out[row * columns + column]));
        worst = std::max(
          worst,
          std::abs(static_cast<double>(out[row * columns + column]) - sum) / size);
      }
    return worst;
  }
};

bool same(const core::aligned_buffer<bf16>& a, const core::aligned_buffer<bf16>& b) {
  return a.size() == b.size()
         && std::memcmp(a.data(), b.data(), a.size() * sizeof(bf16)) == 0;
}

const auto all_terms = {bf16_terms::one, bf16_terms::two};

} // namespace

TEST_CASE("a product of strips is that of their operands, up to their rounding",
          "[models][amx_strips]") {
  if (!has_amx())
    return;
  // Full strips, single lines, and extents that end within a tile, a half or a pair.
  for (const auto& [rows, inner, columns] :
       std::vector<std::tuple<std::size_t, std::size_t, std::size_t>>{{32, 64, 32},
                                                                      {32, 600, 32},
                                                                      {1, 1, 1},
                                                                      {1, 33, 32},
                                                                      {17, 47, 16},
                                                                      {16, 31, 15},
                                                                      {20, 125, 28}}) {
    INFO(rows << " x " << inner << " x " << columns);
    // A product of numbers with 8 bits of fraction is off by up to 2^-8; with 16, by
    // 2^-16, of which the product that is left out is a part.
    const product_case rounded{rows, inner, columns, bf16_terms::one};
    CHECK(rounded.error(rounded.product()) < 0x1p-8);
    const product_case split{rows, inner, columns, bf16_terms::two};
    CHECK(split.error(split.product()) < 0x1p-16);
  }
  const product_case wide{32, 600, 32, bf16_terms::one};
  CHECK(wide.error(wide.product()) > 0x1p-14);
}

TEST_CASE("whole numbers of 8 bits are multiplied exactly by one term, of 16 by two",
          "[models][amx_strips]") {
  if (!has_amx())
    return;
  for (const auto terms : all_terms) {
    product_case numbers{5, 40, 7, terms};
    const auto largest = terms == bf16_terms::one ? 255 : 65535;
    for (std::size_t i = 0; i < numbers.left.size(); ++i)
      numbers.left[i] = static_cast<float>(static_cast<int>(i * 977) % largest);
    // One column picks one place: sums are exact in float.
    std::fill(numbers.right.begin(), numbers.right.end(), 0.0F);
    for (std::size_t column = 0; column < numbers.columns; ++column)
      numbers.right[column * numbers.inner + 5 * column] = -1;
    CHECK(numbers.error(numbers.product()) == 0);
  }
}

TEST_CASE("lines may lie in rows or in columns", "[models][amx_strips]") {
  if (!has_amx())
    return;
  for (const auto terms : all_terms)
    for (const auto& [lines, inner] : std::vector<std::pair<std::size_t, std::size_t>>{
           {32, 64}, {1, 1}, {17, 33}, {16, 47}, {30, 100}})
      for (const auto side : {strip_side::left, strip_side::right}) {
        INFO(lines << " lines, " << inner << " places");
        const product_case each{lines, inner, lines, terms};
        CHECK(same(each.packed_rows(side, 0, inner), each.packed_columns(side)));
      }
}

TEST_CASE("an element's bits depend on nothing beside it", "[models][amx_strips]") {
  if (!has_amx())
    return;
  for (const auto terms : all_terms) {
    const product_case whole{32, 200, 32, terms};
    const auto expected = whole.product();
    for (const std::size_t row : {0, 15, 16, 31})
      for (const std::size_t column : {0, 15, 16, 31}) {
        product_case alone{1, 200, 1, terms};
        std::copy_n(whole.left.begin() + static_cast<std::ptrdiff_t>(row * 200), 200,
                    alone.left.begin());
        std::copy_n(whole.right.begin() + static_cast<std::ptrdiff_t>(column * 200),
                    200, alone.right.begin());
        CHECK(alone.product()[0] == expected[row * 32 + column]);
      }
  }
}

TEST_CASE("a chain goes on where it was cut", "[models][amx_strips]") {
  if (!has_amx())
    return;
  for (const auto terms : all_terms)
    for (const std::size_t lines : {32, 19}) {
      const product_case whole{lines, 150, lines, terms};
      const auto expected = whole.product();
      const amx_tiles tiles;
      std::vector<float> out(lines * lines);
      const matrix c{out.data(), lines, lines};
      for (const auto& [begin, end] : std::vector<std::pair<std::size_t, std::size_t>>{
             {0, 64}, {64, 96}, {96, 150}})
        multiply_strips({end - begin, terms},
                        whole.packed_rows(strip_side::left, begin, end).data(),
                        whole.packed_rows(strip_side::right, begin, end).data(), c,
                        begin == 0 ? strip_mode::write : strip_mode::go_on);
      CHECK(out == expected);
    }
}

TEST_CASE("products are added once they are whole", "[models][amx_strips]") {
  if (!has_amx())
    return;
  for (const auto terms : all_terms) {
    const product_case each{21, 70, 30, terms};
    const auto product = each.product();
    const amx_tiles tiles;
    const auto before = normals(product.size(), 3);
    auto expected = before;
    for (std::size_t i = 0; i < expected.size(); ++i)
      expected[i] += product[i];
    auto added = before;
    multiply_strips(each.shape(),
                    each.packed_rows(strip_side::left, 0, each.inner).data(),
                    each.packed_rows(strip_side::right, 0, each.inner).data(),
                    {added.data(), each.rows, each.columns}, strip_mode::add);
    CHECK(added == expected);
    auto sums = before;
    add_strip_products(
      matrix{const_cast<float*>(product.data()), each.rows, each.columns},
      {sums.data(), each.rows, each.columns});
    CHECK(sums == expected);
  }
}

TEST_CASE("what is no number stays none", "[models][amx_strips]") {
  if (!has_amx())
    return;
  for (const auto value : {std::numeric_limits<float>::quiet_NaN(),
                           std::numeric_limits<float>::infinity()})
    for (const auto terms : all_terms) {
      product_case each{3, 40, 3, terms};
      each.left[each.inner + 7] = value;
      const auto out = each.product();
      for (std::size_t i = 0; i < out.size(); ++i)
        CHECK(std::isfinite(out[i]) == (i / 3 != 1));
    }
}
