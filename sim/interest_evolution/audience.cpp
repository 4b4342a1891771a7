#include "sim/interest_evolution/audience.hpp"

#include "sim/vector_math.hpp"

#include <algorithm>
#include <array>

namespace souk::sim::interest_evolution {

namespace {

/// Users whose words are drawn together.
constexpr std::size_t users_at_once = 128;

/// Words of one counter for some users.
struct few_words {
  std::array<std::array<std::uint32_t, users_at_once>, 4> values;

  core::word_columns columns() {
    return {{values[0].data(), values[1].data(), values[2].data(), values[3].data()}};
  }
};

/// Inserts a candidate into an ascending row, unless it is there.
bool insert(core::item_id* row, std::uint32_t& size, core::item_id item) {
  auto place = size;
  while (place > 0 && row[place - 1] > item)
    --place;
  if (place > 0 && row[place - 1] == item)
    return false;
  std::copy_backward(row + place, row + size, row + size + 1);
  row[place] = item;
  ++size;
  return true;
}

} // namespace

laws::laws(const interest_evolution_options& chosen, std::size_t slate)
  : options{chosen}, slate_size{slate}, videos{draw_documents(chosen)} {
  // nop
}

audience::audience(std::shared_ptr<const laws> model,
                   std::uint64_t seed,
                   core::user_id first,
                   std::size_t count)
  : model_{std::move(model)}, seed_{seed}, no_click_weight_{exp_of(static_cast<float>(
                                             model_->options.no_click_mass))},
    interests_(count * num_topics),
    budget_(count, static_cast<float>(model_->options.time_budget)), clicks_(count),
    candidates_(count * model_->options.candidates), chosen_(count),
    click_chance_(count) {
  for (std::size_t i = 0; i < count; ++i) {
    users_.push_back(first + static_cast<core::user_id>(i));
    const core::draw_site site{seed_, core::stream::taste, users_[i], 0};
    for (std::uint32_t topic = 0; topic < num_topics; ++topic)
      interests_[i * num_topics + topic] =
        static_cast<float>(2 * core::uniform(site, topic) - 1);
  }
}

void audience::begin_step() {
  for (std::size_t begin = 0; begin < size(); begin += users_at_once)
    draw_candidates(begin, std::min(users_at_once, size() - begin));
}

void audience::draw_candidates(std::size_t begin, std::size_t count) {
  const auto wanted = model_->options.candidates;
  const auto documents = model_->options.documents;
  std::array<std::uint32_t, users_at_once> found{};
  core::draw_site site{seed_, core::stream::live, 0, step_};
  few_words words;
  // Two draws a counter; who still lacks candidates after as many draws as there are
  // candidates goes on alone.
  const auto draws = (wanted + 1) / 2 * 2;
  for (std::uint32_t draw = 0; draw < draws; ++draw) {
    if (draw % 2 == 0)
      core::fill_words(site, draw / 2, users_.data() + begin, count, words.columns());
    const auto& upper = words.values[2 * (draw % 2)];
    const auto& lower = words.values[2 * (draw % 2) + 1];
    for (std::size_t i = 0; i < count; ++i)
      if (found[i] < wanted)
        insert(candidates_.data() + (begin + i) * wanted, found[i],
               core::below(upper[i], lower[i], documents));
  }
  for (std::size_t i = 0; i < count; ++i) {
    site.entity = users_[begin + i];
    for (auto draw = draws; found[i] < wanted; ++draw)
      insert(candidates_.data() + (begin + i) * wanted, found[i],
             static_cast<core::item_id>(core::below(site, draw, documents)));
  }
}

void audience::finish_step(const core::item_id* slates) {
  const core::draw_site site{seed_, core::stream::choose, 0, step_};
  few_words words;
  for (std::size_t begin = 0; begin < size(); begin += users_at_once) {
    const auto count = std::min(users_at_once, size() - begin);
    core::fill_words(site, 0, users_.data() + begin, count, words.columns());
    for (std::size_t i = 0; i < count; ++i) {
      const auto place = begin + i;
      const auto* slate = slates + place * model_->slate_size;
      choose(place, slate, words.values[0][i], words.values[1][i]);
      if (chosen_[place] == no_choice)
        budget_[place] -= static_cast<float>(model_->options.step_penalty);
      else
        watch(place, slate[chosen_[place]],
              core::uniform_of(words.values[2][i], words.values[3][i]));
    }
  }
}

void audience::choose(std::size_t place,
                      const core::item_id* slate,
                      std::uint32_t upper,
                      std::uint32_t lower) {
  const auto likes = interests(place);
  const auto& topics = model_->videos.topic;
  auto sum = 0.0F;
  std::size_t length = 0;
  for (; length < model_->slate_size && slate[length] != core::no_item; ++length)
    sum += exp_of(likes[topics[slate[length]]]);
  click_chance_[place] = sum / (sum + no_click_weight_);
  auto target =
    core::uniform_of(upper, lower) * static_cast<double>(sum + no_click_weight_);
  std::size_t position = 0;
  for (; position < length; ++position) {
    target -= static_cast<double>(exp_of(likes[topics[slate[position]]]));
    if (target < 0)
      break;
  }
  chosen_[place] = position < length ? position : no_choice;
}

void audience::watch(std::size_t place, core::item_id video, double draw) {
  const auto& options = model_->options;
  auto& interest = interests_[place * num_topics + model_->videos.topic[video]];
  const auto strength = interest < 0 ? -interest : interest;
  const auto move =
    static_cast<float>(options.interest_step) * (1.0F - strength) * (1.0F - interest);
  const auto towards = draw < static_cast<double>((interest + 1.0F) / 2.0F);
  interest = std::clamp(towards ? interest + move : interest - move, -1.0F, 1.0F);
  auto& budget = budget_[place];
  const auto watched = std::min(budget, static_cast<float>(options.video_length));
  budget -= watched;
  budget +=
    static_cast<float>(options.budget_gain) * watched * model_->videos.quality[video];
}

void audience::settle() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    if (budget_[i] <= 0)
      continue;
    clicks_[kept] = clicks_[i] + (chosen_[i] == no_choice ? 0 : 1);
    if (kept < i) {
      users_[kept] = users_[i];
      budget_[kept] = budget_[i];
      std::copy_n(interests_.begin() + static_cast<std::ptrdiff_t>(i * num_topics),
                  num_topics,
                  interests_.begin() + static_cast<std::ptrdiff_t>(kept * num_topics));
    }
    ++kept;
  }
  users_.resize(kept);
  ++step_;
}

std::size_t audience::memory_bytes() const {
  return users_.capacity() * sizeof(core::user_id)
         + (interests_.capacity() + budget_.capacity()) * sizeof(float)
         + clicks_.capacity() * sizeof(std::uint32_t);
}

} // namespace souk::sim::interest_evolution
