#include "core/singular_vectors.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace souk::core;

namespace {

constexpr std::uint32_t num_users = 60;
constexpr std::uint32_t num_items = 40;

/// Items of five shelves, of which the first ones sell better: leading singular values
/// lie apart.
interactions five_shelves() {
  interactions all;
  all.num_items = num_items;
  for (std::uint32_t user = 0; user < num_users; ++user) {
    std::vector<item_id> row;
    for (item_id item = 0; item < num_items; ++item) {
      const auto shelf = item % 5;
      const auto chance = (shelf == user % 5 ? 0.9 : 0.1) - 0.08 * shelf;
      if (uniform({4, stream::synthetic_data, user, 0}, item) < chance)
        row.push_back(item);
    }
    all.append_row(row);
  }
  return all;
}

scaled_interactions scaled(const interactions& rows) {
  scaled_interactions matrix{rows, {}, {}};
  for (std::size_t user = 0; user < rows.num_rows(); ++user)
    matrix.users.push_back(0.05 + 0.001 * static_cast<double>(user));
  for (std::uint32_t item = 0; item < rows.num_items; ++item)
    matrix.items.push_back(1 - 0.01 * item);
  return matrix;
}

double product(const panel& a, std::size_t j, const panel& b, std::size_t k) {
  auto sum = 0.0;
  for (std::size_t i = 0; i < a.num_rows(); ++i)
    sum += a.row(i)[j] * b.row(i)[k];
  return sum;
}

} // namespace

TEST_CASE("scaled interactions multiply as the dense matrix they stand for",
          "[core][singular_vectors]") {
  const auto rows = five_shelves();
  const auto matrix = scaled(rows);
  panel dense{num_users, num_items};
  for (std::size_t user = 0; user < num_users; ++user)
    for (const auto item : rows.row(user))
      dense.row(user)[item] = matrix.users[user] * matrix.items[item];
  panel unit_items{num_items, num_items};
  for (std::size_t item = 0; item < num_items; ++item)
    unit_items.row(item)[item] = 1;
  panel forwards{num_users, num_items};
  matrix.times(unit_items, forwards);
  panel unit_users{num_users, num_users};
  for (std::size_t user = 0; user < num_users; ++user)
    unit_users.row(user)[user] = 1;
  panel backwards{num_items, num_users};
  matrix.transposed_times(unit_users, backwards);
  for (std::size_t user = 0; user < num_users; ++user)
    for (std::size_t item = 0; item < num_items; ++item) {
      REQUIRE(forwards.row(user)[item] == Approx(dense.row(user)[item]));
      REQUIRE(backwards.row(item)[user] == Approx(dense.row(user)[item]));
    }
}

TEST_CASE("leading right vectors are orthonormal eigenvectors of the Gram matrix",
          "[core][singular_vectors]") {
  const auto rows = five_shelves();
  const auto matrix = scaled(rows);
  const auto v = leading_right_vectors(matrix, 5, 200, 1);
  panel y{num_users, v.columns};
  panel gram_times_v{num_items, v.columns};
  matrix.times(v, y);
  matrix.transposed_times(y, gram_times_v);
  auto before = 1e9;
  for (std::size_t k = 0; k < v.columns; ++k) {
    const auto square = product(y, k, y, k); // of the singular value
    CHECK(square > 0);
    CHECK(square <= before);
    before = square;
    for (std::size_t item = 0; item < num_items; ++item)
      REQUIRE(gram_times_v.row(item)[k]
              == Approx(square * v.row(item)[k]).margin(1e-9));
    for (std::size_t j = 0; j < v.columns; ++j)
      CHECK(product(v, j, v, k) == Approx(j == k ? 1 : 0).margin(1e-12));
  }
}

TEST_CASE("a matrix of rank two has two right vectors, and columns of zeros",
          "[core][singular_vectors]") {
  interactions rows;
  rows.num_items = 6;
  for (int i = 0; i < 5; ++i) {
    rows.append_row(std::vector<item_id>{0, 1, 2});
    rows.append_row(std::vector<item_id>{3, 4});
  }
  scaled_interactions matrix{rows, std::vector<double>(10, 0.2),
                             std::vector<double>(6, 1.0)};
  const auto v = leading_right_vectors(matrix, 4, 24, 1);
  for (std::size_t k = 0; k < 4; ++k)
    CHECK(product(v, k, v, k) == Approx(k < 2 ? 1 : 0).margin(1e-12));
  for (std::size_t item = 0; item < 3; ++item) // the larger group, up to its sign
    CHECK(std::abs(v.row(item)[0]) == Approx(1 / std::sqrt(3.0)));
  for (std::size_t k = 0; k < 4; ++k)
    CHECK(v.row(5)[k] == 0); // nobody has item 5
}
