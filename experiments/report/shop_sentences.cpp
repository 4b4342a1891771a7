#include "experiments/report/sentences.hpp"
#include "experiments/report/words.hpp"

#include <algorithm>
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

} // namespace

std::vector<std::string> shop_sentences(const std::vector<core::result_row>& rows) {
  auto sales = sales_sentence(rows, "revenue_per_user");
  if (sales.empty())
    sales = sales_sentence(rows, "purchases_per_user");
  return {std::move(sales), contentment_sentence(rows)};
}

} // namespace souk::experiments
