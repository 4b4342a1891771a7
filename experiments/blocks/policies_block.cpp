#include "experiments/blocks.hpp"

#include <algorithm>
#include <cctype>

namespace souk::experiments {

namespace {

/// When a policy learns. Between two ticks, so that all cohorts change at once.
void read_retraining(section& policy,
                     core::time_ms tick,
                     sim::policy_options& options) {
  if (!policy.has("retrain_every"))
    return;
  policy.read_duration("retrain_every", options.retrain_every, positive());
  if (options.retrain_every % tick != 0)
    throw policy.error_at("retrain_every", "is no multiple of simulation.tick",
                          "write one, such as 1d, or choose a tick that divides it");
  policy.read("retrain_epochs", options.retrain_epochs,
              positive() & or_word("as_trained"));
}

/// Whether a policy may have a name: rows have groups such as gender=male.
bool is_free(const std::string& name) {
  const auto is_plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'
           || c == ' ' || c == '.';
  };
  return !is_reserved_name(name) && std::all_of(name.begin(), name.end(), is_plain);
}

sim::policy_options read_policy(section policy, const sim::simulation_options& shop) {
  sim::policy_options options;
  policy.require("kind", options.kind, not_empty());
  if (sim::starts_from_another(options))
    policy.require("of", options.of, not_empty());
  if (options.kind == "epsilon_greedy")
    policy.read("epsilon", options.epsilon, between(0, 1));
  if (options.kind == "plackett_luce")
    policy.read("temperature", options.temperature, positive());
  if (options.kind == "thompson")
    policy.read("draws", options.draws, between(1, 1000));
  if (options.kind == "bm25_profile")
    policy.read("weight", options.weight, between(0, 1));
  read_retraining(policy, shop.tick, options);
  if (shop.design == "ab")
    policy.read("share", options.share, positive() & at_most(1e6));
  else if (policy.has("share"))
    throw policy.error_at("share", "has no meaning where every policy serves everybody",
                          "write simulation.design: ab, or leave it out");
  options.name = options.of.empty() ? options.kind : options.kind + "_" + options.of;
  policy.read(
    "name", options.name,
    text_where(
      [&](const auto& name) { return name == options.kind || is_free(name); },
      "means something else in results, or is no plain word",
      "use letters, digits, _, -, . and spaces, and none of all, real, random, "
      "reference")
      & not_empty());
  policy.finish();
  return options;
}

} // namespace

void read_policies(section& simulation, sim::simulation_options& options) {
  auto& policies = options.policies;
  std::vector<std::string> defaults;
  for (const auto& policy : policies)
    defaults.push_back(policy.kind);
  policies.clear();
  for (auto& entry : simulation.variants("policies", defaults))
    policies.push_back(read_policy(entry, options));
  for (std::size_t i = 0; i < policies.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (policies[i].name == policies[j].name)
        throw simulation.error_at("policies[" + std::to_string(i) + "]",
                                  "has the same name as another policy: "
                                    + policies[i].name,
                                  "give it another one with name: ...");
  if (policies.empty())
    throw simulation.error_at("policies", "is empty",
                              "name at least one policy, such as random");
  if (options.design == "ab" && policies.size() == 1)
    throw simulation.error_at("policies", "has nobody to share the users with",
                              "name two policies, or write design: paired");
}

} // namespace souk::experiments
