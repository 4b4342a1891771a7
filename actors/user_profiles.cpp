#include "actors/user_profiles.hpp"

#include <algorithm>

namespace souk::actors {

namespace {

void add(core::item_id item, std::vector<core::item_id>& ascending) {
  const auto place = std::lower_bound(ascending.begin(), ascending.end(), item);
  if (place == ascending.end() || *place != item)
    ascending.insert(place, item);
}

/// Returns the item's place in a slate, from 1, or 0.
std::uint32_t rank_in(core::span<const core::item_id> slate, core::item_id item) {
  const auto* found = std::find(slate.begin(), slate.end(), item);
  return found == slate.end() ? 0
                              : static_cast<std::uint32_t>(found - slate.begin()) + 1;
}

} // namespace

core::replay_verdict user_profiles::verdict_of(const core::replay_event& event,
                                               const profile& past) const {
  if (event.item == core::no_item)
    return core::replay_verdict::unknown;
  if (!options_.judge_repeats
      && std::binary_search(past.so_far.begin(), past.so_far.end(), event.item))
    return core::replay_verdict::repeated;
  if (!options_.judge_learned && event.is_learned != 0)
    return core::replay_verdict::learned;
  return core::replay_verdict::judged;
}

core::replay_prediction user_profiles::meet(const core::replay_event& event,
                                            std::size_t place,
                                            question& asked) {
  auto& past = profiles_[event.user];
  if (past.position == 0 || past.session != event.session) {
    past.session = event.session;
    past.position = 0;
    past.in_session.clear();
  }
  const auto& given =
    options_.history == given_history::session ? past.in_session : past.so_far;
  const core::replay_prediction met{event.user, 0, ++past.position,
                                    static_cast<std::uint32_t>(given.size()),
                                    verdict_of(event, past)};
  if (met.verdict == core::replay_verdict::judged) {
    asked.history.append_row(given);
    if (!options_.judge_repeats)
      asked.excluded.append_row(past.so_far);
    asked.users.push_back(event.user);
    asked.events.push_back(place);
  }
  if (event.item != core::no_item) {
    add(event.item, past.so_far);
    if (options_.history == given_history::session)
      add(event.item, past.in_session);
  }
  return met;
}

void user_profiles::answer(const question& asked,
                           core::span<const core::replay_event> events,
                           const core::recommender& model,
                           const core::attribute_table* attributes,
                           std::vector<core::replay_prediction>& predictions) const {
  core::attribute_table known;
  core::rank_request request;
  request.history = &asked.history;
  request.excluded = options_.judge_repeats ? nullptr : &asked.excluded;
  request.slate_size = options_.slate_size;
  if (attributes) {
    known = core::select_rows(*attributes, asked.users);
    request.attributes = &known;
  }
  const auto slates = model.rank(request);
  for (std::size_t row = 0; row < asked.events.size(); ++row) {
    const auto place = asked.events[row];
    predictions[place].rank = rank_in(slates.row(row), events[place].item);
  }
}

std::vector<core::replay_prediction>
user_profiles::predict(core::span<const core::replay_event> events,
                       const core::recommender& model,
                       const core::attribute_table* attributes) {
  question asked;
  asked.history.num_items = asked.excluded.num_items =
    static_cast<std::uint32_t>(model.num_items());
  std::vector<core::replay_prediction> predictions;
  predictions.reserve(events.size());
  for (std::size_t place = 0; place < events.size(); ++place)
    predictions.push_back(meet(events[place], place, asked));
  if (!asked.events.empty())
    answer(asked, events, model, attributes, predictions);
  return predictions;
}

} // namespace souk::actors
