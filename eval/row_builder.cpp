#include "eval/row_builder.hpp"

namespace souk::eval {

void row_builder::add(const std::string& model,
                      const std::string& metric,
                      const std::string& group,
                      const interval& found) {
  core::result_row row;
  row.stage = stage_;
  row.model = model;
  row.metric = metric;
  row.group = group;
  row.mean = found.mean;
  row.ci_low = found.low;
  row.ci_high = found.high;
  row.n = found.n;
  rows_.push_back(std::move(row));
}

void row_builder::add(const std::string& model,
                      const std::string& against,
                      const std::string& metric,
                      const std::string& group,
                      const comparison& found) {
  families_[{metric, group.substr(0, group.find('='))}].push_back(rows_.size());
  add(model, metric, group, found.difference);
  rows_.back().against = against;
  rows_.back().p_value = found.p_value;
}

std::vector<core::result_row> row_builder::finish() {
  for (const auto& [name, family] : families_) {
    std::vector<std::optional<double>> p_values;
    p_values.reserve(family.size());
    for (const auto row : family)
      p_values.push_back(rows_[row].p_value);
    const auto corrected = holm_corrected(p_values);
    for (std::size_t i = 0; i < family.size(); ++i)
      rows_[family[i]].p_value = corrected[i];
  }
  families_.clear();
  return std::move(rows_);
}

} // namespace souk::eval
