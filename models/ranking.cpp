#include "models/ranking.hpp"

#include "core/aligned_vector.hpp"
#include "core/error.hpp"
#include "models/item_mask.hpp"
#include "models/kernels/top_k.hpp"

#include <algorithm>

namespace souk::models {

namespace {

using selections = std::vector<kernels::top_k>;

/// Scores one tile and offers it to each row's selection.
void search_tile(const prepared_rows& prepared,
                 item_mask& mask,
                 core::item_id first_item,
                 kernels::matrix scores,
                 selections& best) {
  prepared.score(first_item, scores);
  mask.hide(first_item, scores);
  for (std::size_t row = 0; row < scores.rows; ++row)
    best[row].offer(first_item, {scores.row(row), scores.columns});
}

void write(const request_rows& rows, selections& best, core::slates& out) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto begin = (rows.begin + row) * out.slate_size;
    best[row].write({out.items.data() + begin, out.slate_size},
                    {out.scores.data() + begin, out.slate_size});
  }
}

} // namespace

ranking::ranking(std::string name, std::unique_ptr<scorer> scores, std::size_t threads)
  : name_{std::move(name)}, scorer_{std::move(scores)}, pool_{threads} {
  // nop
}

void ranking::check(const core::rank_request& request) const {
  core::expects(request.history != nullptr, "a request has a history");
  core::expects(request.slate_size > 0, "a slate has at least one place");
  const auto rows = request.history->num_rows();
  const auto check_matrix = [&](const core::interactions& part, const char* what) {
    if (part.num_items != num_items())
      throw core::error{std::string{what} + " has " + std::to_string(part.num_items)
                          + " items and the model " + std::to_string(num_items()),
                        "recommender " + name_,
                        "use the model with the data that it was trained on"};
    core::expects(part.num_rows() == rows, "a request's parts have the same rows");
  };
  check_matrix(*request.history, "the history");
  if (request.excluded != nullptr)
    check_matrix(*request.excluded, "the mask");
  core::expects(request.assortments == nullptr || request.assortments->size() == rows,
                "a request's parts have the same rows");
  core::expects(request.attributes == nullptr || request.attributes->num_rows == rows,
                "a request's parts have the same rows");
  core::expects(request.posterior == nullptr
                  || (has_posterior() && request.posterior->size() == rows),
                "codes are drawn from a posterior, under a site per row");
}

core::slates ranking::rank(const core::rank_request& request) const {
  check(request);
  const auto rows = request.history->num_rows();
  core::slates out;
  out.slate_size = request.slate_size;
  out.items.resize(rows * request.slate_size);
  out.scores.resize(rows * request.slate_size);
  if (rows > rows_per_batch || pool_.threads() == 1)
    rank_by_batches(request, out);
  else
    rank_by_tiles({request, 0, rows}, out);
  return out;
}

void ranking::rank_by_batches(const core::rank_request& request,
                              core::slates& out) const {
  const kernels::tiling batches{request.history->num_rows(), rows_per_batch};
  const kernels::tiling tiles{num_items(), items_per_tile};
  pool_.parallel_for(batches.count(), [&](std::size_t batch) {
    const request_rows rows{request, batches.begin(batch), batches.end(batch)};
    const auto prepared = scorer_->prepare(rows);
    core::aligned_buffer<float> scores{rows.size() * items_per_tile};
    selections best(rows.size(), kernels::top_k{request.slate_size});
    item_mask mask{rows, 0};
    for (std::size_t tile = 0; tile < tiles.count(); ++tile)
      search_tile(*prepared, mask, static_cast<core::item_id>(tiles.begin(tile)),
                  {scores.data(), rows.size(), tiles.end(tile) - tiles.begin(tile)},
                  best);
    write(rows, best, out);
  });
}

void ranking::rank_by_tiles(const request_rows& rows, core::slates& out) const {
  if (rows.size() == 0)
    return;
  const kernels::tiling tiles{num_items(), items_per_tile};
  const auto prepared = scorer_->prepare(rows);
  std::vector<selections> by_tile(
    tiles.count(), selections(rows.size(), kernels::top_k{rows.request.slate_size}));
  pool_.parallel_for(tiles.count(), [&](std::size_t tile) {
    core::aligned_buffer<float> scores{rows.size() * items_per_tile};
    const auto first_item = static_cast<core::item_id>(tiles.begin(tile));
    item_mask mask{rows, first_item};
    search_tile(*prepared, mask, first_item,
                {scores.data(), rows.size(), tiles.end(tile) - tiles.begin(tile)},
                by_tile[tile]);
  });
  auto& best = by_tile.front();
  for (std::size_t tile = 1; tile < tiles.count(); ++tile)
    for (std::size_t row = 0; row < rows.size(); ++row)
      best[row].offer(by_tile[tile][row]);
  write(rows, best, out);
}

void ranking::score(const core::rank_request& request, core::span<float> out) const {
  check(request);
  const auto num_rows = request.history->num_rows();
  core::expects(out.size() == num_rows * num_items(), "every item has a score");
  const kernels::tiling batches{num_rows, rows_per_batch};
  const kernels::tiling tiles{num_items(), items_per_tile};
  pool_.parallel_for(batches.count(), [&](std::size_t batch) {
    const request_rows rows{request, batches.begin(batch), batches.end(batch)};
    const auto prepared = scorer_->prepare(rows);
    auto* first = out.data() + rows.begin * num_items();
    item_mask mask{rows, 0};
    for (std::size_t tile = 0; tile < tiles.count(); ++tile) {
      const auto first_item = static_cast<core::item_id>(tiles.begin(tile));
      const kernels::matrix scores{first + tiles.begin(tile), rows.size(),
                                   tiles.end(tile) - tiles.begin(tile), num_items()};
      prepared->score(first_item, scores);
      mask.hide(first_item, scores);
    }
  });
}

} // namespace souk::models
