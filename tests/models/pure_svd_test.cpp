#include "models/model.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

namespace {

constexpr std::uint32_t num_items = 120;
constexpr std::uint32_t num_users = 300;

/// Users like one of six shelves, which differ in how much they are liked; item 119 is
/// nobody's.
core::interactions six_shelves() {
  core::interactions rows;
  rows.num_items = num_items;
  for (std::uint32_t user = 0; user < num_users; ++user) {
    std::vector<core::item_id> row;
    for (core::item_id item = 0; item + 1 < num_items; ++item) {
      const auto shelf = item % 6;
      const auto chance = shelf == user % 6 ? 0.9 - 0.1 * shelf : 0.05;
      if (core::uniform({4, core::stream::synthetic_data, user, 0}, item) < chance)
        row.push_back(item);
    }
    rows.append_row(row);
  }
  return rows;
}

core::snapshot fitted(const core::interactions& rows, std::uint32_t factors) {
  model_options options;
  options.kind = "pure_svd";
  options.factors = factors;
  core::silent_progress progress;
  return fit(options, {&rows, nullptr}, progress);
}

using vector = std::vector<double>;

double product(const vector& a, const vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// The leading eigenvectors of the dense matrix X^T X, one after another, by the power
/// method without those found before.
std::vector<vector> dense_reference(const core::interactions& rows,
                                    std::uint32_t factors) {
  std::vector<vector> gram(num_items, vector(num_items));
  for (std::size_t user = 0; user < rows.num_rows(); ++user)
    for (const auto i : rows.row(user))
      for (const auto j : rows.row(user))
        gram[i][j] += 1;
  std::vector<vector> found;
  for (std::uint32_t k = 0; k < factors; ++k) {
    vector v(num_items);
    for (std::uint32_t i = 0; i < num_items; ++i)
      v[i] = core::normal({5, core::stream::synthetic_data, k, 0}, i);
    for (int step = 0; step < 3000; ++step) {
      vector next;
      for (const auto& row : gram)
        next.push_back(product(row, v));
      for (const auto& other : found) {
        const auto part = product(next, other);
        for (std::uint32_t i = 0; i < num_items; ++i)
          next[i] -= part * other[i];
      }
      const auto length = std::sqrt(product(next, next));
      for (std::uint32_t i = 0; i < num_items; ++i)
        v[i] = next[i] / length;
    }
    found.push_back(v);
  }
  return found;
}

core::rank_request request_of(const core::interactions& rows) {
  core::rank_request request;
  request.history = &rows;
  request.slate_size = 10;
  return request;
}

/// The share of hidden items among the first ten, where every user's last two items are
/// hidden.
double hit_rate(const core::recommender& model,
                const core::interactions& shown,
                const core::interactions& all) {
  auto request = request_of(shown);
  request.excluded = &shown;
  const auto slates = model.rank(request);
  auto hits = 0.0;
  for (std::size_t user = 0; user < all.num_rows(); ++user)
    for (const auto item : slates.row(user)) {
      const auto row = all.row(user);
      hits += std::find(row.end() - 2, row.end(), item) != row.end();
    }
  return hits / (2.0 * static_cast<double>(all.num_rows()));
}

} // namespace

TEST_CASE("PureSVD's factors are orthonormal", "[models][pure_svd]") {
  const auto model = fitted(six_shelves(), 7);
  const auto& v = model.tensor("item_factors");
  REQUIRE(v.shape == std::vector<std::uint64_t>{num_items, 7});
  for (std::size_t j = 0; j < 7; ++j)
    for (std::size_t k = 0; k <= j; ++k) {
      auto sum = 0.0;
      for (std::size_t i = 0; i < num_items; ++i)
        sum += static_cast<double>(v.floats[i * 7 + j])
               * static_cast<double>(v.floats[i * 7 + k]);
      CHECK(sum == Approx(j == k ? 1 : 0).margin(1e-5));
    }
}

TEST_CASE("PureSVD scores by the projection onto the leading right singular vectors",
          "[models][pure_svd]") {
  const auto rows = six_shelves();
  const std::uint32_t factors = 6;
  const auto reference = dense_reference(rows, factors);
  const auto model = make_recommender(fitted(rows, factors), 1);
  std::vector<float> scores(num_users * num_items);
  model->score(request_of(rows), scores);
  for (std::size_t user = 0; user < num_users; user += 7) {
    vector expected(num_items);
    for (const auto& v : reference) {
      auto length = 0.0;
      for (const auto item : rows.row(user))
        length += v[item];
      for (std::uint32_t i = 0; i < num_items; ++i)
        expected[i] += length * v[i];
    }
    for (std::uint32_t i = 0; i < num_items; ++i)
      REQUIRE(static_cast<double>(scores[user * num_items + i])
              == Approx(expected[i]).margin(2e-3));
  }
}

TEST_CASE("with as many factors as users, PureSVD gives back the training rows",
          "[models][pure_svd]") {
  const auto rows = random_rows(9, 30, 6);
  const auto snapshot = fitted(rows, 64);
  CHECK(snapshot.option("factors") == "9");
  const auto model = make_recommender(snapshot, 1);
  std::vector<float> scores(rows.num_rows() * 30);
  model->score(request_of(rows), scores);
  for (std::size_t user = 0; user < rows.num_rows(); ++user) {
    std::vector<float> row(30);
    for (const auto item : rows.row(user))
      row[item] = 1;
    for (std::size_t item = 0; item < 30 && !rows.row(user).empty(); ++item)
      REQUIRE(scores[user * 30 + item] == Approx(row[item]).margin(1e-5));
  }
}

TEST_CASE("who has only items that nobody had gets popularity from PureSVD",
          "[models][pure_svd]") {
  const auto model = make_recommender(fitted(six_shelves(), 6), 1);
  core::interactions strangers;
  strangers.num_items = num_items;
  strangers.append_row(std::vector<core::item_id>{});
  strangers.append_row(std::vector<core::item_id>{num_items - 1});
  std::vector<float> scores(2 * num_items);
  model->score(request_of(strangers), scores);
  const auto counts = core::count_by_item(six_shelves());
  for (std::size_t i = 0; i < num_items; ++i) {
    CHECK(scores[i] == static_cast<float>(counts[i]));
    CHECK(scores[num_items + i] == static_cast<float>(counts[i]));
  }
}

TEST_CASE("without interactions, PureSVD ranks like popularity", "[models][pure_svd]") {
  core::interactions nothing;
  nothing.num_items = 3;
  nothing.append_row(std::vector<core::item_id>{});
  const auto model = make_recommender(fitted(nothing, 2), 1);
  CHECK(model->rank(request_of(nothing)).row(0)[0] == 0);
}

TEST_CASE("PureSVD finds what was hidden better than popularity does",
          "[models][pure_svd]") {
  const auto all = six_shelves();
  core::interactions shown;
  shown.num_items = num_items;
  for (std::size_t user = 0; user < num_users; ++user) {
    const auto row = all.row(user);
    shown.append_row(row.subspan(0, row.size() - 2));
  }
  core::silent_progress progress;
  model_options options;
  options.kind = "popularity";
  const auto popular = make_recommender(fit(options, {&shown, nullptr}, progress), 1);
  const auto pure_svd = make_recommender(fitted(shown, 6), 1);
  CHECK(hit_rate(*pure_svd, shown, all) > 1.5 * hit_rate(*popular, shown, all));
}

TEST_CASE("PureSVD without factors is refused", "[models][pure_svd]") {
  CHECK_THROWS_WITH(fitted(six_shelves(), 0), Catch::Contains("factors is 0"));
}
