#include "sim/cohort.hpp"
#include "sim/draws.hpp"
#include "sim/drift.hpp"
#include "sim/funnel.hpp"
#include "sim/intent.hpp"
#include "sim/shopping_list.hpp"

#include <algorithm>
#include <utility>

namespace souk::sim {

namespace {

/// At checkout nobody stays longer: the session would be over.
constexpr core::time_ms longest_checkout = 25 * core::minute_ms;

/// What an item costs at a time, in cents. Lists that are begun before the world's end
/// are paid for as if its last day went on.
std::int32_t price_at(const world& market, core::item_id item, core::time_ms time) {
  const auto day = std::min(time, market.end() - 1) / core::day_ms;
  return market.sales().price_cents(item, static_cast<std::uint32_t>(day));
}

} // namespace

void cohort::buy_list(std::size_t user, visit& present) {
  const auto& options = market_->options();
  const auto session = people_.sessions[user] - 1;
  const auto draws = site(core::stream::plan, user, draw_step(session, session_place));
  // A user's own median: the same draw in all sessions.
  const auto of_user =
    core::normal(site(core::stream::plan, user, draw_step(0, frailty_place)), 0);
  const auto view = people_.view(*market_, user, present, people_.next[user]);
  const auto loyalty =
    static_cast<double>(present.nature.loyalty) / options.temperament.loyalty;
  bought_items_.clear();
  people_.bought.append_to(bought_items_, user);
  const list_source source{&market_->items(),
                           &market_->plans(),
                           market_->for_sale(view.day).size(),
                           &view,
                           bought_items_,
                           buy_again_chance({0, options.shopping_list.again}, loyalty,
                                            !bought_items_.empty())};
  const auto list = draw_list(
    options.shopping_list, source,
    list_length(options.shopping_list, of_user, core::uniform(draws, list_length_draw)),
    draws);
  for (const auto item : list)
    take_from_list(user, present, item);
  check_out(user, present, list,
            delay(options.funnel, options.funnel.checkout_minutes * core::minute_ms,
                  core::uniform(draws, checkout_draw)));
}

void cohort::take_from_list(std::size_t user, visit& present, core::item_id item) {
  const auto& options = market_->options();
  const auto now = people_.next[user];
  core::session_record record;
  record.time = now;
  record.session = people_.sessions[user] - 1;
  record.item = item;
  record.slate = people_.slates[user];
  record.query = present.query;
  record.price = static_cast<float>(price_at(*market_, item, now) / 100.0);
  record.kind = core::event_kind::click;
  if (log(user, record))
    add_of_item(user, item, now, tally::clicks);
  record.kind = core::event_kind::cart;
  if (log(user, record))
    add_of_item(user, item, now, tally::carts);
  insert(present.opened, item);
  if (!present.anonymous)
    people_.opened.insert(user, item);
  drift_towards(people_.taste_of(user, market_->dimensions()),
                market_->items().vector_of(item), options.drift.click_rate);
  // What one knows by name takes a glance to find.
  const auto glance = static_cast<core::time_ms>(1000 * options.funnel.glance_seconds);
  people_.next[user] += std::max<core::time_ms>(1, glance);
}

void cohort::check_out(std::size_t user,
                       visit& present,
                       const std::vector<core::item_id>& list,
                       core::time_ms wait) {
  const auto now = people_.next[user];
  const auto session = people_.sessions[user] - 1;
  // What began earlier and is due now waits until all is in the cart.
  delayed_.postpone(user, now);
  const auto due = now + 1 + std::min(longest_checkout, wait);
  // What follows is drawn at places of slates, counted from the last that there can be.
  auto place = max_session_slates;
  for (const auto item : list)
    delayed_.push(user, {due, item, session, people_.slates[user],
                         draw_step(session, --place), price_at(*market_, item, now), 0,
                         core::event_kind::purchase});
  if (due < market_->end() && !std::exchange(present.converted, true))
    add(user, now, tally::converted);
  people_.next[user] = due + 1;
}

} // namespace souk::sim
