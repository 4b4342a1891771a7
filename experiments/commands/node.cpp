#include "actors/child_process.hpp"
#include "actors/keep_slots.hpp"
#include "actors/serve_as_node.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/run_context.hpp"

#include <unistd.h>

#include <filesystem>

namespace souk::experiments {

namespace {

/// Seconds that a child of a run looks for it.
constexpr double patience_of_child = 30;

core::network_address port_of_slot(core::network_address listen, std::uint32_t slot) {
  if (listen.port != 0)
    listen.port = static_cast<std::uint16_t>(listen.port + slot);
  return listen;
}

std::string folder_of(const node_request& request) {
  return request.folder.empty() ? (std::filesystem::temp_directory_path()
                                   / ("souk-node-" + std::to_string(getuid())))
                                    .string()
                                : request.folder;
}

/// Runs would come and go, and never get further.
void check_folder(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!std::filesystem::is_directory(folder, failed)
      || access(folder.c_str(), R_OK | W_OK | X_OK) != 0)
    throw core::error::request("files of runs cannot be kept there", folder,
                               "name a folder that this user may write to (--folder)");
}

std::vector<std::string> command_of_slot(const node_request& request,
                                         std::uint32_t slot) {
  return {actors::this_program(),
          "node",
          "--as",
          "slot",
          "--join",
          to_string(request.join),
          "--listen",
          to_string(port_of_slot(request.listen, slot)),
          "--certificates",
          request.certificates,
          "--folder",
          folder_of(request)};
}

actors::node_process process_of(const node_request& request) {
  actors::node_process process;
  process.join = request.join;
  process.listen = request.listen;
  process.certificates = request.certificates;
  process.folder = request.folder;
  return process;
}

[[noreturn]] void serve(const node_request& request) {
  auto process = process_of(request);
  if (request.as == "child") {
    core::log::only_failures_on_stderr();
    process.patience = patience_of_child;
  }
  actors::serve_as_node(process, load_context);
}

} // namespace

void serve_runs(const node_request& request) {
  if (!request.as.empty())
    serve(request);
  if (request.listen.port + std::uint64_t{request.slots} > 65'536)
    throw core::error::request("there are not so many ports above it",
                               "souk node --listen", "take a smaller port");
  check_folder(folder_of(request));
  for (std::uint32_t slot = 0; slot < request.slots; ++slot) {
    auto process = process_of(request);
    process.listen = port_of_slot(request.listen, slot);
    actors::check_node(process);
  }
  core::log::info("node at " + to_string(request.listen) + " with "
                  + std::to_string(request.slots) + " slots for runs at "
                  + to_string(request.join) + "; Ctrl-C ends it");
  actors::keep_slots(
    request.slots, [&](std::uint32_t slot) { return command_of_slot(request, slot); },
    interrupt_requested);
}

} // namespace souk::experiments
