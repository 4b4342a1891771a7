#include "tests/experiments/report_run.hpp"

namespace souk::experiments {

core::result_row row_of(const std::string& stage,
                        const std::string& model,
                        const std::string& metric,
                        const std::string& group,
                        double mean,
                        double half,
                        std::uint64_t n) {
  core::result_row row;
  row.stage = stage;
  row.model = model;
  row.metric = metric;
  row.group = group;
  row.mean = mean;
  row.ci_low = mean - half;
  row.ci_high = mean + half;
  row.n = n;
  return row;
}

core::result_row
against(core::result_row row, const std::string& other, std::optional<double> p_value) {
  row.against = other;
  row.p_value = p_value;
  return row;
}

finished_run whole_run() {
  finished_run run;
  run.record.name = "sample";
  run.record.seed = 7;
  run.record.souk_version = "0.1.0";
  run.record.souk_commit = "abc";
  run.record.start = "2026-01-01T12:00:00Z";
  run.record.end = "2026-01-01T12:01:00Z";
  run.record.stages = {{"import", 1.5}, {"train", 10}};
  run.record.data = {{"training_users", 1000},
                     {"training_items", 200},
                     {"training_interactions", 54321},
                     {"rows_read", 60000},
                     {"rows_kept", 54321},
                     {"rows_bad", 1},
                     {"dropped: not positive", 5678}};
  run.rows = {
    row_of("offline", "vae", "recall@20", "all", 0.35, 0.02),
    row_of("offline", "popularity", "recall@20", "all", 0.17, 0.02),
    row_of("offline", "vae", "ndcg@100", "all", 0.4, 0.01),
    row_of("offline", "popularity", "ndcg@100", "all", 0.2, 0.01),
    against(row_of("offline", "vae", "ndcg@100", "all", 0.2, 0.015), "popularity",
            0.0002),
    row_of("cold_start", "vae", "ndcg@100", "history=0", 0.19, 0.01, 80),
    row_of("cold_start", "popularity", "ndcg@100", "history=0", 0.21, 0.01, 80),
    row_of("cold_start", "vae", "ndcg@100", "history=all", 0.38, 0.01, 80),
    row_of("cold_start", "popularity", "ndcg@100", "history=all", 0.21, 0.01, 80),
    row_of("online", "popularity", "revenue_per_user", "all", 2.0, 0.1, 3),
    row_of("online", "vae", "revenue_per_user", "all", 2.5, 0.1, 3),
    row_of("online", "reference", "revenue_per_user", "all", 4.0, 0.1, 3),
    against(row_of("online", "popularity", "revenue_per_user", "all", -0.5, 0.2, 3),
            "vae", 0.03),
    row_of("online", "popularity", "satisfaction", "all", 0.4, 0.1, 3),
    row_of("online", "vae", "satisfaction", "all", 0.6, 0.1, 3),
  };
  for (std::uint64_t epoch = 1; epoch <= 3; ++epoch)
    run.points.push_back(
      {"vae", 8 * epoch, epoch, "epoch_loss", 300 / static_cast<double>(epoch)});
  run.configuration = "souk: 1  # sample.yaml:1\n";
  return run;
}

} // namespace souk::experiments
