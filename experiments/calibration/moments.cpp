#include "experiments/calibration/moments.hpp"

#include "core/portable_math.hpp"
#include "eval/intervals.hpp"
#include "eval/realism/popularity.hpp"
#include "eval/realism/samples.hpp"
#include "experiments/calibration/nelder_mead.hpp"
#include "experiments/calibration/parameters.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

namespace souk::experiments {

namespace {

using namespace eval::realism;

bool has(const visit_log& visits, core::event_kind kind) {
  return visits.kinds[static_cast<std::size_t>(kind)] > 0;
}

/// Weights of `count` bins with mean 1, from how often each is seen and how often it
/// could have been.
std::vector<double> weights_of(const std::vector<double>& seen,
                               const std::vector<double>& possible) {
  std::vector<double> weights;
  auto sum = 0.0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    weights.push_back(possible[i] > 0 ? seen[i] / possible[i] : 0);
    sum += weights.back();
  }
  for (auto& weight : weights)
    weight = four_digits(weight / sum * static_cast<double>(weights.size()));
  return weights;
}

void fit_calendar(const behaviour& log,
                  const visit_log& visits,
                  sim::simulation_options& options,
                  identifications& notes) {
  std::vector<double> hours(24);
  std::vector<double> weekdays(7);
  for (const auto& each : visits.visits) {
    const auto time = visits.events[each.first].time;
    hours[static_cast<std::size_t>(hour_of(time))] += 1;
    weekdays[weekday_of(time)] += 1;
  }
  std::vector<double> days_of_week(7);
  const auto first_day = log.first_time() / core::day_ms;
  const auto last_day = log.last_time() / core::day_ms;
  for (auto day = first_day; day <= last_day; ++day)
    days_of_week[weekday_of(day * core::day_ms)] += 1;
  options.days = static_cast<std::uint32_t>(last_day - first_day + 1);
  options.calendar.start_weekday = weekday_of(first_day * core::day_ms);
  options.calendar.hours = weights_of(hours, std::vector<double>(24, 1));
  notes["calendar.hours"] = "hours at which sessions start";
  notes["days"] = "time from the first to the last event";
  notes["calendar.start_weekday"] = "weekday of the first event";
  if (options.days < 7)
    return;
  options.calendar.weekdays = weights_of(weekdays, days_of_week);
  notes["calendar.weekdays"] = "weekdays on which sessions start";
}

/// Where the search for activity starts. Whoever has no session in the window is not in
/// the log, so that the mean of those seen is too high; the search corrects it.
void start_activity(const visit_log& visits,
                    sim::simulation_options& options,
                    identifications& notes) {
  notes["temperament.sessions_per_day"] = "mean of user_sessions";
  notes["temperament.activity_spread"] = "variance of user_sessions";
  const auto sessions = sessions_per_user(visits).values;
  const auto mean = eval::mean_of(sessions);
  const auto excess =
    std::max(0.05, (eval::variance_of(sessions) - mean) / (mean * mean));
  options.temperament.sessions_per_day = four_digits(mean / options.days);
  // A Poisson count whose rate is log-normal has variance m + m^2 (e^(s^2) - 1).
  options.temperament.activity_spread =
    four_digits(std::sqrt(core::portable::log1p(excess)));
}

/// Where the search for lists starts: the median, and the spreads between and within
/// users of the logarithm, of which a Weibull law of shape k explains pi^2 / (6 k^2).
void start_lists(const visit_log& visits,
                 sim::simulation_options& options,
                 identifications& notes) {
  const auto baskets = basket_sizes(visits);
  auto ascending = baskets.values;
  std::sort(ascending.begin(), ascending.end());
  auto within = 0.0;
  auto freedom = 0.0;
  std::vector<double> logarithms;
  for (std::uint32_t user = 0; user < baskets.num_users(); ++user) {
    std::vector<double> of_user;
    for (auto i = baskets.offsets[user]; i < baskets.offsets[user + 1]; ++i)
      of_user.push_back(core::portable::log(baskets.values[i]));
    logarithms.insert(logarithms.end(), of_user.begin(), of_user.end());
    if (of_user.size() > 1) {
      within += eval::variance_of(of_user) * static_cast<double>(of_user.size() - 1);
      freedom += static_cast<double>(of_user.size() - 1);
    }
  }
  auto& list = options.shopping_list;
  list.items = four_digits(eval::quantile_of(ascending, 0.5));
  notes["shopping_list.items"] = "median of basket_size";
  if (freedom < 1 || within <= 0)
    return;
  notes["shopping_list.shape"] = "variance of log basket_size within users";
  notes["shopping_list.user_spread"] = "variance of log basket_size between users";
  constexpr double weibull_log_sd = 1.2825498301618641; // pi / sqrt(6)
  list.shape =
    four_digits(std::clamp(weibull_log_sd / std::sqrt(within / freedom), 0.3, 5.0));
  list.user_spread = four_digits(
    std::sqrt(std::max(0.01, eval::variance_of(logarithms) - within / freedom)));
}

/// Where the search for popularity starts: the Zipf-Mandelbrot law whose rank curve is
/// nearest to the log's.
void start_popularity(const rank_counts& counts,
                      sim::simulation_options& options,
                      identifications& notes) {
  notes["catalogue.popularity_exponent"] = notes["catalogue.popularity_shift"] =
    "popularity_curve";
  const auto law = [&](const std::vector<double>& at) {
    rank_counts made;
    for (std::size_t rank = 0; rank < counts.size(); ++rank)
      made.push_back(static_cast<std::uint64_t>(
        1
        + 1e9
            * core::portable::pow(
              1 + static_cast<double>(rank) / core::portable::exp(at[1]),
              -core::portable::exp(at[0]))));
    return curve_distance(made, counts);
  };
  const auto bounded = [&](const std::vector<double>& at) {
    const auto outside = std::max({0.0, std::fabs(at[0]) - 3, std::fabs(at[1]) - 12});
    return outside > 0 ? 1 + outside : law(at);
  };
  const auto start = std::vector<double>{
    0, core::portable::log(1 + static_cast<double>(counts.size()) / 20)};
  const auto found = nelder_mead(bounded, start, {1, 120, 0.5});
  options.catalogue.popularity_exponent = four_digits(core::portable::exp(found.at[0]));
  options.catalogue.popularity_shift =
    four_digits(std::max(0.0, core::portable::exp(found.at[1]) - 1));
}

void fit_items(const visit_log& visits,
               sim::simulation_options& options,
               identifications& notes) {
  const auto counts = count_ranks(visits, user_weights(visits.num_users(), 1));
  options.catalogue.items = static_cast<std::uint32_t>(counts.size());
  notes["catalogue.items"] = "items with events";
  start_popularity(counts, options, notes);
  std::unordered_map<core::item_id, float> prices;
  for (const auto& event : visits.events)
    if (event.price > 0)
      prices.emplace(event.item, event.price);
  if (prices.size() < 20)
    return;
  std::vector<double> logarithms;
  for (const auto& [item, price] : prices)
    logarithms.push_back(core::portable::log(static_cast<double>(price)));
  std::sort(logarithms.begin(), logarithms.end());
  auto& catalogue = options.catalogue;
  catalogue.price_median =
    four_digits(core::portable::exp(eval::quantile_of(logarithms, 0.5)));
  const auto before =
    std::sqrt(catalogue.price_spread_between * catalogue.price_spread_between
              + catalogue.price_spread_within * catalogue.price_spread_within);
  const auto scale =
    before > 0 ? std::sqrt(eval::variance_of(logarithms)) / before : 1.0;
  catalogue.price_spread_between = four_digits(catalogue.price_spread_between * scale);
  catalogue.price_spread_within = four_digits(catalogue.price_spread_within * scale);
  notes["catalogue.price_median"] = "median of items' prices";
  notes["catalogue.price_spread_between"] = notes["catalogue.price_spread_within"] =
    "sd of items' log prices; its division is the starting block's";
}

/// From the last purchase of the same item by the same user to its return.
void fit_return_delay(const behaviour& log,
                      sim::simulation_options& options,
                      identifications& notes) {
  auto sum = 0.0;
  std::uint64_t matched = 0;
  std::unordered_map<core::item_id, core::time_ms> bought;
  auto user = core::no_user;
  for (const auto& event : log.events) {
    if (event.user != user)
      bought.clear();
    user = event.user;
    if (event.kind == core::event_kind::purchase)
      bought[event.item] = event.time;
    const auto found = bought.find(event.item);
    if (event.kind != core::event_kind::product_return || found == bought.end())
      continue;
    sum += static_cast<double>(event.time - found->second) / core::day_ms;
    ++matched;
  }
  if (matched < 20 || sum <= 0)
    return;
  options.funnel.return_days = four_digits(sum / static_cast<double>(matched));
  notes["funnel.return_days"] = "mean days from an item's purchase to its return";
}

} // namespace

void fit_moments(const behaviour& log,
                 const visit_log& visits,
                 sim::simulation_options& options,
                 identifications& notes) {
  fit_items(visits, options, notes);
  if (!log.has_times)
    return;
  fit_calendar(log, visits, options, notes);
  start_activity(visits, options, notes);
  fit_return_delay(log, options, notes);
  const auto repeats = repeat_shares(visits);
  if (has(visits, core::event_kind::purchase) && eval::mean_of(repeats.values) > 0) {
    options.exclude_bought = false;
    notes["exclude_bought"] = "repeats: items are bought again";
  }
  if (!has(visits, core::event_kind::click) && has(visits, core::event_kind::purchase))
    start_lists(visits, options, notes);
}

} // namespace souk::experiments
