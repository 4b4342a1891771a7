#include "experiments/calibration/parameters.hpp"

#include "core/portable_math.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace souk::experiments {

namespace {

using options = sim::simulation_options;

constexpr double least_share = 0.0005;
constexpr double least_positive = 1e-6;
constexpr double most_positive = 1e6;

/// A parameter by its members: the key is spelled like them.
#define SOUK_PARAMETER(BLOCK, KEY, RANGE)                                              \
  parameter {                                                                          \
#BLOCK "." #KEY, parameter_range::RANGE, [](options & of) -> double& {             \
      return of.BLOCK.KEY;                                                             \
    }                                                                                  \
  }

std::vector<parameter_group> groups_of_lists() {
  return {
    {{SOUK_PARAMETER(temperament, sessions_per_day, positive),
      SOUK_PARAMETER(temperament, activity_spread, positive),
      SOUK_PARAMETER(population, newcomer_share, share),
      SOUK_PARAMETER(churn, chance, share)},
     {"user_sessions", "inter_purchase"}},
    {{SOUK_PARAMETER(shopping_list, items, positive),
      SOUK_PARAMETER(shopping_list, shape, positive),
      SOUK_PARAMETER(shopping_list, user_spread, positive)},
     {"basket_size", "user_activity"}},
    {{SOUK_PARAMETER(shopping_list, again, share),
      SOUK_PARAMETER(temperament, loyalty_spread, positive)},
     {"repeats"}},
    {{SOUK_PARAMETER(catalogue, popularity_exponent, positive),
      SOUK_PARAMETER(catalogue, popularity_shift, positive)},
     {"popularity_curve"}},
    {{SOUK_PARAMETER(choice, taste, positive),
      SOUK_PARAMETER(tastes, smoothing, share)},
     {"co_occurrence"},
     4},
    {{SOUK_PARAMETER(funnel, return_bias, any)}, {"purchase_to_return"}},
  };
}

std::vector<parameter_group> groups_of_slates() {
  return {
    {{SOUK_PARAMETER(temperament, sessions_per_day, positive),
      SOUK_PARAMETER(temperament, activity_spread, positive),
      SOUK_PARAMETER(population, newcomer_share, share),
      SOUK_PARAMETER(churn, chance, share)},
     {"user_sessions", "session_gaps"}},
    {{SOUK_PARAMETER(temperament, patience, positive),
      SOUK_PARAMETER(patience, session_spread, positive),
      SOUK_PARAMETER(choice, outside, any)},
     {"session_length", "user_activity"}},
    {{SOUK_PARAMETER(funnel, cart_bias, any)}, {"click_to_cart", "click_to_purchase"}},
    {{SOUK_PARAMETER(funnel, purchase_bias, any)}, {"cart_to_purchase"}},
    {{SOUK_PARAMETER(catalogue, popularity_exponent, positive),
      SOUK_PARAMETER(catalogue, popularity_shift, positive),
      SOUK_PARAMETER(choice, popularity, positive)},
     {"popularity_curve"}},
    {{SOUK_PARAMETER(intent, buy_again, share)}, {"repeats"}},
    {{SOUK_PARAMETER(choice, taste, positive),
      SOUK_PARAMETER(tastes, smoothing, share)},
     {"co_occurrence"},
     4},
    {{SOUK_PARAMETER(funnel, return_bias, any)}, {"purchase_to_return"}},
  };
}

#undef SOUK_PARAMETER

} // namespace

bool is_of_generated_items(const std::string& key) {
  return key == "catalogue.items" || key == "catalogue.popularity_exponent"
         || key == "catalogue.popularity_shift";
}

std::vector<parameter_group> groups_for(bool has_clicks, const std::string& catalogue) {
  auto groups = has_clicks ? groups_of_slates() : groups_of_lists();
  const auto has_no_part = [&](const parameter& each) {
    return catalogue == "dataset" ? is_of_generated_items(each.key)
                                  : each.key == "tastes.smoothing";
  };
  for (auto& [parameters, statistics, worlds] : groups)
    parameters.erase(std::remove_if(parameters.begin(), parameters.end(), has_no_part),
                     parameters.end());
  groups.erase(std::remove_if(groups.begin(), groups.end(),
                              [](const auto& each) { return each.parameters.empty(); }),
               groups.end());
  return groups;
}

std::vector<double> coordinates_of(const std::vector<parameter>& parameters,
                                   sim::simulation_options from) {
  std::vector<double> coordinates;
  for (const auto& each : parameters) {
    auto value = each.of(from);
    if (each.range == parameter_range::positive) {
      value = core::portable::log(std::clamp(value, least_positive, most_positive));
    } else if (each.range == parameter_range::share) {
      value = std::clamp(value, least_share, 1 - least_share);
      value = core::portable::log(value / (1 - value));
    }
    coordinates.push_back(value);
  }
  return coordinates;
}

double four_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return std::atof(text);
}

void move_to(const std::vector<parameter>& parameters,
             const std::vector<double>& coordinates,
             sim::simulation_options& moved) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    auto& value = parameters[i].of(moved);
    value = coordinates[i];
    if (parameters[i].range == parameter_range::positive)
      value = std::clamp(core::portable::exp(std::clamp(value, -20.0, 20.0)),
                         least_positive, most_positive);
    else if (parameters[i].range == parameter_range::share)
      value = std::clamp(core::portable::sigmoid(value), least_share, 1 - least_share);
  }
}

} // namespace souk::experiments
