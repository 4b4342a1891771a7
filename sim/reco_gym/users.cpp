#include "sim/reco_gym/users.hpp"

#include <algorithm>

namespace souk::sim::reco_gym {

namespace {

core::session_record record_of(core::event_kind kind,
                               core::time_ms time,
                               core::user_id user,
                               std::uint32_t step,
                               core::item_id item) {
  core::session_record record;
  record.time = time;
  record.user = user;
  record.step = step;
  record.item = item;
  record.kind = kind;
  return record;
}

} // namespace

users::users(std::shared_ptr<const world> market,
             core::user_id first,
             std::uint32_t count)
  : stepwise_users{market, first, count, 1}, crowd_{market->reco_gym(), market->seed(),
                                                    first, count},
    num_users_{count}, shown_(count), shown_users_(count) {
  for (auto& column : words_)
    column.resize(count);
}

void users::decide_uniformly() {
  const auto places = crowd_.shown_to();
  const auto products = market().items().num_items;
  for (std::size_t i = 0; i < places.size(); ++i)
    shown_users_[i] = crowd_.users()[places[i]];
  core::fill_words(
    {market().seed(), core::stream::recommend, 0, crowd_.step()}, 0,
    shown_users_.data(), places.size(),
    {{words_[0].data(), words_[1].data(), words_[2].data(), words_[3].data()}});
  for (std::size_t i = 0; i < places.size(); ++i)
    shown_[i] = core::below(words_[0][i], words_[1][i], products);
  propensity_ = 1.0F / static_cast<float>(products);
  propensity_is_ = core::propensity_kind::exact;
}

void users::gather_demand() {
  for (const auto place : crowd_.shown_to())
    want(crowd_.users()[place]);
}

void users::take_slates(policy_slates shown) {
  std::copy(shown.slates.items.begin(), shown.slates.items.end(), shown_.begin());
  propensities_ = std::move(shown.propensities);
  propensity_is_ = shown.propensity_is;
}

void users::keep_records() {
  const auto time = now();
  const auto size = crowd_.size();
  std::size_t num_clicks = 0;
  for (std::size_t i = 0; i < size; ++i)
    num_clicks += crowd_.clicked()[i];
  auto* next = add_records(size + num_clicks);
  std::size_t row = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const auto user = crowd_.users()[i];
    const auto step = crowd_.step() + crowd_.clicks_before()[i];
    const auto item = crowd_.items()[i];
    if (crowd_.modes()[i] == mode::organic) {
      *next++ = record_of(core::event_kind::view, time, user, step, item);
      continue;
    }
    auto shown = record_of(core::event_kind::impression, time, user, step, item);
    shown.slate = crowd_.shown_before()[i];
    shown.propensity = propensities_.empty() ? propensity_ : propensities_[row];
    shown.propensity_is = propensity_is_;
    ++row;
    *next++ = shown;
    if (crowd_.clicked()[i] != 0) {
      shown.kind = core::event_kind::click;
      ++shown.step;
      *next++ = shown;
    }
  }
}

void users::remember() {
  for (std::size_t i = 0; i < crowd_.size(); ++i)
    if (crowd_.modes()[i] == mode::organic || crowd_.clicked()[i] != 0)
      opened(crowd_.users()[i], crowd_.items()[i]);
}

market_totals users::totals() const {
  market_totals sums;
  auto& all = sums.groups["all"];
  all[tally::users] = num_users_;
  all[tally::views] = static_cast<std::int64_t>(crowd_.num_views());
  all[tally::slates] = static_cast<std::int64_t>(crowd_.num_shown());
  all[tally::impressions] = all[tally::slates];
  all[tally::clicks] = static_cast<std::int64_t>(crowd_.num_clicks());
  all[tally::slate_value] = crowd_.value_millionths();
  return sums;
}

} // namespace souk::sim::reco_gym
