#include "actors/parameter_server.hpp"

#include "actors/failure.hpp"
#include "actors/with_payload.hpp"
#include "core/error.hpp"
#include "models/packed_gradient.hpp"

#include <algorithm>

namespace souk::actors {

using namespace messages;

core::span<float>
parameter_server_state::own(const core::aligned_buffer<float>& arena) const {
  return {arena.data() + options.range.begin, options.range.size()};
}

void parameter_server_state::copy_into(const bulk::payload& from,
                                       core::span<float> to) const {
  if (from.runs.empty()) {
    std::fill(to.begin(), to.end(), 0.0F);
    return;
  }
  auto position = options.range.begin;
  for (const auto& run : from.runs) {
    if (run.offset != position || run.length > options.range.end - position)
      break;
    std::copy_n(run.values, run.length, to.data() + (position - options.range.begin));
    position += run.length;
  }
  if (position != options.range.end)
    throw core::error{"the state to install does not fill the range",
                      "parameter_server " + std::to_string(options.index), ""};
}

core::tensor_ticket
parameter_server_state::offer(core::tensor_kind kind,
                              const core::aligned_buffer<float>& arena) const {
  core::tensor_ticket ticket;
  ticket.run = options.run;
  ticket.generation = options.generation;
  ticket.range = options.index;
  ticket.version = version;
  ticket.kind = kind;
  const auto values = own(arena);
  return exchange->offer(ticket, {{options.range.begin, values.size(), values.data()}},
                         memory);
}

server_state parameter_server_state::offer_state() const {
  return {offered, offer(core::tensor_kind::first_moments, memory->first_moments),
          offer(core::tensor_kind::second_moments, memory->second_moments)};
}

bool parameter_server_state::is_run(std::uint32_t first_block,
                                    std::uint32_t num_blocks) const {
  std::size_t begin = 0;
  for (const auto blocks : options.runs_of_blocks) {
    if (begin == first_block)
      return blocks == num_blocks;
    begin += blocks;
  }
  return false;
}

std::shared_ptr<const bulk::payload>
parameter_server_state::unpacked(const core::tensor_ticket& ticket,
                                 std::shared_ptr<const bulk::payload> gradient) const {
  if (ticket.kind != core::tensor_kind::packed_gradient)
    return gradient;
  if (gradient->runs.size() != 1)
    throw core::error{"a packed gradient is one run of words",
                      "parameter_server " + std::to_string(options.index), ""};

  struct opened {
    std::shared_ptr<const bulk::payload> words;
    models::unpacked_gradient numbers;
  };

  const auto& words = gradient->runs[0];
  auto numbers =
    models::unpack({reinterpret_cast<const std::uint32_t*>(words.values), words.length},
                   options.range);
  auto runs = std::move(numbers.runs);
  const auto owner =
    std::make_shared<opened>(opened{std::move(gradient), std::move(numbers)});
  return std::make_shared<bulk::payload>(bulk::payload{std::move(runs), owner});
}

bool parameter_server_state::take(std::uint32_t first_block,
                                  std::shared_ptr<const bulk::payload> partial) {
  partials[first_block] = std::move(partial);
  return partials.size() == options.runs_of_blocks.size();
}

void parameter_server_state::apply_step() {
  std::vector<models::partial_sum> tree;
  for (const auto& [first_block, partial] : partials)
    tree.push_back({options.runs_of_blocks[tree.size()], partial->runs});
  ++version;
  optimiser->apply(
    version, tree,
    {own(memory->parameters), own(memory->first_moments), own(memory->second_moments)});
  partials.clear();
  offered = offer(core::tensor_kind::parameters, memory->parameters);
}

namespace {

using self_pointer = parameter_server_actor::stateful_pointer<parameter_server_state>;

/// Fetches the three parts of a state one after another, then starts from it.
void install(self_pointer self,
             const install_state& request,
             caf::typed_response_promise<parameters_ready> promise) {
  with_payload(self, request.parameters, promise, [=](payload_pointer parameters) {
    with_payload(self, request.first_moments, promise, [=](payload_pointer first) {
      with_payload(self, request.second_moments, promise, [=](payload_pointer second) {
        auto& state = self->state;
        const auto& memory = *state.memory;
        state.copy_into(*parameters, state.own(memory.parameters));
        state.copy_into(*first, state.own(memory.first_moments));
        state.copy_into(*second, state.own(memory.second_moments));
        for (const auto& used :
             {request.parameters, request.first_moments, request.second_moments})
          state.exchange->release(used);
        state.version = request.version;
        state.offered = state.offer(core::tensor_kind::parameters, memory.parameters);
        auto answer = promise;
        answer.deliver(parameters_ready{state.offered});
      });
    });
  });
}

/// Adds a gradient that is here to the step; applies the step when that was the last.
void add_gradient(self_pointer self,
                  const core::tensor_ticket& ticket,
                  payload_pointer gradient,
                  caf::typed_response_promise<parameters_ready> promise) {
  auto& state = self->state;
  try {
    gradient = state.unpacked(ticket, std::move(gradient));
  } catch (const core::error& broken) {
    promise.deliver(refusal(core::errc::corrupt_payload, broken.what()));
    return;
  }
  if (!bulk::lies_within(gradient->runs, state.options.range)) {
    promise.deliver(refusal(core::errc::shape_mismatch, "a gradient of another range"));
    return;
  }
  state.waiting.push_back(promise);
  if (!state.take(ticket.block, std::move(gradient)))
    return;
  state.apply_step();
  for (auto& waiter : state.waiting)
    waiter.deliver(parameters_ready{state.offered});
  state.waiting.clear();
}

caf::result<parameters_ready> push(self_pointer self, const push_gradient& push) {
  auto& state = self->state;
  const auto& ticket = push.partial_sum;
  if (ticket.run != state.options.run || ticket.generation != state.options.generation)
    return core::errc::old_generation;
  if (ticket.step < state.version)
    return core::errc::stale_gradient;
  if (ticket.step > state.version)
    return refusal(core::errc::not_ready, "a gradient from the future");
  if (!state.is_run(ticket.block, push.num_blocks))
    return refusal(core::errc::shape_mismatch, "blocks that are nobody's run");
  auto promise = self->make_response_promise<parameters_ready>();
  with_payload(self, ticket, promise, [self, ticket, promise](payload_pointer here) {
    add_gradient(self, ticket, std::move(here), promise);
  });
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
  state.optimiser = std::make_unique<models::optimiser>(options.optimiser,
                                                        options.range, options.threads);
  state.options = std::move(options);
  state.exchange = std::move(exchange);
  state.bulk = std::move(bulk);
  state.memory = std::move(memory);
  return {
    [self](const install_state& request) -> caf::result<parameters_ready> {
      auto promise = self->make_response_promise<parameters_ready>();
      install(self, request, promise);
      return promise;
    },
    [self](const pull_parameters& pull) -> caf::result<parameters_ready> {
      if (pull.version != self->state.version)
        return refusal(core::errc::not_ready, "another version of the parameters");
      return parameters_ready{self->state.offered};
    },
    [self](const push_gradient& request) { return push(self, request); },
    [self](const get_state& request) -> caf::result<server_state> {
      if (request.version != self->state.version)
        return refusal(core::errc::not_ready, "another version of the state");
      return self->state.offer_state();
    },
  };
}

} // namespace souk::actors
