#include "core/error.hpp"
#include "core/log.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/run_state.hpp"

#include <csignal>
#include <exception>
#include <iostream>

namespace {

using namespace souk;
using namespace souk::experiments;

constexpr int exit_failed = core::exit_code_of(core::blame::environment);
constexpr int exit_interrupted = 130;

void request_interrupt(int) {
  interrupt_requested = true;
  // A second Ctrl-C ends the program at once.
  std::signal(SIGINT, SIG_DFL);
}

int carry_out(const command& request) {
  switch (request.what) {
  case verb::import:
  case verb::train:
  case verb::evaluate:
  case verb::simulate:
  case verb::run:
    std::signal(SIGINT, request_interrupt);
    std::signal(SIGTERM, request_interrupt);
    run_experiment(request);
    return 0;
  case verb::plan:
    std::signal(SIGINT, request_interrupt);
    std::signal(SIGTERM, request_interrupt);
    plan_cluster(request);
    return 0;
  case verb::replay:
    std::signal(SIGINT, request_interrupt);
    std::signal(SIGTERM, request_interrupt);
    replay_log(request);
    return 0;
  case verb::environment:
    std::signal(SIGINT, request_interrupt);
    std::signal(SIGTERM, request_interrupt);
    serve_environments(request);
    return 0;
  case verb::check:
    check_experiment(request);
    return 0;
  case verb::report:
    write_report_again(request);
    return 0;
  case verb::inspect:
    inspect_file(request);
    return 0;
  case verb::compare:
    compare_runs(request);
    return 0;
  case verb::certificates:
    make_certificates(request);
    return 0;
  case verb::reproduce:
    return reproduce_run(request) ? 0 : exit_failed;
  case verb::realism:
    score_log(request);
    return 0;
  case verb::calibrate:
    std::signal(SIGINT, request_interrupt);
    std::signal(SIGTERM, request_interrupt);
    calibrate_to_log(request);
    return 0;
  case verb::status:
    print_status(request);
    return 0;
  case verb::node:
    std::signal(SIGINT, request_interrupt);
    std::signal(SIGTERM, request_interrupt);
    serve_runs(request.node);
    return 0;
  case verb::say:
    std::cout << request.text;
    return 0;
  }
  return exit_failed;
}

} // namespace

int main(int argc, char** argv) {
  // A file grown to its limit is an error of the write, not the end of the program.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const auto request = parse_command_line(argc, argv);
    if (request.quiet)
      core::log::only_failures_on_stderr();
    return carry_out(request);
  } catch (const interrupted&) {
    return exit_interrupted;
  } catch (const core::error& wrong) {
    core::log::failure(wrong.what());
    return core::exit_code_of(wrong.whom());
  } catch (const std::bad_alloc&) {
    core::log::failure("out of memory; use a smaller experiment or a larger machine");
    return exit_failed;
  } catch (const std::exception& broken) {
    core::log::failure(broken.what());
    return exit_failed;
  }
}
