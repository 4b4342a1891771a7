#include "eval/evaluate.hpp"

#include "core/error.hpp"
#include "eval/judged_slates.hpp"
#include "eval/slate_blocks.hpp"

namespace souk::eval {

evaluation evaluate(const core::recommender& recommender,
                    const core::held_out_set& held_out,
                    const core::attribute_table* dataset_user_attributes,
                    const std::vector<metric>& metrics,
                    core::progress& progress) {
  if (metrics.empty())
    throw core::error::request("there is no metric to evaluate by", recommender.name(),
                               "name at least one, as in ndcg@100");
  ranking_task task{&recommender, &held_out, dataset_user_attributes,
                    rows_to_judge(held_out, 0), longest_cutoff(metrics)};
  evaluation result{recommender.name(), metrics, {}, {}, {}, 0};
  result.num_skipped = held_out.users.size() - task.rows.size();
  for (const auto row : task.rows)
    result.users.push_back(held_out.users[row]);

  judged_slates judged{metrics, held_out.held_out, task.rows.size()};
  rank_in_blocks(
    task, {},
    [&](std::size_t place, core::span<const core::item_id> slate) {
      judged.take(place, task.rows[place], slate);
    },
    [&](std::size_t done) {
      progress.advance("evaluate", done, task.rows.size(), "users", result.model);
    });
  result.values = judged.values();
  result.overall = judged.overall();
  return result;
}

} // namespace souk::eval
