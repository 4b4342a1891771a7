#include "actors/parameter_server.hpp"

#include "core/error.hpp"
#include "models/packed_gradient.hpp"
#include "tests/support/still_training.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using namespace souk::tests;
using namespace souk::messages;

namespace {

core::errc refusal_in(const std::variant<parameters_ready, caf::error>& reply) {
  return static_cast<core::errc>(std::get<caf::error>(reply).code());
}

/// A server of 16 zeros that waits for two trainers of one block each.
struct lone_server {
  still_system system;
  std::shared_ptr<actors::bulk::exchange> exchange =
    std::make_shared<actors::bulk::exchange>();
  std::shared_ptr<actors::training_memory> memory =
    std::make_shared<actors::training_memory>(16);
  core::parameter_arena gradient = core::parameter_arena(16, 1.0F);
  bulk_actor bulk =
    (*system).spawn(actors::bulk_transfer, exchange, actors::fetching_with(nullptr));
  parameter_server_actor server =
    (*system).spawn(actors::parameter_server,
                    actors::parameter_server_options{
                      1, 3, 0, {0, 16}, {1, 1}, {0.1, 0.9, 0.999, 1e-8}, /*threads=*/1},
                    exchange,
                    bulk,
                    memory);

  lone_server() {
    // Offers without runs are zeros.
    system.ask<parameters_ready>(
      server, install_state{0, zeros(core::tensor_kind::parameters),
                            zeros(core::tensor_kind::first_moments),
                            zeros(core::tensor_kind::second_moments)});
  }

  core::tensor_ticket zeros(core::tensor_kind kind) {
    core::tensor_ticket ticket;
    ticket.run = 1;
    ticket.kind = kind;
    ticket.block = 1;
    return exchange->offer(ticket, {}, nullptr);
  }

  std::vector<float> parameters() const {
    return {memory->parameters.data(), memory->parameters.data() + 16};
  }

  ~lone_server() {
    system.stop(server);
    system.stop(bulk);
  }

  push_gradient offer(std::uint64_t step, std::uint32_t block) {
    core::tensor_ticket ticket;
    ticket.run = 1;
    ticket.generation = 3;
    ticket.kind = core::tensor_kind::partial_sum;
    ticket.step = step;
    ticket.block = block;
    return {exchange->offer(ticket, {{0, 16, gradient.data()}}, nullptr), 1};
  }
};

} // namespace

SCENARIO("a parameter server applies a step when the tree is whole",
         "[actors][parameter_server]") {
  lone_server fixture;
  auto& system = fixture.system;
  system.tell(fixture.server, fixture.offer(0, 0));
  system.settle();
  CHECK(fixture.parameters()[0] == 0);
  const auto reply = system.ask<parameters_ready>(fixture.server, fixture.offer(0, 1));
  CHECK(std::get<parameters_ready>(reply).parameters.version == 1);
  // Adam's first step is the learning rate, whatever the gradient's size.
  CHECK(fixture.parameters()[0] == Approx(-0.1));
}

SCENARIO("a parameter server takes packed gradients", "[actors][parameter_server]") {
  lone_server fixture;
  auto& system = fixture.system;
  const float value = 4;
  models::compressed_gradient sent;
  sent.offsets = {3};
  sent.values = {value};
  models::packed_words words;
  models::pack(sent, {0, 16}, words);
  const auto offer = [&](std::uint32_t block) {
    core::tensor_ticket ticket;
    ticket.run = 1;
    ticket.generation = 3;
    ticket.kind = core::tensor_kind::packed_gradient;
    ticket.block = block;
    const core::gradient_run run{0, words.size(),
                                 reinterpret_cast<const float*>(words.data())};
    return push_gradient{fixture.exchange->offer(ticket, {run}, nullptr), 1};
  };
  system.tell(fixture.server, offer(0));
  const auto reply = system.ask<parameters_ready>(fixture.server, offer(1));
  CHECK(std::get<parameters_ready>(reply).parameters.version == 1);
  CHECK(fixture.parameters()[2] == 0);
  CHECK(fixture.parameters()[3] == Approx(-0.1));

  // Words that do not decode are refused, and the step waits for better ones.
  words.pop_back();
  auto damaged = offer(0);
  damaged.partial_sum.step = 1;
  damaged.partial_sum = fixture.exchange->offer(
    damaged.partial_sum, {{0, words.size(), reinterpret_cast<float*>(words.data())}},
    nullptr);
  CHECK(refusal_in(system.ask<parameters_ready>(fixture.server, damaged))
        == core::errc::corrupt_payload);
  CHECK(fixture.parameters()[3] == Approx(-0.1));
}

SCENARIO("a parameter server refuses what does not belong to its step",
         "[actors][parameter_server]") {
  lone_server fixture;
  auto& system = fixture.system;
  system.tell(fixture.server, fixture.offer(0, 0));
  system.ask<parameters_ready>(fixture.server, fixture.offer(0, 1));
  const auto after_one_step = fixture.parameters();

  SECTION("a gradient of an applied step is stale") {
    CHECK(refusal_in(system.ask<parameters_ready>(fixture.server, fixture.offer(0, 1)))
          == core::errc::stale_gradient);
  }
  SECTION("a gradient of a later step is early") {
    CHECK(refusal_in(system.ask<parameters_ready>(fixture.server, fixture.offer(2, 1)))
          == core::errc::not_ready);
  }
  SECTION("a gradient of another training is not heard") {
    auto push = fixture.offer(1, 0);
    push.partial_sum.run = 9;
    CHECK(refusal_in(system.ask<parameters_ready>(fixture.server, push))
          == core::errc::old_generation);
  }
  SECTION("a gradient from before the membership changed is not heard") {
    auto push = fixture.offer(1, 0);
    push.partial_sum.generation = 2;
    CHECK(refusal_in(system.ask<parameters_ready>(fixture.server, push))
          == core::errc::old_generation);
  }
  SECTION("blocks that are no trainer's run do not fit") {
    auto push = fixture.offer(1, 0);
    push.num_blocks = 2;
    CHECK(refusal_in(system.ask<parameters_ready>(fixture.server, push))
          == core::errc::shape_mismatch);
  }
  SECTION("a version that is gone cannot be pulled") {
    CHECK(refusal_in(system.ask<parameters_ready>(fixture.server, pull_parameters{0}))
          == core::errc::not_ready);
  }
  SECTION("a state that does not fill the range is not installed") {
    core::tensor_ticket ticket;
    ticket.run = 1;
    ticket.block = 2;
    ticket =
      fixture.exchange->offer(ticket, {{0, 15, fixture.gradient.data()}}, nullptr);
    CHECK(refusal_in(system.ask<parameters_ready>(
            fixture.server,
            install_state{1, ticket, fixture.zeros(core::tensor_kind::first_moments),
                          fixture.zeros(core::tensor_kind::second_moments)}))
          == core::errc::shape_mismatch);
  }
  SECTION("a ticket that nobody backs is unknown") {
    auto push = fixture.offer(1, 0);
    fixture.exchange->release(push.partial_sum);
    CHECK(refusal_in(system.ask<parameters_ready>(fixture.server, push))
          == core::errc::unknown_ticket);
  }
  CHECK(fixture.parameters() == after_one_step);
}
