#include "experiments/training_recorder.hpp"

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "data/checkpoint.hpp"
#include "eval/evaluate.hpp"
#include "eval/metrics.hpp"
#include "models/model.hpp"

#include <algorithm>
#include <cstdio>

namespace souk::experiments {

namespace {

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

} // namespace

std::optional<double> validation_metric(const run_state& run,
                                        const models::network& network,
                                        core::span<const float> parameters) {
  const auto& held_out = run.data->split.validation;
  if (held_out.users.empty())
    return std::nullopt;
  const auto& cluster = run.options.cluster;
  const auto ranker = models::make_recommender(
    network.to_snapshot(parameters), cluster.trainers * cluster.threads_per_trainer);
  core::silent_progress quiet;
  return eval::evaluate(*ranker, held_out, &run.data->dataset.user_attributes,
                        {eval::parse_metric(run.options.training.validate.metric)},
                        quiet)
    .overall.front();
}

training_recorder::training_recorder(run_state& run,
                                     named_model model,
                                     metrics_file& curves,
                                     std::string checkpoints)
  : run_{run}, model_{std::move(model)}, curves_{curves}, checkpoints_{std::move(
                                                            checkpoints)},
    network_{models::make_network(model_.options, run.data->split.training.num_items)},
    writer_{[folder = checkpoints_, keep = run.options.training.checkpoint.keep](
              const data::checkpoint& state) {
      data::write_checkpoint(folder, state, keep);
    }} {
  const auto& training = run.options.training;
  const actors::batches plan{
    static_cast<std::uint32_t>(run.data->split.training.num_rows()),
    training.batch_users, training.blocks};
  steps_per_epoch_ = plan.per_epoch();
  total_steps_ = training.epochs * steps_per_epoch_;
  if (!training.consistency.has_one_answer())
    orders_ = std::make_unique<order_file>(*run.directory / order_entry(model_.name));
}

actors::training_start training_recorder::start() {
  writer_.wait(); // what was being written counts
  auto begin = last_checkpoint();
  const auto step = begin.progress.step;
  writer_.note_whole(step);
  best_epoch_copied_ = 0;
  note_computed_again(curves_.rewind(model_.name, step), step);
  if (orders_) {
    rewind_orders(step);
    begin.orders = orders_to_repeat();
  }
  if (!has_started_)
    first_step_ = step;
  if (has_started_ || step > 0)
    core::log::info("going on with " + model_.name
                    + (step > 0 ? " from the checkpoint at step " + std::to_string(step)
                                : " from the beginning"));
  has_started_ = true;
  last_step_ = step;
  epoch_ended_.reset(); // what follows does not time an epoch
  return begin;
}

/// Steps between the checkpoint and the last that was heard of, in this process or in
/// one that died: kept in the manifest, for the next may die as well.
void training_recorder::note_computed_again(std::uint64_t last, std::uint64_t step) {
  if (last <= step)
    return;
  run_.record.steps_computed_again[model_.name] += last - step;
  run_.directory->save(run_.record);
}

std::uint64_t training_recorder::steps_computed_again() const {
  const auto& all = run_.record.steps_computed_again;
  const auto found = all.find(model_.name);
  return found == all.end() ? 0 : found->second;
}

/// The order is told range by range, so their number cannot change on the way.
void training_recorder::rewind_orders(std::uint64_t step) {
  const auto path = *run_.directory / order_entry(model_.name);
  const auto told = extent_of_orders(path);
  const auto servers = run_.options.cluster.parameter_servers;
  if (step > 0 && told.ranges > 0 && told.ranges != servers)
    throw core::error::request(
      "the order of gradients up to step " + std::to_string(step) + " is told for "
        + std::to_string(told.ranges) + " ranges, and there are "
        + std::to_string(servers) + " parameter servers now",
      path,
      "go on with cluster.parameter_servers=" + std::to_string(told.ranges)
        + ", or start a new run");
  orders_are_whole_ = told.last >= step;
  if (!orders_are_whole_)
    core::log::warning(path + ": the order of gradients before step "
                       + std::to_string(step)
                       + " is not there; this run cannot be reproduced");
  orders_->rewind(step);
}

std::shared_ptr<const std::vector<actors::range_order>>
training_recorder::orders_to_repeat() const {
  if (run_.repeats.empty())
    return nullptr;
  const auto entry = order_entry(model_.name);
  const auto path = run_.repeats + '/' + entry;
  check_file(read_manifest(run_.repeats), run_.repeats, entry);
  auto orders = read_orders(path, extent_of_orders(path).last);
  const auto servers = run_.options.cluster.parameter_servers;
  if (orders.size() != servers)
    throw core::error::request(
      "tells the order of " + std::to_string(orders.size()) + " ranges, and there are "
        + std::to_string(servers) + " parameter servers",
      path,
      "reproduce it with cluster.parameter_servers=" + std::to_string(orders.size()));
  return std::make_shared<const std::vector<actors::range_order>>(std::move(orders));
}

/// Damaged checkpoints are said and passed over.
actors::training_start training_recorder::last_checkpoint() const {
  const auto& validate = run_.options.training.validate;
  std::vector<std::string> warnings;
  auto found = data::read_latest_checkpoint(checkpoints_, warnings);
  for (const auto& warning : warnings)
    core::log::warning(warning);
  if (!found)
    return {};
  if (found->configuration_digest != run_.record.config_digest) {
    core::log::warning(checkpoints_
                       + ": the checkpoint belongs to another experiment; "
                         "starting from initial weights");
    return {};
  }
  actors::training_start begin;
  begin.progress.step = found->step;
  begin.progress.negative_log_likelihood = found->negative_log_likelihood;
  begin.progress.divergence = found->divergence;
  begin.progress.best_epoch = found->best_epoch;
  if (found->best_epoch > 0)
    begin.progress.best_metric = found->best_metric;
  if (validate.patience)
    begin.progress.validations_without_best =
      *validate.patience - static_cast<std::uint32_t>(found->patience_left);
  begin.tensors = std::make_shared<actors::training_tensors>();
  begin.tensors->parameters = std::move(found->parameters);
  begin.tensors->first_moments = std::move(found->first_moments);
  begin.tensors->second_moments = std::move(found->second_moments);
  begin.tensors->best_parameters = std::move(found->best_parameters);
  begin.tensors->residuals = std::move(found->residuals);
  return begin;
}

void training_recorder::record(std::uint64_t step,
                               std::uint64_t epoch,
                               const char* name,
                               double value) {
  curves_.append({model_.name, step, epoch, name, value});
  if (std::string{name} == "epoch_loss") {
    const auto now = core::seconds_now();
    if (epoch_ended_)
      epoch_seconds_.push_back(now - *epoch_ended_);
    epoch_ended_ = now;
  }
  if (std::string{name} == "loss") {
    last_step_ = step;
    run_.board->checkpoints(writer_.num_written(), writer_.num_failed());
    run_.progress->advance("training " + model_.name, step, total_steps_, "steps",
                           "loss " + short_number(value) + detail_);
  } else if (name == run_.options.training.validate.metric) {
    detail_ = std::string{", "} + name + " " + short_number(value);
  }
}

void training_recorder::moved(std::uint64_t /*step*/,
                              std::uint64_t bytes_pushed,
                              std::uint64_t bytes_both_ways) {
  ++steps_moved_;
  bytes_pushed_ += bytes_pushed;
  bytes_moved_ += bytes_both_ways;
}

void training_recorder::happened(std::uint64_t first,
                                 std::uint64_t last,
                                 std::size_t range,
                                 std::size_t num_ranges,
                                 const actors::range_order& order) {
  if (orders_)
    orders_->append(first, last, range, num_ranges, order);
}

void training_recorder::worked(std::uint64_t step,
                               std::uint64_t epoch,
                               const std::vector<core::role_status>& roles) {
  std::vector<metric_point> points;
  for (const auto& each : roles) {
    const auto& work = each.work;
    const auto note = [&](const char* name, double value) {
      if (value != 0)
        points.push_back(
          {model_.name, step, epoch, name, value, each.role, each.process});
    };
    note("compute_seconds", work.compute_seconds);
    note("wait_seconds", work.wait_seconds);
    note("send_seconds", work.send_seconds);
    note("apply_seconds", work.apply_seconds);
    note("bytes_sent", static_cast<double>(work.bytes_sent));
    note("bytes_received", static_cast<double>(work.bytes_received));
    note("queue_max", static_cast<double>(work.queue_max));
    note("restarts", each.restarts);
    note("times_slower", each.times_slower);
    if (each.times_slower > 0)
      slow_trainers_[each.role] =
        std::max(slow_trainers_[each.role], each.times_slower);
  }
  curves_.append(points);
}

std::optional<double> training_recorder::validate(core::span<const float> parameters) {
  return validation_metric(run_, *network_, parameters);
}

void training_recorder::save(const actors::training_progress& progress,
                             const actors::training_view& tensors) {
  const auto patience = run_.options.training.validate.patience;
  auto& saved = writer_.next();
  saved.configuration_digest = run_.record.config_digest;
  saved.step = progress.step;
  saved.epoch = progress.step / steps_per_epoch_;
  saved.best_epoch = progress.best_epoch;
  saved.best_metric = progress.best_metric.value_or(0);
  saved.patience_left = patience ? *patience - progress.validations_without_best : 0;
  saved.negative_log_likelihood = progress.negative_log_likelihood;
  saved.divergence = progress.divergence;
  // Servers write their arenas in place, so the cut is a copy: into the last one's
  // memory, which needs no pages.
  const auto copy = [](core::span<const float> values, core::parameter_arena& into) {
    into.assign(values.begin(), values.end());
  };
  copy(tensors.parameters, saved.parameters);
  copy(tensors.first_moments, saved.first_moments);
  copy(tensors.second_moments, saved.second_moments);
  if (progress.best_epoch != best_epoch_copied_ || progress.best_epoch == 0)
    copy(tensors.best_parameters, saved.best_parameters);
  best_epoch_copied_ = progress.best_epoch;
  saved.residuals.resize(tensors.residuals.size());
  for (std::size_t block = 0; block < tensors.residuals.size(); ++block)
    copy(tensors.residuals[block], saved.residuals[block]);
  writer_.begin();
}

std::uint64_t training_recorder::checkpoints_failed() {
  writer_.wait();
  return writer_.num_failed();
}

void training_recorder::finished(const actors::training_progress& progress,
                                 core::span<const float> parameters) {
  trained_ = network_->to_snapshot(parameters);
  core::log::info(
    "trained " + model_.name + ": " + std::to_string(progress.step) + " steps"
    + (progress.best_metric ? ", best epoch " + std::to_string(progress.best_epoch)
                                + " (" + run_.options.training.validate.metric + " "
                                + short_number(*progress.best_metric) + ")"
                            : ""));
}

} // namespace souk::experiments
