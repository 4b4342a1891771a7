#include "models/item_knn.hpp"

#include "core/error.hpp"
#include "models/co_occurrence.hpp"
#include "models/kernels/top_k.hpp"
#include "models/popularity.hpp"
#include "models/snapshot_checks.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace souk::models {

namespace {

constexpr std::size_t items_per_job = 32;

/// A target's most similar sources, best first; the tail may be empty places.
struct neighbourhoods {
  std::size_t size = 0;
  std::vector<core::item_id> sources; ///< [num_items, size]
  std::vector<float> similarities;    ///< [num_items, size]
};

neighbourhoods find_neighbours(std::size_t size,
                               const core::interactions& rows,
                               kernels::worker_pool& pool,
                               core::progress& progress) {
  const co_occurrence pairs{rows};
  const kernels::tiling jobs{rows.num_items, items_per_job};
  neighbourhoods found{size, {}, {}};
  found.sources.resize(rows.num_items * size);
  found.similarities.resize(rows.num_items * size);
  std::atomic<std::uint64_t> done{0};
  pool.parallel_for(jobs.count(), [&](std::size_t job) {
    std::vector<float> similarities(rows.num_items);
    for (auto item = jobs.begin(job); item < jobs.end(job); ++item) {
      std::fill(similarities.begin(), similarities.end(), 0.0F);
      const auto target = static_cast<core::item_id>(item);
      pairs.add_row(target, rows.num_items - 1, similarities.data());
      similarities[item] = 0;
      const auto target_users = static_cast<double>(pairs.users_of(target).size());
      for (core::item_id source = 0; source < rows.num_items; ++source)
        if (similarities[source] > 0)
          similarities[source] = static_cast<float>(
            static_cast<double>(similarities[source])
            / std::sqrt(target_users
                        * static_cast<double>(pairs.users_of(source).size())));
      kernels::top_k best{size};
      best.offer(0, similarities);
      best.write({found.sources.data() + item * size, size},
                 {found.similarities.data() + item * size, size});
    }
    progress.advance("item_knn", done += jobs.end(job) - jobs.begin(job),
                     rows.num_items, "items", "");
  });
  return found;
}

/// Turns neighbourhoods of targets into rows by source, which is how users come.
void store_by_source(const neighbourhoods& found,
                     std::size_t num_items,
                     core::snapshot& model) {
  std::vector<std::uint32_t> offsets(num_items + 1);
  const auto over_pairs = [&](const auto& body) {
    for (std::size_t place = 0; place < found.sources.size(); ++place)
      if (found.sources[place] != core::no_item && found.similarities[place] > 0)
        body(found.sources[place], static_cast<core::item_id>(place / found.size),
             found.similarities[place]);
  };
  over_pairs([&](core::item_id source, core::item_id, float) {
    ++offsets[source + std::size_t{1}];
  });
  for (std::size_t item = 0; item < num_items; ++item)
    offsets[item + 1] += offsets[item];
  core::named_tensor targets;
  core::named_tensor similarities;
  targets.integers.resize(offsets.back());
  similarities.floats.resize(offsets.back());
  targets.shape = similarities.shape = {offsets.back()};
  auto next = offsets;
  over_pairs([&](core::item_id source, core::item_id target, float similarity) {
    targets.integers[next[source]] = target;
    similarities.floats[next[source]++] = similarity;
  });
  model.tensors["offsets"] = {{num_items + 1}, {}, std::move(offsets)};
  model.tensors["targets"] = std::move(targets);
  model.tensors["similarities"] = std::move(similarities);
}

class item_knn_scorer : public scorer {
public:
  explicit item_knn_scorer(core::snapshot model)
    : model_{std::move(model)}, counts_{load_item_counts(
                                  model_, whole_number(model_, "num_items"))},
      offsets_{integers_of(model_, "offsets", {counts_.size() + 1}).integers} {
    const auto size = std::uint64_t{offsets_.back()};
    if (!std::is_sorted(offsets_.begin(), offsets_.end()) || offsets_.front() != 0)
      refuse_snapshot(model_, "the tensor \"offsets\" does not ascend");
    for (const auto target : integers_of(model_, "targets", {size}).integers)
      if (target >= counts_.size())
        refuse_snapshot(model_, "the tensor \"targets\" names an unknown item");
    floats_of(model_, "similarities", {size});
  }

  std::size_t num_items() const override {
    return counts_.size();
  }

  std::unique_ptr<prepared_rows> prepare(const request_rows& rows) const override;

  void score(core::span<const core::item_id> history,
             core::item_id first_item,
             core::span<float> out) const;

private:
  core::snapshot model_;
  std::vector<float> counts_;
  const std::vector<std::uint32_t>& offsets_;
};

class prepared_neighbours : public prepared_rows {
public:
  prepared_neighbours(const item_knn_scorer& model, const request_rows& rows)
    : model_{model}, rows_{rows} {
    // nop
  }

  void score(core::item_id first_item, kernels::matrix out) const override {
    for (std::size_t row = 0; row < rows_.size(); ++row)
      model_.score(rows_.request.history->row(rows_.begin + row), first_item,
                   {out.row(row), out.columns});
  }

private:
  const item_knn_scorer& model_;
  request_rows rows_;
};

std::unique_ptr<prepared_rows>
item_knn_scorer::prepare(const request_rows& rows) const {
  return std::make_unique<prepared_neighbours>(*this, rows);
}

void item_knn_scorer::score(core::span<const core::item_id> history,
                            core::item_id first_item,
                            core::span<float> out) const {
  const auto is_source = [&](core::item_id item) {
    return offsets_[item] < offsets_[item + std::size_t{1}];
  };
  if (std::none_of(history.begin(), history.end(), is_source)) {
    std::copy_n(counts_.data() + first_item, out.size(), out.begin());
    return;
  }
  const auto& targets = model_.tensors.at("targets").integers;
  const auto& similarities = model_.tensors.at("similarities").floats;
  const auto end = first_item + static_cast<core::item_id>(out.size());
  std::fill(out.begin(), out.end(), 0.0F);
  for (const auto item : history) {
    const auto last = targets.begin() + offsets_[item + std::size_t{1}];
    auto place = std::lower_bound(targets.begin() + offsets_[item], last, first_item);
    for (; place != last && *place < end; ++place)
      out[*place - first_item] +=
        similarities[static_cast<std::size_t>(place - targets.begin())];
  }
}

} // namespace

core::snapshot fit_item_knn(const model_options& options,
                            const core::interactions& rows,
                            kernels::worker_pool& pool,
                            core::progress& progress) {
  if (options.neighbours == 0)
    throw core::error::request("neighbours is 0", "model item_knn",
                               "let each item have at least one neighbour");
  core::snapshot model;
  model.kind = "item_knn";
  model.options["neighbours"] = std::to_string(options.neighbours);
  store_item_counts(rows, model);
  const auto size = std::min<std::size_t>(options.neighbours, rows.num_items);
  store_by_source(find_neighbours(size, rows, pool, progress), rows.num_items, model);
  return model;
}

std::unique_ptr<scorer> make_item_knn_scorer(core::snapshot model) {
  return std::make_unique<item_knn_scorer>(std::move(model));
}

} // namespace souk::models
