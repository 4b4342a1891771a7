#include "core/error.hpp"
#include "core/portable_math.hpp"
#include "sim/boredom.hpp"
#include "sim/cohort.hpp"
#include "sim/draws.hpp"
#include "sim/drift.hpp"
#include "sim/funnel.hpp"
#include "sim/patience.hpp"

#include <algorithm>
#include <utility>

namespace souk::sim {

namespace {

/// Nobody stays longer on one page: the session would be over.
constexpr core::time_ms longest_stay = 25 * core::minute_ms;

/// Places of the uniforms with which a slate is looked at and an item is bought.
constexpr std::uint32_t depth_draw = 0;
constexpr std::uint32_t regret_draw = 1;
constexpr std::uint32_t cart_draw = 0;
constexpr std::uint32_t purchase_draw = 1;
constexpr std::uint32_t later_draw = 2;
constexpr std::uint32_t delay_draw = 3;
constexpr std::uint32_t dwell_draw = 4;
constexpr std::uint32_t login_draw = 5;

constexpr double milliseconds = 1000;

/// A policy must not show what is not for sale, what is barred, what the search did not
/// find, or an item twice.
void check_slate(const slate_demand& demand,
                 std::size_t row,
                 core::span<const core::item_id> slate) {
  thread_local row_filter filter; // one for all cohorts of a thread
  filter.turn_to(demand, row);
  for (const auto item : slate) {
    core::expects(item < demand.market->items().num_items,
                  "a slate shows items of the catalogue");
    core::expects(filter.allows(item),
                  "a slate shows what is for sale and not barred, and nothing twice");
    filter.take(item);
  }
  if (demand.queries[row] == core::session_record::no_query)
    return;
  const auto found = demand.market->search().sorted_results(demand.queries[row]);
  for (const auto item : slate)
    core::expects(std::binary_search(found.begin(), found.end(), item),
                  "a slate of a search shows what was found");
}

/// Returns the discounted cumulative gain of a slate (Jarvelin & Kekalainen 2002), up
/// to a factor.
double discounted_gain(core::span<const double> gains) {
  auto sum = 0.0;
  for (std::size_t j = 0; j < gains.size(); ++j)
    sum += gains[j] / core::portable::log(static_cast<double>(j + 2));
  return sum;
}

/// Adds items that an ascending list does not have, in any order.
void merge_into(std::vector<core::item_id>& ascending,
                core::span<const core::item_id> items,
                std::vector<core::item_id>& scratch) {
  scratch.assign(items.begin(), items.end());
  std::sort(scratch.begin(), scratch.end());
  const auto old = ascending.size();
  ascending.resize(old + items.size());
  // From the back, so that nothing is overwritten that is still to be moved: what is
  // below the lowest of the new ones stays where it is.
  auto* list = ascending.data();
  auto place = ascending.size();
  auto from = old;
  for (auto next = scratch.size(); next-- > 0;) {
    while (from > 0 && list[from - 1] > scratch[next])
      list[--place] = list[--from];
    list[--place] = scratch[next];
  }
}

} // namespace

/// What came of opening an item.
struct cohort::opened_item {
  core::time_ms done = 0; ///< when the shopper is ready for the next slate
  bool buys = false;
};

void cohort::show(std::size_t row, const policy_slates& shown) {
  const std::size_t user = awake_[row];
  auto& present = visit_of(user);
  const auto& options = market_->options();
  const auto session = people_.sessions[user] - 1;
  const auto now = people_.next[user];
  const auto length = show_items(row, shown);
  if (length == 0) {
    present.leaving = true;
    return;
  }
  const core::span<const core::item_id> slate{
    shown.slates.items.data() + row * shown.slates.slate_size, length};
  const auto value = value_slate(row, slate);
  const auto step = draw_step(session, present.slates);
  const auto depth = market_->eyes().depth(
    core::uniform(site(core::stream::attend, user, step), depth_draw), length);
  const auto position = market_->choosing().choose(
    {weights_.data(), length}, slate, depth, site(core::stream::choose, user, step));
  const auto glance = options.funnel.glance_seconds * milliseconds * depth;
  const auto looked =
    now + std::max<core::time_ms>(1, static_cast<core::time_ms>(glance));
  const auto clicked = position < depth;
  opened_item outcome{looked, false};
  if (clicked)
    outcome = open(row, slate[position], position, looked);
  ++present.slates;
  present.slate_values += value;
  const auto leaves = core::uniform(site(core::stream::leave, user, step), 0);
  present.leaving = present.slates == max_session_slates
                    || leaves < leaving_chance(options.patience, present.patience,
                                               clicked, outcome.buys);
  people_.next[user] = outcome.done;
}

std::uint32_t cohort::show_items(std::size_t row, const policy_slates& shown) {
  const std::size_t user = awake_[row];
  auto& present = visit_of(user);
  const auto now = people_.next[user];
  const auto* items = shown.slates.items.data() + row * shown.slates.slate_size;
  const auto* end = std::find(items, items + shown.slates.slate_size, core::no_item);
  const auto length = static_cast<std::uint32_t>(end - items);
  if (length == 0)
    return 0;
  check_slate(demand_, row, {items, length});
  core::session_record record;
  record.time = now;
  record.session = people_.sessions[user] - 1;
  record.slate = people_.slates[user]++;
  record.query = present.query;
  record.propensity_is = shown.propensity_is;
  if (now < market_->end())
    log_impressions(user, record, {items, length},
                    shown.propensity_is == core::propensity_kind::none
                      ? nullptr
                      : shown.propensities.data() + row * shown.slates.slate_size);
  present.history = history_band_of(known_items(user));
  tallies_.add_impressions({items, length}, demand_.day(row));
  add(user, now, tally::slates);
  add(user, now, tally::impressions, length);
  add_of_slate(user, tally::slates, 1);
  add_of_slate(user, tally::impressions, length);
  if (market_->options().paging)
    merge_into(present.shown, {items, length}, row_items_);
  return length;
}

void cohort::log_impressions(std::size_t user,
                             const core::session_record& shared,
                             core::span<const core::item_id> items,
                             const float* propensities) {
  const auto day = static_cast<std::uint32_t>(shared.time / core::day_ms);
  const auto& sales = market_->sales();
  const auto first_step = people_.steps[user];
  people_.steps[user] += static_cast<std::uint32_t>(items.size());
  auto* rows = records_.add(items.size());
  for (std::uint32_t j = 0; j < items.size(); ++j) {
    auto& row = rows[j];
    row = shared;
    row.user = number_of(user);
    row.step = first_step + j;
    row.item = items[j];
    row.position = static_cast<std::uint16_t>(j);
    row.price = static_cast<float>(sales.price_cents(items[j], day) / 100.0);
    if (propensities != nullptr)
      row.propensity = propensities[j];
  }
}

double cohort::value_slate(std::size_t row, core::span<const core::item_id> slate) {
  const std::size_t user = awake_[row];
  for (std::size_t j = 0; j < slate.size(); ++j)
    utilities_[j] = market_->utilities().of(demand_.truth[row], slate[j]);
  const core::span<double> weights{weights_.data(), slate.size()};
  market_->choosing().weigh({utilities_.data(), slate.size()}, weights);
  const auto value = market_->choosing().expected_value(market_->eyes(), weights);
  add(user, demand_.times[row], tally::slate_value, in_millionths(value));
  add_of_slate(user, tally::slate_value, in_millionths(value));
  const auto step = draw_step(people_.sessions[user] - 1, visit_of(user).slates);
  if (core::uniform(site(core::stream::attend, user, step), regret_draw)
      < market_->options().regret_share) {
    std::fill(weights_.begin() + static_cast<std::ptrdiff_t>(slate.size()),
              weights_.end(), 0.0);
    measure_regret(row, value);
  }
  return value;
}

void cohort::measure_regret(std::size_t row, double value) {
  const std::size_t user = awake_[row];
  const auto when = demand_.times[row];
  const auto length = finder_.find(demand_, row, best_items_);
  std::vector<float> utilities;
  for (std::size_t j = 0; j < length; ++j)
    utilities.push_back(market_->utilities().of(demand_.truth[row], best_items_[j]));
  std::vector<double> weights(length);
  market_->choosing().weigh(utilities, weights);
  const auto best = market_->choosing().expected_value(market_->eyes(), weights);
  const auto ndcg = discounted_gain(weights_) / discounted_gain(weights);
  add(user, when, tally::regret_slates);
  add(user, when, tally::regret, in_millionths(best - value));
  add(user, when, tally::ndcg, in_millionths(ndcg));
  add_of_slate(user, tally::regret_slates, 1);
  add_of_slate(user, tally::regret, in_millionths(best - value));
  add_of_slate(user, tally::ndcg, in_millionths(ndcg));
}

cohort::opened_item cohort::open(std::size_t row,
                                 core::item_id item,
                                 std::uint32_t position,
                                 core::time_ms when) {
  const std::size_t user = awake_[row];
  auto& present = visit_of(user);
  const auto& funnel = market_->options().funnel;
  const auto step = draw_step(people_.sessions[user] - 1, present.slates);
  const auto draws = site(core::stream::buy, user, step);
  const auto dimensions = market_->dimensions();
  const auto cents = market_->sales().price_cents(item, demand_.day(row));
  core::session_record record;
  record.time = when;
  record.session = people_.sessions[user] - 1;
  record.item = item;
  record.slate = people_.slates[user] - 1;
  record.query = present.query;
  record.price = static_cast<float>(cents / 100.0);
  record.position = static_cast<std::uint16_t>(position);
  record.kind = core::event_kind::click;
  if (log(user, record))
    add_of_slate_item(user, item, when, tally::clicks);
  const auto dwell =
    std::min(longest_stay, delay(funnel, funnel.dwell_seconds * milliseconds,
                                 core::uniform(draws, dwell_draw)));
  opened_item outcome{when + dwell + 1, false};
  const auto utility = static_cast<double>(utilities_[position]);
  if (core::uniform(draws, cart_draw) < cart_chance(funnel, utility)) {
    record.time = when + dwell / 2;
    record.kind = core::event_kind::cart;
    if (log(user, record))
      add_of_slate_item(user, item, record.time, tally::carts);
    outcome.buys =
      core::uniform(draws, purchase_draw) < purchase_chance(funnel, utility);
  }
  // What began earlier and is due now waits until the page has been read so far.
  delayed_.postpone(user, record.time);
  if (outcome.buys) {
    const auto later = core::uniform(draws, later_draw) < funnel.later_share;
    const auto mean = later ? funnel.later_hours * core::hour_ms
                            : funnel.checkout_minutes * core::minute_ms;
    auto wait = delay(funnel, mean, core::uniform(draws, delay_draw));
    if (!later)
      wait = std::min(wait, longest_stay);
    const auto due = record.time + 1 + wait;
    delayed_.push(user, {due, item, record.session, record.slate, step, cents,
                         record.position, core::event_kind::purchase, present.purpose,
                         present.query, present.history});
    if (!later)
      outcome.done = std::max(outcome.done, due + 1);
    if (due < market_->end() && !std::exchange(present.converted, true))
      add(user, record.time, tally::converted);
  }
  insert(present.opened, item);
  if (!present.anonymous)
    people_.opened.insert(user, item);
  else if (outcome.buys
           || core::uniform(draws, login_draw)
                < market_->options().population.login_chance)
    log_in(user, present);
  drift_towards(people_.taste_of(user, dimensions), market_->items().vector_of(item),
                market_->options().drift.click_rate);
  remember(market_->options().boredom, people_.recent_of(user, dimensions),
           market_->items().vector_of(item));
  return outcome;
}

} // namespace souk::sim
