#include "core/error.hpp"
#include "models/optimiser.hpp"
#include "tests/support/still_by_item.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>

using namespace souk;
using namespace souk::tests;
using namespace souk::messages;

namespace {

/// 22 users in batches of 8: the last batch of an epoch is padded.
still_training_options small_training(std::size_t owners = 1) {
  still_training_options options;
  options.servers = owners;
  options.training.epochs = 3;
  options.training.batch_users = 8;
  options.training.blocks = 4;
  options.training.optimiser.learning_rate = 0.05;
  options.training.checkpoint.every_steps = 4;
  options.training.validate.patience = std::nullopt;
  return options;
}

std::shared_ptr<remembering_observer> trained(const still_training_options& options) {
  auto observer = std::make_shared<remembering_observer>();
  still_by_item training{options, observer};
  const auto end = training.train();
  REQUIRE(std::holds_alternative<training_finished>(end));
  CHECK(std::get<training_finished>(end).end == training_end::completed);
  return observer;
}

template <class Values>
bool same_bits(const Values& a, const Values& b) {
  return a.size() == b.size()
         && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

template <class Reply>
core::errc refusal_in(const std::variant<Reply, caf::error>& reply) {
  return static_cast<core::errc>(std::get<caf::error>(reply).code());
}

/// Owners that have their first weights, but no training under way.
struct lone_owners : still_by_item {
  lone_owners()
    : still_by_item{small_training(2), std::make_shared<remembering_observer>()} {
    for (std::uint32_t i = 0; i < 2; ++i) {
      const auto installed = system.ask<parameters_ready>(
        owner(i), install_state{0, zeros(i, core::tensor_kind::parameters),
                                zeros(i, core::tensor_kind::first_moments),
                                zeros(i, core::tensor_kind::second_moments)});
      CHECK(std::holds_alternative<parameters_ready>(installed));
    }
  }

  core::tensor_ticket zeros(std::uint32_t range, core::tensor_kind kind) {
    core::tensor_ticket ticket;
    ticket.run = run;
    ticket.range = range;
    ticket.kind = kind;
    ticket.block = 1;
    return exchange->offer(ticket, {}, nullptr);
  }

  core::tensor_ticket offer(core::tensor_kind kind, const std::vector<float>& values) {
    core::tensor_ticket ticket;
    ticket.run = run;
    ticket.generation = 1;
    ticket.kind = kind;
    const auto copy = std::make_shared<std::vector<float>>(values);
    return exchange->offer(ticket, {{0, copy->size(), copy->data()}}, copy);
  }

  /// Rows of a batch of padding.
  core::tensor_ticket rows() {
    std::vector<float> words(1 + 2 * 8);
    const std::uint32_t batch_users = 8;
    std::memcpy(words.data(), &batch_users, sizeof batch_users);
    return offer(core::tensor_kind::item_rows, words);
  }

  /// A layer of zeros, [8 rows, 6 padded].
  core::tensor_ticket layer(core::tensor_kind kind) {
    return offer(kind, std::vector<float>(8 * 16));
  }

  core::tensor_ticket scales() {
    return offer(core::tensor_kind::row_scales, std::vector<float>(8 * 4));
  }
};

} // namespace

SCENARIO("training by item has the same bits whoever owns the items",
         "[actors][by_item]") {
  const auto reference = trained(small_training());
  CHECK(reference->final_progress.step == 9);
  for (std::size_t owners = 2; owners <= 4; ++owners) {
    INFO(owners << " owners");
    const auto other = trained(small_training(owners));
    CHECK(same_bits(other->final_parameters, reference->final_parameters));
    CHECK(other->curves == reference->curves);
  }
}

SCENARIO("training by item is training by range, but for the order of sums",
         "[actors][by_item]") {
  const auto options = small_training(2);
  const auto by_item = trained(options);
  const auto rows = toy_rows(options.num_users);
  const auto model = still_by_item::model();
  const actors::batches plan{options.num_users, 8, 4};
  const auto learner =
    models::make_learner(model, rows->num_items, {plan.rows_per_block(), 4, 1});
  const auto size = learner->layout().size();
  core::parameter_arena parameters(size);
  core::parameter_arena first(size);
  core::parameter_arena second(size);
  models::make_network(model, rows->num_items)
    ->initialise(still_by_item::seed, parameters);
  core::gradient gradient{learner->layout()};
  models::optimiser rule{options.training.optimiser, {0, size}, 1};
  std::vector<models::block_loss> losses(4);
  for (std::uint64_t step = 0; step < 9; ++step) {
    const auto batch = step % plan.per_epoch();
    const auto order =
      actors::epoch_order(still_by_item::seed, step / plan.per_epoch(), 22);
    std::vector<models::training_block> blocks(4);
    for (std::uint32_t place = 0; place < 8; ++place) {
      auto& block = blocks[place / plan.rows_per_block()];
      const auto is_user = place < plan.users_of(batch);
      const auto user = is_user ? order[batch * 8 + place] : core::no_user;
      block.rows.num_items = rows->num_items;
      block.users.push_back(user);
      block.rows.append_row(is_user ? rows->row(user)
                                    : core::span<const core::item_id>{});
    }
    learner->accumulate({still_by_item::seed, step, plan.users_of(batch)}, blocks,
                        parameters, gradient, losses);
    double loss = 0;
    for (const auto& block : losses)
      loss += block.negative_log_likelihood;
    CHECK(by_item->curves["loss"][step].second
          == Approx(loss / plan.users_of(batch)).epsilon(1e-4));
    const std::vector<models::partial_sum> tree{{4, gradient.slice({0, size})}};
    rule.apply(step + 1, tree, {parameters, first, second});
  }
  for (std::size_t i = 0; i < size; ++i)
    CHECK(by_item->final_parameters[i] == Approx(parameters[i]).margin(1e-3));
}

SCENARIO("training by item goes on from a checkpoint with other owners",
         "[actors][by_item]") {
  const auto whole = trained(small_training(4));
  REQUIRE(whole->saved.size() == 2); // after steps 4 and 8
  for (const auto& [progress, tensors] : whole->saved)
    for (const std::size_t owners : {1, 3}) {
      INFO("from step " << progress.step << " with " << owners << " owners");
      auto observer = std::make_shared<remembering_observer>();
      still_by_item rest{small_training(owners), observer, progress,
                         std::make_shared<actors::training_tensors>(tensors)};
      rest.train();
      CHECK(same_bits(observer->final_parameters, whole->final_parameters));
      CHECK(observer->curves["loss"].front().first == progress.step + 1);
      CHECK(observer->curves["epoch_loss"].back()
            == whole->curves["epoch_loss"].back());
    }
}

SCENARIO("every step tells the bytes that its tickets named", "[actors][by_item]") {
  const auto two = trained(small_training(2));
  const auto four = trained(small_training(4));
  REQUIRE(two->bytes_moved.size() == 9);
  for (std::size_t step = 0; step < 9; ++step) {
    // Each owner gets the hidden layer and the first layer's gradient, and returns two
    // sums: [8 rows, 16 padded floats].
    CHECK(two->bytes_pushed[step] > 2 * 2 * 8 * 16 * sizeof(float));
    CHECK(two->bytes_moved[step] - two->bytes_pushed[step]
          > 2 * 2 * 8 * 16 * sizeof(float));
    CHECK(four->bytes_moved[step] > two->bytes_moved[step]);
    CHECK(four->bytes_moved[step] < 2 * two->bytes_moved[step]);
  }
}

SCENARIO("training by item that diverges ends with the step", "[actors][by_item]") {
  auto options = small_training(2);
  options.training.optimiser.learning_rate = 1e30;
  auto observer = std::make_shared<remembering_observer>();
  still_by_item training{options, observer};
  const auto end = training.train();
  REQUIRE(std::holds_alternative<caf::error>(end));
  CHECK(to_string(std::get<caf::error>(end)).find("diverged") != std::string::npos);
}

SCENARIO("an owner takes a step's messages in their order, once", "[actors][by_item]") {
  lone_owners fixture;
  auto& system = fixture.system;
  const auto& owner = fixture.owner(0);
  const auto hidden = [&] {
    return fixture.layer(core::tensor_kind::hidden_layer);
  };
  const auto gradients = [&] {
    return fixture.layer(core::tensor_kind::first_layer_gradients);
  };
  CHECK(refusal_in(system.ask<partial_ready>(owner, compare_items{hidden()}))
        == core::errc::not_ready);
  const auto sums = system.ask<partial_ready>(owner, encode_items{fixture.rows()});
  CHECK(std::get<partial_ready>(sums).partial.kind == core::tensor_kind::first_layer);
  CHECK(refusal_in(system.ask<partial_ready>(owner, encode_items{fixture.rows()}))
        == core::errc::not_ready);
  CHECK(std::holds_alternative<partial_ready>(
    system.ask<partial_ready>(owner, compare_items{hidden()})));
  CHECK(std::holds_alternative<partial_ready>(
    system.ask<partial_ready>(owner, differentiate_items{fixture.scales()})));
  // A checkpoint is one cut: not of a step that is half applied.
  CHECK(refusal_in(system.ask<server_state>(owner, get_state{0}))
        == core::errc::not_ready);
  const auto updated = system.ask<items_updated>(owner, update_items{gradients()});
  CHECK(std::get<items_updated>(updated).version == 1);
  CHECK(refusal_in(system.ask<partial_ready>(owner, encode_items{fixture.rows()}))
        == core::errc::stale_gradient);
  const auto state = system.ask<server_state>(owner, get_state{1});
  CHECK(std::get<server_state>(state).second_moments.version == 1);
}

SCENARIO("an owner refuses what does not belong to its step", "[actors][by_item]") {
  lone_owners fixture;
  auto& system = fixture.system;
  const auto& owner = fixture.owner(0);
  auto rows = fixture.rows();

  SECTION("rows from before the membership changed are not heard") {
    rows.generation = 0;
    CHECK(refusal_in(system.ask<partial_ready>(owner, encode_items{rows}))
          == core::errc::old_generation);
  }
  SECTION("rows of another training are not heard") {
    rows.run = 9;
    CHECK(refusal_in(system.ask<partial_ready>(owner, encode_items{rows}))
          == core::errc::old_generation);
  }
  SECTION("rows of a later step are early") {
    rows.step = 1;
    CHECK(refusal_in(system.ask<partial_ready>(owner, encode_items{rows}))
          == core::errc::not_ready);
  }
  SECTION("rows of another batch are damaged") {
    rows = fixture.offer(core::tensor_kind::item_rows, std::vector<float>(5));
    CHECK(refusal_in(system.ask<partial_ready>(owner, encode_items{rows}))
          == core::errc::corrupt_payload);
  }
  SECTION("a ticket that nobody backs is unknown") {
    fixture.exchange->release(rows);
    CHECK(refusal_in(system.ask<partial_ready>(owner, encode_items{rows}))
          == core::errc::unknown_ticket);
  }
  SECTION("gradients are not pushed to it, nor parameters pulled") {
    CHECK(refusal_in(system.ask<parameters_ready>(owner, push_gradient{rows, 4}))
          == core::errc::not_ready);
    CHECK(refusal_in(system.ask<parameters_ready>(owner, pull_parameters{0}))
          == core::errc::not_ready);
  }
  SECTION("a state of other ranges is not installed") {
    const std::vector<float> values(16);
    core::tensor_ticket ticket = fixture.offer(core::tensor_kind::parameters, values);
    const auto reply = system.ask<parameters_ready>(
      owner,
      install_state{3, ticket, fixture.zeros(0, core::tensor_kind::first_moments),
                    fixture.zeros(0, core::tensor_kind::second_moments)});
    CHECK(refusal_in(reply) == core::errc::shape_mismatch);
  }
}
