#include "sim/reco_gym/crowd.hpp"

#include "core/error.hpp"
#include "sim/reco_gym/click_law.hpp"

#include <algorithm>

namespace souk::sim::reco_gym {

namespace {

/// Bounds of the word that decides what a user does next: below the first, the other
/// mode; below the second, stop.
struct word_bounds {
  std::uint32_t change;
  std::uint32_t stop;
};

word_bounds bounds_of(double change, double leave) {
  constexpr std::uint64_t most = 0xFFFFFFFFU;
  return {static_cast<std::uint32_t>(std::min(words_below(change), most)),
          static_cast<std::uint32_t>(std::min(words_below(change + leave), most))};
}

/// Decides what everybody does next, and whose taste drifts on the way: theirs whom the
/// chain, not a click, makes organic.
SOUK_VECTOR_CLONES
void decide_next(const word_bounds& organic,
                 const word_bounds& bandit,
                 std::size_t count,
                 const mode* __restrict now,
                 const std::uint32_t* __restrict words,
                 const std::uint32_t* __restrict clicked,
                 mode* __restrict next,
                 std::uint32_t* __restrict drifts) {
  constexpr auto is_organic = static_cast<std::uint32_t>(mode::organic);
  constexpr auto is_stopping = static_cast<std::uint32_t>(mode::stopping);
  constexpr auto is_gone = static_cast<std::uint32_t>(mode::gone);
  // Values, not references: nothing is loaded under a condition.
  const auto [organic_change, organic_stop] = organic;
  const auto [bandit_change, bandit_stop] = bandit;
  for (std::size_t i = 0; i < count; ++i) {
    const auto present = static_cast<std::uint32_t>(now[i]);
    const auto change = present == is_organic ? organic_change : bandit_change;
    const auto stop = present == is_organic ? organic_stop : bandit_stop;
    auto then = words[i] < stop ? is_stopping : present;
    then = words[i] < change ? 1U - present : then;
    then = present == is_stopping ? is_gone : then;
    drifts[i] = then == is_organic ? 1U : 0U;
    next[i] = static_cast<mode>(clicked[i] != 0 ? is_organic : then);
  }
}

/// Draws a click on each affinity, and sums up what was to be expected.
SOUK_VECTOR_CLONES
std::int64_t draw_clicks(const float* __restrict affinities,
                         const std::uint32_t* __restrict words,
                         const std::uint32_t* __restrict may_click,
                         std::size_t count,
                         std::uint32_t* __restrict clicked) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto chance = click_law(affinities[i]);
    // 31 bits, as far as words convert on every instruction set.
    const auto bound = static_cast<std::int32_t>(chance * 2147483648.0F);
    const auto draw = static_cast<std::int32_t>(words[i] >> 1);
    clicked[i] = draw < bound ? may_click[i] : 0U;
    value += static_cast<std::int32_t>(chance * 1e6F + 0.5F)
             * static_cast<std::int32_t>(may_click[i]);
  }
  return value;
}

template <class T>
void gather(const T* values,
            const std::uint32_t* places,
            std::size_t count,
            T* __restrict out) {
  for (std::size_t i = 0; i < count; ++i)
    out[i] = values[places[i]];
}

} // namespace

laws::laws(const reco_gym_options& chosen) : laws{chosen, draw_products(chosen)} {
  // nop
}

laws::laws(const reco_gym_options& chosen, products given)
  : options{chosen}, items{std::move(given)}, views{items} {
  // nop
}

crowd::crowd(std::shared_ptr<const laws> model,
             std::uint64_t seed,
             core::user_id first,
             std::size_t count)
  : model_{std::move(model)}, seed_{seed}, capacity_{count}, size_{count},
    users_(count), modes_(count, mode::organic), next_modes_(count),
    tastes_(model_->items.dimensions * count), clicks_(count), shown_(count),
    items_(count), clicked_(count), drifts_(count), viewing_(count), shown_to_(count),
    gathered_(model_->items.dimensions * count), gathered_users_(count),
    gathered_items_(count), affinities_(count) {
  for (int w = 0; w < 4; ++w) {
    words_[w].resize(count);
    gathered_words_[w].resize(count);
    normals_[w].resize(count);
  }
  for (std::size_t i = 0; i < count; ++i) {
    users_[i] = first + static_cast<core::user_id>(i);
    viewing_[i] = static_cast<std::uint32_t>(i);
  }
  // A new taste is a step from zero.
  add_normals(core::stream::taste, count, model_->options.sigma_omega_initial);
}

void crowd::begin_step() {
  core::fill_words(
    site(core::stream::live), 0, users_.data(), size_,
    {{words_[0].data(), words_[1].data(), words_[2].data(), words_[3].data()}});
  sort_by_mode();
  view();
}

void crowd::sort_by_mode() {
  std::size_t viewing = 0;
  std::size_t shown = 0;
  for (std::uint32_t i = 0; i < size_; ++i) {
    viewing_[viewing] = i;
    shown_to_[shown] = i;
    const auto is_organic = modes_[i] == mode::organic;
    viewing += is_organic ? 1 : 0;
    shown += is_organic ? 0 : 1;
  }
  num_viewing_ = viewing;
  num_shown_to_ = shown;
}

void crowd::view() {
  const auto* places = viewing_.data();
  for (std::uint32_t k = 0; k < model_->items.dimensions; ++k)
    gather(taste(k), places, num_viewing_, gathered_.data() + k * capacity_);
  gather(users_.data(), places, num_viewing_, gathered_users_.data());
  for (int w = 0; w < 2; ++w)
    gather(words_[w].data(), places, num_viewing_, gathered_words_[w].data());
  model_->views.draw({site(core::stream::live), num_viewing_, gathered_users_.data(),
                      gathered_.data(), capacity_, gathered_words_[0].data(),
                      gathered_words_[1].data()},
                     scratch_, gathered_items_.data());
  for (std::size_t i = 0; i < num_viewing_; ++i) {
    items_[places[i]] = gathered_items_[i];
    clicked_[places[i]] = 0;
  }
  num_views_ += num_viewing_;
}

void crowd::finish_step(const core::item_id* products) {
  click(products);
  move_on();
  drift();
}

void crowd::click(const core::item_id* products) {
  const auto& all = model_->items;
  const auto* places = shown_to_.data();
  for (std::size_t i = 0; i < num_shown_to_; ++i) {
    core::expects(products[i] < all.count, "a product that is shown exists");
    const auto* vector = all.vectors.data() + std::size_t{products[i]} * all.dimensions;
    const auto* own = tastes_.data() + places[i];
    auto affinity = all.offsets[products[i]];
    for (std::uint32_t k = 0; k < all.dimensions; ++k)
      affinity += vector[k] * own[k * capacity_];
    affinities_[i] = affinity;
    gathered_words_[0][i] = words_[0][places[i]];
    gathered_words_[1][i] = modes_[places[i]] == mode::bandit ? 1 : 0;
  }
  value_millionths_ +=
    draw_clicks(affinities_.data(), gathered_words_[0].data(),
                gathered_words_[1].data(), num_shown_to_, gathered_words_[2].data());
  for (std::size_t i = 0; i < num_shown_to_; ++i) {
    items_[places[i]] = products[i];
    clicked_[places[i]] = gathered_words_[2][i];
    num_clicks_ += gathered_words_[2][i];
  }
  num_shown_ += num_shown_to_;
}

void crowd::move_on() {
  const auto& options = model_->options;
  decide_next(bounds_of(options.organic_to_bandit, options.leave_organic),
              bounds_of(options.bandit_to_organic, options.leave_bandit), size_,
              modes_.data(), words_[2].data(), clicked_.data(), next_modes_.data(),
              drifts_.data());
}

void crowd::drift() {
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < size_; ++i) {
    viewing_[count] = i;
    count += drifts_[i];
  }
  add_normals(core::stream::drift, count, model_->options.sigma_omega);
}

void crowd::add_normals(core::stream purpose, std::size_t count, double sigma) {
  const auto* places = viewing_.data();
  gather(users_.data(), places, count, gathered_users_.data());
  const core::word_columns words{{gathered_words_[0].data(), gathered_words_[1].data(),
                                  gathered_words_[2].data(),
                                  gathered_words_[3].data()}};
  for (std::uint32_t k = 0; k < model_->items.dimensions; ++k) {
    if (k % 4 == 0) {
      core::fill_words(site(purpose), k / 4, gathered_users_.data(), count, words);
      core::fill_normals(words, count,
                         {normals_[0].data(), normals_[1].data(), normals_[2].data(),
                          normals_[3].data()});
    }
    const auto* steps = normals_[k % 4].data();
    auto* own = taste(k);
    for (std::size_t i = 0; i < count; ++i)
      own[places[i]] += static_cast<float>(sigma * steps[i]);
  }
}

void crowd::settle() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    users_[kept] = users_[i];
    clicks_[kept] = clicks_[i] + clicked_[i];
    shown_[kept] = shown_[i] + (modes_[i] != mode::organic ? 1 : 0);
    modes_[kept] = next_modes_[i];
    viewing_[kept] = static_cast<std::uint32_t>(i);
    kept += next_modes_[i] != mode::gone ? 1 : 0;
  }
  if (kept < size_)
    for (std::uint32_t k = 0; k < model_->items.dimensions; ++k) {
      auto* own = taste(k);
      for (std::size_t i = 0; i < kept; ++i)
        own[i] = own[viewing_[i]];
    }
  size_ = kept;
  ++step_;
}

std::size_t crowd::memory_bytes() const {
  const auto words = users_.size() + modes_.size() + next_modes_.size() + tastes_.size()
                     + clicks_.size() + shown_.size();
  return words * sizeof(std::uint32_t);
}

} // namespace souk::sim::reco_gym
