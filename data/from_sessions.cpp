#include "data/from_sessions.hpp"

#include "core/error.hpp"
#include "data/clean.hpp"

namespace souk::data {

core::dataset dataset_from_sessions(core::span<const core::session_record> records,
                                    const simulated_world& world) {
  core::dataset made;
  made.name = world.name;
  made.user_names = world.user_names;
  made.item_names = world.item_names;
  made.user_attributes = world.user_attributes;
  made.item_attributes = world.item_attributes;
  made.has_times = true;
  for (const auto& record : records) {
    if (record.item == core::no_item)
      continue;
    core::expects(record.user < world.user_names.size()
                    && record.item < world.item_names.size(),
                  "a session log knows only users and items of its world");
    core::event event;
    event.user = record.user;
    event.item = record.item;
    event.time = record.time;
    event.price = record.price;
    event.kind = record.kind;
    made.events.push_back(event);
  }
  order_events(made);
  return made;
}

} // namespace souk::data
