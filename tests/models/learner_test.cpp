#include "models/learner.hpp"

#include "core/digest.hpp"
#include "core/error.hpp"
#include "tests/models/toy_data.hpp"

#include <catch2/catch.hpp>

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

/// Trains over 90 users in four blocks of 25 for a few steps: the last is padded.
std::string digest_after_steps(const std::string& kind, std::size_t threads) {
  const auto model = make_learner(options_of(kind), num_items, rows_per_block, threads);
  core::parameter_arena parameters(model->layout().size());
  auto first = parameters;
  auto second = parameters;
  model->initialise(3, parameters);
  core::gradient gradient{model->layout()};
  const auto blocks = blocks_of(random_rows(90, num_items, 60), 4, rows_per_block);
  core::digest losses;
  for (std::uint64_t step = 0; step < 3; ++step) {
    for (const auto& loss :
         model->accumulate({3, step, 90}, blocks, parameters, gradient)) {
      losses.feed(loss.negative_log_likelihood);
      losses.feed(loss.divergence);
    }
    adam_step({}, step + 1, gradient.values(), parameters, first, second);
  }
  return losses.finish() + digest_of(model->to_snapshot(parameters));
}

struct fixture {
  std::unique_ptr<learner> model =
    make_learner(options_of("mult_vae"), num_items, rows_per_block, 2);
  core::parameter_arena parameters = core::parameter_arena(model->layout().size());
  core::interactions rows = random_rows(90, num_items, 60);

  fixture() {
    model->initialise(3, parameters);
  }

  core::gradient gradient_of(const std::vector<training_block>& blocks,
                             std::uint64_t step = 1) {
    core::gradient gradient{model->layout()};
    model->accumulate({3, step, 90}, blocks, parameters, gradient);
    return gradient;
  }
};

std::vector<float> tree_of(const std::vector<core::gradient>& partials,
                           const std::vector<std::size_t>& runs) {
  const core::arena_range all{0, partials[0].layout().size()};
  std::vector<core::gradient_slice> slices;
  for (const auto& partial : partials)
    slices.push_back(partial.slice(all));
  std::vector<float> sum(all.size());
  core::tree_reduction{all}.sum(slices, runs, sum);
  return sum;
}

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

TEST_CASE_METHOD(fixture,
                 "a run's gradient is the tree over its blocks computed alone",
                 "[models][learner]") {
  const auto blocks = blocks_of(rows, 4, rows_per_block);
  const auto run = [&](std::size_t first, std::size_t count) {
    const auto begin = blocks.begin() + static_cast<std::ptrdiff_t>(first);
    return gradient_of({begin, begin + static_cast<std::ptrdiff_t>(count)});
  };
  const auto whole = tree_of({run(0, 4)}, {4});
  CHECK(same_bits(whole, tree_of({run(0, 2), run(2, 2)}, {2, 2})));
  CHECK(same_bits(whole, tree_of({run(0, 1), run(1, 1), run(2, 2)}, {1, 1, 2})));
  CHECK(same_bits(whole,
                  tree_of({run(0, 1), run(1, 1), run(2, 1), run(3, 1)}, {1, 1, 1, 1})));
}

TEST_CASE_METHOD(fixture,
                 "a gradient is a pure function of its arguments",
                 "[models][learner]") {
  const auto blocks = blocks_of(rows, 4, rows_per_block);
  const auto before = tree_of({gradient_of(blocks, 1)}, {4});
  core::gradient reused{model->layout()};
  model->accumulate({3, 2, 90}, blocks_of(random_rows(70, num_items, 9), 2, 25),
                    parameters, reused);
  const auto between = tree_of({reused}, {2});
  model->accumulate({3, 1, 90}, blocks, parameters, reused);
  CHECK(same_bits(tree_of({reused}, {4}), before));
  CHECK_FALSE(same_bits(between, before));
}

TEST_CASE_METHOD(fixture, "padding contributes nothing", "[models][learner]") {
  // Twenty users and five rows of padding, against padding that is not empty.
  auto blocks = blocks_of(select_rows(rows, std::vector<std::uint32_t>{0, 1, 2, 3}), 1,
                          rows_per_block);
  const auto gradient = gradient_of(blocks);
  blocks[0].rows = core::interactions{num_items, {0}, {}, {}};
  for (std::uint32_t row = 0; row < rows_per_block; ++row)
    blocks[0].rows.append_row(rows.row(row));
  const auto with_rows = gradient_of(blocks);
  CHECK(with_rows.touched(0) == gradient.touched(0));
  CHECK(same_bits(tree_of({with_rows}, {1}), tree_of({gradient}, {1})));

  for (auto& user : blocks[0].users)
    user = core::no_user;
  core::gradient nothing{model->layout()};
  const auto losses = model->accumulate({3, 1, 1}, blocks, parameters, nothing);
  CHECK(losses[0].negative_log_likelihood == 0);
  CHECK(losses[0].divergence == 0);
  for (const auto value : nothing.values())
    REQUIRE(value == 0);
}

TEST_CASE_METHOD(fixture,
                 "only rows of items that a block's users kept are touched",
                 "[models][learner]") {
  const auto gradient = gradient_of(blocks_of(rows, 1, rows_per_block));
  std::vector<bool> seen(num_items);
  for (std::uint32_t row = 0; row < rows_per_block; ++row)
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
    const auto model = make_learner(options_of(kind), 70, 2, 1);
    core::parameter_arena parameters(model->layout().size());
    model->initialise(1, parameters);
    core::gradient gradient{model->layout()};
    const auto losses =
      model->accumulate({1, 0, 2}, blocks_of(rows, 1, 2), parameters, gradient);
    CHECK(losses[0].negative_log_likelihood > 0);
    for (const auto value : gradient.values())
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
      make_learner(options, items, rows, 1);
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
