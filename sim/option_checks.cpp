#include "core/error.hpp"
#include "sim/options.hpp"
#include "sim/published_models.hpp"
#include "sim/shopper_view.hpp"

#include <algorithm>
#include <cmath>

namespace souk::sim {

namespace {

[[noreturn]] void
refuse(const std::string& key, const std::string& what, const std::string& remedy) {
  throw core::error::request(what, "simulation." + key, remedy);
}

void check_share(const std::string& key, double value) {
  if (!(value >= 0 && value <= 1))
    refuse(key, "is no probability", "give a number from 0 to 1");
}

void check_positive(const std::string& key, double value) {
  if (!(value > 0 && std::isfinite(value)))
    refuse(key, "must be above zero", "give a positive number");
}

void check_not_negative(const std::string& key, double value) {
  if (!(value >= 0 && std::isfinite(value)))
    refuse(key, "must not be negative", "give zero or a positive number");
}

void check_finite(const std::string& key, double value) {
  if (!std::isfinite(value))
    refuse(key, "is no number", "give a finite number");
}

void check_count(const std::string& key, std::uint64_t value) {
  if (value == 0)
    refuse(key, "must be at least 1", "give a whole number above zero");
}

void check_one_of(const std::string& key,
                  const std::string& value,
                  const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), value) != known.end())
    return;
  std::string list;
  for (const auto& name : known)
    list += (list.empty() ? "" : ", ") + name;
  refuse(key, "does not know \"" + value + "\"", "use one of " + list);
}

const std::vector<std::string>& known_presets() {
  static const std::vector<std::string> names{"default", "stationary", "reco_gym",
                                              "interest_evolution"};
  return names;
}

void check_weights(const std::string& key,
                   const std::vector<double>& weights,
                   std::size_t count) {
  if (weights.size() != count)
    refuse(key, "has " + std::to_string(weights.size()) + " weights",
           "give " + std::to_string(count));
  for (const auto weight : weights)
    check_not_negative(key, weight);
  if (std::all_of(weights.begin(), weights.end(), [](double w) { return w == 0; }))
    refuse(key, "leaves the shop closed for ever", "give one weight above zero");
}

void check_catalogue(const simulation_options& options) {
  const auto& catalogue = options.catalogue;
  check_one_of("catalogue.from", catalogue.from, {"dataset", "generated"});
  if (!(catalogue.launch_share >= 0 && catalogue.launch_share <= 1))
    refuse("catalogue.launch_share", "launches more items than there are",
           "give a share from 0 to 1");
  check_share("catalogue.quality_by_popularity", catalogue.quality_by_popularity);
  check_positive("catalogue.price_median", catalogue.price_median);
  check_not_negative("catalogue.price_spread_between", catalogue.price_spread_between);
  check_not_negative("catalogue.price_spread_within", catalogue.price_spread_within);
  if (catalogue.from != "generated")
    return;
  check_count("catalogue.items", catalogue.items);
  check_count("catalogue.departments", catalogue.departments);
  check_count("catalogue.categories", catalogue.categories);
  check_count("catalogue.brands", catalogue.brands);
  check_not_negative("catalogue.popularity_exponent", catalogue.popularity_exponent);
  check_not_negative("catalogue.popularity_shift", catalogue.popularity_shift);
  check_items_at_start(options, catalogue.items);
  if (catalogue.categories < catalogue.departments)
    refuse("catalogue.categories", "are fewer than the departments",
           "every department needs one");
}

/// Weights are e to what these spread, in float and double.
void check_spread(const std::string& key, double value) {
  check_not_negative(key, value);
  if (value > 100)
    refuse(key, "is above 100: nothing but the largest would ever be drawn",
           "give at most 100");
}

void check_reco_gym(const simulation_options& options) {
  const auto& model = options.reco_gym;
  check_count("reco_gym.products", model.products);
  if (model.dimensions == 0 || model.dimensions > max_dimensions)
    refuse("reco_gym.dimensions", "is out of range",
           "give a number from 1 to " + std::to_string(max_dimensions));
  check_spread("reco_gym.sigma_omega_initial", model.sigma_omega_initial);
  check_spread("reco_gym.sigma_omega", model.sigma_omega);
  check_spread("reco_gym.sigma_mu", model.sigma_mu);
  check_share("reco_gym.organic_to_bandit", model.organic_to_bandit);
  check_share("reco_gym.bandit_to_organic", model.bandit_to_organic);
  check_share("reco_gym.leave_organic", model.leave_organic);
  check_share("reco_gym.leave_bandit", model.leave_bandit);
  if (model.organic_to_bandit + model.leave_organic > 1)
    refuse("reco_gym.leave_organic", "and organic_to_bandit make more than 1",
           "they are chances of the same step: give less");
  if (model.bandit_to_organic + model.leave_bandit > 1)
    refuse("reco_gym.leave_bandit", "and bandit_to_organic make more than 1",
           "they are chances of the same step: give less");
  const auto ends_organic =
    model.leave_organic > 0 || (model.organic_to_bandit > 0 && model.leave_bandit > 0);
  const auto ends_bandit =
    model.leave_bandit > 0 || (model.bandit_to_organic > 0 && model.leave_organic > 0);
  if (!ends_organic || !ends_bandit)
    refuse(ends_organic ? "reco_gym.leave_bandit" : "reco_gym.leave_organic",
           "keeps users for ever", "give a chance above zero");
  if (options.slate_size != 1)
    refuse("slate_size", "is not 1", "reco-gym shows one product at a time");
}

void check_interest_evolution(const simulation_options& options) {
  const auto& model = options.interest_evolution;
  check_count("interest_evolution.candidates", model.candidates);
  if (model.candidates > 1000)
    refuse("interest_evolution.candidates", "are more than 1000", "give at most 1000");
  if (model.documents < model.candidates)
    refuse("interest_evolution.documents", "are fewer than the candidates of a step",
           "give more documents, or fewer candidates");
  if (options.slate_size > model.candidates)
    refuse("slate_size", "is more than interest_evolution.candidates",
           "give more candidates, or a smaller slate");
  check_positive("interest_evolution.time_budget", model.time_budget);
  check_positive("interest_evolution.video_length", model.video_length);
  check_positive("interest_evolution.step_penalty", model.step_penalty);
  if (!(std::abs(model.no_click_mass) <= 80))
    refuse("interest_evolution.no_click_mass", "leaves nothing to chance",
           "give a number from -80 to 80");
  check_not_negative("interest_evolution.quality_range", model.quality_range);
  check_not_negative("interest_evolution.quality_deviation", model.quality_deviation);
  check_not_negative("interest_evolution.budget_gain", model.budget_gain);
  check_share("interest_evolution.interest_step", model.interest_step);
}

void check_temperament(const temperament_options& temperament) {
  check_positive("temperament.sessions_per_day", temperament.sessions_per_day);
  check_not_negative("temperament.activity_spread", temperament.activity_spread);
  check_positive("temperament.patience", temperament.patience);
  check_not_negative("temperament.patience_spread", temperament.patience_spread);
  check_positive("temperament.price_sensitivity", temperament.price_sensitivity);
  check_not_negative("temperament.price_sensitivity_spread",
                     temperament.price_sensitivity_spread);
  check_positive("temperament.exploration", temperament.exploration);
  check_not_negative("temperament.exploration_spread", temperament.exploration_spread);
  check_positive("temperament.loyalty", temperament.loyalty);
  check_not_negative("temperament.loyalty_spread", temperament.loyalty_spread);
}

void check_campaigns(const simulation_options& options) {
  for (std::size_t i = 0; i < options.campaigns.size(); ++i) {
    const auto& each = options.campaigns[i];
    const auto key = "campaigns[" + std::to_string(i) + "]";
    check_count(key + ".days", each.days);
    if (each.start_day >= options.days)
      refuse(key + ".start_day",
             "is after the run of " + std::to_string(options.days) + " days",
             "give an earlier day, counted from 0");
    if (!(each.discount >= 0 && each.discount < 1))
      refuse(key + ".discount", "leaves no price", "give a share from 0 to below 1");
    check_share(key + ".items", each.items);
    check_positive(key + ".arrivals", each.arrivals);
  }
}

void check_session(const simulation_options& options) {
  check_share("intent.search_share", options.intent.search_share);
  check_share("intent.buy_again", options.intent.buy_again);
  const auto& list = options.shopping_list;
  check_not_negative("shopping_list.items", list.items);
  check_positive("shopping_list.shape", list.shape);
  check_not_negative("shopping_list.user_spread", list.user_spread);
  check_share("shopping_list.again", list.again);
  check_count("shopping_list.considered", list.considered);
  check_count("search.considered", options.search.considered);
  check_share("search.second_term", options.search.second_term);
  check_share("search.noise", options.search.noise);
  check_count("search.results", options.search.results);
  check_not_negative("search.k1", options.search.k1);
  check_share("search.b", options.search.b);
  check_one_of("attention.kind", options.attention.kind,
               {"cascade", "by_position", "examine_all"});
  check_share("attention.continue_probability", options.attention.continue_probability);
  check_not_negative("attention.exponent", options.attention.exponent);
  check_one_of("choice.kind", options.choice.kind, {"multinomial_logit", "greedy"});
  check_finite("choice.taste", options.choice.taste);
  check_finite("choice.quality", options.choice.quality);
  check_finite("choice.popularity", options.choice.popularity);
  check_finite("choice.need", options.choice.need);
  check_finite("choice.outside", options.choice.outside);
  check_not_negative("patience.session_spread", options.patience.session_spread);
  check_share("patience.click_relief", options.patience.click_relief);
  check_share("patience.need_met", options.patience.need_met);
}

/// Published models: each has all that it needs in a block of its own.
void check_published(const simulation_options& options) {
  const std::string remedy = "use random, popularity or a model";
  for (const auto& policy : options.policies) {
    const auto& base = recommends_with(policy);
    if (base == "reference")
      refuse("policies",
             "names reference, which knows the utilities of our shoppers only", remedy);
    if (base == "bm25" || policy.kind == "bm25_profile")
      refuse("policies",
             "names " + policy.kind + ", but nobody of " + options.preset + " searches",
             remedy);
  }
  if (options.preset == "reco_gym")
    check_reco_gym(options);
  else
    check_interest_evolution(options);
}

void check_funnel(const funnel_options& funnel) {
  check_finite("funnel.cart_bias", funnel.cart_bias);
  check_finite("funnel.cart_gain", funnel.cart_gain);
  check_finite("funnel.purchase_bias", funnel.purchase_bias);
  check_finite("funnel.purchase_gain", funnel.purchase_gain);
  check_finite("funnel.return_bias", funnel.return_bias);
  check_finite("funnel.return_gain", funnel.return_gain);
  check_share("funnel.rating_chance", funnel.rating_chance);
  check_share("funnel.later_share", funnel.later_share);
  check_positive("funnel.glance_seconds", funnel.glance_seconds);
  check_positive("funnel.dwell_seconds", funnel.dwell_seconds);
  check_positive("funnel.checkout_minutes", funnel.checkout_minutes);
  check_positive("funnel.later_hours", funnel.later_hours);
  check_positive("funnel.return_days", funnel.return_days);
  check_positive("funnel.rating_days", funnel.rating_days);
  if (!(funnel.delay_exponent > 1 && std::isfinite(funnel.delay_exponent)))
    refuse("funnel.delay_exponent", "leaves delays without a mean",
           "give a number above 1");
}

void check_afterwards(const simulation_options& options) {
  check_share("satisfaction.start", options.satisfaction.start);
  check_share("satisfaction.rate", options.satisfaction.rate);
  check_share("satisfaction.purchase_rate", options.satisfaction.purchase_rate);
  check_positive("satisfaction.half_value", options.satisfaction.half_value);
  check_finite("satisfaction.arrival_gain", options.satisfaction.arrival_gain);
  check_share("drift.click_rate", options.drift.click_rate);
  check_share("drift.purchase_rate", options.drift.purchase_rate);
  check_not_negative("boredom.weight", options.boredom.weight);
  check_share("boredom.keep", options.boredom.keep);
  check_positive("boredom.half_life_days", options.boredom.half_life_days);
  check_share("churn.chance", options.churn.chance);
  check_finite("churn.gain", options.churn.gain);
  check_share("churn.comeback", options.churn.comeback);
  check_positive("churn.away_days", options.churn.away_days);
}

void check_generators(const simulation_options& options) {
  const auto& all = options.population.from;
  const std::string key = "population.from";
  if (all.empty())
    refuse(key, "is empty", "name factors, bootstrap or a run");
  for (std::size_t i = 0; i < all.size(); ++i) {
    check_one_of(key, all[i].kind, {"factors", "bootstrap", "run"});
    check_not_negative(key, all[i].wanted);
    if (all[i].wanted > 100)
      refuse(key, "has a wish that drowns everything else: wanted",
             "give at most 100; 4 to 8 are usual");
    for (std::size_t j = 0; j < i; ++j)
      if (all[i].name == all[j].name)
        refuse(key, "has two of the same name: " + all[i].name,
               "give one another with name: ...");
  }
  check_one_of("population.history", options.population.history, {"none", "real"});
  // Numbers of worlds have 16 bits in the log.
  if (std::uint64_t{options.worlds} * all.size() > 65535)
    refuse("worlds", "are too many for " + std::to_string(all.size()) + " generators",
           "use fewer of either");
}

} // namespace

std::uint32_t num_launches(const simulation_options& options, std::uint32_t num_items) {
  if (options.days < 2)
    return 0;
  return static_cast<std::uint32_t>(options.catalogue.launch_share
                                    * static_cast<double>(num_items));
}

void check_items_at_start(const simulation_options& options, std::uint32_t num_items) {
  const auto at_start = num_items - num_launches(options, num_items);
  if (at_start >= options.slate_size)
    return;
  const auto* key =
    num_items < options.slate_size ? "slate_size" : "catalogue.launch_share";
  refuse(key,
         "leaves " + std::to_string(at_start) + " of " + std::to_string(num_items)
           + " items from the start, fewer than a slate's "
           + std::to_string(options.slate_size) + " places",
         "use more items, fewer launches, or a smaller slate");
}

void validate(const simulation_options& options) {
  check_one_of("preset", options.preset, known_presets());
  check_count("days", options.days);
  if (options.days > 3650)
    refuse("days", "is longer than ten years", "give at most 3650");
  if (options.tick <= 0 || core::day_ms % options.tick != 0)
    refuse("tick", "does not divide a day",
           "give milliseconds such as 60000 or 3600000");
  check_count("slate_size", options.slate_size);
  if (options.slate_size > 1000)
    refuse("slate_size", "is more than anybody looks at", "give at most 1000");
  check_count("worlds", options.worlds);
  check_one_of("design", options.design, {"paired", "ab"});
  for (const auto& policy : options.policies)
    check_positive("policies", policy.share);
  if (options.policies.empty())
    refuse("policies", "is empty", "name at least one policy, such as random");
  check_count("population.users", options.population.users);
  check_count("population.cohort", options.population.cohort);
  if (is_published_model(options))
    return check_published(options);
  check_share("regret_share", options.regret_share);
  check_catalogue(options);
  check_generators(options);
  check_share("population.newcomer_share", options.population.newcomer_share);
  check_share("population.anonymous_share", options.population.anonymous_share);
  check_share("population.login_chance", options.population.login_chance);
  check_share("population.attributes_known", options.population.attributes_known);
  if (options.tastes.dimensions == 0 || options.tastes.dimensions > max_dimensions)
    refuse("tastes.dimensions", "is out of range",
           "give a number from 1 to " + std::to_string(max_dimensions));
  check_share("tastes.attribute_share", options.tastes.attribute_share);
  check_share("tastes.smoothing", options.tastes.smoothing);
  check_temperament(options.temperament);
  check_weights("calendar.hours", options.calendar.hours, 24);
  check_weights("calendar.weekdays", options.calendar.weekdays, 7);
  check_weights("calendar.months", options.calendar.months, 12);
  if (options.calendar.start_day > 365)
    refuse("calendar.start_day", "is beyond the year", "give 0 for 1 January to 365");
  check_campaigns(options);
  if (options.calendar.start_weekday > 6)
    refuse("calendar.start_weekday", "is no weekday",
           "give 0 for Monday to 6 for Sunday");
  check_session(options);
  check_funnel(options.funnel);
  check_afterwards(options);
}

} // namespace souk::sim
