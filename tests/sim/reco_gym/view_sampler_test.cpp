#include "sim/reco_gym/view_sampler.hpp"

#include "tests/sim/chi_square.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace souk;
using namespace souk::sim;
using namespace souk::sim::reco_gym;

namespace {

/// The exact softmax in double.
std::vector<double> law_of(const products& all, const std::vector<float>& taste) {
  std::vector<double> weights;
  auto sum = 0.0;
  for (std::uint32_t p = 0; p < all.count; ++p) {
    auto logit = static_cast<double>(all.offsets[p]);
    for (std::uint32_t k = 0; k < all.dimensions; ++k)
      logit += static_cast<double>(all.vectors[p * all.dimensions + k])
               * static_cast<double>(taste[k]);
    weights.push_back(std::exp(logit));
    sum += weights.back();
  }
  for (auto& weight : weights)
    weight /= sum;
  return weights;
}

/// Views of `count` users of one taste.
std::vector<core::item_id> draw_views(const products& all,
                                      const std::vector<float>& taste,
                                      std::size_t count,
                                      std::uint32_t first_user = 0) {
  const core::draw_site site{5, core::stream::live, 0, 9};
  std::vector<std::uint32_t> users(count);
  std::iota(users.begin(), users.end(), first_user);
  std::vector<float> tastes;
  for (const auto value : taste)
    tastes.insert(tastes.end(), count, value);
  std::vector<std::uint32_t> words[4];
  for (auto& column : words)
    column.resize(count);
  core::fill_words(
    site, 0, users.data(), count,
    {{words[0].data(), words[1].data(), words[2].data(), words[3].data()}});
  const view_sampler sampler{all};
  view_sampler::scratch work;
  std::vector<core::item_id> views(count);
  sampler.draw(
    {site, count, users.data(), tastes.data(), count, words[0].data(), words[1].data()},
    work, views.data());
  return views;
}

double distance_from_softmax(std::uint32_t num_products,
                             std::uint32_t dimensions,
                             float length,
                             std::size_t num_views) {
  reco_gym_options options;
  options.products = num_products;
  options.dimensions = dimensions;
  const auto all = draw_products(options);
  std::vector<float> taste;
  for (std::uint32_t k = 0; k < dimensions; ++k)
    taste.push_back(length * (k % 2 == 0 ? 1.0F : -0.7F));
  std::vector<std::uint64_t> counts(num_products);
  for (const auto view : draw_views(all, taste, num_views))
    ++counts[view];
  return chi_square_z(counts, law_of(all, taste));
}

} // namespace

TEST_CASE("views follow the softmax over all products", "[sim][reco_gym]") {
  // Few products are weighed one by one, more are drawn by cells; 41 and 200 have a
  // cell each. A user of length 2.5 is far out: there bounds are loose and draws begin
  // again often. A law that is off by 1% in a tenth of its mass would be 60 deviations
  // away.
  const auto num_products = GENERATE(2U, 10U, 40U, 41U, 200U, 1000U, 10000U);
  const auto length = GENERATE(0.0F, 0.6F, 1.2F);
  CAPTURE(num_products, length);
  CHECK(std::abs(distance_from_softmax(num_products, 5, length, 300000)) < 4.5);
}

TEST_CASE("views follow the softmax where bounds are of no use", "[sim][reco_gym]") {
  // So far out every draw ends with a look at all products.
  CHECK(std::abs(distance_from_softmax(1000, 5, 6.0F, 20000)) < 4.5);
}

TEST_CASE("views follow the softmax in any number of dimensions", "[sim][reco_gym]") {
  const auto dimensions = GENERATE(1U, 3U, 16U);
  CAPTURE(dimensions);
  CHECK(std::abs(distance_from_softmax(10, dimensions, 0.5F, 100000)) < 4.5);
  CHECK(std::abs(distance_from_softmax(500, dimensions, 0.5F, 100000)) < 4.5);
}

TEST_CASE("a single product is what everybody views", "[sim][reco_gym]") {
  reco_gym_options options;
  options.products = 1;
  const auto views =
    draw_views(draw_products(options), std::vector<float>(5, 1.0F), 70);
  CHECK(views == std::vector<core::item_id>(70, 0));
}

TEST_CASE("a view does not depend on who views beside", "[sim][reco_gym]") {
  reco_gym_options options;
  options.products = GENERATE(10U, 1000U);
  const auto all = draw_products(options);
  const std::vector<float> taste{1.0F, -1.0F, 0.5F, 0.0F, -2.0F};
  const auto together = draw_views(all, taste, 300);
  for (const std::uint32_t user : {0U, 63U, 64U, 299U})
    CHECK(draw_views(all, taste, 1, user)[0] == together[user]);
}

TEST_CASE("cells have every product once, within its box", "[sim][reco_gym]") {
  reco_gym_options options;
  options.products = 777;
  const auto all = draw_products(options);
  const auto parts = make_cells(all, 100);
  CHECK(parts.count == 112);
  auto items = parts.item;
  std::sort(items.begin(), items.end());
  for (core::item_id product = 0; product < 777; ++product)
    REQUIRE(items[product] == product);
  for (std::size_t cell = 0; cell < 100; ++cell) {
    REQUIRE(parts.first[cell] < parts.first[cell + 1]);
    for (auto place = parts.first[cell]; place < parts.first[cell + 1]; ++place)
      for (std::uint32_t k = 0; k < 5; ++k) {
        const auto value = all.vectors[parts.item[place] * 5 + k];
        REQUIRE(parts.vectors[place * 5 + k] == value);
        REQUIRE(std::abs(value - parts.centre[k * parts.count + cell])
                <= parts.half[k * parts.count + cell] * 1.000001F + 1e-6F);
      }
  }
}
