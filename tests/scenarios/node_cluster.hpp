#pragma once

#include "tests/scenarios/small_experiment.hpp"
#include "tests/support/host_network.hpp"

#include <memory>
#include <string>
#include <vector>

namespace souk::tests {

/// A coordinator's host (number 0) and hosts with a node each, as a researcher would
/// set them up: certificates, a cluster's file, `souk node` on each host.
class node_cluster {
public:
  /// Starts the nodes, with so many slots each; none (0) where a test starts another
  /// program in a node's place. The network must outlive this.
  node_cluster(const small_experiment& experiment,
               const host_network& network,
               const std::vector<std::size_t>& slots);

  /// Starts the experiment's run on the coordinator's host.
  std::unique_ptr<souk_process> run(const std::string& name,
                                    const std::vector<std::string>& overrides,
                                    const std::vector<std::string>& flags = {}) const;

  /// The node of host 1 + `index`; its slots are its children.
  souk_process& node(std::size_t index) const {
    return *nodes_[index];
  }

private:
  const small_experiment& experiment_;
  const host_network& network_;
  std::string file_;
  std::vector<std::unique_ptr<souk_process>> nodes_;
};

} // namespace souk::tests
