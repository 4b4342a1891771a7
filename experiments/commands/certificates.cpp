#include "actors/bulk/certificates.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "experiments/commands/commands.hpp"

#include <sstream>

namespace souk::experiments {

namespace {

namespace bulk = actors::bulk;

constexpr const char* place = "souk certificates";

std::vector<std::string> split_at_commas(const std::string& list) {
  std::vector<std::string> parts;
  std::istringstream text{list};
  for (std::string part; std::getline(text, part, ',');)
    parts.push_back(part);
  return parts;
}

bulk::host_certificate node_of(const std::string& word) {
  const auto equals = word.find('=');
  if (equals == std::string::npos)
    throw core::error::request("--node " + word + " has no address", place,
                               "write --node NAME=ADDRESS");
  return {word.substr(0, equals), bulk::role::node,
          split_at_commas(word.substr(equals + 1))};
}

} // namespace

void make_certificates(const command& request) {
  auto folder = request.files.front();
  while (folder.size() > 1 && folder.back() == '/')
    folder.pop_back();
  std::vector<bulk::host_certificate> hosts;
  if (!request.coordinator.empty())
    hosts.push_back(
      {"coordinator", bulk::role::coordinator, split_at_commas(request.coordinator)});
  for (const auto& word : request.nodes)
    hosts.push_back(node_of(word));
  if (hosts.empty())
    throw core::error::request("nobody to make certificates for", place,
                               "add --coordinator ADDRESS, --node NAME=ADDRESS");
  const auto days = static_cast<long>(request.days);
  if (request.coordinator.empty())
    bulk::add_cluster_certificates(folder, hosts, days);
  else
    bulk::make_cluster_certificates(folder, hosts, days);
  for (const auto& host : hosts)
    core::log::info("for " + to_string(host.what) + ' ' + host.addresses.front() + ": "
                    + folder + '/' + host.name + '/');
}

} // namespace souk::experiments
