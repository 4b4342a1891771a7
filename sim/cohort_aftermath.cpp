#include "core/error.hpp"
#include "sim/cohort.hpp"
#include "sim/drift.hpp"
#include "sim/funnel.hpp"
#include "sim/satisfaction.hpp"

namespace souk::sim {

namespace {

/// Places of the uniforms with which a purchase is kept, sent back or rated.
constexpr std::uint32_t return_draw = 0;
constexpr std::uint32_t return_delay_draw = 1;
constexpr std::uint32_t rating_draw = 2;
constexpr std::uint32_t rating_delay_draw = 3;
constexpr std::uint32_t surprise_draw = 4;

core::session_record record_of(const delayed_event& event) {
  core::session_record record;
  record.time = event.time;
  record.session = event.session;
  record.item = event.item;
  record.slate = event.slate;
  record.query = event.query;
  record.price = static_cast<float>(event.price_cents / 100.0);
  record.position = event.position;
  record.kind = event.kind;
  return record;
}

} // namespace

void cohort::happen(std::size_t user, const delayed_event& event) {
  // Due before the world's end, or it would not have been taken from its queue.
  log(user, record_of(event));
  switch (event.kind) {
  case core::event_kind::purchase:
    return happen_purchase(user, event);
  case core::event_kind::product_return:
    return happen_return(user, event);
  case core::event_kind::rating:
    return happen_rating(user, event);
  default:
    core::expects(false, "only purchases, returns and ratings are delayed");
  }
}

double cohort::experience_of(std::size_t user, const delayed_event& event) const {
  const auto quality = static_cast<double>(market_->items().quality[event.item]);
  return purchase_experience(
    quality,
    core::uniform(site(core::stream::give_back, user, event.draws), surprise_draw));
}

void cohort::happen_purchase(std::size_t user, const delayed_event& event) {
  const auto& options = market_->options();
  const auto& items = market_->items();
  add_of_event(user, event, tally::purchases);
  add_of_event(user, event, tally::revenue, event.price_cents);
  // Whoever pays has logged in.
  people_.bought.insert(user, event.item);
  people_.opened.insert(user, event.item);
  people_.brand[user] = items.brand[event.item];
  drift_towards(people_.taste_of(user, market_->dimensions()),
                items.vector_of(event.item), options.drift.purchase_rate);
  auto& satisfaction = people_.satisfaction[user];
  satisfaction = static_cast<float>(moved_towards(static_cast<double>(satisfaction),
                                                  experience_of(user, event),
                                                  options.satisfaction.purchase_rate));
  const auto draws = site(core::stream::give_back, user, event.draws);
  const auto quality = static_cast<double>(items.quality[event.item]);
  auto next = event;
  if (core::uniform(draws, return_draw) < return_chance(options.funnel, quality)) {
    next.kind = core::event_kind::product_return;
    next.time += 1
                 + delay(options.funnel, options.funnel.return_days * core::day_ms,
                         core::uniform(draws, return_delay_draw));
    delayed_.push(user, next);
  } else if (core::uniform(draws, rating_draw) < options.funnel.rating_chance) {
    next.kind = core::event_kind::rating;
    next.time += 1
                 + delay(options.funnel, options.funnel.rating_days * core::day_ms,
                         core::uniform(draws, rating_delay_draw));
    delayed_.push(user, next);
  }
}

void cohort::happen_return(std::size_t user, const delayed_event& event) {
  add_of_event(user, event, tally::returns);
  add_of_event(user, event, tally::refunds, event.price_cents);
  auto& satisfaction = people_.satisfaction[user];
  satisfaction = static_cast<float>(
    moved_towards(static_cast<double>(satisfaction), /*experience=*/0.0,
                  market_->options().satisfaction.purchase_rate));
}

void cohort::happen_rating(std::size_t user, const delayed_event& event) {
  add(user, event.time, tally::ratings);
  add(user, event.time, tally::stars, stars(experience_of(user, event)));
}

std::size_t cohort::memory_bytes() const {
  auto bytes = people_.memory_bytes() + delayed_.memory_bytes();
  bytes += (asleep_.capacity() + awake_.capacity()) * sizeof(std::uint32_t);
  bytes += visits_.capacity() * sizeof(visit);
  for (const auto& present : visits_)
    bytes +=
      (present.shown.capacity() + present.opened.capacity()) * sizeof(core::item_id);
  return bytes;
}

} // namespace souk::sim
