#include "actors/parameter_server.hpp"

#include "actors/failure.hpp"
#include "actors/install_state.hpp"
#include "core/error.hpp"

#include <numeric>
#include <utility>

namespace souk::actors {

using namespace messages;

void parameter_server_state::open(parameter_server_options given) {
  options = std::move(given);
  time = clocks{options.consistency, options.batches_per_epoch};
  rule = make_rule(options.consistency, time);
  if (options.consistency.kind == consistency_kind::local_sgd)
    outer = std::make_unique<models::outer_optimiser>(options.consistency.outer,
                                                      options.threads);
  else
    optimiser = std::make_unique<models::optimiser>(options.optimiser, options.range,
                                                    options.threads);
  copies = std::make_unique<version_copies>(exchange, options.range);
}

void parameter_server_state::begin(core::version_t cut) {
  version = cut;
  rule->begin(cut);
  gradients.clear();
  readings.clear();
  order.clear();
  copies->clear();
  if (options.consistency.in_lockstep())
    offered = offer(core::tensor_kind::parameters, memory->parameters);
}

core::span<float>
parameter_server_state::own(const core::shareable_buffer<float>& arena) const {
  return {arena.data() + options.range.begin, options.range.size()};
}

core::tensor_ticket parameter_server_state::new_ticket(core::tensor_kind kind) const {
  core::tensor_ticket ticket;
  ticket.run = options.run;
  ticket.generation = options.generation;
  ticket.range = options.index;
  ticket.version = version;
  ticket.kind = kind;
  return ticket;
}

core::tensor_ticket
parameter_server_state::offer(core::tensor_kind kind,
                              const core::shareable_buffer<float>& arena) const {
  const auto values = own(arena);
  return exchange->offer(new_ticket(kind),
                         {{options.range.begin, values.size(), values.data()}}, memory);
}

server_state parameter_server_state::offer_state() {
  if (!options.consistency.in_lockstep())
    offered = offer(core::tensor_kind::parameters, memory->parameters);
  return {offered, offer(core::tensor_kind::first_moments, memory->first_moments),
          offer(core::tensor_kind::second_moments, memory->second_moments)};
}

std::uint32_t
parameter_server_state::block_in_batch(const core::tensor_ticket& part) const {
  const auto& runs = options.runs_of_blocks;
  const auto blocks = std::accumulate(runs.begin(), runs.end(), std::size_t{0});
  return part.block - time.worker(part.step) * static_cast<std::uint32_t>(blocks);
}

bool parameter_server_state::is_part(const core::tensor_ticket& part,
                                     std::uint32_t num_blocks) const {
  const auto first_block = block_in_batch(part);
  std::size_t begin = 0;
  for (const auto blocks : options.runs_of_blocks) {
    if (begin == first_block)
      return blocks == num_blocks;
    begin += blocks;
  }
  return false;
}

parameter_server_state::gradient_part
parameter_server_state::view(const core::tensor_ticket& ticket,
                             std::shared_ptr<const bulk::payload> gradient) const {
  if (ticket.kind != core::tensor_kind::packed_gradient)
    return {{gradient->runs, {}}, gradient};
  if (gradient->runs.size() != 1)
    throw core::error{"a packed gradient is one run of words",
                      "parameter_server " + std::to_string(options.index), ""};
  const auto& words = gradient->runs[0];
  return {
    models::unpack({reinterpret_cast<const std::uint32_t*>(words.values), words.length},
                   options.range),
    gradient};
}

bool parameter_server_state::fits(const gradient_part& part) const {
  const auto& runs = part.numbers.runs;
  return outer ? bulk::fills(runs, {options.range})
               : bulk::lies_within(runs, options.range);
}

void parameter_server_state::take(const core::tensor_ticket& ticket,
                                  gradient_part part,
                                  promise answer) {
  const auto turn = ticket.step;
  auto& gradient = gradients[turn];
  gradient.parts[block_in_batch(ticket)] = std::move(part);
  if (options.consistency.in_lockstep()) {
    gradient.waiting.push_back(std::move(answer));
  } else {
    exchange->release(ticket); // the next one takes its slot
    answer.deliver(parameters_ready{});
  }
  if (gradient.parts.size() < options.runs_of_blocks.size())
    return;
  readings.erase(turn);
  copies->done(turn);
  rule->bring(turn);
  settle();
}

void parameter_server_state::settle() {
  while (const auto event = rule->next()) {
    if (!options.consistency.has_one_answer())
      order.push_back(*event);
    carry_out(*event);
  }
}

void parameter_server_state::carry_out(const range_event& event) {
  if (event.what == range_event::kind::read) {
    const auto sending = work.sending();
    return read(event.turn);
  }
  // Each process of trainers fetches what comes of it once.
  work.sent(elsewhere.size() * options.range.size() * sizeof(float));
  elsewhere.clear();
  const auto applying = work.applying();
  if (outer)
    apply_differences(event.turn);
  else
    apply_gradient(event.turn);
}

void parameter_server_state::read(std::uint64_t turn) {
  auto& reader = readings[turn];
  reader.offered = options.consistency.in_lockstep()
                     ? offered
                     : copies->read(turn, new_ticket(core::tensor_kind::parameters),
                                    own(memory->parameters));
  for (auto& waiter : reader.waiting)
    waiter.deliver(parameters_ready{*reader.offered});
  reader.waiting.clear();
}

void parameter_server_state::apply_gradient(std::uint64_t turn) {
  auto gradient = std::move(gradients.at(turn));
  gradients.erase(turn);
  std::vector<models::partial_sum> tree;
  for (auto& [first_block, part] : gradient.parts)
    tree.push_back({options.runs_of_blocks[tree.size()], std::move(part.numbers.runs),
                    std::move(part.numbers.rounded)});
  ++version;
  optimiser->apply(
    version, tree,
    {own(memory->parameters), own(memory->first_moments), own(memory->second_moments)});
  const auto sending = work.sending();
  if (options.consistency.in_lockstep())
    offered = offer(core::tensor_kind::parameters, memory->parameters);
  for (auto& waiter : gradient.waiting)
    waiter.deliver(parameters_ready{offered});
}

void parameter_server_state::apply_differences(std::uint64_t cut) {
  const auto all = std::exchange(gradients, {});
  std::vector<core::span<const float>> differences; // by replica
  for (const auto& [turn, gradient] : all) {
    const auto& run = gradient.parts.begin()->second.numbers.runs.front();
    differences.emplace_back(run.values, run.length);
  }
  outer->apply(differences, own(memory->parameters), own(memory->first_moments));
  const auto sending = work.sending();
  version = time.end(cut);
  offered = offer(core::tensor_kind::parameters, memory->parameters);
  for (const auto& [turn, gradient] : all)
    for (auto waiter : gradient.waiting)
      waiter.deliver(parameters_ready{offered});
}

namespace {

using self_pointer = parameter_server_actor::stateful_pointer<parameter_server_state>;

/// Takes a part of a gradient that is here, unless it makes no sense.
void take(self_pointer self,
          const core::tensor_ticket& ticket,
          payload_pointer here,
          caf::typed_response_promise<parameters_ready> promise) {
  auto& state = self->state;
  parameter_server_state::gradient_part part;
  try {
    const auto computing = state.work.computing();
    part = state.view(ticket, std::move(here));
  } catch (const core::error& broken) {
    promise.deliver(refusal(core::errc::corrupt_payload, broken.what()));
    return;
  }
  if (!state.fits(part)) {
    promise.deliver(refusal(core::errc::shape_mismatch, "a gradient of another range"));
    return;
  }
  const auto refused = state.rule->refusal_to_take(ticket.step);
  if (refused != core::errc::none) { // it came twice, and the other was faster
    promise.deliver(refusal(refused, "a gradient that is here already"));
    return;
  }
  if (ticket.process != state.exchange->process())
    state.elsewhere.insert(ticket.process);
  state.work.queued(self->mailbox().size() + 1);
  state.take(ticket, std::move(part), std::move(promise));
}

caf::result<parameters_ready> push(self_pointer self, const push_gradient& push) {
  auto& state = self->state;
  const auto& ticket = push.partial_sum;
  if (ticket.run != state.options.run || ticket.generation != state.options.generation)
    return core::errc::old_generation;
  const auto refused = state.rule->refusal_to_take(ticket.step);
  if (refused != core::errc::none)
    return refusal(refused, "a gradient that was not asked for");
  if (!state.is_part(ticket, push.num_blocks))
    return refusal(core::errc::shape_mismatch, "blocks that are nobody's run");
  auto promise = self->make_response_promise<parameters_ready>();
  with_payload(
    self, state.bulk, ticket,
    [self, ticket, promise](payload_pointer here) {
      take(self, ticket, std::move(here), promise);
    },
    refuse_with(promise));
  return promise;
}

caf::result<parameters_ready> pull(self_pointer self, const pull_parameters& pull) {
  auto& state = self->state;
  if (state.rule->refusal_to_read(pull.turn) != core::errc::none)
    return refusal(core::errc::not_ready, "another version of the parameters");
  auto& reading = state.readings[pull.turn];
  if (reading.offered)
    return parameters_ready{*reading.offered};
  auto promise = self->make_response_promise<parameters_ready>();
  reading.waiting.push_back(promise);
  state.rule->want(pull.turn);
  state.settle();
  return promise;
}

} // namespace

parameter_server_actor::behavior_type
parameter_server(self_pointer self,
                 parameter_server_options options,
                 std::shared_ptr<bulk::exchange> exchange,
                 bulk_actor bulk,
                 std::shared_ptr<training_memory> memory) {
  share_exception_handler(self);
  auto& state = self->state;
  state.exchange = std::move(exchange);
  state.bulk = std::move(bulk);
  state.memory = std::move(memory);
  state.open(std::move(options));
  return {
    [self](const install_state& request) {
      return install(self, request, {self->state.options.range},
                     [self](core::version_t version) {
                       self->state.begin(version);
                       return parameters_ready{self->state.offered};
                     });
    },
    [self](const pull_parameters& request) { return pull(self, request); },
    [self](const push_gradient& request) { return push(self, request); },
    [self](const get_state& request) -> caf::result<server_state> {
      if (request.version != self->state.version)
        return refusal(core::errc::not_ready, "another version of the state");
      const auto sending = self->state.work.sending();
      return self->state.offer_state();
    },
    [self](const get_work&) { return self->state.work.take(); },
    [self](const follow_order& request) {
      auto& present = self->state;
      present.rule = make_rule(unpacked(request.events.values), present.time);
      present.rule->begin(present.version);
      return order_followed{};
    },
    [self](const get_order&) {
      return range_events{{packed(std::exchange(self->state.order, {}))}};
    },
  };
}

} // namespace souk::actors
