#include "eval/realism/statistics.hpp"

#include "eval/intervals.hpp"
#include "eval/realism/co_occurrence.hpp"
#include "eval/realism/popularity.hpp"
#include "eval/realism/samples.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace souk::eval::realism {

namespace {

using sampler = user_values (*)(const visit_log&);

/// With fewer values a distribution function is a guess.
constexpr std::size_t fewest_values = 20;

/// With fewer expected meetings of a pair its lift is noise.
constexpr double fewest_meetings = 2;

/// If fewer neighbours than this are told apart in time, a log gives sessions one time.
constexpr double fewest_ordered = 0.05;

/// What the middle of a sample is told by.
enum class summary { median, mean };

double middle(user_values sample, summary by) {
  if (by == summary::mean)
    return mean_of(sample.values);
  std::sort(sample.values.begin(), sample.values.end());
  return quantile_of(sample.values, 0.5);
}

class statistics_builder {
public:
  statistics_builder(const visit_log& ours, const visit_log& theirs)
    : ours_{ours}, theirs_{theirs} {
    // nop
  }

  void leave_out(const std::string& name, const std::string& reason) {
    made_.missing.push_back({name, reason});
  }

  void add_sample(const std::string& name,
                  const std::string& unit,
                  const user_values& ours,
                  const user_values& theirs,
                  summary by = summary::median) {
    for (const auto& [sample, whose] :
         {std::pair{&ours, "the first log"}, std::pair{&theirs, "the second log"}})
      if (sample->values.size() < fewest_values)
        return leave_out(
          name, std::string{whose} + " has " + std::to_string(sample->values.size())
                  + " values, fewer than " + std::to_string(fewest_values));
    const auto between = std::make_shared<sample_pair>(ours, theirs);
    const auto within = std::make_shared<sample_pair>(theirs, theirs);
    statistic added{name, "KS", unit, middle(ours, by), middle(theirs, by), {}, {}, {}};
    if (by == summary::median)
      added.wasserstein = between->wasserstein(user_weights(ours.num_users(), 1),
                                               user_weights(theirs.num_users(), 1));
    added.between = [between](const auto& a, const auto& b) {
      return between->kolmogorov_smirnov(a, b);
    };
    added.within = [within](const auto& a, const auto& b) {
      return within->kolmogorov_smirnov(a, b);
    };
    made_.compared.push_back(std::move(added));
  }

  void add_timed(const std::string& name, const std::string& unit, sampler collect) {
    if (!ours_.has_times || !theirs_.has_times)
      return leave_out(name, std::string{ours_.has_times ? "the second" : "the first"}
                               + " log has no times");
    add_sample(name, unit, collect(ours_), collect(theirs_));
  }

  void add_number(const std::string& name, double (*number)(const rank_counts&)) {
    const auto of = [number](const visit_log& log, const user_weights& weights) {
      return number(count_ranks(log, weights));
    };
    const auto distance = [of](const visit_log& a, const visit_log& b) {
      return [of, &a, &b](const user_weights& x, const user_weights& y) {
        return std::fabs(of(a, x) - of(b, y));
      };
    };
    made_.compared.push_back({name,
                              "difference",
                              "",
                              of(ours_, user_weights(ours_.num_users(), 1)),
                              of(theirs_, user_weights(theirs_.num_users(), 1)),
                              {},
                              distance(ours_, theirs_),
                              distance(theirs_, theirs_)});
  }

  void add_curve() {
    const auto distance = [](const visit_log& a, const visit_log& b) {
      return [&a, &b](const user_weights& x, const user_weights& y) {
        return curve_distance(count_ranks(a, x), count_ranks(b, y));
      };
    };
    const auto share = [](const visit_log& log) {
      return top_fifth_share(count_ranks(log, user_weights(log.num_users(), 1)));
    };
    made_.compared.push_back({"popularity_curve",
                              "KS",
                              "top fifth",
                              share(ours_),
                              share(theirs_),
                              {},
                              distance(ours_, theirs_),
                              distance(theirs_, theirs_)});
  }

  void add_co_occurrence() {
    const auto ours = std::make_shared<co_occurrences>(ours_);
    const auto theirs = std::make_shared<co_occurrences>(theirs_);
    if (std::min(ours->expected_sessions(), theirs->expected_sessions())
        < fewest_meetings)
      return leave_out("co_occurrence",
                       "even popular items hardly meet in sessions: too sparse");
    const auto distance = [](auto a, auto b) {
      return [a, b](const user_weights& x, const user_weights& y) {
        return kolmogorov_smirnov(a->lifts(x), b->lifts(y));
      };
    };
    const auto median = [](const co_occurrences& pairs, std::uint32_t users) {
      return quantile_of(pairs.lifts(user_weights(users, 1)), 0.5);
    };
    made_.compared.push_back({"co_occurrence",
                              "KS",
                              "lift",
                              median(*ours, ours_.num_users()),
                              median(*theirs, theirs_.num_users()),
                              {},
                              distance(ours, theirs),
                              distance(theirs, theirs)});
  }

  void add_funnel(const std::string& name, core::event_kind from, core::event_kind to) {
    for (const auto kind : {from, to})
      for (const auto& [log, whose] :
           {std::pair{&ours_, "the first log"}, std::pair{&theirs_, "the second log"}})
        if (log->kinds[static_cast<std::size_t>(kind)] == 0)
          return leave_out(name, std::string{whose} + " has no " + core::to_string(kind)
                                   + "s");
    add_sample(name, "share", funnel_step(ours_, from, to),
               funnel_step(theirs_, from, to), summary::mean);
  }

  void add_transitions() {
    for (const auto& [log, whose] :
         {std::pair{&ours_, "the first log"}, std::pair{&theirs_, "the second log"}}) {
      const auto neighbours = log->events.size() - log->visits.size();
      const auto ordered = transition_steps(*log).values.size();
      if (!log->has_times
          || static_cast<double>(ordered)
               < fewest_ordered * static_cast<double>(neighbours))
        return leave_out("transitions", std::string{"in "} + whose
                                          + " a session's events have one time");
    }
    add_timed("transitions", "tenths", transition_steps);
  }

  statistics take() {
    return std::move(made_);
  }

private:
  const visit_log& ours_;
  const visit_log& theirs_;
  statistics made_;
};

} // namespace

statistics compare_statistics(const visit_log& ours, const visit_log& theirs) {
  using kind = core::event_kind;
  statistics_builder build{ours, theirs};
  build.add_timed("session_length", "events", session_lengths);
  build.add_timed("session_gaps", "days", session_gaps);
  build.add_timed("hours", "hours", session_hours);
  build.add_timed("weekdays", "days", session_weekdays);
  build.add_funnel("click_to_cart", kind::click, kind::cart);
  build.add_funnel("cart_to_purchase", kind::cart, kind::purchase);
  build.add_funnel("click_to_purchase", kind::click, kind::purchase);
  build.add_funnel("purchase_to_return", kind::purchase, kind::product_return);
  build.add_curve();
  build.add_number("popularity_exponent", tail_exponent);
  build.add_number("popularity_gini", gini);
  build.add_number("popularity_top_fifth", top_fifth_share);
  build.add_timed("repeats", "share", repeat_shares);
  const auto purchases = static_cast<std::size_t>(kind::purchase);
  if (ours.kinds[purchases] == 0 || theirs.kinds[purchases] == 0) {
    const auto reason =
      std::string{ours.kinds[purchases] == 0 ? "the first" : "the second"}
      + " log has no purchases";
    build.leave_out("basket_size", reason);
    build.leave_out("inter_purchase", reason);
  } else {
    build.add_timed("basket_size", "items", basket_sizes);
    build.add_timed("inter_purchase", "days", inter_purchase_days);
  }
  build.add_sample("user_activity", "events", events_per_user(ours),
                   events_per_user(theirs));
  build.add_timed("user_sessions", "sessions", sessions_per_user);
  build.add_co_occurrence();
  build.add_transitions();
  return build.take();
}

} // namespace souk::eval::realism
