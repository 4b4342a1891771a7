#include "core/error.hpp"
#include "sim/policy.hpp"
#include "sim/recommender_request.hpp"

namespace souk::sim {

namespace {

class recommender_policy : public policy {
public:
  explicit recommender_policy(std::shared_ptr<const core::recommender> model)
    : model_{std::move(model)} {
    // nop
  }

  std::string name() const override {
    return model_->name();
  }

  policy_slates decide(const slate_demand& demand) const override {
    const recommender_request asked{*model_, demand};
    policy_slates answer;
    answer.slates = model_->rank(asked.request);
    answer.propensities.assign(answer.slates.items.size(), 1.0F);
    answer.propensity_is = core::propensity_kind::exact;
    return answer;
  }

private:
  std::shared_ptr<const core::recommender> model_;
};

} // namespace

recommender_request::recommender_request(const core::recommender& model,
                                         const slate_demand& demand)
  : assortments{assortments_of(demand)} {
  core::expects(model.num_items() == demand.market->items().num_items,
                "a recommender knows all items of its market");
  request.history = &demand.history;
  request.excluded = &demand.barred;
  request.assortments = &assortments;
  request.attributes = demand.attributes.columns.empty() ? nullptr : &demand.attributes;
  request.slate_size = demand.slate_size;
}

std::unique_ptr<policy>
make_recommender_policy(std::shared_ptr<const core::recommender> model) {
  return std::make_unique<recommender_policy>(std::move(model));
}

} // namespace souk::sim
