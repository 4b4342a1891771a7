#include "sim/boredom.hpp"
#include "sim/churn.hpp"
#include "sim/cohort.hpp"
#include "sim/draws.hpp"
#include "sim/patience.hpp"
#include "sim/satisfaction.hpp"

#include <algorithm>

namespace souk::sim {

namespace {

/// A session is over after half an hour of nothing, so the next one is as far away.
constexpr core::time_ms session_gap = 30 * core::minute_ms;

/// Places of the uniforms that begin a session.
constexpr std::uint32_t anonymous_draw = 0;
constexpr std::uint32_t intent_draw = 1;
constexpr std::uint32_t favourite_draw = 2;
constexpr std::uint32_t mistake_draw = 3;
constexpr std::uint32_t query_draw = 4;      ///< and the two after it
constexpr std::uint32_t considered_draw = 8; ///< and those after it

/// Places of the uniforms with which somebody leaves after a session.
constexpr std::uint32_t leave_draw = 0;
constexpr std::uint32_t comeback_draw = 1;
constexpr std::uint32_t away_draw = 2;

std::size_t pick(double draw, std::size_t count) {
  return static_cast<std::size_t>(draw * static_cast<double>(count));
}

} // namespace

void cohort::begin_session(std::size_t user) {
  const auto& options = market_->options();
  const auto now = people_.next[user];
  const auto session = people_.sessions[user]++;
  std::uint32_t slot;
  if (free_visits_.empty()) {
    slot = static_cast<std::uint32_t>(visits_.size());
    visits_.emplace_back();
  } else {
    slot = free_visits_.back();
    free_visits_.pop_back();
  }
  people_.visit_slot[user] = slot;
  auto& present = visits_[slot];
  present.nature =
    draw_temperament(options.temperament, market_->seed(), number_of(user));
  if (session > 0)
    fade(options.boredom, people_.recent_of(user, market_->dimensions()),
         now - people_.last_visit[user]);
  const auto draws =
    site(core::stream::intend, user, draw_step(session, session_place));
  present.anonymous =
    core::uniform(draws, anonymous_draw) < options.population.anonymous_share;
  const auto loyalty =
    static_cast<double>(present.nature.loyalty) / options.temperament.loyalty;
  present.purpose = draw_intent(options.intent, loyalty, !people_.bought.empty(user),
                                core::uniform(draws, intent_draw));
  const auto mood =
    core::normal(site(core::stream::leave, user, draw_step(session, frailty_place)), 0);
  present.patience = session_patience(
    options.patience, static_cast<double>(present.nature.patience), mood);
  add(user, now, tally::sessions);
  if (present.purpose == intent::buy_again)
    seek_again(user, present);
  else if (present.purpose == intent::search)
    seek_by_query(user, present);
  if (options.shopping_list.items > 0)
    buy_list(user, present);
}

void cohort::seek_again(std::size_t user, visit& present) {
  const auto draws = site(core::stream::intend, user,
                          draw_step(people_.sessions[user] - 1, session_place));
  present.favourite = people_.bought.item(
    user, pick(core::uniform(draws, favourite_draw), people_.bought.size(user)));
  present.need = market_->items().category[present.favourite];
}

void cohort::seek_by_query(std::size_t user, visit& present) {
  const auto& options = market_->options();
  const auto now = people_.next[user];
  const auto session = people_.sessions[user] - 1;
  const auto draws =
    site(core::stream::intend, user, draw_step(session, session_place));
  const auto view = people_.view(*market_, user, present, now);
  const auto for_sale = market_->for_sale(view.day);
  auto wanted = core::no_item;
  auto best = 0.0F;
  for (std::uint32_t i = 0; i < options.search.considered; ++i) {
    const auto item =
      for_sale[pick(core::uniform(draws, considered_draw + i), for_sale.size())];
    const auto utility = market_->utilities().of(view, item);
    if (wanted == core::no_item || utility > best) {
      wanted = item;
      best = utility;
    }
  }
  const auto mistaken =
    for_sale[pick(core::uniform(draws, mistake_draw), for_sale.size())];
  present.need = market_->items().category[wanted];
  present.query = write_query(market_->search(), market_->items(), options.search,
                              wanted, mistaken, draws, query_draw);
  core::session_record record;
  record.time = now;
  record.session = session;
  record.slate = people_.slates[user];
  record.query = present.query;
  record.kind = core::event_kind::search;
  if (log(user, record))
    add(user, now, tally::searches);
}

void cohort::log_in(std::size_t user, visit& present) {
  present.anonymous = false;
  for (const auto item : present.opened)
    people_.opened.insert(user, item);
}

void cohort::end_session(std::size_t user) {
  const auto& options = market_->options();
  const auto now = people_.next[user];
  const auto session = people_.sessions[user] - 1;
  auto& present = visit_of(user);
  core::session_record record;
  record.time = now;
  record.session = session;
  record.slate = people_.slates[user] == 0 ? 0 : people_.slates[user] - 1;
  record.query = present.query;
  record.kind = core::event_kind::leave;
  log(user, record);
  const auto activity = static_cast<double>(present.nature.sessions_per_day);
  const auto mean_value = present.slate_values / std::max(1U, present.slates);
  auto& satisfaction = people_.satisfaction[user];
  satisfaction = static_cast<float>(moved_towards(
    static_cast<double>(satisfaction),
    session_experience(options.satisfaction, mean_value), options.satisfaction.rate));
  add(user, now, tally::sessions_ended);
  add(user, now, tally::satisfaction, in_millionths(static_cast<double>(satisfaction)));
  people_.last_visit[user] = now;
  present = {}; // kept lists would be a quarter of what a cohort needs
  free_visits_.push_back(people_.visit_slot[user]);
  people_.visit_slot[user] = shoppers::no_visit;
  const auto fate = site(core::stream::leave, user, draw_step(session, session_place));
  const auto leaves = core::uniform(fate, leave_draw);
  if (leaves < churn_chance(options.churn, options.satisfaction.start,
                            static_cast<double>(satisfaction))) {
    if (core::uniform(fate, comeback_draw) < options.churn.comeback) {
      const auto days = exponential(fate, away_draw) * options.churn.away_days;
      const auto& year = market_->year();
      people_.next[user] =
        std::max(now + session_gap, year.when(year.elapsed(now + session_gap) + days));
    } else {
      add(user, now, tally::departures);
      people_.next[user] = market_->end();
    }
    return;
  }
  const auto rate =
    activity * arrival_factor(options.satisfaction, static_cast<double>(satisfaction));
  people_.next[user] =
    next_session(*market_, number_of(user), session + 1, rate, now + session_gap);
}

} // namespace souk::sim
