#include "tests/support/host_network.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace souk::tests {

namespace {

bool succeeds(const std::string& command) {
  return std::system((command + " > /dev/null 2>&1").c_str()) == 0;
}

void must(const std::string& command) {
  if (!succeeds(command))
    throw std::runtime_error{"failed: " + command};
}

} // namespace

std::optional<host_network> host_network::make(std::size_t hosts,
                                               std::string& why_not) {
  static std::atomic<int> count{0};
  host_network made;
  made.name_ = "souk" + std::to_string(getpid()) + '-' + std::to_string(++count);
  if (!succeeds("ip -V"))
    why_not = "there is no ip command (package iproute2)";
  else if (!succeeds("ip netns add " + made.switch_space()))
    why_not = "this machine does not let us make network namespaces";
  else if (!succeeds("ip -n " + made.switch_space() + " link add switch type bridge"))
    why_not = "this machine does not let us make a bridge";
  if (!why_not.empty())
    return std::nullopt;
  const auto in_switch = "ip -n " + made.switch_space() + " ";
  must(in_switch + "link set switch up");
  for (std::size_t i = 0; i < hosts; ++i) {
    const auto port = "port" + std::to_string(i);
    const auto in_host = "ip -n " + made.space(i) + " ";
    must("ip netns add " + made.space(i));
    made.hosts_ = i + 1;
    must(in_switch + "link add " + port + " type veth peer name eth0 netns "
         + made.space(i));
    must(in_switch + "link set " + port + " master switch up");
    must(in_host + "link set lo up");
    must(in_host + "addr add " + made.address(i) + "/24 dev eth0");
    must(in_host + "link set eth0 up");
  }
  return made;
}

host_network::host_network(host_network&& other) noexcept
  : name_{std::exchange(other.name_, {})}, hosts_{other.hosts_} {
  // nop
}

host_network::~host_network() {
  if (name_.empty())
    return;
  for (std::size_t i = 0; i < hosts_; ++i)
    succeeds("ip netns del " + space(i));
  succeeds("ip netns del " + switch_space());
}

std::string host_network::space(std::size_t host) const {
  return name_ + "-host" + std::to_string(host);
}

std::string host_network::switch_space() const {
  return name_ + "-switch";
}

std::string host_network::address(std::size_t host) const {
  return "10.77.0." + std::to_string(host + 1);
}

std::vector<std::string> host_network::on(std::size_t host) const {
  return {"ip", "netns", "exec", space(host)};
}

void host_network::cut(std::size_t host) const {
  must("ip -n " + switch_space() + " link set port" + std::to_string(host) + " down");
}

void host_network::heal(std::size_t host) const {
  must("ip -n " + switch_space() + " link set port" + std::to_string(host) + " up");
}

void host_network::swallow(std::size_t host, std::size_t other) const {
  must("ip -n " + space(host) + " route add blackhole " + address(other) + "/32");
}

void host_network::stop_swallowing(std::size_t host, std::size_t other) const {
  must("ip -n " + space(host) + " route del blackhole " + address(other) + "/32");
}

} // namespace souk::tests
