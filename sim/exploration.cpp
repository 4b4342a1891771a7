#include "sim/exploration.hpp"

#include "core/error.hpp"
#include "core/portable_math.hpp"
#include "sim/recommender_request.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace souk::sim {

namespace {

/// The site of a row's exploration; `draw` numbers independent ones.
core::draw_site
exploration_site(const slate_demand& demand, std::size_t row, std::uint32_t draw = 0) {
  auto site = demand.sites[row];
  site.purpose = core::stream::explore;
  site.entity |= static_cast<std::uint64_t>(draw) << 32; // users take 32 of 48 bits
  return site;
}

class epsilon_greedy_policy : public policy {
public:
  epsilon_greedy_policy(std::shared_ptr<const policy> base, double epsilon)
    : base_{std::move(base)}, epsilon_{epsilon} {
    // nop
  }

  std::string name() const override {
    return "epsilon_greedy_" + base_->name();
  }

  policy_slates decide(const slate_demand& demand) const override {
    auto answer = base_->decide(demand);
    const auto places = answer.slates.items.size();
    answer.slates.scores.assign(places, 0.0F);
    answer.propensities.assign(places, 1.0F);
    answer.propensity_is = core::propensity_kind::exact;
    row_filter filter;
    std::vector<core::item_id> allowed;
    std::vector<core::item_id> best;
    for (std::size_t row = 0; row < demand.num_rows(); ++row) {
      filter.turn_to(demand, row);
      allowed.clear();
      for (const auto item : candidates(demand, row))
        if (filter.allows(item))
          allowed.push_back(item);
      auto* slate = answer.slates.items.data() + row * demand.slate_size;
      best.assign(slate, std::find(slate, slate + demand.slate_size, core::no_item));
      explore(exploration_site(demand, row), filter, allowed, best,
              {slate, demand.slate_size},
              answer.propensities.data() + row * demand.slate_size);
    }
    return answer;
  }

private:
  /// Draws one of the candidates that are left.
  static core::item_id draw_one(const core::draw_site& site,
                                std::uint32_t& draws,
                                const row_filter& filter,
                                core::span<const core::item_id> allowed) {
    for (;;) {
      const auto place =
        core::uniform(site, draws++) * static_cast<double>(allowed.size());
      const auto item = allowed[static_cast<std::size_t>(place)];
      if (filter.allows(item))
        return item;
    }
  }

  void explore(const core::draw_site& site,
               row_filter& filter,
               core::span<const core::item_id> allowed,
               core::span<const core::item_id> best,
               core::span<core::item_id> slate,
               float* propensities) const {
    std::uint32_t draws = 0;
    std::size_t next_best = 0;
    const auto length = std::min(slate.size(), allowed.size());
    for (std::size_t j = 0; j < length; ++j) {
      while (next_best < best.size() && !filter.allows(best[next_best]))
        ++next_best;
      const auto has_best = next_best < best.size();
      // Where the base knows nothing more, all places that are left are chance.
      const auto share = has_best ? epsilon_ : 1.0;
      auto item = has_best ? best[next_best] : core::no_item;
      if (core::uniform(site, draws++) < share)
        item = draw_one(site, draws, filter, allowed);
      filter.take(item);
      slate[j] = item;
      const auto left = static_cast<double>(allowed.size() - j);
      const auto is_best = has_best && item == best[next_best];
      propensities[j] =
        static_cast<float>((is_best ? 1 - epsilon_ : 0.0) + share / left);
    }
  }

  std::shared_ptr<const policy> base_;
  double epsilon_;
};

/// Draws a slate from the softmax of scores, place after place.
class softmax_sampler {
public:
  explicit softmax_sampler(double temperature) : temperature_{temperature} {
    // nop
  }

  void draw(const core::draw_site& site,
            core::span<float> scores,
            core::span<core::item_id> slate,
            float* propensities) {
    auto total = weigh(scores);
    for (std::size_t j = 0; j < slate.size(); ++j) {
      if (total == 0) // what is left weighs nothing beside what was taken
        total = weigh(scores);
      if (total == 0)
        return;
      const auto item =
        pick(core::uniform(site, static_cast<std::uint32_t>(j)) * total);
      slate[j] = item;
      propensities[j] = static_cast<float>(weights_[item] / total);
      weights_[item] = 0;
      scores[item] = -std::numeric_limits<float>::infinity();
      total = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    }
  }

private:
  /// Weighs candidates against the best of them; returns the sum.
  double weigh(core::span<const float> scores) {
    weights_.assign(scores.size(), 0);
    const auto best =
      static_cast<double>(*std::max_element(scores.begin(), scores.end()));
    if (!std::isfinite(best))
      return 0;
    for (std::size_t i = 0; i < scores.size(); ++i)
      if (std::isfinite(scores[i]))
        weights_[i] =
          core::portable::exp((static_cast<double>(scores[i]) - best) / temperature_);
    return std::accumulate(weights_.begin(), weights_.end(), 0.0);
  }

  core::item_id pick(double place) const {
    auto last = core::no_item;
    auto sum = 0.0;
    for (core::item_id i = 0; i < weights_.size(); ++i) {
      if (weights_[i] == 0)
        continue;
      last = i;
      sum += weights_[i];
      if (place < sum)
        break;
    }
    return last;
  }

  double temperature_;
  std::vector<double> weights_;
};

class plackett_luce_policy : public policy {
public:
  plackett_luce_policy(std::shared_ptr<const core::recommender> model,
                       double temperature)
    : model_{std::move(model)}, temperature_{temperature} {
    // nop
  }

  std::string name() const override {
    return "plackett_luce_" + model_->name();
  }

  policy_slates decide(const slate_demand& demand) const override {
    auto answer = empty_slates(demand);
    const recommender_request asked{*model_, demand};
    const auto items = model_->num_items();
    std::vector<float> scores(demand.num_rows() * items);
    model_->score(asked.request, scores);
    softmax_sampler sampler{temperature_};
    for (std::size_t row = 0; row < demand.num_rows(); ++row)
      sampler.draw(
        exploration_site(demand, row), {scores.data() + row * items, items},
        {answer.slates.items.data() + row * demand.slate_size, demand.slate_size},
        answer.propensities.data() + row * demand.slate_size);
    return answer;
  }

private:
  std::shared_ptr<const core::recommender> model_;
  double temperature_;
};

class thompson_policy : public policy {
public:
  thompson_policy(std::shared_ptr<const core::recommender> model, std::uint32_t draws)
    : model_{std::move(model)}, draws_{draws} {
    core::expects(model_->has_posterior(), "Thompson sampling needs a posterior");
  }

  std::string name() const override {
    return "thompson_" + model_->name();
  }

  policy_slates decide(const slate_demand& demand) const override {
    policy_slates answer;
    recommender_request asked{*model_, demand};
    answer.slates = rank(demand, asked, 0);
    const auto& items = answer.slates.items;
    std::vector<std::uint32_t> agreements(items.size());
    for (std::uint32_t draw = 1; draw <= draws_; ++draw) {
      const auto other = rank(demand, asked, draw);
      for (std::size_t row = 0; row < demand.num_rows(); ++row)
        count_agreements(answer.slates.row(row), other.row(row),
                         agreements.data() + row * demand.slate_size);
    }
    // The draw that was shown is one of them, so that nothing was shown with chance 0.
    for (const auto count : agreements)
      answer.propensities.push_back(static_cast<float>(count + 1)
                                    / static_cast<float>(draws_ + 1));
    answer.propensity_is = core::propensity_kind::estimated;
    return answer;
  }

private:
  core::slates rank(const slate_demand& demand,
                    recommender_request& asked,
                    std::uint32_t draw) const {
    std::vector<core::draw_site> sites;
    for (std::size_t row = 0; row < demand.num_rows(); ++row)
      sites.push_back(exploration_site(demand, row, draw));
    asked.request.posterior = &sites;
    return model_->rank(asked.request);
  }

  /// Counts at each place whether `other` has the same item as the best of what the
  /// places above left. As long as the slate, `other` cannot run out before it.
  static void count_agreements(core::span<const core::item_id> slate,
                               core::span<const core::item_id> other,
                               std::uint32_t* agreements) {
    for (std::size_t j = 0; j < slate.size(); ++j) {
      const auto* best = std::find_if(other.begin(), other.end(), [&](auto item) {
        return std::find(slate.begin(), slate.begin() + j, item) == slate.begin() + j;
      });
      agreements[j] += best != other.end() && *best == slate[j] ? 1 : 0;
    }
  }

  std::shared_ptr<const core::recommender> model_;
  std::uint32_t draws_;
};

} // namespace

std::unique_ptr<policy> make_epsilon_greedy_policy(std::shared_ptr<const policy> base,
                                                   double epsilon) {
  return std::make_unique<epsilon_greedy_policy>(std::move(base), epsilon);
}

std::unique_ptr<policy>
make_plackett_luce_policy(std::shared_ptr<const core::recommender> model,
                          double temperature) {
  return std::make_unique<plackett_luce_policy>(std::move(model), temperature);
}

std::unique_ptr<policy>
make_thompson_policy(std::shared_ptr<const core::recommender> model,
                     std::uint32_t draws) {
  return std::make_unique<thompson_policy>(std::move(model), draws);
}

} // namespace souk::sim
