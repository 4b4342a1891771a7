#include "experiments/number_words.hpp"
#include "experiments/report/sentences.hpp"
#include "experiments/report/words.hpp"

#include <algorithm>

namespace souk::experiments {

std::string replay_sentence(const std::vector<core::result_row>& rows) {
  const auto is_of_all = [](const core::result_row& row) {
    return row.stage == "replay" && row.group == "all" && !row.measured;
  };
  const auto hits = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
    return is_of_all(row) && row.metric.rfind("hit_rate@", 0) == 0;
  });
  const auto events = std::find_if(rows.begin(), rows.end(), [&](const auto& row) {
    return is_of_all(row) && row.metric == "events";
  });
  if (hits == rows.end() || events == rows.end())
    return "";
  const auto place = hits->metric.substr(hits->metric.find('@') + 1);
  return "Of " + counted(static_cast<std::uint64_t>(events->mean), "event")
         + " of the log " + grouped(hits->n)
         + " were predicted; the next item was among the first " + place + " of "
         + hits->model + " with a frequency of " + in_words(hits->mean)
         + interval_in_words(*hits) + ".";
}

} // namespace souk::experiments
