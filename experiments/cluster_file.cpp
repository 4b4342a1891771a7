#include "experiments/cluster_file.hpp"

#include "core/error.hpp"
#include "experiments/config/document.hpp"

#include <map>

namespace souk::experiments {

namespace {

constexpr std::uint32_t slots_max = 1024;

rule network_address() {
  return text_where(
    [](const std::string& text) {
      return core::parse_network_address(text).has_value();
    },
    "is no address", "write a numeric host and a port: 10.0.0.1:7400");
}

void read_nodes(section& root, actors::node_cluster& cluster) {
  std::map<std::string, std::uint32_t> slots;
  root.require("nodes", slots,
               positive() & at_most(slots_max) & not_empty()
                 & at_most_entries(slots_max));
  for (const auto& [address, count] : slots) {
    const auto host = core::numeric_host(address);
    if (!host)
      throw root.error_at("nodes", "\"" + address + "\" is no numeric address",
                          "write what the node listens at, without its port: 10.0.0.2");
    cluster.nodes.push_back({*host, count});
    cluster.begin_with += count;
  }
}

} // namespace

actors::node_cluster read_cluster_file(const std::string& path) {
  auto file = document::load(path);
  auto root = file.root();
  actors::node_cluster cluster;
  std::string listen;
  root.require("listen", listen, network_address());
  cluster.listen = *core::parse_network_address(listen);
  if (cluster.listen.port == 0
      || cluster.listen.port > 65'535 - actors::node_cluster::ports_above)
    throw root.error_at("listen", "needs a port, and the two above it",
                        "take one that nodes can know: 7400");
  root.require("certificates", cluster.certificates, existing_folder());
  read_nodes(root, cluster);
  const auto all = cluster.begin_with;
  root.read("begin_with", cluster.begin_with, positive());
  if (cluster.begin_with > all)
    throw root.error_at("begin_with",
                        "asks for more slots than the nodes have ("
                          + std::to_string(all) + ")",
                        "ask for fewer, or name more nodes");
  root.finish();
  file.finish();
  return cluster;
}

} // namespace souk::experiments
