#pragma once

#include "core/ids.hpp"
#include "sim/interest_evolution/options.hpp"
#include "sim/policy_options.hpp"
#include "sim/reco_gym/options.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// The `simulation:` block of an experiment, one struct per component. Members bear the
/// names of their keys. Defaults aim at what real shops publish: carts per view 2.6 to
/// 8%, purchases per cart about 31%, 3.6 clicks a session of which 5.5% buy.
namespace souk::sim {

/// What is for sale.
struct catalogue_options {
  std::string from = "generated"; ///< dataset | generated
  /// Share of the items that are launched during the run, each on a day of its own.
  double launch_share = 0.1;
  double quality_by_popularity = 0.4; ///< correlation of quality and log popularity
  double price_median = 20;           ///< of all categories' medians, per unit
  double price_spread_between = 0.8;  ///< sd of log median price between categories
  double price_spread_within = 0.5;   ///< sd of log price within a category

  // Generated catalogues only.
  std::uint32_t items = 2000;
  std::uint32_t departments = 8; ///< the upper level of the tree
  std::uint32_t categories = 40; ///< the lower level
  std::uint32_t brands = 150;
  /// Zipf-Mandelbrot: the item of rank r = 1, 2, ... draws (r + shift)^-exponent.
  double popularity_exponent = 0.75;
  double popularity_shift = 0;
};

/// Where tastes over a dataset's items come from.
struct generator_options {
  /// factors: around those of real users, as a factorisation of the training matrix
  /// sees them (`tastes::of_factors`). bootstrap: a shopper is one of the split's
  /// validation users, of whom every world has a resample, and wants what that one took
  /// afterwards. run: what the model of a finished run believes of the training users
  /// (`fit_believed_tastes`).
  std::string kind = "factors";
  std::string name = "factors"; ///< in results and reports; no two alike
  std::string path;             ///< run: its folder, or a model's file
  double wanted = 4;            ///< bootstrap: utility of what the real user took
};

/// Who shops.
struct population_options {
  /// Of whom a population over a dataset's items is made. Each has worlds of its own,
  /// all with the same draws; the first is the one that ordinary results speak of.
  std::vector<generator_options> from{1};
  /// What the shop knows of its regulars at the start. none: nothing. real: what the
  /// real user behind each took before, which is also theirs already (over a dataset).
  std::string history = "none";
  std::uint32_t users = 10000;
  std::uint32_t cohort = 1000;  ///< users that one actor owns
  double newcomer_share = 0.2;  ///< of users, who join during the run
  double anonymous_share = 0.5; ///< of sessions, which begin without a login
  /// Chance to log in after a click of such a session; who buys logs in, too. What the
  /// session opened then enters the user's history.
  double login_chance = 0.1;
  double attributes_known = 1; ///< share of users whose attributes the shop knows
};

/// What people like.
struct tastes_options {
  std::uint32_t dimensions = 8; ///< at most 16
  /// Share of a taste's variance that attributes explain (generated catalogues).
  double attribute_share = 0.3;
  /// Share of a taste's variance that is drawn anew around the real user whom a
  /// synthetic one resembles (catalogues from a dataset).
  double smoothing = 0.3;
};

/// How people differ besides taste. All are log-normal over users with these means and
/// these standard deviations of the logarithm.
struct temperament_options {
  double sessions_per_day = 0.3;
  double activity_spread = 1.1;
  double patience = 5.5; ///< slates without a click until a session is left
  double patience_spread = 0.5;
  double price_sensitivity = 0.4; ///< utility lost per sd of log price
  double price_sensitivity_spread = 0.6;
  double exploration = 0.4; ///< utility of an item being new
  double exploration_spread = 0.6;
  double loyalty = 0.5; ///< utility of a brand bought before
  double loyalty_spread = 0.5;
};

/// When people shop: relative weights, scaled to mean 1. An hour or a weekday of weight
/// 0 is closed: nobody comes.
struct calendar_options {
  std::vector<double> hours = {0.45, 0.28, 0.18, 0.13, 0.13, 0.20, 0.40, 0.68,
                               0.92, 1.10, 1.22, 1.28, 1.30, 1.25, 1.22, 1.22,
                               1.25, 1.32, 1.45, 1.62, 1.75, 1.70, 1.30, 0.80};
  std::vector<double> weekdays = {1.05, 1.02, 1.00, 0.98,
                                  0.92, 0.96, 1.10};         ///< Monday first
  std::uint32_t start_weekday = 0;                           ///< of day 0; 0 = Monday
  std::vector<double> months = std::vector<double>(12, 1.0); ///< January first
  std::uint32_t start_day = 0; ///< of day 0 in its year; 0 = 1 January
};

/// Days on which some items cost less.
struct campaign_options {
  std::uint32_t start_day = 0; ///< of the run
  std::uint32_t days = 1;
  double discount = 0.2; ///< share of the price
  double items = 0.2;    ///< share of the catalogue
  double arrivals = 1;   ///< factor on the rate at which people come
};

/// What a session is for; the rest browses.
struct intent_options {
  double search_share = 0.25;
  /// Chance, for somebody of average loyalty, to come back for what was bought before.
  double buy_again = 0.1;
};

/// What a shopper means to buy before seeing anything: the list that a session begins
/// with. Its length follows a Weibull law around a median of the user's own.
struct shopping_list_options {
  double items = 0;         ///< median over sessions and users; 0: nobody has a list
  double shape = 1.1;       ///< of the Weibull law between sessions; 1 = exponential
  double user_spread = 0.5; ///< sd of the log of users' medians
  /// Chance, for somebody of average loyalty, that an entry was bought before.
  double again = 0.2;
  std::uint32_t considered =
    8; ///< items, drawn by popularity, of which taste picks one
};

/// How queries are written and answered.
struct search_options {
  std::uint32_t considered = 8; ///< items of which a shopper has the best in mind
  double second_term = 0.6;     ///< chance to name more than a category
  double noise = 0.15;          ///< chance that the second term is off the mark
  std::uint32_t results = 100;  ///< items that the shop finds at most
  double k1 = 1.2;              ///< BM25: how soon more of the same term stops to count
  double b = 0.75;              ///< BM25: how much a long text is discounted, 0 to 1
};

/// How far down a slate people look.
struct attention_options {
  std::string kind = "cascade";       ///< cascade | by_position | examine_all
  double continue_probability = 0.85; ///< cascade: chance to look one place further
  double exponent = 0.77; ///< by_position: place j is seen with (j + 1)^-exponent
};

/// The utility of an item and of none: weights of standardised features.
struct choice_options {
  std::string kind = "multinomial_logit"; ///< multinomial_logit | greedy
  double taste = 1.0;
  double quality = 0.35;
  double popularity = 0.35;
  double need = 1.5;              ///< of the category that a session is after
  double outside = 3.0;           ///< utility of leaving the slate unopened
  std::uint32_t novelty_days = 7; ///< an item is new for so long after its launch
};

/// From a click to what is kept. Chances are sigmoid(bias + gain * x), where x is the
/// utility of the item, or its quality in returns.
struct funnel_options {
  double cart_bias = -3.95;
  double cart_gain = 0.4;
  double purchase_bias = -1.65;
  double purchase_gain = 0.3;
  double return_bias = -1.7;
  double return_gain = 0.6; ///< subtracted per sd of quality
  double rating_chance = 0.12;
  double glance_seconds = 2;   ///< per place looked at
  double dwell_seconds = 45;   ///< mean time on a product's page
  double checkout_minutes = 4; ///< mean, from cart to purchase in one go
  double later_share = 0.2;    ///< of purchases, made after sleeping on it
  double later_hours = 20;     ///< their mean delay
  double return_days = 6;      ///< mean, from purchase to return
  double rating_days = 4;      ///< mean, from purchase to rating
  double delay_exponent = 2.5; ///< of the power law that delays follow
};

/// When a session ends.
struct patience_options {
  double session_spread = 1.2; ///< sd of the logarithm of patience between sessions
  double click_relief = 0.35;  ///< factor on the chance to leave after a click
  double need_met = 0.5;       ///< chance to leave after deciding to buy
};

/// How content people are, from 0 to 1, and what follows.
struct satisfaction_options {
  double start = 0.5;
  double rate = 0.15;         ///< weight of the last session
  double purchase_rate = 0.2; ///< weight of a purchase
  double half_value = 0.4;    ///< mean slate value at which a session satisfies by half
  double arrival_gain =
    1.0; ///< session rate is times e^(gain * (satisfaction - start))
};

/// How tastes move.
struct drift_options {
  double click_rate = 0.005;
  double purchase_rate = 0.03;
};

/// How people tire of more of the same.
struct boredom_options {
  double weight = 0.8; ///< utility lost by an item just like all recent ones
  double keep = 0.8;   ///< weight of the past at each click
  double half_life_days = 1.5;
};

/// When people leave: chance after a session, for average satisfaction. Some come back.
struct churn_options {
  double chance = 0.01;
  double gain = 4.0;     ///< the chance is times e^(-gain * (satisfaction - start))
  double comeback = 0.2; ///< chance that somebody who left comes back one day
  double away_days = 20; ///< their mean absence, exponential
};

struct simulation_options {
  /// default | stationary; or a published model of its own, which knows nothing of the
  /// components below: reco_gym | interest_evolution
  std::string preset = "default";
  catalogue_options catalogue;
  population_options population;
  std::uint32_t days = 14;
  /// Simulated milliseconds between barriers, at most; divides a day. A longer tick
  /// changes nothing but the number of slates that are asked for together.
  core::time_ms tick = core::hour_ms;
  std::uint32_t slate_size = 10;
  std::uint32_t worlds = 3; ///< replicates, of each generator
  /// Whom a policy serves in a world. paired: everybody, as every other policy does.
  /// ab: its share of the users, as in a test in a real shop.
  std::string design = "paired";
  std::vector<policy_options> policies =
    plain_policies({"random", "popularity", "reference"});
  bool exclude_bought = true; ///< from slates, unless a session is for buying again
  bool paging = true;         ///< a session is never shown an item twice
  /// Share of slates whose regret is measured (it costs a look at the whole catalogue).
  double regret_share = 0.02;

  tastes_options tastes;
  temperament_options temperament;
  calendar_options calendar;
  std::vector<campaign_options> campaigns;
  intent_options intent;
  shopping_list_options shopping_list;
  search_options search;
  attention_options attention;
  choice_options choice;
  funnel_options funnel;
  patience_options patience;
  satisfaction_options satisfaction;
  drift_options drift;
  boredom_options boredom;
  churn_options churn;

  reco_gym_options reco_gym;
  interest_evolution_options interest_evolution;
};

/// Whether users behave by a published model, not as shoppers of ours.
bool is_published_model(const simulation_options& options);

/// Returns how many worlds there are, those of one generator after those of another.
std::uint32_t num_worlds(const simulation_options& options);

/// Returns which of `population.from` a world's shoppers come from.
std::size_t generator_of(const simulation_options& options, std::uint32_t world);

/// Returns which replicate of its generator a world is. Those of the same number share
/// their draws.
std::uint32_t replicate_of(const simulation_options& options, std::uint32_t world);

/// Returns the defaults of a preset: `default`; `stationary`, in which nothing that
/// happens changes what a shopper wants (no drift, boredom, churn, nor any effect of
/// satisfaction on arrivals); or a published model's. Throws `error` of the request for
/// another name.
simulation_options preset_options(const std::string& preset);

/// Returns how many of a catalogue's items are launched during the run.
std::uint32_t num_launches(const simulation_options& options, std::uint32_t num_items);

/// Throws `error` of the request, naming the key, for values that no world can have.
void validate(const simulation_options& options);

/// Throws `error` of the request where fewer of so many items are there from the start
/// than a slate has places. `validate` sees to generated catalogues.
void check_items_at_start(const simulation_options& options, std::uint32_t num_items);

} // namespace souk::sim
