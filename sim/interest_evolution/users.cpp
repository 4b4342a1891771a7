#include "sim/interest_evolution/users.hpp"

#include "core/error.hpp"
#include "sim/uniform_slate.hpp"

#include <algorithm>
#include <array>

namespace souk::sim::interest_evolution {

namespace {

/// Users whose policy's words are drawn together, two draws each.
constexpr std::size_t users_at_once = 128;
constexpr std::uint32_t draws_at_once = 4;

} // namespace

users::users(std::shared_ptr<const world> market,
             core::user_id first,
             std::uint32_t count)
  : stepwise_users{market, first, count, market->options().slate_size},
    audience_{market->interest_evolution(), market->seed(), first, count},
    slates_(count * slate_size()) {
  sums_[tally::users] = count;
}

void users::decide_uniformly() {
  core::draw_site site{market().seed(), core::stream::recommend, 0, audience_.step()};
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
        {slate(begin + i), slate_size()});
    }
  }
  same_propensities_ = true;
  propensity_is_ = core::propensity_kind::exact;
  propensities_.resize(slate_size());
  const auto candidates = market().interest_evolution()->options.candidates;
  for (std::size_t j = 0; j < slate_size(); ++j)
    propensities_[j] = 1.0F / static_cast<float>(candidates - j);
}

void users::gather_demand() {
  for (std::size_t i = 0; i < audience_.size(); ++i)
    want(audience_.user(i), audience_.candidates(i));
}

void users::take_slates(policy_slates shown) {
  std::copy(shown.slates.items.begin(), shown.slates.items.end(), slates_.begin());
  for (std::size_t i = 0; i < audience_.size(); ++i)
    for (std::size_t j = 0; j < slate_size() && slate(i)[j] != core::no_item; ++j)
      core::expects(std::binary_search(audience_.candidates(i).begin(),
                                       audience_.candidates(i).end(), slate(i)[j]),
                    "a slate shows what is offered");
  same_propensities_ = false;
  propensities_ = std::move(shown.propensities);
  propensity_is_ = shown.propensity_is;
}

void users::keep_records() {
  const auto size = audience_.size();
  auto* next = add_records(size * (slate_size() + 1));
  for (std::size_t i = 0; i < size; ++i) {
    core::session_record record;
    record.time = now();
    record.user = audience_.user(i);
    record.slate = audience_.step();
    // A step has a record for each place (a shorter slate leaves numbers free), and one
    // more for a click.
    record.step = static_cast<std::uint32_t>(audience_.step() * slate_size())
                  + audience_.clicks_before(i);
    record.propensity_is = propensity_is_;
    const auto* propensities =
      propensities_.data() + (same_propensities_ ? 0 : i * slate_size());
    const auto* own = next;
    for (std::size_t j = 0; j < slate_size() && slate(i)[j] != core::no_item; ++j) {
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
  trim_records(next);
}

void users::remember() {
  for (std::size_t i = 0; i < audience_.size(); ++i)
    if (audience_.chosen(i) != audience::no_choice)
      opened(audience_.user(i), slate(i)[audience_.chosen(i)]);
}

market_totals users::totals() const {
  market_totals sums;
  sums.groups["all"] = sums_;
  return sums;
}

} // namespace souk::sim::interest_evolution
