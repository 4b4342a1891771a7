#include "tests/scenarios/chaos_stage.hpp"

#include "tests/scenarios/node_cluster.hpp"

#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace souk::tests {

namespace {

class one_machine : public chaos_stage {
public:
  explicit one_machine(const small_experiment& experiment) : experiment_{experiment} {
    // nop
  }

  std::unique_ptr<souk_process> start(const std::vector<std::string>& overrides,
                                      const std::vector<std::string>& flags) override {
    return std::make_unique<souk_process>(
      experiment_.arguments("hurt", overrides, flags));
  }

  std::vector<pid_t> others(const souk_process& run) const override {
    return run.children();
  }

  std::uint64_t num_cuts() const override {
    return 0;
  }

  std::string cut(const fate&, std::uint32_t, std::uint64_t) const override {
    return {};
  }

private:
  const small_experiment& experiment_;
};

class three_machines : public chaos_stage {
public:
  three_machines(host_network network, const small_experiment& experiment)
    : network_{std::move(network)}, nodes_{experiment, network_, {1, 2}} {
    // nop
  }

  std::unique_ptr<souk_process> start(const std::vector<std::string>& overrides,
                                      const std::vector<std::string>& flags) override {
    return nodes_.run("hurt", overrides, flags);
  }

  std::vector<pid_t> others(const souk_process&) const override {
    auto all = nodes_.node(0).children();
    for (const auto slot : nodes_.node(1).children())
      all.push_back(slot);
    return all;
  }

  std::uint64_t num_cuts() const override {
    return 2;
  }

  std::string
  cut(const fate& drawn, std::uint32_t fault, std::uint64_t kind) const override {
    const auto host = drawn.draw(fault_victim + fault, 0, 2);
    if (kind == 0) {
      network_.cut(host);
      wait_until_noticed();
      network_.heal(host);
      return "pulled the cable of host " + std::to_string(host);
    }
    const auto other = (host + drawn.draw(fault_target + fault, 1, 2)) % 3;
    network_.swallow(host, other);
    wait_until_noticed();
    network_.stop_swallowing(host, other);
    return "host " + std::to_string(host) + " swallowed what was for host "
           + std::to_string(other);
  }

private:
  host_network network_;
  node_cluster nodes_;
};

} // namespace

void wait_until_noticed() {
  std::this_thread::sleep_for(std::chrono::seconds{4});
}

std::unique_ptr<chaos_stage>
make_stage(const fate& drawn, const small_experiment& experiment, std::string& story) {
  if (drawn.draw(hosts, 0, 3) > 0)
    return std::make_unique<one_machine>(experiment);
  std::string why_not;
  auto network = host_network::make(3, why_not);
  if (!network) {
    story += "no hosts of their own: " + why_not + ", ";
    return std::make_unique<one_machine>(experiment);
  }
  story += "three hosts, ";
  return std::make_unique<three_machines>(std::move(*network), experiment);
}

} // namespace souk::tests
