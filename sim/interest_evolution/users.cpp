#include "sim/interest_evolution/users.hpp"

#include "core/error.hpp"
#include "sim/uniform_slate.hpp"

#include <algorithm>
#include <array>

namespace souk::sim::interest_evolution {

namespace {

constexpr core::time_ms step_ms = core::second_ms;

/// Users whose policy's words are drawn together, two draws each.
constexpr std::size_t users_at_once = 128;
constexpr std::uint32_t draws_at_once = 4;

} // namespace

users::users(std::shared_ptr<const world> market,
             core::user_id first,
             std::uint32_t count)
  : market_{std::move(market)}, first_{first},
    slate_size_{market_->options().slate_size}, audience_{market_->interest_evolution(),
                                                          market_->seed(), first,
                                                          count},
    slates_(count * slate_size_), demand_{*market_, slate_size_} {
  sums_[tally::users] = count;
}

void users::live(core::time_ms start, core::time_ms end, const policy& shop) {
  core::expects(start <= next_wake(), "a population's ticks follow one another");
  end = std::min(end, market_->end());
  if (!shop.is_uniform() && !watched_)
    watched_.emplace(static_cast<std::size_t>(sums_[tally::users]),
                     market_->items().num_items);
  while (next_wake() < end) {
    audience_.begin_step();
    if (shop.is_uniform())
      decide_uniformly();
    else
      ask(shop);
    audience_.finish_step(slates_.data());
    keep_records();
    if (!shop.is_uniform())
      remember();
    audience_.settle();
  }
}

void users::decide_uniformly() {
  core::draw_site site{market_->seed(), core::stream::recommend, 0, audience_.step()};
  std::array<core::user_id, users_at_once> who;
  std::array<std::array<std::uint32_t, users_at_once>, 2 * draws_at_once> words;
  for (std::size_t begin = 0; begin < audience_.size(); begin += users_at_once) {
    const auto count = std::min(users_at_once, audience_.size() - begin);
    for (std::size_t i = 0; i < count; ++i)
      who[i] = audience_.user(begin + i);
    for (std::uint32_t counter = 0; counter < draws_at_once / 2; ++counter)
      core::fill_words(
        site, counter, who.data(), count,
        {{words[4 * counter].data(), words[4 * counter + 1].data(),
          words[4 * counter + 2].data(), words[4 * counter + 3].data()}});
    for (std::size_t i = 0; i < count; ++i) {
      site.entity = who[i];
      draw_uniform_slate(
        audience_.candidates(begin + i),
        [&](std::uint32_t index, std::uint64_t bound) -> std::uint64_t {
          return index < draws_at_once
                   ? core::below(words[2 * index][i], words[2 * index + 1][i],
                                 static_cast<std::uint32_t>(bound))
                   : core::below(site, index, bound);
        },
        {slate(begin + i), slate_size_});
    }
  }
  same_propensities_ = true;
  propensity_is_ = core::propensity_kind::exact;
  propensities_.resize(slate_size_);
  const auto candidates = market_->interest_evolution()->options.candidates;
  for (std::size_t j = 0; j < slate_size_; ++j)
    propensities_[j] = 1.0F / static_cast<float>(candidates - j);
}

void users::ask(const policy& shop) {
  demand_.clear();
  for (std::size_t i = 0; i < audience_.size(); ++i) {
    history_.clear();
    watched_->append_to(history_, audience_.user(i) - first_);
    demand_.add(audience_.user(i), audience_.step(), audience_.step() * step_ms,
                history_, audience_.candidates(i));
  }
  auto answer = shop.decide(demand_.get());
  core::expects(answer.slates.items.size() == audience_.size() * slate_size_,
                "a policy answers every row with a slate of the size asked for");
  std::copy(answer.slates.items.begin(), answer.slates.items.end(), slates_.begin());
  for (std::size_t i = 0; i < audience_.size(); ++i)
    for (std::size_t j = 0; j < slate_size_ && slate(i)[j] != core::no_item; ++j)
      core::expects(std::binary_search(audience_.candidates(i).begin(),
                                       audience_.candidates(i).end(), slate(i)[j]),
                    "a slate shows what is offered");
  same_propensities_ = false;
  propensities_ = std::move(answer.propensities);
  propensity_is_ = answer.propensity_is;
}

void users::keep_records() {
  const auto size = audience_.size();
  const auto first = records_.size();
  records_.resize(first + size * (slate_size_ + 1));
  auto* next = records_.data() + first;
  for (std::size_t i = 0; i < size; ++i) {
    core::session_record record;
    record.time = audience_.step() * step_ms;
    record.user = audience_.user(i);
    record.slate = audience_.step();
    // A step has a record for each place, and one more for a click.
    record.step = static_cast<std::uint32_t>(audience_.step() * slate_size_)
                  + audience_.clicks_before(i);
    record.propensity_is = propensity_is_;
    const auto* propensities =
      propensities_.data() + (same_propensities_ ? 0 : i * slate_size_);
    const auto* own = next;
    for (std::size_t j = 0; j < slate_size_ && slate(i)[j] != core::no_item; ++j) {
      record.item = slate(i)[j];
      record.position = static_cast<std::uint16_t>(j);
      if (propensity_is_ != core::propensity_kind::none)
        record.propensity = propensities[j];
      *next++ = record;
      ++record.step;
    }
    sums_[tally::impressions] += next - own;
    if (audience_.chosen(i) == audience::no_choice)
      continue;
    *next = own[audience_.chosen(i)];
    next->step = record.step;
    next->kind = core::event_kind::click;
    ++next;
    ++sums_[tally::clicks];
  }
  sums_[tally::slates] += static_cast<std::int64_t>(size);
  for (std::size_t i = 0; i < size; ++i)
    sums_[tally::slate_value] +=
      in_millionths(static_cast<double>(audience_.click_chance(i)));
  records_.resize(static_cast<std::size_t>(next - records_.data()));
}

void users::remember() {
  for (std::size_t i = 0; i < audience_.size(); ++i)
    if (audience_.chosen(i) != audience::no_choice)
      watched_->insert(audience_.user(i) - first_, slate(i)[audience_.chosen(i)]);
}

std::vector<core::session_record> users::take_records() {
  auto taken = std::move(records_);
  records_.clear();
  return taken;
}

core::time_ms users::next_wake() const {
  return audience_.size() == 0 ? market_->end()
                               : std::min(audience_.step() * step_ms, market_->end());
}

market_totals users::totals() const {
  market_totals sums;
  sums.groups["all"] = sums_;
  return sums;
}

std::size_t users::memory_bytes() const {
  auto bytes = audience_.memory_bytes();
  if (watched_)
    bytes += watched_->memory_bytes();
  return bytes;
}

} // namespace souk::sim::interest_evolution
