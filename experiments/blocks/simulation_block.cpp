#include "experiments/blocks.hpp"

namespace souk::experiments {

namespace {

void read_catalogue(section catalogue, sim::catalogue_options& options) {
  catalogue.read("from", options.from, one_of({"dataset", "generated"}));
  catalogue.read("launch_share", options.launch_share, between(0, 1));
  catalogue.read("quality_by_popularity", options.quality_by_popularity, between(0, 1));
  catalogue.read("price_median", options.price_median, positive());
  catalogue.read("price_spread_between", options.price_spread_between, not_negative());
  catalogue.read("price_spread_within", options.price_spread_within, not_negative());
  if (options.from == "generated") {
    catalogue.read("items", options.items, positive());
    catalogue.read("departments", options.departments, positive());
    catalogue.read("categories", options.categories, at_least(options.departments));
    catalogue.read("brands", options.brands, positive());
    catalogue.read("popularity_exponent", options.popularity_exponent, not_negative());
    catalogue.read("popularity_shift", options.popularity_shift, not_negative());
  }
  catalogue.finish();
}

void read_tastes(section tastes, sim::tastes_options& options) {
  tastes.read("dimensions", options.dimensions, between(1, 16));
  tastes.read("attribute_share", options.attribute_share, between(0, 1));
  tastes.read("smoothing", options.smoothing, between(0, 1));
  tastes.finish();
}

void read_temperament(section temperament, sim::temperament_options& options) {
  temperament.read("sessions_per_day", options.sessions_per_day, positive());
  temperament.read("activity_spread", options.activity_spread, not_negative());
  temperament.read("patience", options.patience, positive());
  temperament.read("patience_spread", options.patience_spread, not_negative());
  temperament.read("price_sensitivity", options.price_sensitivity, positive());
  temperament.read("price_sensitivity_spread", options.price_sensitivity_spread,
                   not_negative());
  temperament.read("exploration", options.exploration, positive());
  temperament.read("exploration_spread", options.exploration_spread, not_negative());
  temperament.read("loyalty", options.loyalty, positive());
  temperament.read("loyalty_spread", options.loyalty_spread, not_negative());
  temperament.finish();
}

void read_calendar(section calendar, sim::calendar_options& options) {
  calendar.read("hours", options.hours, not_negative());
  calendar.read("weekdays", options.weekdays, not_negative());
  calendar.read("start_weekday", options.start_weekday, at_most(6));
  calendar.read("months", options.months, positive());
  calendar.read("start_day", options.start_day, at_most(365));
  calendar.finish();
}

void read_campaigns(section& simulation,
                    std::vector<sim::campaign_options>& campaigns) {
  for (auto& entry : simulation.variants("campaigns")) {
    auto& campaign = campaigns.emplace_back();
    entry.require("start_day", campaign.start_day);
    entry.read("days", campaign.days, positive());
    entry.read("discount", campaign.discount, from_to_below(0, 1));
    entry.read("items", campaign.items, between(0, 1));
    entry.read("arrivals", campaign.arrivals, positive());
    entry.finish();
  }
}

void read_session(section& simulation, sim::simulation_options& options) {
  auto intent = simulation.at("intent");
  intent.read("search_share", options.intent.search_share, between(0, 1));
  intent.read("buy_again", options.intent.buy_again, between(0, 1));
  intent.finish();
  auto list = simulation.at("shopping_list");
  list.read("items", options.shopping_list.items, not_negative());
  list.read("shape", options.shopping_list.shape, positive());
  list.read("user_spread", options.shopping_list.user_spread, not_negative());
  list.read("again", options.shopping_list.again, between(0, 1));
  list.read("considered", options.shopping_list.considered, between(1, 64));
  list.finish();
  auto search = simulation.at("search");
  search.read("considered", options.search.considered, positive());
  search.read("second_term", options.search.second_term, between(0, 1));
  search.read("noise", options.search.noise, between(0, 1));
  search.read("results", options.search.results, positive());
  search.read("k1", options.search.k1, not_negative());
  search.read("b", options.search.b, between(0, 1));
  search.finish();
  auto attention = simulation.at("attention");
  attention.read("kind", options.attention.kind,
                 one_of({"cascade", "by_position", "examine_all"}));
  attention.read("continue_probability", options.attention.continue_probability,
                 between(0, 1));
  attention.read("exponent", options.attention.exponent, not_negative());
  attention.finish();
  auto choice = simulation.at("choice");
  choice.read("kind", options.choice.kind, one_of({"multinomial_logit", "greedy"}));
  choice.read("taste", options.choice.taste);
  choice.read("quality", options.choice.quality);
  choice.read("popularity", options.choice.popularity);
  choice.read("need", options.choice.need);
  choice.read("outside", options.choice.outside);
  choice.read("novelty_days", options.choice.novelty_days);
  choice.finish();
  auto patience = simulation.at("patience");
  patience.read("session_spread", options.patience.session_spread, not_negative());
  patience.read("click_relief", options.patience.click_relief, between(0, 1));
  patience.read("need_met", options.patience.need_met, between(0, 1));
  patience.finish();
}

void read_funnel(section funnel, sim::funnel_options& options) {
  funnel.read("cart_bias", options.cart_bias);
  funnel.read("cart_gain", options.cart_gain);
  funnel.read("purchase_bias", options.purchase_bias);
  funnel.read("purchase_gain", options.purchase_gain);
  funnel.read("return_bias", options.return_bias);
  funnel.read("return_gain", options.return_gain);
  funnel.read("rating_chance", options.rating_chance, between(0, 1));
  funnel.read("glance_seconds", options.glance_seconds, positive());
  funnel.read("dwell_seconds", options.dwell_seconds, positive());
  funnel.read("checkout_minutes", options.checkout_minutes, positive());
  funnel.read("later_share", options.later_share, between(0, 1));
  funnel.read("later_hours", options.later_hours, positive());
  funnel.read("return_days", options.return_days, positive());
  funnel.read("rating_days", options.rating_days, positive());
  funnel.read("delay_exponent", options.delay_exponent, positive());
  funnel.finish();
}

void read_afterwards(section& simulation, sim::simulation_options& options) {
  auto satisfaction = simulation.at("satisfaction");
  satisfaction.read("start", options.satisfaction.start, between(0, 1));
  satisfaction.read("rate", options.satisfaction.rate, between(0, 1));
  satisfaction.read("purchase_rate", options.satisfaction.purchase_rate, between(0, 1));
  satisfaction.read("half_value", options.satisfaction.half_value, positive());
  satisfaction.read("arrival_gain", options.satisfaction.arrival_gain);
  satisfaction.finish();
  auto drift = simulation.at("drift");
  drift.read("click_rate", options.drift.click_rate, between(0, 1));
  drift.read("purchase_rate", options.drift.purchase_rate, between(0, 1));
  drift.finish();
  auto boredom = simulation.at("boredom");
  boredom.read("weight", options.boredom.weight, not_negative());
  boredom.read("keep", options.boredom.keep, between(0, 1));
  boredom.read("half_life_days", options.boredom.half_life_days, positive());
  boredom.finish();
  auto churn = simulation.at("churn");
  churn.read("chance", options.churn.chance, between(0, 1));
  churn.read("gain", options.churn.gain);
  churn.read("comeback", options.churn.comeback, between(0, 1));
  churn.read("away_days", options.churn.away_days, positive());
  churn.finish();
}

void read_reco_gym(section model, sim::reco_gym_options& options) {
  model.read("products", options.products, positive() & at_most(10000000));
  model.read("dimensions", options.dimensions, between(1, 16));
  model.read("sigma_omega_initial", options.sigma_omega_initial, not_negative());
  model.read("sigma_omega", options.sigma_omega, not_negative());
  model.read("sigma_mu", options.sigma_mu, not_negative());
  model.read("organic_to_bandit", options.organic_to_bandit, between(0, 1));
  model.read("bandit_to_organic", options.bandit_to_organic, between(0, 1));
  model.read("leave_organic", options.leave_organic, between(0, 1));
  model.read("leave_bandit", options.leave_bandit, between(0, 1));
  model.read("products_seed", options.products_seed);
  model.finish();
}

void read_interest_evolution(section model, sim::interest_evolution_options& options) {
  model.read("documents", options.documents, positive() & at_most(10000000));
  model.read("candidates", options.candidates, positive() & at_most(1000));
  model.read("time_budget", options.time_budget, positive());
  model.read("video_length", options.video_length, positive());
  model.read("step_penalty", options.step_penalty, positive());
  model.read("no_click_mass", options.no_click_mass);
  model.read("quality_range", options.quality_range, not_negative());
  model.read("quality_deviation", options.quality_deviation, not_negative());
  model.read("budget_gain", options.budget_gain, not_negative());
  model.read("interest_step", options.interest_step, between(0, 1));
  model.read("documents_seed", options.documents_seed);
  model.finish();
}

/// Reads what a published model needs besides time, worlds and policies.
void read_published(section& simulation, sim::simulation_options& options) {
  auto population = simulation.at("population");
  population.read("users", options.population.users, positive() & at_most(100000000));
  population.read("cohort", options.population.cohort, positive());
  population.finish();
  if (options.preset == "reco_gym") {
    read_reco_gym(simulation.at("reco_gym"), options.reco_gym);
    return;
  }
  simulation.read("slate_size", options.slate_size, positive() & at_most(1000));
  read_interest_evolution(simulation.at("interest_evolution"),
                          options.interest_evolution);
}

/// Reads the components of our own shoppers.
void read_shop(section& simulation, sim::simulation_options& options) {
  read_catalogue(simulation.at("catalogue"), options.catalogue);
  read_population(simulation.at("population"), options.catalogue.from == "dataset",
                  options.population);
  simulation.read("slate_size", options.slate_size, positive() & at_most(1000));
  simulation.read("exclude_bought", options.exclude_bought);
  simulation.read("paging", options.paging);
  simulation.read("regret_share", options.regret_share, between(0, 1));
  read_tastes(simulation.at("tastes"), options.tastes);
  read_temperament(simulation.at("temperament"), options.temperament);
  read_calendar(simulation.at("calendar"), options.calendar);
  read_campaigns(simulation, options.campaigns);
  read_session(simulation, options);
  read_funnel(simulation.at("funnel"), options.funnel);
  read_afterwards(simulation, options);
}

} // namespace

sim::simulation_options read_simulation(section simulation) {
  std::string preset = "default";
  simulation.read("preset", preset,
                  one_of({"default", "stationary", "reco_gym", "interest_evolution"}));
  auto options = sim::preset_options(preset);
  simulation.read("days", options.days, positive() & at_most(3650));
  simulation.read_duration("tick", options.tick, positive());
  simulation.read("worlds", options.worlds, positive() & at_most(10000));
  if (!sim::is_published_model(options))
    simulation.read("design", options.design, one_of({"paired", "ab"}));
  read_policies(simulation, options);
  if (sim::is_published_model(options))
    read_published(simulation, options);
  else
    read_shop(simulation, options);
  simulation.finish();
  return options;
}

} // namespace souk::experiments
