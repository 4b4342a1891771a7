#include "core/digest.hpp"
#include "core/error.hpp"
#include "models/item_owner.hpp"
#include "models/learner.hpp"
#include "models/middle_learner.hpp"
#include "models/optimiser.hpp"
#include "tests/models/precisions.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <numeric>

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

namespace {

constexpr std::uint32_t num_items = 700;
constexpr std::uint32_t rows_per_block = 25;
constexpr std::uint32_t num_blocks = 4;
constexpr std::uint32_t batch_users = 90; // the last block is padded
constexpr std::uint64_t seed = 3;

model_options options_of(const std::string& kind, std::vector<std::uint32_t> hidden) {
  model_options options;
  options.kind = kind;
  options.hidden = std::move(hidden);
  options.latent = 20;
  return options;
}

/// Parameters and moments of a model that has its first weights.
struct arenas {
  core::parameter_arena parameters, first, second;

  explicit arenas(const model_options& options) {
    const auto model = make_network(options, num_items);
    for (auto* arena : {&parameters, &first, &second})
      arena->resize(model->layout().size());
    model->initialise(seed, parameters);
  }

  optimiser_state state() {
    return {parameters, first, second};
  }
};

/// What a training ends in.
struct trained {
  core::parameter_arena parameters;
  std::vector<double> losses; ///< by step and block, both parts
};

void note(const std::vector<block_loss>& losses, trained& result) {
  for (const auto& loss : losses) {
    result.losses.push_back(loss.negative_log_likelihood);
    result.losses.push_back(loss.divergence);
  }
}

std::vector<training_block> batch() {
  return blocks_of(random_rows(batch_users, num_items, 60), num_blocks, rows_per_block);
}

/// A few steps of the learner that knows nothing of ranges.
trained by_range(const model_options& options,
                 std::uint64_t steps,
                 precision operands = precision::fp32) {
  const auto model =
    make_learner(options, num_items, {rows_per_block, num_blocks, 1, operands});
  arenas arena{options};
  core::gradient gradient{model->layout()};
  const core::arena_range all{0, arena.parameters.size()};
  optimiser rule{{}, all, 1};
  const auto blocks = batch();
  std::vector<block_loss> losses(num_blocks);
  trained result;
  for (std::uint64_t step = 0; step < steps; ++step) {
    model->accumulate({seed, step, batch_users}, blocks, arena.parameters, gradient,
                      losses);
    note(losses, result);
    const std::vector<partial_sum> tree{{num_blocks, gradient.slice(all)}};
    rule.apply(step + 1, tree, arena.state());
  }
  result.parameters = arena.parameters;
  return result;
}

/// The same with owners of items, without what carries numbers between them.
class owned_items {
public:
  owned_items(const model_options& options,
              const std::vector<std::size_t>& runs,
              std::size_t threads,
              precision operands = precision::fp32)
    : arena_{options}, middle_{options,
                               num_items,
                               {runs, rows_per_block, num_blocks, threads}},
      gradient_{middle_.layout()}, rule_{{}, middle_.range(), threads} {
    const auto ranges = static_cast<std::uint32_t>(
      std::accumulate(runs.begin(), runs.end(), std::size_t{0}));
    std::uint32_t first = 0;
    for (const auto run : runs) {
      owners_.push_back(
        std::make_unique<item_owner>(options, num_items,
                                     item_owner_options{ranges,
                                                        first,
                                                        static_cast<std::uint32_t>(run),
                                                        rows_per_block,
                                                        num_blocks,
                                                        threads,
                                                        {},
                                                        operands}));
      first += static_cast<std::uint32_t>(run);
    }
    for (const auto& block : batch_)
      for (std::size_t i = 0; i < block.users.size(); ++i)
        rows_.push_back({block.users[i], block.rows.row(i)});
  }

  trained train(std::uint64_t steps) {
    trained result;
    for (std::uint64_t step = 0; step < steps; ++step)
      take_step(step, result);
    result.parameters = arena_.parameters;
    return result;
  }

private:
  void take_step(std::uint64_t step, trained& result) {
    const auto range = middle_.range();
    const core::span<const float> middle{arena_.parameters.data() + range.begin,
                                         range.size()};
    std::vector<core::span<const float>> partials;
    middle_.begin({seed, step, batch_users}, rows_);
    for (std::size_t i = 0; i < owners_.size(); ++i)
      partials.push_back(owners_[i]->encode(
        unpack_rows(middle_.rows_for(i), middle_.num_rows(), owners_[i]->items()),
        arena_.state()));
    const auto hidden = middle_.encode(partials, middle);
    std::vector<std::vector<row_softmax>> softmaxes;
    for (auto& owner : owners_)
      softmaxes.push_back(softmaxes_of(
        as_floats(owner->compare(hidden, arena_.state())), owner->num_rows()));
    std::vector<block_loss> losses(num_blocks);
    const auto& scales = middle_.compare(softmaxes, losses);
    note(losses, result);
    partials.clear();
    for (auto& owner : owners_)
      partials.push_back(owner->differentiate(
        scales_of(as_floats(scales), owner->num_rows()), arena_.state()));
    const auto gradients = middle_.differentiate(partials, middle, gradient_);
    for (auto& owner : owners_) {
      owner->update_decoder(step + 1, arena_.state());
      owner->update_encoder(step + 1, gradients, arena_.state());
    }
    auto slice = gradient_.slice({0, range.size()});
    for (auto& run : slice)
      run.offset += range.begin;
    const std::vector<partial_sum> tree{{num_blocks, slice}};
    rule_.apply(
      step + 1, tree,
      {core::span<float>{arena_.parameters}.subspan(range.begin, range.size()),
       core::span<float>{arena_.first}.subspan(range.begin, range.size()),
       core::span<float>{arena_.second}.subspan(range.begin, range.size())});
  }

  std::vector<training_block> batch_ = batch();
  std::vector<batch_row> rows_;
  arenas arena_;
  middle_learner middle_;
  core::gradient gradient_;
  optimiser rule_;
  std::vector<std::unique_ptr<item_owner>> owners_;
};

bool same_bits(const trained& a, const trained& b) {
  return std::memcmp(a.parameters.data(), b.parameters.data(),
                     a.parameters.size() * sizeof(float))
           == 0
         && a.losses == b.losses;
}

/// Counts parameters that differ by more than sums in another order explain. Adam's
/// steps are as long as the learning rate: a gradient whose sign is rounding may go the
/// other way, in few places.
std::size_t far_apart(const trained& a, const trained& b) {
  std::size_t far = 0;
  for (std::size_t i = 0; i < a.parameters.size(); ++i)
    far += std::abs(a.parameters[i] - b.parameters[i]) > 2e-5F ? 1 : 0;
  return far;
}

} // namespace

TEST_CASE("owners of items train what a learner trains", "[models][by_item]") {
  for (const auto* kind : {"mult_vae", "mult_dae"})
    for (const std::vector<std::uint32_t>& hidden :
         {std::vector<std::uint32_t>{40}, std::vector<std::uint32_t>{},
          std::vector<std::uint32_t>{40, 30}}) {
      INFO(kind << " with " << hidden.size() << " hidden layers");
      const auto options = options_of(kind, hidden);
      const auto reference = by_range(options, 4);
      const auto other = owned_items{options, {8}, 1}.train(4);
      REQUIRE(other.losses.size() == reference.losses.size());
      for (std::size_t i = 0; i < reference.losses.size(); ++i)
        CHECK(other.losses[i] == Approx(reference.losses[i]).epsilon(1e-5));
      CHECK(far_apart(other, reference) <= reference.parameters.size() / 200);
      // One range is the whole catalogue: products are the learner's own.
      const auto whole = owned_items{options, {1}, 3}.train(4);
      CHECK(whole.losses[0] == Approx(reference.losses[0]).epsilon(1e-12));
      CHECK(far_apart(whole, reference) <= reference.parameters.size() / 200);
    }
}

TEST_CASE("threads share a range's items without changing a bit", "[models][by_item]") {
  // Ranges of 350 items: two tiles of oneDNN's, three jobs of AMX's.
  const auto options = options_of("mult_vae", {40});
  const auto operands = GENERATE(from_range(precisions()));
  INFO("precision " << static_cast<int>(operands));
  const auto reference = owned_items{options, {2}, 1, operands}.train(3);
  CHECK(same_bits(owned_items{options, {2}, 3, operands}.train(3), reference));
  CHECK(same_bits(owned_items{options, {1, 1}, 3, operands}.train(3), reference));
  CHECK(far_apart(reference, by_range(options, 3, operands))
        <= reference.parameters.size() / 200);
}

TEST_CASE("who owns the ranges does not change a bit", "[models][by_item]") {
  const auto options = options_of("mult_vae", {40});
  const auto operands = GENERATE(from_range(precisions()));
  INFO("precision " << static_cast<int>(operands));
  const auto reference = owned_items{options, {8}, 1, operands}.train(3);
  for (const std::vector<std::size_t>& runs :
       {std::vector<std::size_t>{4, 4}, std::vector<std::size_t>{2, 2, 4},
        std::vector<std::size_t>{4, 2, 1, 1}, std::vector<std::size_t>(8, 1)})
    for (const std::size_t threads : {1, 3}) {
      INFO(runs.size() << " owners, " << threads << " threads");
      CHECK(
        same_bits(owned_items{options, runs, threads, operands}.train(3), reference));
    }
  // The number of ranges is part of the answer.
  CHECK_FALSE(same_bits(owned_items{options, {4}, 1, operands}.train(3), reference));
}

TEST_CASE("one range in bf16 is what a learner trains in bf16", "[models][by_item]") {
  const auto options = options_of("mult_vae", {40});
  const auto operands = GENERATE(precision::bf16, precision::bf16x3);
  const auto here = precisions();
  if (std::find(here.begin(), here.end(), operands) == here.end()) {
    CHECK_THROWS_WITH((owned_items{options, {1}, 1, operands}),
                      Catch::Contains("training.precision"));
    return;
  }
  const auto reference = by_range(options, 4, operands);
  const auto whole = owned_items{options, {1}, 1, operands}.train(4);
  REQUIRE(whole.losses.size() == reference.losses.size());
  for (std::size_t i = 0; i < reference.losses.size(); ++i)
    CHECK(whole.losses[i] == Approx(reference.losses[i]).epsilon(1e-5));
  CHECK_FALSE(same_bits(whole, owned_items{options, {1}, 1}.train(4)));
}

TEST_CASE("the parts of a partition and the middle tile the arena",
          "[models][by_item]") {
  for (const auto* kind : {"mult_vae", "mult_dae"}) {
    const autoencoder_shape shape{options_of(kind, {40}), 701};
    const item_partition cut{shape, 8};
    std::vector<core::arena_range> all{autoencoder_middle::range_of(shape)};
    for (const auto& [first, count] :
         std::vector<std::pair<std::uint32_t, std::uint32_t>>{
           {0, 4}, {4, 1}, {5, 1}, {6, 2}})
      for (const auto& range : cut.part_of(first, count))
        all.push_back(range);
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.begin < b.begin; });
    std::uint64_t position = 0;
    for (const auto& range : all) {
      CHECK(range.begin == position);
      position = range.end;
    }
    CHECK(position == shape.layout().size());
  }
}

TEST_CASE("a catalogue is not cut into too many ranges, or an odd number",
          "[models][by_item]") {
  const autoencoder_shape shape{options_of("mult_vae", {40}), 5};
  CHECK_THROWS_WITH((item_partition{shape, 3}), Catch::Contains("power of two"));
  CHECK_THROWS_WITH((item_partition{shape, 0}), Catch::Contains("power of two"));
  CHECK_THROWS_WITH((item_partition{shape, 8}), Catch::Contains("only 5 items"));
}

TEST_CASE("rows that were damaged on their way are refused", "[models][by_item]") {
  item_rows rows;
  rows.batch_users = 2;
  rows.items = {1, 4, 6, 4};
  rows.offsets = {0, 3, 4};
  rows.kept = {1, 0, 1, 1};
  rows.values = {0.5F, 0.25F};
  const item_range items{4, 8};
  const auto words = pack(rows, items);
  const auto read = unpack_rows(words, 2, items);
  CHECK(read.batch_users == 2);
  CHECK(read.items == std::vector<core::item_id>{4, 6, 4});
  CHECK(read.kept == std::vector<std::uint8_t>{0, 1, 1});
  CHECK(read.offsets == std::vector<std::uint64_t>{0, 2, 3});
  CHECK(read.values == rows.values);

  for (std::size_t length = 0; length < words.size(); ++length) {
    auto shorter = words;
    shorter.resize(length);
    CHECK_THROWS_AS(unpack_rows(shorter, 2, items), core::error);
  }
  auto longer = words;
  longer.push_back(0);
  CHECK_THROWS_AS(unpack_rows(longer, 2, items), core::error);
  CHECK_THROWS_AS(unpack_rows(words, 2, (item_range{4, 5})), core::error);
  auto unordered = words;
  std::swap(unordered[3], unordered[4]);
  CHECK_THROWS_AS(unpack_rows(unordered, 2, items), core::error);
  CHECK_THROWS_AS(softmaxes_of({}, 1), core::error);
}

TEST_CASE("softmaxes over parts merge into that of all", "[models][by_item]") {
  const row_softmax left{2, 3, 1};
  const row_softmax right{800, 1.5, 4};
  const auto both = merged(left, right);
  CHECK(both.maximum == 800);
  CHECK(both.sum == Approx(1.5));
  CHECK(both.observed == 5);
  CHECK(merged({1, 2, 0}, {1, 3, 0}).sum == 5);
  const auto none = std::nan("");
  CHECK(std::isnan(merged({1, none, 0}, {1, 3, 0}).sum));
  CHECK(std::isnan(merged({1, 2, 0}, {none, 3, 0}).sum));
}
