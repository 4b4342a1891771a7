#include "tests/scenarios/node_cluster.hpp"

#include <algorithm>
#include <stdexcept>

namespace souk::tests {

node_cluster::node_cluster(const small_experiment& experiment,
                           const host_network& network,
                           const std::vector<std::size_t>& slots)
  : experiment_{experiment}, network_{network} {
  const auto& folder = experiment.folder();
  const auto certificates = folder / "certificates";
  std::vector<std::string> words{"certificates", certificates, "--coordinator",
                                 network.address(0)};
  std::string file = "listen: " + network.address(0) + ":7400\ncertificates: "
                     + certificates + "/coordinator\nnodes:\n";
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const auto address = network.address(i + 1);
    words.emplace_back("--node");
    words.push_back("node" + std::to_string(i) + '=' + address);
    file +=
      "  " + address + ": " + std::to_string(std::max<std::size_t>(1, slots[i])) + '\n';
  }
  if (const auto made = run_souk(words); made.exit_code != 0)
    throw std::runtime_error{"no certificates: " + made.err};
  file_ = folder.write("nodes.yaml", file);
  for (std::size_t i = 0; i < slots.size(); ++i)
    nodes_.push_back(
      slots[i] == 0
        ? nullptr
        : std::make_unique<souk_process>(
          std::vector<std::string>{"node", "--listen", network.address(i + 1) + ":7500",
                                   "--join", network.address(0) + ":7400", "--slots",
                                   std::to_string(slots[i]), "--certificates",
                                   certificates + "/node" + std::to_string(i),
                                   "--folder", folder / ("node" + std::to_string(i))},
          network.on(i + 1)));
}

std::unique_ptr<souk_process>
node_cluster::run(const std::string& name,
                  const std::vector<std::string>& overrides,
                  const std::vector<std::string>& flags) const {
  auto words = experiment_.arguments(name, overrides, flags);
  words.emplace_back("--cluster");
  words.push_back(file_);
  return std::make_unique<souk_process>(words, network_.on(0));
}

} // namespace souk::tests
