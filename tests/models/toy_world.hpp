#pragma once

#include "core/progress.hpp"
#include "models/learner.hpp"
#include "models/model.hpp"
#include "tests/models/toy_attributes.hpp"
#include "tests/models/toy_data.hpp"

#include <string>
#include <vector>

namespace souk::models::testing {

constexpr std::uint32_t num_items = 1500;
constexpr std::size_t num_users = 150;

inline core::attribute_table attributes_of_users() {
  std::vector<std::string> words;
  for (std::size_t user = 0; user < num_users; ++user)
    words.push_back(user % 3 == 0 ? "f" : "m");
  return {num_users, {category("gender", words)}};
}

/// Random histories of users with a gender, and models of every kind that learnt from
/// them, or are as they begin.
struct toy_world {
  core::interactions rows = random_rows(num_users, num_items, 40);
  core::attribute_table users = attributes_of_users();

  core::snapshot model(const std::string& kind,
                       const std::vector<std::uint32_t>& hidden = {60}) const {
    model_options options;
    options.kind = kind;
    options.hidden = hidden;
    options.latent = 20;
    options.l2 = 5;
    options.factors = 20;
    core::silent_progress progress;
    if (!has_learner(options))
      return fit(options, {&rows, &users}, progress);
    const auto learner = make_network(options, num_items);
    core::parameter_arena parameters(learner->layout().size());
    learner->initialise(1, parameters);
    return learner->to_snapshot(parameters);
  }

  core::slates rank(const core::recommender& recommender,
                    const std::vector<std::uint32_t>& who,
                    std::size_t slate_size = 20) const {
    const auto history = select_rows(rows, who);
    const auto attributes = select_rows(users, who);
    core::rank_request request;
    request.history = &history;
    request.excluded = &history;
    request.attributes = &attributes;
    request.slate_size = slate_size;
    return recommender.rank(request);
  }
};

inline std::vector<std::uint32_t> everybody() {
  std::vector<std::uint32_t> users(num_users);
  for (std::uint32_t user = 0; user < num_users; ++user)
    users[user] = user;
  return users;
}

} // namespace souk::models::testing
