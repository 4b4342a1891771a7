#include "sim/cohort.hpp"

#include "core/error.hpp"
#include "sim/arms.hpp"
#include "sim/attribute_rows.hpp"
#include "sim/draws.hpp"

#include <algorithm>
#include <functional>
#include <iterator>

namespace souk::sim {

namespace {

std::uint32_t
users_there(const world& market, core::user_id first, std::uint32_t count) {
  const auto all = market.options().population.users;
  return first >= all ? 0 : std::min(count, all - first);
}

void clear_rows(core::interactions& rows) {
  rows.items.clear();
  rows.offsets.assign(1, 0);
}

} // namespace

cohort::cohort(std::shared_ptr<const world> market,
               core::user_id first,
               std::uint32_t count,
               std::optional<std::size_t> arm)
  : market_{std::move(market)}, first_{first}, people_{*market_, first,
                                                       users_there(
                                                         *market_, first, count)},
    delayed_{people_.next.size()}, tallies_{*market_} {
  demand_.market = market_.get();
  demand_.slate_size = market_->options().slate_size;
  demand_.history.num_items = market_->items().num_items;
  demand_.barred.num_items = market_->items().num_items;
  demand_.attributes = empty_like(market_->people().profiles());
  utilities_.resize(demand_.slate_size);
  weights_.resize(demand_.slate_size);
  best_items_.resize(demand_.slate_size);
  for (std::size_t user = 0; user < people_.next.size(); ++user) {
    if (arm && arm_of(market_->options(), market_->seed(), number_of(user)) != *arm)
      continue;
    go_to_sleep(user);
    // Regulars have joined before the run, newcomers all join before its end.
    add(user, 0, tally::users);
  }
}

core::time_ms cohort::wake_of(std::size_t user) const {
  return std::min(people_.next[user],
                  delayed_.next_time(user, /*when_none=*/market_->end()));
}

void cohort::go_to_sleep(std::size_t user) {
  const auto wake = wake_of(user);
  if (wake >= market_->end())
    return;
  asleep_.push_back(static_cast<std::uint32_t>(user));
  std::push_heap(asleep_.begin(), asleep_.end(), wakes_later());
}

void cohort::live(core::time_ms start, core::time_ms end, const policy& shop) {
  begin_tick(start, end);
  while (!demand().empty())
    answer(shop.decide(demand()));
}

void cohort::begin_tick(core::time_ms start, core::time_ms end) {
  core::expects(start >= tick_end_ && end > start,
                "a cohort's ticks follow one another");
  core::expects(demand_.empty(), "a tick begins when nobody waits for a slate");
  tick_end_ = std::min(end, market_->end());
  awake_.clear();
  while (!asleep_.empty() && wake_of(asleep_.front()) < tick_end_) {
    awake_.push_back(asleep_.front());
    std::pop_heap(asleep_.begin(), asleep_.end(), wakes_later());
    asleep_.pop_back();
  }
  gather_demand();
}

void cohort::answer(const policy_slates& shown) {
  core::expects(shown.slates.slate_size == demand_.slate_size
                  && shown.slates.items.size()
                       == demand_.num_rows() * demand_.slate_size,
                "a policy answers every row with a slate of the size asked for");
  core::expects(shown.propensity_is == core::propensity_kind::none
                  || shown.propensities.size() == shown.slates.items.size(),
                "propensities are parallel to slates");
  for (std::size_t row = 0; row < awake_.size(); ++row)
    show(row, shown);
  gather_demand();
}

void cohort::gather_demand() {
  demand_.users.clear();
  demand_.times.clear();
  demand_.anonymous.clear();
  demand_.queries.clear();
  demand_.sites.clear();
  demand_.truth.clear();
  clear_rows(demand_.history);
  clear_rows(demand_.barred);
  clear_rows(demand_.attributes);
  std::size_t waiting = 0;
  for (const auto user : awake_) {
    if (live_until_slate(user)) {
      add_to_demand(user);
      awake_[waiting++] = user;
    } else {
      go_to_sleep(user);
    }
  }
  awake_.resize(waiting);
}

bool cohort::live_until_slate(std::size_t user) {
  while (wake_of(user) < tick_end_) {
    if (delayed_.next_time(user, market_->end()) <= people_.next[user])
      happen(user, delayed_.pop(user));
    else if (people_.visit_slot[user] == shoppers::no_visit)
      begin_session(user);
    else if (visit_of(user).leaving)
      end_session(user);
    else
      return true;
  }
  return false;
}

void cohort::add_to_demand(std::size_t user) {
  const auto& options = market_->options();
  const auto& present = visit_of(user);
  const auto now = people_.next[user];
  demand_.users.push_back(number_of(user));
  demand_.times.push_back(now);
  demand_.anonymous.push_back(present.anonymous ? 1 : 0);
  demand_.queries.push_back(present.query);
  if (present.anonymous) {
    demand_.history.append_row(present.opened);
  } else {
    row_items_.clear();
    people_.opened.append_to(row_items_, user);
    demand_.history.append_row(row_items_);
  }
  const auto bars_bought = options.exclude_bought && !present.anonymous
                           && present.purpose != intent::buy_again;
  if (bars_bought && !people_.bought.empty(user)) {
    bought_items_.clear();
    people_.bought.append_to(bought_items_, user);
    row_items_.clear();
    std::set_union(bought_items_.begin(), bought_items_.end(), present.shown.begin(),
                   present.shown.end(), std::back_inserter(row_items_));
    demand_.barred.append_row(row_items_);
  } else {
    demand_.barred.append_row(present.shown);
  }
  if (present.anonymous || !market_->knows_attributes_of(number_of(user)))
    append_unknown_row(demand_.attributes);
  else
    append_row(market_->people().profiles(), people_.profile[user], demand_.attributes);
  const auto session = people_.sessions[user] - 1;
  demand_.sites.push_back(
    site(core::stream::recommend, user, draw_step(session, present.slates)));
  demand_.truth.push_back(people_.view(*market_, user, present, now));
}

std::vector<core::session_record> cohort::take_records() {
  return records_.take_before(tick_end_);
}

core::time_ms cohort::next_wake() const {
  const auto first = asleep_.empty() ? market_->end() : wake_of(asleep_.front());
  return std::min(first, records_.next_time(/*when_none=*/market_->end()));
}

core::user_rows cohort::histories() const {
  core::user_rows known;
  known.rows.num_items = market_->items().num_items;
  std::vector<core::item_id> items;
  for (std::size_t user = 0; user < people_.next.size(); ++user) {
    if (people_.opened.empty(user))
      continue;
    items.clear();
    people_.opened.append_to(items, user);
    known.users.push_back(number_of(user));
    known.rows.append_row(items);
  }
  return known;
}

bool cohort::log(std::size_t user, core::session_record record) {
  if (record.time >= market_->end())
    return false;
  record.user = number_of(user);
  record.step = people_.steps[user]++;
  records_.add(record);
  return true;
}

void cohort::add(std::size_t user,
                 core::time_ms when,
                 tally what,
                 std::int64_t amount) {
  const auto day = static_cast<std::uint32_t>(when / core::day_ms);
  tallies_.add({people_.newcomer[user] != 0,
                market_->people().segments_of(people_.profile[user]), day},
               what, amount);
}

void cohort::add_of_item(std::size_t user,
                         core::item_id item,
                         core::time_ms when,
                         tally what,
                         std::int64_t amount) {
  add(user, when, what, amount);
  tallies_.add_by_age(item, static_cast<std::uint32_t>(when / core::day_ms), what,
                      amount);
}

void cohort::add_of_slate_item(std::size_t user,
                               core::item_id item,
                               core::time_ms when,
                               tally what) {
  add_of_item(user, item, when, what);
  add_of_slate(user, what, 1);
}

void cohort::add_of_event(std::size_t user,
                          const delayed_event& event,
                          tally what,
                          std::int64_t amount) {
  add_of_item(user, event.item, event.time, what, amount);
  tallies_.add_of_slate({event.history, event.purpose, event.query}, what, amount);
}

void cohort::add_of_slate(std::size_t user, tally what, std::int64_t amount) {
  const auto& present = visit_of(user);
  tallies_.add_of_slate({present.history, present.purpose, present.query}, what,
                        amount);
}

std::size_t cohort::known_items(std::size_t user) const {
  const auto slot = people_.visit_slot[user];
  return slot != shoppers::no_visit && visits_[slot].anonymous
           ? visits_[slot].opened.size()
           : people_.opened.size(user);
}

} // namespace souk::sim
