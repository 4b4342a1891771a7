#include "actors/cluster.hpp"
#include "actors/serve_as_node.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "tests/benchmarks/benchmark_context.hpp"
#include "tests/benchmarks/commands.hpp"
#include "tests/benchmarks/counts.hpp"
#include "tests/benchmarks/placement_named.hpp"
#include "tests/benchmarks/precision_named.hpp"
#include "tests/benchmarks/stopwatch.hpp"
#include "tests/benchmarks/training_rows.hpp"
#include "tests/benchmarks/use_isa_named.hpp"
#include "tests/support/scratch_folder.hpp"

namespace souk::benchmarks {

namespace {

/// Seconds that a child looks for the run.
constexpr double patience = 30;

models::compression_options compression_named(const std::string& name) {
  models::compression_options compression;
  if (name == "bf16")
    compression.kind = models::compression_kind::bf16;
  else if (name != "none")
    throw core::error::request("the compression \"" + name + "\" is unknown",
                               "--compression", "choose none or bf16");
  return compression;
}

bool uses_shared_memory(const std::string& way) {
  if (way != "shm" && way != "tcp")
    throw core::error::request("the way \"" + way + "\" is unknown", "--way",
                               "choose shm or tcp");
  return way == "shm";
}

void check(const cluster_request& request) {
  refuse_zero(request.processes, "--processes");
  refuse_zero(request.trainers, "--trainers");
  refuse_zero(request.servers, "--servers");
  refuse_zero(request.batch, "--batch");
  refuse_zero(request.steps, "--steps");
  if (request.blocks == 0 || (request.blocks & (request.blocks - 1)) != 0)
    throw core::error::request("it is no power of two", "--blocks", "use 1, 2, 4, ...");
  if (request.trainers > request.blocks)
    throw core::error::request("there are more trainers than blocks", "--trainers",
                               "use more blocks");
}

/// What every process of the run makes its rows and options from: where others have the
/// experiment's file.
std::string description_of(const cluster_request& request) {
  return nlohmann::ordered_json{
    {"shape", request.data.shape},    {"ml1m", request.data.ml1m},
    {"placement", request.placement}, {"compression", request.compression},
    {"precision", request.precision}, {"isa", request.isa},
    {"batch", request.batch},         {"blocks", request.blocks}}
    .dump();
}

std::shared_ptr<actors::run_context> context_of(const std::string& description) {
  const auto words = nlohmann::json::parse(description);
  use_isa_named(words.at("isa").get<std::string>());
  const auto batch = words.at("batch").get<std::uint32_t>();
  auto training = endless_training(batch, words.at("blocks").get<std::uint32_t>());
  training.placement.kind =
    placement_named(words.at("placement").get<std::string>(), "--placement");
  training.precision = precision_named(words.at("precision").get<std::string>());
  training.compression = compression_named(words.at("compression").get<std::string>());
  const data_choice data{words.at("shape").get<std::string>(),
                         words.at("ml1m").get<std::string>()};
  return std::make_shared<benchmark_context>(
    training,
    std::make_shared<const core::interactions>(whole_batches(rows_of(data), batch)));
}

} // namespace

nlohmann::ordered_json train_in_cluster(const cluster_request& request) {
  check(request);
  const tests::scratch_folder folder;
  const actors::run_description run{description_of(request), folder.path()};
  const auto context = context_of(run.configuration);
  const auto users = static_cast<std::uint32_t>(context->training_rows()->num_rows());
  const auto watch = std::make_shared<stopwatch>(
    actors::training_schedule{context->training(),
                              {users, request.batch, request.blocks}},
    request.steps);
  actors::cluster_options shape;
  shape.processes = request.processes;
  shape.trainers = request.trainers;
  shape.parameter_servers = request.servers;
  shape.data_shards = request.processes;
  shape.shared_memory = uses_shared_memory(request.way);
  {
    actors::cluster cluster{shape, run, context};
    cluster.train(0, watch, watch->last_lease_runs);
  }
  return {{"shape", request.data.shape},
          {"way", request.way},
          {"placement", request.placement},
          {"compression", request.compression},
          {"precision", request.precision},
          {"isa", models::platform().at("isa")},
          {"processes", request.processes},
          {"trainers", request.trainers},
          {"servers", request.servers},
          {"batch", request.batch},
          {"blocks", request.blocks},
          {"steps", watch->steps()},
          {"loss", watch->loss()},
          {"users_per_second",
           static_cast<double>(watch->steps()) * request.batch / watch->seconds()},
          {"step_ms", watch->median_step_seconds() * 1e3}};
}

void take_part(const std::string& join, const std::string& certificates) {
  const auto where = core::parse_network_address(join);
  if (!where)
    throw core::error::request("\"" + join + "\" is no address", "--join",
                               "souk_bench cluster starts these processes itself");
  core::log::only_failures_on_stderr();
  actors::node_process process;
  process.join = *where;
  process.certificates = certificates;
  process.patience = patience;
  actors::serve_as_node(process, [](const std::string& description, const auto&) {
    return context_of(description);
  });
}

} // namespace souk::benchmarks
