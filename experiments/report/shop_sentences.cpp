#include "eval/popularity_rows.hpp"
#include "experiments/number_words.hpp"
#include "experiments/report/sentences.hpp"
#include "experiments/report/words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace souk::experiments {

namespace {

/// The policy that knows what shoppers want: what others are measured by, no
/// competitor.
bool is_reference(const core::result_row& row) {
  return row.model == "reference";
}

std::string in_percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f%%", 100 * share);
  return text;
}

std::string change_in_percent(double share) {
  return (share < 0 ? "" : "+") + in_percent(share);
}

std::string more_in_percent(const core::result_row& a, const core::result_row& b) {
  return b.mean > 0 ? in_percent(a.mean / b.mean - 1) : in_words(a.mean - b.mean);
}

std::string against_runner_up(const std::vector<core::result_row>& rows,
                              const core::result_row& best,
                              const core::result_row& other) {
  auto text = more_in_percent(best, other) + " more than " + other.model;
  const auto pair = compared(rows, best, other.model);
  if (!pair)
    return text;
  text += " in the same worlds";
  if (pair->p_value)
    text += " (" + certainty_of(*pair)
            + (*pair->p_value < 0.05 ? ")" : ", so it may be chance)");
  else
    text += " (one world: no interval)";
  return text;
}

std::string sales_sentence(const std::vector<core::result_row>& rows,
                           const std::string& metric) {
  auto order = ranked(rows, "online", metric, "all");
  const auto reference = std::find_if(order.begin(), order.end(), is_reference);
  const auto known = reference == order.end() ? core::result_row{} : *reference;
  order.erase(std::remove_if(order.begin(), order.end(), is_reference), order.end());
  if (order.empty())
    return "";
  const auto& best = order.front();
  const auto what =
    metric == "revenue_per_user" ? " of revenue per user" : " purchases per user";
  auto text = "In " + counted(best.n, "simulated world") + ", " + best.model
              + (order.size() > 1 ? " sells most: " : " comes to ")
              + in_words(best.mean) + what + interval_in_words(best);
  if (order.size() > 1)
    text += ", " + against_runner_up(rows, best, order[1]);
  text += ".";
  if (known.mean > 0)
    text += " The reference policy, which knows what every shopper wants, comes to "
            + in_words(known.mean) + ".";
  return text;
}

std::string contentment_sentence(const std::vector<core::result_row>& rows) {
  const auto order = ranked(rows, "online", "satisfaction", "all");
  if (order.size() < 2)
    return "";
  return "Shoppers are most content with " + order.front().model + " (satisfaction "
         + in_words(order.front().mean) + " of 1) and least with " + order.back().model
         + " (" + in_words(order.back().mean) + ").";
}

/// How far clicks gather on few items, and whether they did so in the data.
std::string popularity_sentence(const std::vector<core::result_row>& rows) {
  auto order = ranked(rows, "online", "popularity_share", "top=1%");
  const auto is_real = [](const auto& row) {
    return row.model == eval::real_events;
  };
  const auto found = std::find_if(order.begin(), order.end(), is_real);
  const auto real = found == order.end() ? core::result_row{} : *found;
  order.erase(std::remove_if(order.begin(), order.end(), is_real), order.end());
  if (order.size() < 2)
    return "";
  auto text = "The most popular 1% of the items have " + in_percent(order.front().mean)
              + " of all clicks under " + order.front().model + " and "
              + in_percent(order.back().mean) + " under " + order.back().model;
  if (real.mean > 0)
    text += "; in the training data they have " + in_percent(real.mean);
  return text + ".";
}

/// How far a row's interval is from saying nothing; below 0: it may be chance.
double sureness(const core::result_row& row) {
  return std::max(row.ci_low, -row.ci_high);
}

/// How much a policy gains where shoppers were made its own way.
std::string own_kind_sentence(const std::vector<core::result_row>& rows) {
  const core::result_row* surest = nullptr;
  for (const auto& row : rows)
    if (row.stage == "online" && row.metric == "own_kind_advantage"
        && (surest == nullptr || sureness(row) > sureness(*surest)))
      surest = &row;
  if (surest == nullptr)
    return "";
  if (sureness(*surest) <= 0)
    return "Whether shoppers of a policy's own kind favour it cannot be told from "
           "chance.";
  return "Shoppers of its own kind (generator "
         + surest->group.substr(surest->group.find('=') + 1) + ") change most for "
         + surest->model + ": " + change_in_percent(surest->mean)
         + " of what policies come to on average, beyond what those of other kinds "
           "lead "
           "to expect (95% interval "
         + change_in_percent(surest->ci_low) + " to "
         + change_in_percent(surest->ci_high) + ").";
}

/// Whether the simulated shoppers rank policies as held-out people do. The order of two
/// or three says nothing.
std::string agreement_sentence(const std::vector<core::result_row>& rows) {
  const std::string start = "kendall_tau(purchases_per_user, ";
  const core::result_row* told = nullptr;
  const auto is_better = [&](const core::result_row& row) {
    const auto is_ndcg = [&](const auto& each) {
      return each.metric.compare(start.size(), 5, "ndcg@") == 0;
    };
    return told == nullptr || (is_ndcg(row) && !is_ndcg(*told));
  };
  for (const auto& row : rows)
    if (row.stage == "online" && row.group == "all" && row.n > 3
        && row.metric.rfind(start, 0) == 0 && is_better(row))
      told = &row;
  if (told == nullptr)
    return "";
  const auto metric =
    told->metric.substr(start.size(), told->metric.size() - start.size() - 1);
  return "Simulated purchases rank " + grouped(told->n) + " policies"
         + " as held-out users do by " + metric + " with Kendall's tau "
         + in_words(told->mean) + interval_in_words(*told) + ".";
}

} // namespace

std::vector<std::string> shop_sentences(const std::vector<core::result_row>& rows) {
  auto sales = sales_sentence(rows, "revenue_per_user");
  if (sales.empty())
    sales = sales_sentence(rows, "purchases_per_user");
  return {std::move(sales), contentment_sentence(rows), popularity_sentence(rows),
          own_kind_sentence(rows), agreement_sentence(rows)};
}

} // namespace souk::experiments
