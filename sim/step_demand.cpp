#include "sim/step_demand.hpp"

#include "sim/attribute_rows.hpp"

namespace souk::sim {

namespace {

void clear_items(core::interactions& rows) {
  rows.items.clear();
  rows.offsets.assign(1, 0);
}

} // namespace

step_demand::step_demand(const world& market, std::size_t slate_size) {
  demand_.market = &market;
  demand_.slate_size = slate_size;
  demand_.history.num_items = market.items().num_items;
  demand_.barred.num_items = market.items().num_items;
  demand_.offered.num_items = market.items().num_items;
  demand_.attributes = empty_like(market.people().profiles());
}

void step_demand::clear() {
  demand_.users.clear();
  demand_.times.clear();
  demand_.anonymous.clear();
  demand_.queries.clear();
  demand_.sites.clear();
  clear_items(demand_.history);
  clear_items(demand_.barred);
  clear_items(demand_.offered);
  clear_rows(demand_.attributes);
}

void step_demand::add(core::user_id user,
                      std::uint32_t step,
                      core::time_ms time,
                      core::span<const core::item_id> history,
                      core::span<const core::item_id> offered) {
  const auto& market = *demand_.market;
  demand_.users.push_back(user);
  demand_.times.push_back(time);
  demand_.anonymous.push_back(0);
  demand_.queries.push_back(core::session_record::no_query);
  demand_.sites.push_back({market.seed(), core::stream::recommend, user, step});
  demand_.history.append_row(history);
  demand_.barred.append_row({});
  if (!offered.empty())
    demand_.offered.append_row(offered);
  append_row(market.people().profiles(), market.people().draw(market.seed(), user),
             demand_.attributes);
}

} // namespace souk::sim
