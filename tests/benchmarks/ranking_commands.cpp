#include "core/clock.hpp"
#include "core/error.hpp"
#include "eval/evaluate.hpp"
#include "models/model.hpp"
#include "tests/benchmarks/commands.hpp"
#include "tests/benchmarks/counts.hpp"
#include "tests/benchmarks/machine_limits.hpp"
#include "tests/benchmarks/medians.hpp"
#include "tests/benchmarks/memory_use.hpp"
#include "tests/benchmarks/random_model.hpp"
#include "tests/benchmarks/ranking_products.hpp"
#include "tests/benchmarks/training_rows.hpp"

#include <algorithm>

namespace souk::benchmarks {

namespace {

constexpr std::size_t rounds = 3;
constexpr std::size_t slate_size = 100;
constexpr std::size_t hidden = 600; // the random model's

/// Hides every fifth item of the first `count` users, who come again if there are
/// fewer.
core::held_out_set users_to_rank(const core::interactions& rows, std::uint32_t count) {
  core::held_out_set users;
  users.fold_in.num_items = users.held_out.num_items = rows.num_items;
  for (std::uint32_t user = 0; user < count; ++user) {
    std::vector<core::item_id> shown;
    std::vector<core::item_id> asked;
    for (const auto item : rows.row(user % rows.num_rows()))
      ((shown.size() + asked.size()) % 5 == 4 ? asked : shown).push_back(item);
    users.users.push_back(user);
    users.fold_in.append_row(shown);
    users.held_out.append_row(asked);
  }
  return users;
}

struct ranking_speed {
  double users_per_second = 0; ///< median of the rounds
  double ndcg = 0;
};

/// Ranks and judges as `souk evaluate` does.
ranking_speed evaluate_speed(const core::recommender& model,
                             const core::held_out_set& users) {
  const auto metrics = eval::parse_metrics({"recall@20", "recall@50", "ndcg@100"});
  core::silent_progress nobody;
  ranking_speed speed;
  std::vector<double> seconds;
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto began = core::seconds_now();
    const auto result = eval::evaluate(model, users, nullptr, metrics, nobody);
    seconds.push_back(core::seconds_now() - began);
    speed.ndcg = result.overall.back();
  }
  speed.users_per_second =
    static_cast<double>(users.users.size()) / quantile(seconds, 0.5);
  return speed;
}

void check(const rank_request& request) {
  refuse_zero(request.users, "--users");
  refuse_zero(request.threads, "--threads");
}

} // namespace

nlohmann::ordered_json rank(const rank_request& request) {
  check(request);
  const auto users = users_to_rank(rows_of(request.data), request.users);
  const auto model =
    models::make_recommender(random_mult_vae(users.fold_in.num_items), request.threads);
  const memory_above before;
  const auto speed = evaluate_speed(*model, users);
  const auto memory = before.mb();
  const auto products =
    ranking_products_per_second(model->num_items(), request.threads);
  return {{"shape", request.data.shape},
          {"model", model->name()},
          {"users", request.users},
          {"items", model->num_items()},
          {"threads", request.threads},
          {"ndcg@100", speed.ndcg},
          {"users_per_second", speed.users_per_second},
          {"products_per_second", products},
          {"peak_mb", memory}};
}

nlohmann::ordered_json rank_one_user(const data_choice& data, std::uint32_t requests) {
  refuse_zero(requests, "--requests");
  const auto users = users_to_rank(rows_of(data), requests);
  const auto model =
    models::make_recommender(random_mult_vae(users.fold_in.num_items), 1);
  std::vector<double> milliseconds;
  const memory_above before;
  for (std::uint32_t user = 0; user < requests; ++user) {
    core::interactions history;
    history.num_items = users.fold_in.num_items;
    history.append_row(users.fold_in.row(user));
    core::rank_request asked;
    asked.history = asked.excluded = &history;
    asked.slate_size = slate_size;
    const auto began = core::seconds_now();
    const auto slate = model->rank(asked);
    milliseconds.push_back((core::seconds_now() - began) * 1e3);
    core::expects(slate.num_rows() == 1, "a user gets a slate");
  }
  const auto memory = before.mb();
  const auto decoder_bytes =
    static_cast<double>(model->num_items() * hidden * sizeof(float));
  return {{"shape", data.shape},
          {"model", model->name()},
          {"requests", requests},
          {"items", model->num_items()},
          {"threads", 1},
          {"p50_ms", quantile(milliseconds, 0.5)},
          {"p99_ms", quantile(milliseconds, 0.99)},
          {"read_ms", decoder_bytes / read_gb_per_second(1) / 1e6},
          {"peak_mb", memory}};
}

nlohmann::ordered_json fit_and_rank_ease(const rank_request& request) {
  check(request);
  const auto rows = rows_of(request.data);
  const auto users = users_to_rank(rows, request.users);
  models::model_options options;
  options.kind = "ease";
  core::silent_progress nobody;
  const auto began = core::seconds_now();
  auto fitted = models::fit(options, {&rows, nullptr}, nobody);
  const auto seconds = core::seconds_now() - began;
  const auto model = models::make_recommender(std::move(fitted), request.threads);
  const auto speed = evaluate_speed(*model, users);
  return {{"shape", request.data.shape}, {"model", model->name()},
          {"users", request.users},      {"items", model->num_items()},
          {"threads", request.threads},  {"fit_seconds", seconds},
          {"ndcg@100", speed.ndcg},      {"users_per_second", speed.users_per_second},
          {"peak_mb", peak_mb()}};
}

} // namespace souk::benchmarks
