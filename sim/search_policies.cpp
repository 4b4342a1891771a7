#include "sim/search_policies.hpp"

#include "sim/recommender_request.hpp"

#include <algorithm>

namespace souk::sim {

namespace {

/// Cormack et al.'s constant, which keeps the very first ranks from deciding alone.
constexpr double fusion_constant = 60;

bool searches(const slate_demand& demand, std::size_t row) {
  return demand.queries[row] != core::session_record::no_query;
}

core::span<core::item_id> slate_of(policy_slates& answer, std::size_t row) {
  const auto size = answer.slates.slate_size;
  return {answer.slates.items.data() + row * size, size};
}

class bm25_policy : public policy {
public:
  explicit bm25_policy(std::shared_ptr<const world> market)
    : front_page_{make_popularity_policy(std::move(market))} {
    // nop
  }

  std::string name() const override {
    return "bm25";
  }

  policy_slates decide(const slate_demand& demand) const override {
    auto answer = front_page_->decide(demand);
    row_filter filter;
    for (std::size_t row = 0; row < demand.num_rows(); ++row) {
      if (!searches(demand, row))
        continue;
      filter.turn_to(demand, row);
      const auto slate = slate_of(answer, row);
      std::fill(slate.begin(), slate.end(), core::no_item);
      std::size_t filled = 0;
      for (const auto item : candidates(demand, row))
        if (filled < slate.size() && filter.allows(item))
          slate[filled++] = item;
    }
    return answer;
  }

private:
  std::unique_ptr<policy> front_page_;
};

class bm25_profile_policy : public policy {
public:
  bm25_profile_policy(std::shared_ptr<const core::recommender> model, double weight)
    : model_{std::move(model)}, weight_{weight} {
    // nop
  }

  std::string name() const override {
    return "bm25_profile_" + model_->name();
  }

  policy_slates decide(const slate_demand& demand) const override {
    const recommender_request asked{*model_, demand};
    auto answer = empty_slates(demand);
    answer.slates = model_->rank(asked.request);
    rerank_searches(demand, asked, answer);
    return answer;
  }

private:
  struct found_item {
    double score;
    core::item_id item;
  };

  void rerank_searches(const slate_demand& demand,
                       const recommender_request& asked,
                       policy_slates& answer) const {
    std::vector<std::uint32_t> rows;
    std::size_t longest = 0;
    for (std::uint32_t row = 0; row < demand.num_rows(); ++row)
      if (searches(demand, row)) {
        rows.push_back(row);
        longest = std::max(longest, candidates(demand, row).size());
      }
    if (rows.empty() || longest == 0)
      return;
    const auto history = core::select_rows(demand.history, rows);
    const auto barred = core::select_rows(demand.barred, rows);
    std::vector<core::assortment> assortments;
    for (const auto row : rows)
      assortments.push_back(asked.assortments[row]);
    const auto attributes = core::select_rows(demand.attributes, rows);
    core::rank_request request;
    request.history = &history;
    request.excluded = &barred;
    request.assortments = &assortments;
    request.attributes = asked.request.attributes == nullptr ? nullptr : &attributes;
    request.slate_size = longest;
    const auto ranked = model_->rank(request);
    row_filter filter;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      filter.turn_to(demand, rows[i]);
      fuse(filter, candidates(demand, rows[i]), ranked.row(i),
           slate_of(answer, rows[i]));
    }
  }

  void fuse(const row_filter& filter,
            core::span<const core::item_id> by_text,
            core::span<const core::item_id> by_profile,
            core::span<core::item_id> slate) const {
    std::vector<found_item> found;
    for (std::size_t rank = 0; rank < by_text.size(); ++rank) {
      const auto item = by_text[rank];
      if (!filter.allows(item))
        continue;
      const auto* place = std::find(by_profile.begin(), by_profile.end(), item);
      const auto profile_rank = static_cast<double>(place - by_profile.begin());
      found.push_back({(1 - weight_) / (fusion_constant + static_cast<double>(rank) + 1)
                         + weight_ / (fusion_constant + profile_rank + 1),
                       item});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.score > b.score; });
    std::fill(slate.begin(), slate.end(), core::no_item);
    for (std::size_t j = 0; j < std::min(slate.size(), found.size()); ++j)
      slate[j] = found[j].item;
  }

  std::shared_ptr<const core::recommender> model_;
  double weight_;
};

} // namespace

std::unique_ptr<policy> make_bm25_policy(std::shared_ptr<const world> market) {
  return std::make_unique<bm25_policy>(std::move(market));
}

std::unique_ptr<policy>
make_bm25_profile_policy(std::shared_ptr<const core::recommender> model,
                         double weight) {
  return std::make_unique<bm25_profile_policy>(std::move(model), weight);
}

} // namespace souk::sim
