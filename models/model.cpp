#include "models/model.hpp"

#include "core/error.hpp"
#include "models/autoencoder_scorer.hpp"
#include "models/ease.hpp"
#include "models/item_knn.hpp"
#include "models/learner.hpp"
#include "models/popularity.hpp"
#include "models/pure_svd.hpp"
#include "models/ranking.hpp"
#include "models/segment_popularity.hpp"

#include <algorithm>
#include <thread>

namespace souk::models {

namespace {

constexpr const char* known_kinds =
  "choose mult_vae, mult_dae, ease, item_knn, pure_svd, popularity or "
  "segment_popularity";

bool is_autoencoder(const std::string& kind) {
  return kind == "mult_vae" || kind == "mult_dae";
}

std::unique_ptr<scorer> make_scorer(core::snapshot model) {
  if (is_autoencoder(model.kind))
    return std::make_unique<autoencoder_scorer>(std::move(model));
  if (model.kind == "ease")
    return make_ease_scorer(std::move(model));
  if (model.kind == "item_knn")
    return make_item_knn_scorer(std::move(model));
  if (model.kind == "pure_svd")
    return make_pure_svd_scorer(std::move(model));
  if (model.kind == "segment_popularity")
    return make_segment_popularity_scorer(std::move(model));
  if (model.kind == "popularity")
    return make_popularity_scorer(model);
  throw core::error{"the kind \"" + model.kind + "\" is unknown", "snapshot",
                    "use a model that this version of souk trained"};
}

} // namespace

bool has_learner(const model_options& options) {
  return is_autoencoder(options.kind);
}

core::snapshot
fit(const model_options& options, const training_set& data, core::progress& progress) {
  core::expects(data.rows != nullptr, "a model is fitted to rows");
  if (data.rows->num_items == 0)
    throw core::error::request("there are no items to learn from",
                               "model " + options.kind,
                               "check the data and its cleaning");
  kernels::worker_pool pool{std::max(1U, std::thread::hardware_concurrency())};
  if (options.kind == "popularity")
    return fit_popularity(*data.rows);
  if (options.kind == "segment_popularity")
    return fit_segment_popularity(options, data);
  if (options.kind == "item_knn")
    return fit_item_knn(options, *data.rows, pool, progress);
  if (options.kind == "pure_svd")
    return fit_pure_svd(options, *data.rows, progress);
  if (options.kind == "ease")
    return fit_ease(options, *data.rows, pool, progress);
  throw core::error::request("the kind \"" + options.kind + "\" cannot be fitted",
                             "model", known_kinds);
}

std::unique_ptr<core::recommender> make_recommender(core::snapshot model,
                                                    std::size_t threads) {
  auto name = model.kind;
  return std::make_unique<ranking>(std::move(name), make_scorer(std::move(model)),
                                   threads);
}

} // namespace souk::models
