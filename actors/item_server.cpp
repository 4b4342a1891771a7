#include "actors/item_server.hpp"

#include "actors/failure.hpp"
#include "actors/install_state.hpp"
#include "core/error.hpp"

namespace souk::actors {

using namespace messages;

models::optimiser_state item_server_state::arena() const {
  const auto whole = [](const core::shareable_buffer<float>& values) {
    return core::span<float>{values.data(), values.size()};
  };
  return {whole(memory->parameters), whole(memory->first_moments),
          whole(memory->second_moments)};
}

core::tensor_ticket item_server_state::new_ticket(core::tensor_kind kind) const {
  core::tensor_ticket ticket;
  ticket.run = options.run;
  ticket.generation = options.generation;
  ticket.range = options.index;
  ticket.version = version;
  ticket.kind = kind;
  return ticket;
}

core::tensor_ticket item_server_state::offer(core::tensor_kind kind,
                                             const float* arena) const {
  return exchange->offer(new_ticket(kind), bulk::runs_of(options.part, arena), memory);
}

partial_ready item_server_state::offer_partial(core::tensor_kind kind,
                                               core::span<const float> values) {
  const auto sending = work.sending();
  auto ticket = new_ticket(kind);
  ticket.step = version;
  ticket = exchange->offer(ticket, {{0, values.size(), values.data()}}, owner);
  if (reader_is_elsewhere)
    work.sent(ticket.length);
  return {ticket};
}

caf::error item_server_state::refusal_of(const core::tensor_ticket& ticket,
                                         stage before) const {
  if (ticket.run != options.run || ticket.generation != options.generation)
    return core::errc::old_generation;
  if (ticket.step < version)
    return core::errc::stale_gradient;
  if (ticket.step > version || reached != before)
    return refusal(core::errc::not_ready, "another stage of a step");
  return {};
}

namespace {

/// The numbers of a payload that is one run of so many.
core::span<const float> numbers_of(const bulk::payload& from, std::size_t count) {
  if (from.runs.size() != 1 || from.runs[0].length != count)
    throw core::error{"the numbers of another batch", "item_server", ""};
  return {from.runs[0].values, count};
}

core::span<const float> numbers_of(const bulk::payload& from) {
  return numbers_of(from, from.runs.size() == 1 ? from.runs[0].length : 0);
}

} // namespace

partial_ready item_server_state::encode(const bulk::payload& rows) {
  const auto words = numbers_of(rows);
  const auto* first = reinterpret_cast<const std::uint32_t*>(words.data());
  const auto sums =
    owner->encode(models::unpack_rows(models::packed_words(first, first + words.size()),
                                      owner->num_rows(), owner->items()),
                  arena());
  reached = stage::encoded;
  return offer_partial(core::tensor_kind::first_layer, sums);
}

partial_ready
item_server_state::compare(std::shared_ptr<const bulk::payload> last_inputs) {
  const auto values = numbers_of(*last_inputs, owner->hidden_size());
  hidden = std::move(last_inputs);
  const auto& softmaxes = owner->compare(values, arena());
  reached = stage::compared;
  return offer_partial(core::tensor_kind::softmaxes, models::as_floats(softmaxes));
}

partial_ready item_server_state::differentiate(const bulk::payload& scales) {
  const auto sums = owner->differentiate(
    models::scales_of(numbers_of(scales), owner->num_rows()), arena());
  reached = stage::differentiated;
  return offer_partial(core::tensor_kind::hidden_gradients, sums);
}

items_updated item_server_state::update(const bulk::payload& gradients) {
  const auto applying = work.applying();
  owner->update_encoder(version + 1, numbers_of(gradients, owner->first_layer_size()),
                        arena());
  ++version;
  reached = stage::applied;
  return {version};
}

namespace {

using self_pointer = item_server_actor::stateful_pointer<item_server_state>;
using stage = item_server_state::stage;

/// Takes a step from one stage to the next with what a ticket names, and answers.
/// `work` gets the bytes and the promise to deliver.
template <class Reply, class Work>
caf::result<Reply>
go_on(self_pointer self, const core::tensor_ticket& ticket, stage before, Work work) {
  if (auto refused = self->state.refusal_of(ticket, before))
    return refused;
  auto promise = self->make_response_promise<Reply>();
  const auto use = [=](payload_pointer here) {
    auto answer = promise;
    // Another request may have come first while this one's bytes were on their way.
    if (auto refused = self->state.refusal_of(ticket, before)) {
      answer.deliver(std::move(refused));
      return;
    }
    self->state.reader_is_elsewhere = ticket.process != self->state.exchange->process();
    const auto computing = self->state.work.computing();
    try {
      work(self->state, std::move(here), answer);
    } catch (const core::error& broken) {
      answer.deliver(refusal(core::errc::corrupt_payload, broken.what()));
    }
  };
  with_payload(self, self->state.bulk, ticket, use, refuse_with(promise));
  return promise;
}

using partial_promise = caf::typed_response_promise<partial_ready>;

/// The middle can go on with the gradient while the last layer's step is applied.
void differentiate(item_server_state& state,
                   const payload_pointer& scales,
                   partial_promise& answer) {
  answer.deliver(state.differentiate(*scales));
  const auto applying = state.work.applying();
  state.owner->update_decoder(state.version + 1, state.arena());
  state.hidden = nullptr;
}

server_state offer_state(const item_server_state& state) {
  const auto& memory = *state.memory;
  return {state.offer(core::tensor_kind::parameters, memory.parameters.data()),
          state.offer(core::tensor_kind::first_moments, memory.first_moments.data()),
          state.offer(core::tensor_kind::second_moments, memory.second_moments.data())};
}

} // namespace

item_server_actor::behavior_type
item_server(self_pointer self,
            item_server_options options,
            std::shared_ptr<bulk::exchange> exchange,
            bulk_actor bulk,
            std::shared_ptr<training_memory> memory,
            std::shared_ptr<models::item_owner> owner) {
  share_exception_handler(self);
  auto& fresh = self->state;
  fresh.options = std::move(options);
  fresh.exchange = std::move(exchange);
  fresh.bulk = std::move(bulk);
  fresh.memory = std::move(memory);
  fresh.owner = std::move(owner);
  return {
    [self](const install_state& request) {
      return install(
        self, request, self->state.options.part, [self](core::version_t version) {
          auto& state = self->state;
          state.version = version;
          state.reached = stage::applied;
          return parameters_ready{state.offer(core::tensor_kind::parameters,
                                              state.memory->parameters.data())};
        });
    },
    [](const pull_parameters&) -> caf::result<parameters_ready> {
      return refusal(core::errc::not_ready, "items' parameters stay with their owner");
    },
    [](const push_gradient&) -> caf::result<parameters_ready> {
      return refusal(core::errc::not_ready, "owners compute their items' gradients");
    },
    [self](const get_state& request) -> caf::result<server_state> {
      const auto& state = self->state;
      if (request.version != state.version || state.reached != stage::applied)
        return refusal(core::errc::not_ready, "another version of the state");
      const auto sending = self->state.work.sending();
      return offer_state(state);
    },
    [self](const get_work&) { return self->state.work.take(); },
    [](const follow_order&) -> caf::result<order_followed> {
      return refusal(core::errc::not_ready, "owners take every step in turn");
    },
    [](const get_order&) -> caf::result<range_events> {
      return refusal(core::errc::not_ready, "owners take every step in turn");
    },
    [self](const encode_items& request) {
      return go_on<partial_ready>(
        self, request.rows, stage::applied,
        [](item_server_state& state, const payload_pointer& rows,
           partial_promise& answer) { answer.deliver(state.encode(*rows)); });
    },
    [self](const compare_items& request) {
      return go_on<partial_ready>(
        self, request.hidden, stage::encoded,
        [](item_server_state& state, payload_pointer hidden, partial_promise& answer) {
          answer.deliver(state.compare(std::move(hidden)));
        });
    },
    [self](const differentiate_items& request) {
      return go_on<partial_ready>(self, request.scales, stage::compared, differentiate);
    },
    [self](const update_items& request) {
      return go_on<items_updated>(
        self, request.gradients, stage::differentiated,
        [](item_server_state& state, const payload_pointer& gradients,
           caf::typed_response_promise<items_updated>& answer) {
          answer.deliver(state.update(*gradients));
        });
    },
  };
}

} // namespace souk::actors
