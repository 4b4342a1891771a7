#include "sim/delayed_events.hpp"

#include "core/error.hpp"

namespace souk::sim {

void delayed_events::push(std::size_t user, const delayed_event& event) {
  std::uint32_t place;
  if (free_.empty()) {
    place = static_cast<std::uint32_t>(pool_.size());
    pool_.emplace_back();
  } else {
    place = free_.back();
    free_.pop_back();
  }
  auto* link = &first_[user];
  while (*link != none && pool_[*link].event.time <= event.time)
    link = &pool_[*link].next;
  pool_[place] = {event, *link};
  *link = place;
}

delayed_event delayed_events::pop(std::size_t user) {
  const auto place = first_[user];
  core::expects(place != none, "a delayed event is taken where there is one");
  first_[user] = pool_[place].next;
  free_.push_back(place);
  return pool_[place].event;
}

void delayed_events::postpone(std::size_t user, core::time_ms time) {
  for (auto place = first_[user]; place != none; place = pool_[place].next) {
    auto& due = pool_[place].event.time;
    if (due >= time)
      return;
    due = time;
  }
}

} // namespace souk::sim
