#include "sim/reco_gym/users.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace souk::sim::reco_gym {

namespace {

constexpr core::time_ms step_ms = core::second_ms;

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
  : market_{std::move(market)}, first_{first}, crowd_{market_->reco_gym(),
                                                      market_->seed(), first, count},
    num_users_{count}, shown_(count), shown_users_(count), demand_{*market_, 1} {
  for (auto& column : words_)
    column.resize(count);
}

void users::live(core::time_ms start, core::time_ms end, const policy& shop) {
  core::expects(start <= next_wake(), "a population's ticks follow one another");
  end = std::min(end, market_->end());
  if (!shop.is_uniform() && !opened_)
    opened_.emplace(static_cast<std::size_t>(num_users_), market_->items().num_items);
  while (next_wake() < end) {
    crowd_.begin_step();
    if (shop.is_uniform())
      decide_uniformly();
    else
      ask(shop);
    crowd_.finish_step(shown_.data());
    keep_records();
    if (!shop.is_uniform())
      remember();
    crowd_.settle();
  }
}

void users::decide_uniformly() {
  const auto places = crowd_.shown_to();
  const auto products = market_->items().num_items;
  for (std::size_t i = 0; i < places.size(); ++i)
    shown_users_[i] = crowd_.users()[places[i]];
  core::fill_words(
    {market_->seed(), core::stream::recommend, 0, crowd_.step()}, 0,
    shown_users_.data(), places.size(),
    {{words_[0].data(), words_[1].data(), words_[2].data(), words_[3].data()}});
  for (std::size_t i = 0; i < places.size(); ++i)
    shown_[i] = core::below(words_[0][i], words_[1][i], products);
  propensity_ = 1.0F / static_cast<float>(products);
  propensity_is_ = core::propensity_kind::exact;
}

void users::ask(const policy& shop) {
  const auto places = crowd_.shown_to();
  if (places.empty())
    return;
  demand_.clear();
  for (const auto place : places) {
    const auto user = crowd_.users()[place];
    history_.clear();
    opened_->append_to(history_, user - first_);
    demand_.add(user, crowd_.step(), crowd_.step() * step_ms, history_);
  }
  const auto answer = shop.decide(demand_.get());
  core::expects(answer.slates.items.size() == places.size(),
                "a policy answers every row with a slate of the size asked for");
  std::copy(answer.slates.items.begin(), answer.slates.items.end(), shown_.begin());
  propensities_ = answer.propensities;
  propensity_is_ = answer.propensity_is;
}

void users::keep_records() {
  const auto time = crowd_.step() * step_ms;
  const auto size = crowd_.size();
  std::size_t num_clicks = 0;
  for (std::size_t i = 0; i < size; ++i)
    num_clicks += crowd_.clicked()[i];
  const auto first = records_.size();
  records_.resize(first + size + num_clicks);
  auto* next = records_.data() + first;
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
      opened_->insert(crowd_.users()[i] - first_, crowd_.items()[i]);
}

std::vector<core::session_record> users::take_records() {
  auto taken = std::move(records_);
  records_.clear();
  return taken;
}

core::time_ms users::next_wake() const {
  return crowd_.size() == 0 ? market_->end()
                            : std::min(crowd_.step() * step_ms, market_->end());
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

std::size_t users::memory_bytes() const {
  auto bytes = crowd_.memory_bytes();
  if (opened_)
    bytes += opened_->memory_bytes();
  return bytes;
}

} // namespace souk::sim::reco_gym
