#include "sim/slate_demand.hpp"

#include <algorithm>

namespace souk::sim {

namespace {

bool searches(const slate_demand& demand, std::size_t row) {
  return demand.queries[row] != core::session_record::no_query;
}

bool offers(const slate_demand& demand) {
  return demand.offered.num_rows() > 0;
}

/// Returns a row's own candidates, ascending.
core::span<const core::item_id> own_candidates(const slate_demand& demand,
                                               std::size_t row) {
  return offers(demand) ? demand.offered.row(row)
                        : demand.market->search().sorted_results(demand.queries[row]);
}

} // namespace

bool has_own_candidates(const slate_demand& demand, std::size_t row) {
  return offers(demand) || searches(demand, row);
}

core::span<const core::item_id> candidates(const slate_demand& demand,
                                           std::size_t row) {
  if (offers(demand))
    return demand.offered.row(row);
  return searches(demand, row) ? demand.market->search().results(demand.queries[row])
                               : demand.market->for_sale(demand.day(row));
}

bool may_show(const slate_demand& demand, std::size_t row, core::item_id item) {
  if (demand.market->items().launch_day[item] > demand.day(row))
    return false;
  const auto barred = demand.barred.row(row);
  return !std::binary_search(barred.begin(), barred.end(), item);
}

void row_filter::turn_to(const slate_demand& demand, std::size_t row) {
  const auto& items = demand.market->items();
  if (barred_.size() != items.num_items || ++turn_ == 0) {
    barred_.assign(items.num_items, 0);
    turn_ = 1;
  }
  for (const auto item : demand.barred.row(row))
    barred_[item] = turn_;
  launch_day_ = items.launch_day.data();
  day_ = demand.day(row);
}

std::vector<core::assortment> assortments_of(const slate_demand& demand) {
  std::vector<core::assortment> assortments(demand.num_rows());
  for (std::size_t row = 0; row < demand.num_rows(); ++row) {
    if (has_own_candidates(demand, row))
      assortments[row].only = own_candidates(demand, row);
    assortments[row].without = demand.market->not_yet_for_sale(demand.day(row));
  }
  return assortments;
}

} // namespace souk::sim
