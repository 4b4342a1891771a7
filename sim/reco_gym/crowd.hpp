#pragma once

#include "core/aligned_vector.hpp"
#include "core/ids.hpp"
#include "core/random_columns.hpp"
#include "core/span.hpp"
#include "sim/reco_gym/view_sampler.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace souk::sim::reco_gym {

/// What a user does in a step.
enum class mode : std::uint32_t {
  organic = 0,  ///< views a product
  bandit = 1,   ///< is shown one, and may click
  stopping = 2, ///< is shown one for the last time, and does not click
  gone = 3,
};

/// The model of a world, made once and shared: what its users have in common.
struct laws {
  /// Draws the products.
  explicit laws(const reco_gym_options& chosen);

  /// Takes products that somebody else drew, as many as the options say.
  laws(const reco_gym_options& chosen, products given);

  laws(const laws&) = delete;
  laws& operator=(const laws&) = delete;

  reco_gym_options options;
  products items;
  view_sampler views;
};

/// Users of reco-gym's model in step with each other, column by column. Those who are
/// left stand in the order of their numbers; who has gone takes no place.
///
/// A step: `begin_step`, whoever is organic views; then `finish_step` with a product
/// for everybody in `shown_to`; then the step can be looked at, until the next begins.
/// All draws of a user are functions of the seed, the user's number and that of the
/// step.
class crowd {
public:
  /// Takes the users [first, first + count) of a world.
  crowd(std::shared_ptr<const laws> model,
        std::uint64_t seed,
        core::user_id first,
        std::size_t count);

  /// Begins the next step. Call only while `size()` after `settle` is not zero.
  void begin_step();

  /// Returns who is shown a product in this step: places, ascending.
  core::span<const std::uint32_t> shown_to() const {
    return {shown_to_.data(), num_shown_to_};
  }

  /// Shows products, parallel to `shown_to`.
  void finish_step(const core::item_id* products);

  /// Lets go of who has gone. To be called after each step, once it was looked at.
  void settle();

  std::size_t size() const {
    return size_;
  }

  /// Number of the present step, or of the next one after `settle`.
  std::uint32_t step() const {
    return step_;
  }

  // The step by place: [size].
  const core::user_id* users() const {
    return users_.data();
  }

  const mode* modes() const {
    return modes_.data();
  }

  /// What was viewed or shown.
  const core::item_id* items() const {
    return items_.data();
  }

  /// 1 where there was a click.
  const std::uint32_t* clicked() const {
    return clicked_.data();
  }

  /// Clicks before this step, and products shown before it.
  const std::uint32_t* clicks_before() const {
    return clicks_.data();
  }

  const std::uint32_t* shown_before() const {
    return shown_.data();
  }

  /// Dimension k of tastes, by place.
  const float* tastes(std::uint32_t k) const {
    return tastes_.data() + k * capacity_;
  }

  std::uint64_t num_views() const {
    return num_views_;
  }

  std::uint64_t num_shown() const {
    return num_shown_;
  }

  std::uint64_t num_clicks() const {
    return num_clicks_;
  }

  /// Expected clicks of all that was shown, in millionths of a click each.
  std::int64_t value_millionths() const {
    return value_millionths_;
  }

  /// Returns the memory that the users' state takes, in bytes.
  std::size_t memory_bytes() const;

private:
  void sort_by_mode();
  void view();
  void click(const core::item_id* products);
  void move_on();
  void drift();
  /// Moves the tastes of the first `count` of `viewing_` by normal steps.
  void add_normals(core::stream purpose, std::size_t count, double sigma);

  core::draw_site site(core::stream purpose) const {
    return {seed_, purpose, 0, step_};
  }

  float* taste(std::uint32_t k) {
    return tastes_.data() + k * capacity_;
  }

  std::shared_ptr<const laws> model_;
  std::uint64_t seed_;
  std::size_t capacity_;
  std::size_t size_;
  std::uint32_t step_ = 0;

  // State, by place.
  core::aligned_vector<core::user_id> users_;
  core::aligned_vector<mode> modes_;
  core::aligned_vector<mode> next_modes_;
  core::aligned_vector<float> tastes_; ///< [dimensions, capacity]
  core::aligned_vector<std::uint32_t> clicks_;
  core::aligned_vector<std::uint32_t> shown_;

  // The step, by place.
  core::aligned_vector<core::item_id> items_;
  core::aligned_vector<std::uint32_t> clicked_;
  core::aligned_vector<std::uint32_t> words_[4];
  core::aligned_vector<std::uint32_t> drifts_; ///< 1 where a taste is about to drift

  // Lists of places, and what is gathered for them.
  core::aligned_vector<std::uint32_t> viewing_;
  core::aligned_vector<std::uint32_t> shown_to_;
  std::size_t num_viewing_ = 0;
  std::size_t num_shown_to_ = 0;
  core::aligned_vector<float> gathered_; ///< [dimensions, capacity]
  core::aligned_vector<core::user_id> gathered_users_;
  core::aligned_vector<std::uint32_t> gathered_words_[4];
  core::aligned_vector<core::item_id> gathered_items_;
  core::aligned_vector<float> affinities_;
  core::aligned_vector<double> normals_[4];
  view_sampler::scratch scratch_;

  std::uint64_t num_views_ = 0;
  std::uint64_t num_shown_ = 0;
  std::uint64_t num_clicks_ = 0;
  std::int64_t value_millionths_ = 0;
};

} // namespace souk::sim::reco_gym
