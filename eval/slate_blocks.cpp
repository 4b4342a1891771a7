#include "eval/slate_blocks.hpp"

#include "core/error.hpp"

#include <algorithm>

namespace souk::eval {

namespace {

/// As many users as the fastest ranking measured takes at a time.
constexpr std::size_t users_per_block = 2500;

void check(const ranking_task& task) {
  const auto& held_out = *task.held_out;
  core::expects(held_out.fold_in.num_rows() == held_out.users.size()
                  && held_out.held_out.num_rows() == held_out.users.size(),
                "a held-out set has two rows per user");
  core::expects(task.slate_size > 0, "a slate has places");
  const auto& name = task.recommender->name();
  if (task.recommender->num_items() != held_out.fold_in.num_items)
    throw core::error("the model ranks " + std::to_string(task.recommender->num_items())
                        + " items, the split has "
                        + std::to_string(held_out.fold_in.num_items),
                      name, "evaluate it on the split that it was trained on");
  if (task.attributes == nullptr)
    return;
  for (const auto row : task.rows)
    if (held_out.users[row] >= task.attributes->num_rows)
      throw core::error("user " + std::to_string(held_out.users[row])
                          + " has no row in the table of attributes",
                        name, "import the dataset again");
}

core::interactions shown_rows(const core::interactions& fold_in,
                              const std::vector<std::uint32_t>& rows,
                              const shown_part& shown) {
  core::interactions history;
  history.num_items = fold_in.num_items;
  for (const auto row : rows) {
    const auto items = fold_in.row(row);
    const auto times = fold_in.times_of_row(row);
    std::vector<core::item_id> kept;
    std::vector<core::time_ms> kept_times;
    for (const auto position : shown(row)) {
      kept.push_back(items[position]);
      if (!times.empty())
        kept_times.push_back(times[position]);
    }
    history.append_row(kept, kept_times);
  }
  return history;
}

core::attribute_table attributes_of(const ranking_task& task,
                                    const std::vector<std::uint32_t>& rows) {
  if (task.attributes == nullptr)
    return {};
  std::vector<core::user_id> users;
  users.reserve(rows.size());
  for (const auto row : rows)
    users.push_back(task.held_out->users[row]);
  return core::select_rows(*task.attributes, users);
}

core::slates rank_block(const ranking_task& task,
                        const shown_part& shown,
                        const std::vector<std::uint32_t>& rows) {
  const auto excluded = core::select_rows(task.held_out->fold_in, rows);
  const auto history =
    shown ? shown_rows(task.held_out->fold_in, rows, shown) : core::interactions{};
  const auto attributes = attributes_of(task, rows);
  core::rank_request request;
  request.history = shown ? &history : &excluded;
  request.excluded = &excluded;
  request.attributes = task.attributes == nullptr ? nullptr : &attributes;
  request.slate_size = task.slate_size;
  auto slates = task.recommender->rank(request);
  core::expects(slates.slate_size == task.slate_size
                  && slates.num_rows() == rows.size(),
                "a recommender gives a slate per row, of the size asked for");
  return slates;
}

} // namespace

void rank_in_blocks(const ranking_task& task,
                    const shown_part& shown,
                    const slate_visitor& visit,
                    const std::function<void(std::size_t done)>& advanced) {
  check(task);
  for (std::size_t first = 0; first < task.rows.size(); first += users_per_block) {
    const auto last = std::min(first + users_per_block, task.rows.size());
    const std::vector<std::uint32_t> rows(
      task.rows.begin() + static_cast<std::ptrdiff_t>(first),
      task.rows.begin() + static_cast<std::ptrdiff_t>(last));
    const auto slates = rank_block(task, shown, rows);
    for (std::size_t place = first; place < last; ++place)
      visit(place, slates.row(place - first));
    advanced(last);
  }
}

std::vector<std::uint32_t> rows_to_judge(const core::held_out_set& held_out,
                                         std::size_t min_fold_in) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < held_out.users.size(); ++row)
    if (!held_out.held_out.row(row).empty()
        && held_out.fold_in.row(row).size() >= min_fold_in)
      rows.push_back(row);
  return rows;
}

} // namespace souk::eval
