#include "sim/tally_groups.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace souk::sim {

namespace {

constexpr const char* purpose_names[] = {"browse", "search", "buy_again"};
constexpr std::size_t num_purposes = 3;

constexpr const char* age_names[] = {"0-2", "3-6", "7+", "standing"};
constexpr std::size_t num_ages = 4;

std::size_t age_group(std::uint32_t launched, std::uint32_t day) {
  if (launched == 0)
    return 3;
  const auto age = day - launched;
  return age < 3 ? 0 : age < 7 ? 1 : 2;
}

void put(market_totals& totals, const std::string& name, const tallies& sums) {
  const auto is_zero = [](std::int64_t value) {
    return value == 0;
  };
  if (!std::all_of(sums.values.begin(), sums.values.end(), is_zero))
    totals.groups[name] = sums;
}

} // namespace

tally_groups::tally_groups(const world& market)
  : market_{&market}, kinds_(2), segments_(market.people().segments().size()),
    histories_(history_bounds.size()), purposes_(num_purposes),
    queries_(market.items().category_names.size()), ages_(num_ages),
    days_(market.options().days) {
  // nop
}

void tally_groups::add(const user_groups& who, tally what, std::int64_t amount) {
  all_[what] += amount;
  kinds_[who.newcomer ? 1 : 0][what] += amount;
  for (const auto segment : who.segments)
    segments_[segment][what] += amount;
  // Users belong to no day.
  if (what != tally::users)
    days_[who.day][what] += amount;
}

void tally_groups::add_by_age(core::item_id item,
                              std::uint32_t day,
                              tally what,
                              std::int64_t amount) {
  ages_[age_group(market_->items().launch_day[item], day)][what] += amount;
}

void tally_groups::add_of_slate(const slate_origin& from,
                                tally what,
                                std::int64_t amount) {
  if (from.history == history_band::none)
    return;
  histories_[static_cast<std::size_t>(from.history)][what] += amount;
  purposes_[static_cast<std::size_t>(from.purpose)][what] += amount;
  if (from.query != core::session_record::no_query)
    queries_[market_->search().category_of(from.query)][what] += amount;
}

void tally_groups::add_impressions(core::span<const core::item_id> items,
                                   std::uint32_t day) {
  std::array<std::int64_t, num_ages> counts{};
  for (const auto item : items)
    ++counts[age_group(market_->items().launch_day[item], day)];
  for (std::size_t i = 0; i < num_ages; ++i)
    ages_[i][tally::impressions] += counts[i];
}

market_totals tally_groups::named() const {
  market_totals totals;
  put(totals, "all", all_);
  put(totals, "user=regular", kinds_[0]);
  put(totals, "user=newcomer", kinds_[1]);
  const auto& names = market_->people().segments();
  for (std::size_t i = 0; i < names.size(); ++i)
    put(totals, names[i], segments_[i]);
  for (std::size_t i = 0; i < history_bounds.size(); ++i)
    put(totals, "history=" + std::to_string(history_bounds[i]), histories_[i]);
  for (std::size_t i = 0; i < num_purposes; ++i)
    put(totals, std::string{"intent="} + purpose_names[i], purposes_[i]);
  for (std::size_t i = 0; i < queries_.size(); ++i)
    put(totals, "query=" + market_->items().category_names[i], queries_[i]);
  for (std::size_t i = 0; i < num_ages; ++i)
    put(totals, std::string{"item_age="} + age_names[i], ages_[i]);
  for (std::size_t i = 0; i < days_.size(); ++i)
    put(totals, "day=" + std::to_string(i), days_[i]);
  return totals;
}

} // namespace souk::sim
