#include "models/learner.hpp"

#include "core/digest.hpp"
#include "core/error.hpp"
#include "models/optimiser.hpp"
#include "tests/models/precisions.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>

using namespace souk;
using namespace souk::models;
using namespace souk::models::testing;

namespace {

constexpr std::uint32_t num_items = 2500;
constexpr std::uint32_t rows_per_block = 25;

model_options options_of(const std::string& kind) {
  model_options options;
  options.kind = kind;
  options.hidden = {310};
  options.latent = 50;
  return options;
}

using losses_of_run = std::vector<block_loss>;

/// Trains over 90 users in four blocks of 25 for a few steps: the last is padded.
std::string digest_after_steps(const std::string& kind,
                               std::size_t threads,
                               precision operands = precision::fp32) {
  const auto options = options_of(kind);
  const auto model =
    make_learner(options, num_items, {rows_per_block, 4, threads, operands});
  const auto net = make_network(options, num_items);
  core::parameter_arena parameters(model->layout().size());
  auto first = parameters;
  auto second = parameters;
  net->initialise(3, parameters);
  core::gradient gradient{model->layout()};
  const core::arena_range all{0, parameters.size()};
  optimiser rule{{}, all, threads};
  const auto blocks = blocks_of(random_rows(90, num_items, 60), 4, rows_per_block);
  core::digest digest;
  losses_of_run losses(4);
  for (std::uint64_t step = 0; step < 3; ++step) {
    model->accumulate({3, step, 90}, blocks, parameters, gradient, losses);
    for (const auto& loss : losses) {
      digest.feed(loss.negative_log_likelihood);
      digest.feed(loss.divergence);
    }
    const std::vector<partial_sum> tree{{4, gradient.slice(all)}};
    rule.apply(step + 1, tree, {parameters, first, second});
  }
  return digest.finish() + digest_of(net->to_snapshot(parameters));
}

struct fixture {
  std::unique_ptr<network> model = make_network(options_of("mult_vae"), num_items);
  core::parameter_arena parameters = core::parameter_arena(model->layout().size());
  core::interactions rows = random_rows(90, num_items, 60);

  fixture() {
    model->initialise(3, parameters);
  }

  /// All elements of a run's gradient.
  std::vector<float> gradient_of(core::span<const training_block> blocks,
                                 std::uint64_t step = 1) {
    losses_of_run losses;
    const auto learner =
      make_learner(options_of("mult_vae"), num_items,
                   {rows_per_block, static_cast<std::uint32_t>(blocks.size()), 2});
    core::gradient gradient{learner->layout()};
    losses.resize(blocks.size());
    learner->accumulate({3, step, 90}, blocks, parameters, gradient, losses);
    return in_full(gradient);
  }

  static std::vector<float> in_full(const core::gradient& gradient) {
    std::vector<float> values(gradient.layout().size());
    for (const auto& run : gradient.slice({0, values.size()}))
      std::copy_n(run.values, run.length, values.data() + run.offset);
    return values;
  }
};

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

} // namespace

TEST_CASE("training has one digest for 1, 2, 3 and 8 threads", "[models][learner]") {
  for (const auto* kind : {"mult_vae", "mult_dae"}) {
    INFO(kind);
    const auto alone = digest_after_steps(kind, 1);
    for (const std::size_t threads : {2, 3, 8})
      CHECK(digest_after_steps(kind, threads) == alone);
  }
}

TEST_CASE("training in bf16 has one digest for any number of threads, and another one",
          "[models][learner][bf16]") {
  const auto here = precisions();
  for (const auto& [operands, instructions] :
       {std::pair{precision::bf16, "AVX512_BF16"},
        std::pair{precision::bf16x3, "AMX"}}) {
    if (std::find(here.begin(), here.end(), operands) == here.end()) {
      CHECK_THROWS_WITH(digest_after_steps("mult_vae", 1, operands),
                        Catch::Contains(instructions));
      continue;
    }
    const auto alone = digest_after_steps("mult_vae", 1, operands);
    CHECK(alone != digest_after_steps("mult_vae", 1));
    for (const std::size_t threads : {2, 3, 8})
      CHECK(digest_after_steps("mult_vae", threads, operands) == alone);
  }
}

TEST_CASE_METHOD(fixture,
                 "a run's gradient is the tree over its blocks computed alone",
                 "[models][learner]") {
  for (const std::size_t num_blocks : {2, 4, 8}) {
    INFO(num_blocks << " blocks");
    const auto blocks = blocks_of(rows, num_blocks, rows_per_block);
    std::vector<std::vector<float>> sums;
    for (const auto& block : blocks)
      sums.push_back(gradient_of({&block, 1}));
    while (sums.size() > 1) {
      for (std::size_t i = 0; i < sums.size() / 2; ++i)
        for (std::size_t j = 0; j < sums[0].size(); ++j)
          sums[i][j] = sums[2 * i][j] + sums[2 * i + 1][j];
      sums.resize(sums.size() / 2);
    }
    // Equal but for the sign of zeros, which the optimiser makes alike.
    CHECK(gradient_of(blocks) == sums[0]);
  }
}

TEST_CASE_METHOD(fixture,
                 "a gradient is a pure function of its arguments",
                 "[models][learner]") {
  const auto blocks = blocks_of(rows, 4, rows_per_block);
  const auto others = blocks_of(random_rows(70, num_items, 9), 4, rows_per_block);
  const auto learner =
    make_learner(options_of("mult_vae"), num_items, {rows_per_block, 4, 2});
  core::gradient reused{learner->layout()};
  losses_of_run losses(4);
  const auto computed = [&](std::uint64_t step, const auto& of) {
    learner->accumulate({3, step, 90}, of, parameters, reused, losses);
    return in_full(reused);
  };
  const auto before = computed(1, blocks);
  const auto between = computed(2, others);
  CHECK(same_bits(computed(1, blocks), before));
  CHECK_FALSE(same_bits(between, before));
}

TEST_CASE_METHOD(fixture, "padding contributes nothing", "[models][learner]") {
  // Four users and padding, against padding that is not empty.
  auto blocks = blocks_of(select_rows(rows, std::vector<std::uint32_t>{0, 1, 2, 3}), 1,
                          rows_per_block);
  const auto gradient = gradient_of(blocks);
  blocks[0].rows = core::interactions{num_items, {0}, {}, {}};
  for (std::uint32_t row = 0; row < rows_per_block; ++row)
    blocks[0].rows.append_row(rows.row(row));
  CHECK(gradient_of(blocks) == gradient);

  for (auto& user : blocks[0].users)
    user = core::no_user;
  const auto learner =
    make_learner(options_of("mult_vae"), num_items, {rows_per_block, 1, 1});
  core::gradient nothing{learner->layout()};
  block_loss loss;
  learner->accumulate({3, 1, 1}, blocks, parameters, nothing, {&loss, 1});
  CHECK(loss.negative_log_likelihood == 0);
  CHECK(loss.divergence == 0);
  for (const auto value : in_full(nothing))
    REQUIRE(value == 0);
}

TEST_CASE_METHOD(fixture,
                 "only rows of items that a block's users kept are touched",
                 "[models][learner]") {
  const auto blocks = blocks_of(rows, 2, rows_per_block);
  const auto learner =
    make_learner(options_of("mult_vae"), num_items, {rows_per_block, 2, 2});
  core::gradient gradient{learner->layout()};
  losses_of_run losses(2);
  learner->accumulate({3, 1, 90}, blocks, parameters, gradient, losses);
  std::vector<bool> seen(num_items);
  for (std::uint32_t row = 0; row < 2 * rows_per_block; ++row)
    for (const auto item : rows.row(row))
      seen[item] = true;
  CHECK_FALSE(gradient.touched(0).empty());
  for (const auto item : gradient.touched(0))
    CHECK(seen[item]);
}

TEST_CASE("users with every item, and users with none, have finite gradients",
          "[models][learner]") {
  core::interactions rows;
  rows.num_items = 70;
  std::vector<core::item_id> all(70);
  for (std::uint32_t item = 0; item < 70; ++item)
    all[item] = item;
  rows.append_row(all);
  rows.append_row({});
  for (const auto* kind : {"mult_vae", "mult_dae"}) {
    const auto model = make_learner(options_of(kind), 70, {2, 1, 1});
    core::parameter_arena parameters(model->layout().size());
    make_network(options_of(kind), 70)->initialise(1, parameters);
    core::gradient gradient{model->layout()};
    block_loss loss;
    model->accumulate({1, 0, 2}, blocks_of(rows, 1, 2), parameters, gradient,
                      {&loss, 1});
    CHECK(loss.negative_log_likelihood > 0);
    for (const auto value : fixture::in_full(gradient))
      REQUIRE(std::isfinite(value));
  }
}

TEST_CASE_METHOD(fixture,
                 "initial weights follow Xavier and depend on the seed alone",
                 "[models][learner]") {
  auto again = parameters;
  std::fill(again.begin(), again.end(), 9.0F);
  model->initialise(3, again);
  CHECK(again == parameters);
  model->initialise(4, again);
  CHECK(again != parameters);
  const auto& spec = model->layout()[0];
  double squares = 0;
  for (const auto value : view(core::span<const float>{parameters}, spec))
    squares += static_cast<double>(value) * static_cast<double>(value);
  CHECK(squares / static_cast<double>(spec.size())
        == Approx(2.0 / (num_items + 310)).epsilon(0.02));
  for (const auto value : view(core::span<const float>{parameters}, model->layout()[1]))
    CHECK(std::abs(value) <= 0.002F);
}

TEST_CASE("options that make no model are refused", "[models][learner]") {
  const auto refused = [](const model_options& options, std::uint32_t items,
                          std::uint32_t rows, const std::string& word) {
    try {
      make_learner(options, items, {rows, 1, 1});
    } catch (const core::error& e) {
      INFO(e.what());
      CHECK(e.whom() == core::blame::request);
      CHECK_THAT(e.what(), Catch::Contains(word));
      return true;
    }
    return false;
  };
  auto options = options_of("mult_vae");
  CHECK(refused(options, 0, 4, "no items"));
  CHECK(refused(options, 9, 0, "no users"));
  options.latent = 0;
  CHECK(refused(options, 9, 4, "latent"));
  options = options_of("mult_vae");
  options.hidden = {600, 0};
  CHECK(refused(options, 9, 4, "hidden"));
  options = options_of("mult_vae");
  options.dropout = 1;
  CHECK(refused(options, 9, 4, "dropout"));
  options = options_of("mult_vae");
  options.kl_cap = -1;
  CHECK(refused(options, 9, 4, "cap"));
  CHECK(refused(options_of("ease"), 9, 4, "ease"));
  CHECK(has_learner(options_of("mult_dae")));
  CHECK_FALSE(has_learner(options_of("popularity")));
}
