#include "models/optimiser.hpp"

#include "core/error.hpp"
#include "models/adam_step.hpp"
#include "models/kernels/elementwise.hpp"
#include "models/kernels/worker_pool.hpp"

#include <algorithm>

namespace souk::models {

namespace {

// A tile's gradient stays in a core's first-level cache, and so do the right subtrees
// that wait for their sum.
constexpr std::size_t elements_per_tile = 2048;

// A thread works on so many at a stretch: streams long enough for the memory's
// prefetch.
constexpr std::size_t elements_per_job = std::size_t{1} << 17U;

/// The first run that ends beyond an offset.
template <class Run>
const Run* run_beyond(const std::vector<Run>& runs, std::uint64_t offset) {
  return std::partition_point(
    runs.data(), runs.data() + runs.size(),
    [&](const auto& run) { return run.offset + run.length <= offset; });
}

/// The values of a tile that one run covers whole, else null.
template <class Run>
auto covering(const std::vector<Run>& runs, const core::arena_range& tile)
  -> decltype(Run::values) {
  const auto* run = run_beyond(runs, tile.begin);
  if (run == runs.data() + runs.size() || run->offset > tile.begin
      || run->offset + run->length < tile.end)
    return nullptr;
  return run->values + (tile.begin - run->offset);
}

/// Calls visit(place in the tile, values, how many) for the pieces of runs inside a
/// tile.
template <class Run, class Visit>
void for_each_piece(const std::vector<Run>& runs,
                    const core::arena_range& tile,
                    const Visit& visit) {
  const auto* end = runs.data() + runs.size();
  for (const auto* run = run_beyond(runs, tile.begin);
       run != end && run->offset < tile.end; ++run) {
    const auto first = std::max(run->offset, tile.begin);
    const auto last = std::min(run->offset + run->length, tile.end);
    visit(first - tile.begin, run->values + (first - run->offset), last - first);
  }
}

/// Sums a tile over the tree, from the left.
class tile_tree {
public:
  tile_tree(core::span<const partial_sum> partials, const core::arena_range& tile)
    : partials_{partials}, tile_{tile} {
    // nop
  }

  /// Returns the sum over the next `num_blocks` blocks: in `room`, or where it is
  /// already.
  const float* sum(std::size_t num_blocks, float* room) {
    core::expects(next_ < partials_.size() && partials_[next_].num_blocks <= num_blocks,
                  "partial sums are whole subtrees");
    if (partials_[next_].num_blocks == num_blocks)
      return finished(partials_[next_++], room);
    const auto* left = sum(num_blocks / 2, room);
    const auto size = tile_.size();
    if (next_ < partials_.size() && partials_[next_].num_blocks == num_blocks / 2) {
      add_finished(left, partials_[next_++], room);
      return room;
    }
    alignas(64) float right_room[elements_per_tile];
    const auto* right = sum(num_blocks / 2, right_room);
    kernels::add(left, right, {room, size});
    return room;
  }

  bool is_whole() const {
    return next_ == partials_.size();
  }

private:
  const float* finished(const partial_sum& partial, float* room) const {
    if (const auto* values = covering(partial.runs, tile_))
      return values;
    if (const auto* halves = covering(partial.rounded, tile_)) {
      kernels::widen(halves, {room, tile_.size()});
      return room;
    }
    std::fill_n(room, tile_.size(), 0.0F);
    for_each_piece(partial.runs, tile_,
                   [&](auto place, const float* values, auto size) {
                     std::copy_n(values, size, room + place);
                   });
    for_each_piece(partial.rounded, tile_,
                   [&](auto place, const kernels::bf16* halves, auto size) {
                     kernels::widen(halves, {room + place, size});
                   });
    return room;
  }

  void add_finished(const float* left, const partial_sum& partial, float* room) const {
    if (const auto* right = covering(partial.runs, tile_))
      return kernels::add(left, right, {room, tile_.size()});
    if (left != room)
      std::copy_n(left, tile_.size(), room);
    for_each_piece(partial.runs, tile_,
                   [&](auto place, const float* values, auto size) {
                     kernels::add({values, size}, room + place);
                   });
    for_each_piece(partial.rounded, tile_,
                   [&](auto place, const kernels::bf16* halves, auto size) {
                     alignas(64) float widened[elements_per_tile];
                     kernels::widen(halves, {widened, size});
                     kernels::add({widened, size}, room + place);
                   });
  }

  core::span<const partial_sum> partials_;
  core::arena_range tile_;
  std::size_t next_ = 0;
};

} // namespace

optimiser::optimiser(const adam_options& options,
                     core::arena_range range,
                     std::size_t threads)
  : options_{options}, range_{range}, pool_{std::make_unique<kernels::worker_pool>(
                                        threads)} {
  // nop
}

optimiser::~optimiser() = default;

void optimiser::apply(std::uint64_t step,
                      core::span<const partial_sum> partials,
                      const optimiser_state& state) {
  core::expects(state.parameters.size() == range_.size()
                  && state.first_moments.size() == range_.size()
                  && state.second_moments.size() == range_.size(),
                "an optimiser's state fills its range");
  std::size_t num_blocks = 0;
  for (const auto& partial : partials)
    num_blocks += partial.num_blocks;
  const auto with = adam_step(options_, step);
  const auto apply_tile = [&](std::size_t begin, std::size_t end) {
    alignas(64) float room[elements_per_tile];
    tile_tree tree{partials, {range_.begin + begin, range_.begin + end}};
    const auto* gradient = tree.sum(num_blocks, room);
    core::expects(tree.is_whole(), "partial sums tile the tree");
    apply_adam(with, {gradient, end - begin}, begin, state);
  };
  const kernels::tiling jobs{range_.size(), elements_per_job};
  pool_->parallel_for(jobs.count(), [&](std::size_t job) {
    for (auto begin = jobs.begin(job); begin < jobs.end(job);
         begin += elements_per_tile)
      apply_tile(begin, std::min(begin + elements_per_tile, jobs.end(job)));
  });
}

} // namespace souk::models
