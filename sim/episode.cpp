#include "sim/episode.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace souk::sim {

namespace {

constexpr double cents = 100;

std::string item_words(core::item_id item) {
  return "item " + std::to_string(item);
}

core::error refused(const slate_demand& demand,
                    std::size_t row,
                    const std::string& what,
                    const std::string& remedy) {
  return core::error::request(
    what, "the slate of user " + std::to_string(demand.users[row]), remedy);
}

bool searches(const slate_demand& demand, std::size_t row) {
  return demand.queries[row] != core::session_record::no_query;
}

} // namespace

episode::episode(std::shared_ptr<const world> market, const episode_options& options)
  : market_{std::move(market)}, options_{options},
    people_{market_, 0, market_->options().population.users},
    earned_(market_->options().population.users, 0), shown_(earned_.size(), 0),
    clicked_(earned_.size(), core::no_item), bought_(earned_.size()),
    answered_(earned_.size(), 0), session_over_(earned_.size(), 0),
    waiting_(earned_.size(), 0) {
  live_on();
}

void episode::check(const std::vector<std::vector<core::item_id>>& slates) {
  const auto waiting = demand().num_rows();
  if (slates.size() != waiting)
    throw core::error::request("are " + std::to_string(slates.size()) + ", and "
                                 + std::to_string(waiting) + " users wait",
                               "slates", "give one to each user who waits");
  for (std::size_t row = 0; row < slates.size(); ++row)
    check_slate(row, slates[row]);
}

episode_outcome episode::step(const std::vector<std::vector<core::item_id>>& slates) {
  check(slates);
  const auto& asked = demand();
  policy_slates shown = empty_slates(asked);
  shown.propensities.clear(); // nobody says how likely the slates were
  shown.propensity_is = core::propensity_kind::none;
  for (std::size_t row = 0; row < slates.size(); ++row) {
    std::copy(slates[row].begin(), slates[row].end(),
              shown.slates.items.begin()
                + static_cast<std::ptrdiff_t>(row * asked.slate_size));
    answered_[asked.users[row]] = 1;
    shown_[asked.users[row]] += slates[row].empty() ? 0 : 1;
  }
  people_.answer(shown);
  live_on();
  return settle();
}

void episode::check_slate(std::size_t row, core::span<const core::item_id> slate) {
  const auto& asked = demand();
  if (slate.size() != lengths_[row])
    throw refused(asked, row,
                  "has " + std::to_string(slate.size()) + " items instead of "
                    + std::to_string(lengths_[row]),
                  "show slate_size items, or all that may be shown where they are "
                  "fewer");
  core::span<const core::item_id> found;
  if (searches(asked, row))
    found = market_->search().sorted_results(asked.queries[row]);
  filter_.turn_to(asked, row);
  for (std::size_t j = 0; j < slate.size(); ++j) {
    const auto item = slate[j];
    if (item >= market_->items().num_items)
      throw refused(asked, row, "there is no " + item_words(item),
                    "items are numbered from 0 to "
                      + std::to_string(market_->items().num_items - 1));
    if (std::find(slate.begin(), slate.begin() + j, item) != slate.begin() + j)
      throw refused(asked, row, item_words(item) + " stands there twice",
                    "show every item once");
    if (market_->items().launch_day[item] > asked.day(row))
      throw refused(asked, row,
                    item_words(item) + " is not for sale before day "
                      + std::to_string(market_->items().launch_day[item]),
                    "show items whose launch_day is not after the observation's day");
    if (!filter_.allows(item))
      throw refused(asked, row,
                    item_words(item) + " was shown in this session or bought before",
                    "leave out what the observation's barred lists");
    if (searches(asked, row) && !std::binary_search(found.begin(), found.end(), item))
      throw refused(asked, row, item_words(item) + " was not found by the search",
                    "choose from the observation's found");
  }
}

void episode::live_on() {
  const auto end = market_->end();
  const auto tick = options_.tick > 0 ? options_.tick : end;
  records_ = people_.take_records();
  while (demand().empty() && people_.next_wake() < end) {
    const auto start = people_.next_wake() / tick * tick;
    tick_end_ = std::min(end, start + tick);
    people_.begin_tick(start, tick_end_);
    const auto more = people_.take_records();
    records_.insert(records_.end(), more.begin(), more.end());
  }
  for (const auto& record : records_)
    note(record);
  measure_demand();
}

void episode::note(const core::session_record& record) {
  const auto user = record.user;
  switch (record.kind) {
  case core::event_kind::leave:
    session_over_[user] = 1;
    return;
  case core::event_kind::click:
    if (!is_on_slate(record))
      return;
    clicked_[user] = record.item;
    earned_[user] += options_.reward == slate_reward::clicks ? 1 : 0;
    return;
  case core::event_kind::purchase:
    bought_[user].push_back(record.item);
    if (options_.reward == slate_reward::purchases)
      ++earned_[user];
    else if (options_.reward == slate_reward::revenue)
      earned_[user] += std::llround(static_cast<double>(record.price) * cents);
    return;
  default:
    return;
  }
}

/// What is opened from a shopping list bears the number of the slate that comes next.
bool episode::is_on_slate(const core::session_record& click) const {
  return click.slate < shown_[click.user];
}

void episode::measure_demand() {
  const auto& asked = demand();
  std::fill(waiting_.begin(), waiting_.end(), std::uint8_t{0});
  lengths_.clear();
  for (std::size_t row = 0; row < asked.num_rows(); ++row) {
    waiting_[asked.users[row]] = 1;
    const auto all = candidates(asked, row);
    std::size_t length = 0;
    if (searches(asked, row)) {
      for (const auto item : all)
        length += length < asked.slate_size && may_show(asked, row, item) ? 1 : 0;
    } else {
      // Whatever is barred was shown or bought, and so is for sale.
      length = std::min(asked.slate_size, all.size() - asked.barred.row(row).size());
    }
    lengths_.push_back(length);
  }
}

episode_outcome episode::settle() {
  episode_outcome told{std::vector<double>(num_slots(), 0.0),
                       std::vector<std::uint8_t>(num_slots(), 0),
                       std::vector<std::uint8_t>(num_slots(), 0),
                       std::vector<core::item_id>(num_slots(), core::no_item),
                       std::vector<std::vector<core::item_id>>(num_slots())};
  const auto unit = options_.reward == slate_reward::revenue ? cents : 1.0;
  // Who does not wait in the last tick never will.
  const auto is_last = tick_end_ >= market_->end() || is_over();
  for (std::size_t slot = 0; slot < num_slots(); ++slot) {
    if (waiting_[slot] == 0 && !is_last)
      continue;
    told.rewards[slot] = static_cast<double>(std::exchange(earned_[slot], 0)) / unit;
    told.clicked[slot] = std::exchange(clicked_[slot], core::no_item);
    std::swap(told.bought[slot], bought_[slot]);
    const auto over = std::exchange(session_over_[slot], std::uint8_t{0});
    if (std::exchange(answered_[slot], std::uint8_t{0}) == 0)
      continue;
    told.terminated[slot] = over;
    told.truncated[slot] = over == 0 && waiting_[slot] == 0 ? 1 : 0;
  }
  return told;
}

} // namespace souk::sim
