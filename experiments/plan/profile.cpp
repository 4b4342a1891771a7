#include "experiments/plan/profile.hpp"

#include "core/error.hpp"
#include "core/interactions.hpp"
#include "experiments/atomic_file.hpp"
#include "experiments/config/document.hpp"
#include "experiments/run_directory.hpp"
#include "models/autoencoder_shape.hpp"
#include "models/learner.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace souk::experiments {

namespace {

/// What a round costs where no run by item tells: two threads wake up in turn.
constexpr double usual_round_seconds = 100e-6;

/// Points of one kind of role, summed.
class role_sums {
public:
  role_sums(const std::string& model,
            const std::vector<metric_point>& points,
            std::uint64_t after_step)
    : model_{model}, points_{points}, after_{after_step} {}

  double of(const std::vector<std::string>& kinds, const std::string& name) const {
    double sum = 0;
    for (const auto& point : points_) {
      const auto kind = point.role.substr(0, point.role.rfind(' '));
      if (point.model == model_ && point.step > after_ && point.name == name
          && std::find(kinds.begin(), kinds.end(), kind) != kinds.end())
        sum += point.value;
    }
    return sum;
  }

private:
  const std::string& model_;
  const std::vector<metric_point>& points_;
  std::uint64_t after_;
};

const std::vector<std::string> trainer_roles{"trainer", "item_trainer"};
const std::vector<std::string> server_roles{"parameter_server", "item_server",
                                            "middle_server"};
const std::vector<std::string> middle_role{"middle_server"};
const std::vector<std::string> all_activities{"compute_seconds", "apply_seconds",
                                              "send_seconds", "wait_seconds"};

/// Whether costs can be found from a run.
bool is_profile(const measured_run& run) {
  return run.method.consistency == consistency_kind::bsp
         && run.method.compression == compression_kind::none
         && run.trainers == run.processes && run.servers == run.processes;
}

/// Of the run with the fewest trainers and the one with the most.
template <class Predicate>
std::pair<const measured_run*, const measured_run*>
ends_of(const std::vector<measured_run>& runs, Predicate wanted) {
  const measured_run* fewest = nullptr;
  const measured_run* most = nullptr;
  for (const auto& run : runs) {
    if (!is_profile(run) || !wanted(run))
      continue;
    if (!fewest || run.processes < fewest->processes)
      fewest = &run;
    if (!most || run.processes > most->processes)
      most = &run;
  }
  return {fewest, most};
}

/// The machine that all of these ran on.
cluster_shape shape_of(const measured_run& run) {
  cluster_shape shape;
  shape.nodes = run.processes;
  shape.machines = 1;
  shape.threads = run.threads;
  shape.cores = 1e9; // paths only: how they share cores is in what was measured
  return shape;
}

[[noreturn]] void missing(const std::string& what) {
  throw core::error::request("there is no profile of a run in " + what,
                             "souk plan --profile",
                             "add one, made with souk train FILE"
                             " -s cluster.processes=N -s cluster.trainers=N -s "
                             "cluster.parameter_servers=N, or leave --profile out");
}

double at_least_nothing(double value) {
  return std::max(0.0, value);
}

/// Returns the run in several processes, or null where there are no runs by item.
const measured_run* find_by_item(const std::vector<measured_run>& runs,
                                 measured_costs& costs) {
  const auto by_item = [](const auto& run) {
    return run.method.by_item;
  };
  const auto [one, several] = ends_of(runs, by_item);
  if (!one || one->processes > 1 || several->processes == 1)
    return nullptr;
  costs.knows_by_item = true;
  costs.item_trainer = one->compute_seconds * one->threads;
  costs.item_servers = one->server_seconds * one->threads;
  // However many owners there are, together they have the same work.
  if (one->server_seconds > 0)
    costs.crowding = std::clamp(several->server_seconds / one->server_seconds, 1.0,
                                static_cast<double>(several->processes));
  // Owners apply the last layer's step while the trainer goes on: what is done at the
  // same time makes the rest negative, and is taken off all work instead.
  const auto serial = one->compute_seconds + one->server_seconds;
  costs.item_rest = at_least_nothing(one->step_seconds - serial);
  if (serial > one->step_seconds) {
    costs.item_trainer *= one->step_seconds / serial;
    costs.item_servers *= one->step_seconds / serial;
  }
  return several;
}

/// What a step in several processes takes beyond its gradients and optimisers, and what
/// it sends.
struct excess {
  double seconds = 0;
  double bytes = 0; ///< as often as each is copied
  double rounds = 0;
};

excess excess_of(const training_size& size,
                 const measured_run& run,
                 const measured_costs& without) {
  const auto alone = predict(size, without, run.method, shape_of(run)).seconds;
  const auto messages = messages_of(size, run.method, run.processes);
  measured_costs a_byte;
  a_byte.knows_by_item = true;
  a_byte.carry_seconds_per_byte = 1;
  return {at_least_nothing(run.step_seconds - alone),
          predict(size, a_byte, run.method, shape_of(run)).carry_seconds,
          messages.rounds};
}

/// By range a step has many bytes and few rounds, by item few bytes and many rounds:
/// two equations for what each costs.
void find_exchange(const excess& by_range,
                   const std::optional<excess>& by_item,
                   measured_costs& costs) {
  costs.per_round = usual_round_seconds;
  if (by_item) {
    const auto scale =
      by_range.bytes * by_item->rounds - by_item->bytes * by_range.rounds;
    const auto both =
      by_range.bytes * by_item->seconds - by_item->bytes * by_range.seconds;
    if (scale > 0)
      costs.per_round = at_least_nothing(both / scale);
  }
  costs.per_round = std::min(costs.per_round, by_range.seconds / by_range.rounds);
  costs.carry_seconds_per_byte =
    at_least_nothing(by_range.seconds - costs.per_round * by_range.rounds)
    / by_range.bytes;
}

} // namespace

training_method method_of(const actors::training_options& training) {
  training_method method;
  method.consistency = training.consistency.kind;
  if (method.consistency == consistency_kind::ssp)
    method.staleness = training.consistency.staleness;
  if (method.consistency == consistency_kind::local_sgd)
    method.period = training.consistency.period;
  method.by_item = training.placement.kind == actors::placement_kind::by_item;
  method.compression = training.compression.kind;
  if (method.compression == compression_kind::top_k)
    method.fraction = training.compression.fraction;
  return method;
}

measured_run measured_from(measured_run described,
                           const std::string& model,
                           const std::vector<metric_point>& points) {
  std::set<std::uint64_t> epochs; // the steps where they end
  for (const auto& point : points)
    if (point.model == model && !point.role.empty())
      epochs.insert(point.step);
  if (epochs.empty())
    throw core::error::request(
      "has no accounts of what " + model + "'s trainers and servers did", described.run,
      "profile a run of this version that trains it");
  // The first epoch has the start in it.
  const auto first = epochs.size() > 1 ? *epochs.begin() : 0;
  const role_sums sums{model, points, first};
  described.steps = *epochs.rbegin() - first;
  const auto steps = static_cast<double>(described.steps);
  double trainers_time = 0;
  for (const auto& activity : all_activities)
    trainers_time += sums.of(trainer_roles, activity);
  const auto trainers = described.method.by_item ? 1.0 : described.trainers;
  // Everybody waits for the coordinator's validations and copies.
  const auto apart = sums.of({"coordinator"}, "compute_seconds")
                     + sums.of({"coordinator"}, "send_seconds");
  described.step_seconds = (trainers_time / trainers - apart) / steps;
  described.compute_seconds = sums.of(trainer_roles, "compute_seconds") / steps;
  const auto work_of = [&](const std::vector<std::string>& roles) {
    return (sums.of(roles, "apply_seconds") + sums.of(roles, "compute_seconds"))
           / steps;
  };
  described.server_seconds = work_of(server_roles);
  described.bytes =
    (sums.of(trainer_roles, "bytes_received") + sums.of(server_roles, "bytes_received"))
    / steps;
  described.wait_share =
    1 - described.compute_seconds / trainers / described.step_seconds;
  // By item, the server of the middle is beside the trainer and has its threads.
  const auto middle = work_of(middle_role);
  described.compute_seconds += middle;
  described.server_seconds -= middle;
  return described;
}

measured_run read_measured_run(const std::string& folder) {
  const auto record = read_manifest(folder);
  if (!record.finished("train"))
    throw core::error::request("its training is not finished", folder,
                               "finish it with --resume, or name another run");
  auto file = document::load(folder + "/config.yaml");
  const auto options = read_experiment(file);
  if (!options.model || !models::has_learner(options.model->options))
    throw core::error::request("trains no model step by step", folder,
                               "profile a run of the file's mult_vae or mult_dae");
  measured_run run;
  run.run = folder;
  run.method = method_of(options.training);
  const auto count = [&](const char* name) {
    const auto found = record.cluster.find(name);
    return found == record.cluster.end() ? 1U
                                         : static_cast<std::uint32_t>(found->second);
  };
  run.processes = count("processes");
  run.trainers = count("trainers");
  run.servers = count("parameter_servers");
  run.threads = count("threads_per_trainer");
  return measured_from(run, options.model->name,
                       read_metrics(folder + "/metrics.jsonl"));
}

training_size size_of(const experiment& options, const prepared_data& data) {
  const auto& rows = data.split.training;
  const models::autoencoder_shape shape{options.model->options, rows.num_items};
  const auto& layers = shape.layers();
  training_size size;
  size.batch_users =
    std::min(options.training.batch_users, static_cast<std::uint32_t>(rows.num_rows()));
  size.blocks = options.training.blocks;
  size.item_ranges = options.training.placement.ranges;
  size.parameters = shape.layout().size();
  size.first_row = layers.front().outputs;
  size.last_width = layers.back().inputs;
  size.num_items = rows.num_items;
  const auto users = static_cast<double>(rows.num_rows());
  size.items_per_user = static_cast<double>(rows.items.size()) / users;
  const auto kept = 1 - options.model->options.dropout;
  for (const auto count : core::count_by_item(rows))
    size.item_shares.push_back(kept * count / users);
  return size;
}

measured_costs costs_of(const training_size& size,
                        const std::vector<measured_run>& runs) {
  const auto by_range = [](const auto& run) {
    return !run.method.by_item;
  };
  const auto [one, several] = ends_of(runs, by_range);
  if (!one || one->processes > 1)
    missing("one process, with one trainer and one server");
  if (several->processes == 1)
    missing("several processes, with as many trainers and servers");
  measured_costs costs;
  const auto* item_run = find_by_item(runs, costs);

  // All trainers' gradients: users + trainers * per_gradient, in seconds of a thread
  // that has the machine to itself. Runs by range alone cannot tell what more gradients
  // cost from what neighbours do: it all counts as the former.
  const double trainers = trainers_of(size, several->method, several->processes);
  const auto more = std::max(1.0, trainers - 1); // of one block there is one trainer
  const double users = size.batch_users;
  const auto alone = one->compute_seconds * one->threads;
  const auto shared = several->compute_seconds * several->threads / costs.crowding;
  costs.per_gradient = std::clamp((shared - alone) / more, 0.0, alone);
  costs.per_user = (alone - costs.per_gradient) / users;
  // All servers' work: parameters * (per_parameter + parts * per_summed).
  const auto parameters = static_cast<double>(size.parameters);
  const auto one_part = one->server_seconds * one->threads / parameters;
  const auto parts =
    several->server_seconds * several->threads / parameters / costs.crowding;
  costs.per_summed = std::clamp((parts - one_part) / more, 0.0, one_part);
  costs.per_parameter = one_part - costs.per_summed;
  costs.per_step =
    at_least_nothing(one->step_seconds - one->compute_seconds - one->server_seconds);

  std::optional<excess> by_item;
  if (item_run)
    by_item = excess_of(size, *item_run, costs);
  find_exchange(excess_of(size, *several, costs), by_item, costs);
  return costs;
}

} // namespace souk::experiments
