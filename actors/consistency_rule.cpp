#include "actors/consistency_rule.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <utility>

namespace souk::actors {

using kind = range_event::kind;

consistency_rule::consistency_rule(const clocks& time) : time_{time} {
  begin(0);
}

void consistency_rule::begin(std::uint64_t cut) {
  core::expects(time_.is_cut(cut), "training begins where a clock does");
  wanted_.clear();
  brought_.clear();
  expected_.resize(time_.workers());
  for (std::uint32_t worker = 0; worker < time_.workers(); ++worker)
    expected_[worker] = time_.first_step({worker, 1}, cut);
}

core::errc consistency_rule::refusal_to_read(std::uint64_t turn) const {
  const auto expected = expected_[time_.worker(turn)];
  if (expected == clocks::never || !comes(turn)
      || (turn != expected && turn != time_.next_turn(expected)))
    return core::errc::not_ready;
  return core::errc::none;
}

core::errc consistency_rule::refusal_to_take(std::uint64_t turn) const {
  const auto expected = expected_[time_.worker(turn)];
  if (turn == expected)
    return core::errc::none;
  return turn < expected ? core::errc::stale_gradient : core::errc::not_ready;
}

void consistency_rule::want(std::uint64_t turn) {
  wanted_.insert(turn);
}

void consistency_rule::bring(std::uint64_t turn) {
  core::expects(refusal_to_take(turn) == core::errc::none,
                "a worker brings its gradients in turn");
  expected_[time_.worker(turn)] = time_.next_turn(turn);
  brought_.insert(turn);
}

std::optional<range_event> consistency_rule::next() {
  const auto event = choose();
  if (event)
    (event->what == kind::read ? wanted_ : brought_).erase(event->turn);
  return event;
}

std::optional<range_event> consistency_rule::first_reader(std::uint64_t last) const {
  for (const auto turn : wanted_)
    if (can_read(turn) && time_.of(turn) <= last)
      return range_event{kind::read, turn};
  return std::nullopt;
}

bool consistency_rule::is_whole(std::uint64_t cut) const {
  const auto turns = time_.turns(cut);
  if (brought_.size() < turns)
    return false;
  for (auto turn = cut; turn < cut + turns; ++turn)
    if (brought_.count(turn) == 0)
      return false;
  return true;
}

namespace {

class lockstep_rule : public consistency_rule {
public:
  using consistency_rule::consistency_rule;

  void begin(std::uint64_t cut) override {
    consistency_rule::begin(cut);
    cut_ = cut;
  }

protected:
  std::optional<range_event> choose() override {
    if (is_whole(cut_)) {
      const range_event all{kind::apply, cut_};
      cut_ = time_.end(cut_);
      brought_.clear();
      return all;
    }
    return first_reader(time_.of(cut_));
  }

private:
  std::uint64_t cut_ = 0; ///< where the present clock begins
};

class ssp_rule : public consistency_rule {
public:
  ssp_rule(std::uint64_t staleness, const clocks& time)
    : consistency_rule{time}, staleness_{staleness} {
    // nop
  }

  void begin(std::uint64_t cut) override {
    consistency_rule::begin(cut);
    cut_ = next_ = cut;
  }

protected:
  std::optional<range_event> choose() override {
    // A clock that was begun is finished before anybody reads.
    if (next_ > cut_ || is_whole(cut_)) {
      const range_event one{kind::apply, next_++};
      if (next_ == cut_ + time_.turns(cut_))
        cut_ = next_ = time_.end(cut_);
      return one;
    }
    return first_reader(time_.of(cut_) + staleness_);
  }

private:
  std::uint64_t staleness_;
  std::uint64_t cut_ = 0;  ///< where the first clock begins that is not applied
  std::uint64_t next_ = 0; ///< its turn to apply
};

class asp_rule : public consistency_rule {
public:
  using consistency_rule::consistency_rule;

protected:
  std::optional<range_event> choose() override {
    // Each was applied before another came, so there is one at most.
    if (!brought_.empty())
      return range_event{kind::apply, *brought_.begin()};
    return first_reader(clocks::never);
  }
};

class repeating_rule : public consistency_rule {
public:
  repeating_rule(range_order order, const clocks& time)
    : consistency_rule{time}, recorded_{std::move(order)} {
    for (const auto& event : recorded_)
      end_ = std::max(end_, event.turn + 1);
    begin(0);
  }

  void begin(std::uint64_t cut) override {
    consistency_rule::begin(cut);
    ahead_.clear();
    std::copy_if(recorded_.begin(), recorded_.end(), std::back_inserter(ahead_),
                 [cut](const range_event& event) { return event.turn >= cut; });
    position_ = 0;
  }

protected:
  bool comes(std::uint64_t turn) const override {
    return turn < end_;
  }

  std::optional<range_event> choose() override {
    if (position_ == ahead_.size())
      return std::nullopt;
    const auto& event = ahead_[position_];
    const auto is_there = event.what == kind::read
                            ? wanted_.count(event.turn) > 0 && can_read(event.turn)
                            : brought_.count(event.turn) > 0;
    if (!is_there)
      return std::nullopt;
    ++position_;
    return event;
  }

private:
  range_order recorded_;
  std::uint64_t end_ = 0; ///< of its turns
  range_order ahead_;     ///< from the cut on
  std::size_t position_ = 0;
};

} // namespace

std::unique_ptr<consistency_rule> make_rule(const consistency_options& options,
                                            const clocks& time) {
  switch (options.kind) {
  case consistency_kind::ssp:
    return std::make_unique<ssp_rule>(options.staleness, time);
  case consistency_kind::asp:
    return std::make_unique<asp_rule>(time);
  default:
    return std::make_unique<lockstep_rule>(time);
  }
}

std::unique_ptr<consistency_rule> make_rule(range_order order, const clocks& time) {
  return std::make_unique<repeating_rule>(std::move(order), time);
}

} // namespace souk::actors
