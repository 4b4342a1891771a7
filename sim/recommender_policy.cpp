#include "core/error.hpp"
#include "sim/policy.hpp"

#include <algorithm>

namespace souk::sim {

namespace {

class recommender_policy : public policy {
public:
  recommender_policy(std::shared_ptr<const core::recommender> model,
                     std::vector<core::item_id> columns)
    : model_{std::move(model)}, columns_{std::move(columns)} {
    core::expects(columns_.empty() || columns_.size() == model_->num_items(),
                  "a recommender policy names the item of every column");
    for (std::uint32_t column = 0; column < columns_.size(); ++column) {
      if (columns_[column] >= column_of_.size())
        column_of_.resize(columns_[column] + std::size_t{1}, core::no_item);
      column_of_[columns_[column]] = column;
    }
  }

  std::string name() const override {
    return model_->name();
  }

  policy_slates decide(const slate_demand& demand) const override {
    core::expects(!columns_.empty()
                    || model_->num_items() == demand.market->items().num_items,
                  "a recommender without a column map knows all items of its market");
    const auto history = in_columns(demand.history);
    const auto excluded = in_columns(excluded_items(demand));
    core::rank_request request;
    request.history = &history;
    request.excluded = &excluded;
    request.attributes =
      demand.attributes.columns.empty() ? nullptr : &demand.attributes;
    request.slate_size = demand.slate_size;
    policy_slates answer;
    answer.slates = model_->rank(request);
    if (!columns_.empty())
      for (auto& item : answer.slates.items)
        if (item != core::no_item)
          item = columns_[item];
    answer.propensities.assign(answer.slates.items.size(), 1.0F);
    answer.propensity_is = core::propensity_kind::exact;
    return answer;
  }

private:
  /// Translates items to the model's columns; items without one are dropped.
  core::interactions in_columns(core::interactions rows) const {
    if (columns_.empty())
      return rows;
    core::interactions translated;
    translated.num_items = static_cast<std::uint32_t>(columns_.size());
    std::vector<core::item_id> row_items;
    for (std::size_t row = 0; row < rows.num_rows(); ++row) {
      row_items.clear();
      for (const auto item : rows.row(row))
        if (item < column_of_.size() && column_of_[item] != core::no_item)
          row_items.push_back(column_of_[item]);
      std::sort(row_items.begin(), row_items.end());
      translated.append_row(row_items);
    }
    return translated;
  }

  std::shared_ptr<const core::recommender> model_;
  std::vector<core::item_id> columns_;   ///< item of a column
  std::vector<core::item_id> column_of_; ///< column of an item, or `no_item`
};

} // namespace

std::unique_ptr<policy>
make_recommender_policy(std::shared_ptr<const core::recommender> model,
                        std::vector<core::item_id> columns) {
  return std::make_unique<recommender_policy>(std::move(model), std::move(columns));
}

} // namespace souk::sim
