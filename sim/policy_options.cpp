#include "sim/policy_options.hpp"

namespace souk::sim {

bool starts_from_another(const policy_options& policy) {
  return policy.kind == "epsilon_greedy" || needs_model(policy);
}

const std::string& recommends_with(const policy_options& policy) {
  return starts_from_another(policy) ? policy.of : policy.kind;
}

bool needs_model(const policy_options& policy) {
  return policy.kind == "plackett_luce" || policy.kind == "thompson"
         || policy.kind == "bm25_profile";
}

std::vector<policy_options> plain_policies(const std::vector<std::string>& kinds) {
  std::vector<policy_options> policies;
  for (const auto& kind : kinds) {
    policies.emplace_back();
    policies.back().name = policies.back().kind = kind;
  }
  return policies;
}

} // namespace souk::sim
