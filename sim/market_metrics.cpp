#include "sim/market_totals.hpp"

namespace souk::sim {

namespace {

constexpr double cents = 100;
constexpr double millionths = 1e6;

/// Writes the metrics of one group.
class metric_writer {
public:
  metric_writer(const std::string& group,
                const tallies& sums,
                std::vector<world_metric>& out)
    : group_{group}, sums_{sums}, out_{out} {
    // nop
  }

  void count(const char* name, tally what, double unit = 1) {
    const auto value = static_cast<double>(sums_[what]) / unit;
    out_.push_back(
      {name, group_, value, static_cast<std::uint64_t>(sums_[what]), true});
  }

  /// Writes a sum divided by another, where the other is not zero.
  void mean(const char* name, tally sum, tally over, double unit = 1) {
    const auto n = sums_[over];
    if (n > 0)
      out_.push_back({name, group_,
                      static_cast<double>(sums_[sum]) / unit / static_cast<double>(n),
                      static_cast<std::uint64_t>(n)});
  }

  void items() {
    count("impressions", tally::impressions);
    count("clicks", tally::clicks);
    mean("click_through_rate", tally::clicks, tally::impressions);
    mean("cart_rate", tally::carts, tally::clicks);
    mean("purchase_rate", tally::purchases, tally::carts);
    count("purchases", tally::purchases);
    count("revenue", tally::revenue, cents);
    mean("return_rate", tally::returns, tally::purchases);
  }

  /// How far what was shown came: by world, so that intervals can be over worlds, which
  /// products of the rates' means could not have.
  void funnel() {
    mean("carts_per_impression", tally::carts, tally::impressions);
    mean("purchases_per_impression", tally::purchases, tally::impressions);
    const auto kept = sums_[tally::purchases] - sums_[tally::returns];
    const auto shown = sums_[tally::impressions];
    if (shown > 0)
      out_.push_back({"kept_per_impression", group_,
                      static_cast<double>(kept) / static_cast<double>(shown),
                      static_cast<std::uint64_t>(shown)});
  }

  void slates() {
    count("slates", tally::slates);
    mean("slate_click_rate", tally::clicks, tally::slates);
    mean("expected_slate_value", tally::slate_value, tally::slates, millionths);
    mean("regret", tally::regret, tally::regret_slates, millionths);
    mean("ndcg", tally::ndcg, tally::regret_slates, millionths);
  }

  void sessions() {
    count("sessions", tally::sessions);
    count("searches", tally::searches);
    mean("clicks_per_session", tally::clicks, tally::sessions);
    mean("conversion", tally::converted, tally::sessions);
    mean("satisfaction", tally::satisfaction, tally::sessions_ended, millionths);
    mean("rating", tally::stars, tally::ratings);
  }

  void users() {
    count("users", tally::users);
    if (sums_[tally::sessions] == 0 && sums_[tally::slates] > 0) {
      mean("slates_per_user", tally::slates, tally::users);
      mean("views_per_user", tally::views, tally::users);
      return;
    }
    mean("sessions_per_user", tally::sessions, tally::users);
    mean("purchases_per_user", tally::purchases, tally::users);
    mean("revenue_per_user", tally::revenue, tally::users, cents);
    mean("churn", tally::departures, tally::users);
  }

private:
  const std::string& group_;
  const tallies& sums_;
  std::vector<world_metric>& out_;
};

} // namespace

std::vector<world_metric> metrics(const market_totals& totals) {
  std::vector<world_metric> result;
  for (const auto& [group, sums] : totals.groups) {
    metric_writer writer{group, sums, result};
    writer.items();
    if (group == "all" && sums[tally::carts] > 0)
      writer.funnel();
    // A group says by its counts whether slates, sessions and users were sorted by it.
    if (sums[tally::slates] > 0)
      writer.slates();
    if (sums[tally::sessions] > 0)
      writer.sessions();
    if (sums[tally::users] > 0)
      writer.users();
  }
  return result;
}

} // namespace souk::sim
