#include "core/error.hpp"
#include "tests/benchmarks/commands.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <iostream>
#include <thread>

namespace {

using namespace souk;
using namespace souk::benchmarks;
using result = nlohmann::ordered_json;

constexpr int exit_failed = 1;
constexpr int exit_wrong_request = 2;

std::uint32_t processors() {
  return std::max(1U, std::thread::hardware_concurrency());
}

/// The commands and their flags; `parse` says what was asked for.
class command_line {
public:
  command_line() {
    app_.require_subcommand(1);
    training_.threads = ranking_.threads = placement_.threads = processors();
    add_train();
    add_placement();
    add_cluster();
    add_ranking();
    add_simulation();
    add_machine();
  }

  void parse(int argc, const char* const* argv) {
    app_.parse(argc, argv);
  }

  std::string help() const {
    return app_.help();
  }

  result carry_out() const {
    return asked_();
  }

private:
  CLI::App& add(const char* name, const char* purpose, std::function<result()> work) {
    auto& command = *app_.add_subcommand(name, purpose);
    command.callback([this, work] { asked_ = work; });
    return command;
  }

  static void add_data(CLI::App& command, data_choice& data) {
    command.add_option("--shape", data.shape, "ml20m, ml1m or tiny");
    command.add_option("--ml1m", data.ml1m,
                       "Folder with the real train.csv of ml1m (uid,sid)");
  }

  void add_train() {
    auto& command = add("train", "Train Mult-VAE 600/200 through the actors",
                        [this] { return train(training_); });
    add_data(command, training_.data);
    command.add_option("--precision", training_.precision, "fp32, bf16 or bf16x3");
    command.add_option("--isa", training_.isa,
                       "As math.isa: auto, avx2, avx512 or amx");
    command.add_option("--batch", training_.batch, "Users per step");
    command.add_option("--blocks", training_.blocks, "Blocks per batch");
    command.add_option("--trainers", training_.trainers, "Trainers");
    command.add_option("--threads", training_.threads, "Threads per trainer");
    command.add_option("--steps", training_.steps, "Steps to time, at least");
    auto& rows = add("rows", "Write the rows that train uses as raw files", [this] {
      return write_rows(training_.data, training_.batch, folder_);
    });
    add_data(rows, training_.data);
    rows.add_option("--batch", training_.batch, "Users per step");
    rows.add_option("--out", folder_, "Folder for offsets.u64 and items.u32")
      ->required();
  }

  void add_placement() {
    auto& command = add("placement", "Train through the actors: bytes of a step",
                        [this] { return measure_placement(placement_); });
    command.add_option("--kind", placement_.kind, "by_range or by_item");
    command.add_option("--items", placement_.items, "Items in the catalogue");
    command.add_option("--hidden", placement_.hidden, "Width of the hidden layer");
    command.add_option("--ranges", placement_.ranges, "Ranges of items (by_item)");
    command.add_option("--servers", placement_.servers, "Parameter servers");
    command.add_option("--threads", placement_.threads, "Threads in all");
    command.add_option("--precision", placement_.precision, "fp32, bf16 or bf16x3");
    command.add_option("--isa", placement_.isa,
                       "As math.isa: auto, avx2, avx512 or amx");
    command.add_option("--steps", placement_.steps, "Steps to time, at least");
  }

  void add_cluster() {
    auto& command = add("cluster", "Train over several processes of this machine",
                        [this] { return train_in_cluster(cluster_); });
    add_data(command, cluster_.data);
    command.add_option("--placement", cluster_.placement, "by_range or by_item");
    command.add_option("--compression", cluster_.compression, "none or bf16");
    command.add_option("--precision", cluster_.precision, "fp32, bf16 or bf16x3");
    command.add_option("--isa", cluster_.isa, "As math.isa: auto, avx2, avx512 or amx");
    command.add_option("--way", cluster_.way, "Of tensors: shm or tcp");
    command.add_option("--processes", cluster_.processes, "Processes");
    command.add_option("--trainers", cluster_.trainers, "Trainers of one thread");
    command.add_option("--servers", cluster_.servers, "Parameter servers");
    command.add_option("--batch", cluster_.batch, "Users per step");
    command.add_option("--blocks", cluster_.blocks, "Blocks per batch");
    command.add_option("--steps", cluster_.steps, "Steps to time, at least");
    // How a run's leader starts its other processes.
    auto& node = add("node", "", [this]() -> result { take_part(join_, folder_); });
    node.group("");
    node.add_option("--join", join_)->required();
    node.add_option("--certificates", folder_)->required();
    node.add_option("--as", as_);
  }

  void add_ranking() {
    auto& many = add("rank", "Rank the top 100 for many users, and judge the slates",
                     [this] { return rank(ranking_); });
    auto& ease = add("ease", "Fit EASE and rank with it",
                     [this] { return fit_and_rank_ease(ranking_); });
    for (auto* command : {&many, &ease}) {
      add_data(*command, ranking_.data);
      command->add_option("--users", ranking_.users, "Users to rank for");
      command->add_option("--threads", ranking_.threads, "Threads of the recommender");
    }
    auto& one = add("one_user", "Rank the top 100 for one user at a time, one thread",
                    [this] { return rank_one_user(ranking_.data, requests_); });
    add_data(one, ranking_.data);
    one.add_option("--requests", requests_, "Users to ask for, one after the other");
  }

  void add_simulation() {
    auto& command = add("simulate", "Let simulated users live",
                        [this] { return measure_simulation(simulation_); });
    command.add_option("--preset", simulation_.preset, "reco_gym, interest_evolution");
    command.add_option("--policy", simulation_.policy,
                       "random, popularity or mult_vae");
    command.add_option("--products", simulation_.products, "Products (reco_gym)");
    command.add_option("--users", simulation_.users, "Users");
    command.add_option("--cohort", simulation_.cohort, "Users that live together");
    command.add_option("--way", simulation_.way, "memory or log");
  }

  void add_machine() {
    auto& command = add("limits", "Measure what the machine can do at best",
                        [this] { return limits(machine_threads_); });
    command.add_option("--threads", machine_threads_, "Threads");
    auto& open = add("open", "Open a dataset with many events",
                     [this] { return open_dataset(events_); });
    open.add_option("--events", events_, "Events in it");
    auto& bulk = add("bulk", "Push, sum and pull between two processes",
                     [this] { return measure_bulk(bulk_); });
    bulk.add_option("--megabytes", bulk_.megabytes, "Of a push, and of a pull");
    bulk.add_option("--rounds", bulk_.rounds, "Rounds of all ways in turn");
    bulk.add_option("--trips", bulk_.trips, "Pushes and pulls in a round");
  }

  CLI::App app_{"Measures souk's speed. Prints one line of JSON.", "souk_bench"};
  train_request training_;
  placement_request placement_;
  cluster_request cluster_;
  rank_request ranking_;
  simulation_request simulation_;
  bulk_request bulk_;
  std::uint32_t requests_ = 500;
  std::uint64_t events_ = 10'000'000;
  std::uint32_t machine_threads_ = processors();
  std::string folder_;
  std::string join_;
  std::string as_;
  std::function<result()> asked_;
};

} // namespace

int main(int argc, char** argv) {
  command_line line;
  try {
    line.parse(argc, argv);
    std::cout << line.carry_out().dump() << '\n';
    return 0;
  } catch (const CLI::CallForHelp&) {
    std::cout << line.help();
    return 0;
  } catch (const CLI::ParseError& wrong) {
    std::cerr << "souk_bench: " << wrong.what() << "; see souk_bench --help\n";
    return exit_wrong_request;
  } catch (const core::error& wrong) {
    std::cerr << "souk_bench: " << wrong.what() << '\n';
    return wrong.whom() == core::blame::request ? exit_wrong_request : exit_failed;
  } catch (const std::exception& broken) {
    std::cerr << "souk_bench: " << broken.what() << '\n';
    return exit_failed;
  }
}
