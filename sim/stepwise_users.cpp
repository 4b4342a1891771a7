#include "sim/stepwise_users.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace souk::sim {

stepwise_users::stepwise_users(std::shared_ptr<const world> market,
                               core::user_id first,
                               std::size_t count,
                               std::size_t slate_size)
  : market_{std::move(market)}, first_{first}, count_{count}, demand_{*market_,
                                                                      slate_size} {
  // nop
}

void stepwise_users::live(core::time_ms start, core::time_ms end, const policy& shop) {
  core::expects(start <= next_wake(), "a population's ticks follow one another");
  end = std::min(end, market_->end());
  const auto is_asked = !shop.is_uniform();
  if (is_asked && !opened_)
    opened_.emplace(count_, market_->items().num_items);
  while (next_wake() < end) {
    begin_step();
    if (is_asked)
      ask(shop);
    else
      decide_uniformly();
    finish_step();
    keep_records();
    if (is_asked)
      remember();
    settle();
  }
}

void stepwise_users::ask(const policy& shop) {
  demand_.clear();
  gather_demand();
  if (demand_.get().empty())
    return;
  auto shown = shop.decide(demand_.get());
  core::expects(shown.slates.items.size() == demand_.get().num_rows() * slate_size(),
                "a policy answers every row with a slate of the size asked for");
  core::expects(shown.propensity_is == core::propensity_kind::none
                  || shown.propensities.size() == shown.slates.items.size(),
                "propensities are parallel to slates");
  take_slates(std::move(shown));
}

void stepwise_users::want(core::user_id user, core::span<const core::item_id> offered) {
  history_.clear();
  opened_->append_to(history_, user - first_);
  demand_.add(user, present_step(), now(), history_, offered);
}

core::session_record* stepwise_users::add_records(std::size_t most) {
  const auto first = records_.size();
  records_.resize(first + most);
  return records_.data() + first;
}

void stepwise_users::trim_records(const core::session_record* end) {
  records_.resize(static_cast<std::size_t>(end - records_.data()));
}

std::vector<core::session_record> stepwise_users::take_records() {
  auto taken = std::move(records_);
  records_.clear();
  return taken;
}

core::time_ms stepwise_users::next_wake() const {
  return num_living() == 0 ? market_->end() : std::min(now(), market_->end());
}

std::size_t stepwise_users::memory_bytes() const {
  return state_bytes() + (opened_ ? opened_->memory_bytes() : 0);
}

} // namespace souk::sim
