#pragma once

#include "core/ids.hpp"
#include "core/random_columns.hpp"
#include "core/span.hpp"
#include "sim/interest_evolution/documents.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace souk::sim::interest_evolution {

/// The model of a world, made once and shared.
struct laws {
  laws(const interest_evolution_options& chosen, std::size_t slate);

  interest_evolution_options options;
  std::size_t slate_size;
  documents videos;
};

/// Users of RecSim's interest evolution model, in step with each other. Those who are
/// left stand in the order of their numbers; who has gone takes no place.
///
/// A step: `begin_step` draws everybody's candidates; `finish_step` shows everybody a
/// slate of them, and each watches one or none; then the step can be looked at, until
/// `settle` lets go of those whose time is up. All draws of a user are functions of the
/// seed, the user's number and that of the step.
///
/// Choice is multinomial logit over the user's interests in the slate's topics and the
/// mass of no click. A click takes the video's length (or what is left) off the time
/// budget and gives some back by its quality; the interest x in its topic moves towards
/// 1 by step * (1 - |x|) * (1 - x) with probability (x + 1) / 2, else as far away from
/// it, within [-1, 1].
class audience {
public:
  static constexpr std::size_t no_choice = ~std::size_t{0};

  audience(std::shared_ptr<const laws> model,
           std::uint64_t seed,
           core::user_id first,
           std::size_t count);

  void begin_step();

  /// Shows slates: [size, slate_size], `no_item` where a slate is shorter.
  void finish_step(const core::item_id* slates);

  void settle();

  std::size_t size() const {
    return users_.size();
  }

  std::uint32_t step() const {
    return step_;
  }

  core::user_id user(std::size_t place) const {
    return users_[place];
  }

  /// Returns a user's candidates, ascending.
  core::span<const core::item_id> candidates(std::size_t place) const {
    return {candidates_.data() + place * model_->options.candidates,
            model_->options.candidates};
  }

  /// Returns the position in the slate of what was watched, or `no_choice`.
  std::size_t chosen(std::size_t place) const {
    return chosen_[place];
  }

  /// Returns the chance of a click on anything, at the slate shown.
  float click_chance(std::size_t place) const {
    return click_chance_[place];
  }

  /// Clicks before this step.
  std::uint32_t clicks_before(std::size_t place) const {
    return clicks_[place];
  }

  /// Returns the user's interest in each topic, from -1 to 1.
  core::span<const float> interests(std::size_t place) const {
    return {interests_.data() + place * num_topics, num_topics};
  }

  /// Returns the minutes that are left.
  float budget(std::size_t place) const {
    return budget_[place];
  }

  /// Returns the memory that the users' state takes, in bytes.
  std::size_t memory_bytes() const;

private:
  void draw_candidates(std::size_t begin, std::size_t count);
  void choose(std::size_t place,
              const core::item_id* slate,
              std::uint32_t upper,
              std::uint32_t lower);
  void watch(std::size_t place, core::item_id video, double draw);

  std::shared_ptr<const laws> model_;
  std::uint64_t seed_;
  std::uint32_t step_ = 0;
  float no_click_weight_;
  std::vector<core::user_id> users_;
  std::vector<float> interests_; ///< [users, topics]
  std::vector<float> budget_;
  std::vector<std::uint32_t> clicks_;

  // The step.
  std::vector<core::item_id> candidates_; ///< [users, candidates]
  std::vector<std::size_t> chosen_;
  std::vector<float> click_chance_;
};

} // namespace souk::sim::interest_evolution
