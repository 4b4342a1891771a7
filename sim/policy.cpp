#include "sim/policy.hpp"

#include "sim/best_slate.hpp"
#include "sim/uniform_slate.hpp"

#include <algorithm>
#include <numeric>

namespace souk::sim {

namespace {

class random_policy : public policy {
public:
  std::string name() const override {
    return "random";
  }

  policy_slates decide(const slate_demand& demand) const override {
    auto answer = empty_slates(demand);
    std::vector<core::item_id> allowed;
    for (std::size_t row = 0; row < demand.num_rows(); ++row) {
      auto* slate = answer.slates.items.data() + row * demand.slate_size;
      // Whatever is barred was shown or bought, and so is for sale.
      const auto count = candidates(demand, row).size();
      const auto num_barred = demand.barred.row(row).size();
      const auto most_are_allowed = 2 * (num_barred + demand.slate_size) < count;
      std::size_t num_allowed = count - std::min(count, num_barred);
      if (demand.offered.num_rows() > 0 && num_barred == 0)
        draw_offered(demand, row, slate);
      else if (!has_own_candidates(demand, row) && most_are_allowed)
        draw_and_reject(demand, row, slate);
      else
        num_allowed = shuffle(demand, row, allowed, slate);
      for (std::size_t j = 0; j < std::min(demand.slate_size, num_allowed); ++j)
        answer.propensities[row * demand.slate_size + j] =
          1.0F / static_cast<float>(num_allowed - j);
    }
    return answer;
  }

  bool is_uniform() const override {
    return true;
  }

private:
  static void
  draw_offered(const slate_demand& demand, std::size_t row, core::item_id* slate) {
    draw_uniform_slate(demand.offered.row(row),
                       [&](std::uint32_t index, std::uint64_t bound) {
                         return core::below(demand.sites[row], index, bound);
                       },
                       {slate, demand.slate_size});
  }

  /// Draws candidates until enough are allowed and new: cheap where most are.
  static void
  draw_and_reject(const slate_demand& demand, std::size_t row, core::item_id* slate) {
    const auto all = candidates(demand, row);
    std::uint32_t draws = 0;
    for (std::size_t filled = 0; filled < demand.slate_size;) {
      const auto item = all[core::below(demand.sites[row], draws++, all.size())];
      if (std::find(slate, slate + filled, item) == slate + filled
          && may_show(demand, row, item))
        slate[filled++] = item;
    }
  }

  /// Shuffles the allowed candidates as far as a slate goes; returns how many there
  /// are.
  static std::size_t shuffle(const slate_demand& demand,
                             std::size_t row,
                             std::vector<core::item_id>& allowed,
                             core::item_id* slate) {
    allowed.clear();
    for (const auto item : candidates(demand, row))
      if (may_show(demand, row, item))
        allowed.push_back(item);
    for (std::size_t j = 0; j < std::min(demand.slate_size, allowed.size()); ++j) {
      const auto left = allowed.size() - j;
      const auto pick =
        j + core::below(demand.sites[row], static_cast<std::uint32_t>(j), left);
      std::swap(allowed[j], allowed[pick]);
      slate[j] = allowed[j];
    }
    return allowed.size();
  }
};

class popularity_policy : public policy {
public:
  explicit popularity_policy(std::shared_ptr<const world> market)
    : market_{std::move(market)}, ranking_(market_->items().num_items) {
    std::iota(ranking_.begin(), ranking_.end(), 0U);
    const auto& weights = market_->items().popularity;
    std::stable_sort(ranking_.begin(), ranking_.end(),
                     [&](auto a, auto b) { return weights[a] > weights[b]; });
    rank_of_.resize(ranking_.size());
    for (std::uint32_t rank = 0; rank < ranking_.size(); ++rank)
      rank_of_[ranking_[rank]] = rank;
  }

  std::string name() const override {
    return "popularity";
  }

  policy_slates decide(const slate_demand& demand) const override {
    auto answer = empty_slates(demand);
    row_filter filter;
    std::vector<std::uint32_t> found;
    for (std::size_t row = 0; row < demand.num_rows(); ++row) {
      filter.turn_to(demand, row);
      auto* slate = answer.slates.items.data() + row * demand.slate_size;
      if (!has_own_candidates(demand, row)) {
        fill(filter, ranking_, {slate, demand.slate_size});
        continue;
      }
      found.clear();
      for (const auto item : candidates(demand, row))
        found.push_back(rank_of_[item]);
      std::sort(found.begin(), found.end());
      for (auto& place : found)
        place = ranking_[place];
      fill(filter, found, {slate, demand.slate_size});
    }
    return answer;
  }

private:
  static void fill(const row_filter& filter,
                   core::span<const core::item_id> ranked,
                   core::span<core::item_id> slate) {
    std::size_t filled = 0;
    for (const auto item : ranked) {
      if (filled == slate.size())
        return;
      if (filter.allows(item))
        slate[filled++] = item;
    }
  }

  std::shared_ptr<const world> market_;
  std::vector<core::item_id> ranking_;
  std::vector<std::uint32_t> rank_of_;
};

class reference_policy : public policy {
public:
  std::string name() const override {
    return "reference";
  }

  policy_slates decide(const slate_demand& demand) const override {
    auto answer = empty_slates(demand);
    best_slate_finder finder;
    for (std::size_t row = 0; row < demand.num_rows(); ++row)
      finder.find(
        demand, row,
        {answer.slates.items.data() + row * demand.slate_size, demand.slate_size});
    return answer;
  }
};

} // namespace

policy_slates empty_slates(const slate_demand& demand) {
  policy_slates answer;
  const auto places = demand.num_rows() * demand.slate_size;
  answer.slates.slate_size = demand.slate_size;
  answer.slates.items.assign(places, core::no_item);
  answer.slates.scores.assign(places, 0.0F);
  answer.propensities.assign(places, 1.0F);
  answer.propensity_is = core::propensity_kind::exact;
  return answer;
}

std::unique_ptr<policy> make_random_policy() {
  return std::make_unique<random_policy>();
}

std::unique_ptr<policy> make_popularity_policy(std::shared_ptr<const world> market) {
  return std::make_unique<popularity_policy>(std::move(market));
}

std::unique_ptr<policy> make_reference_policy() {
  return std::make_unique<reference_policy>();
}

} // namespace souk::sim
