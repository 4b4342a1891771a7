#pragma once

#include <optional>
#include <string>
#include <vector>

namespace souk::tests {

/// Hosts of their own on this machine: network namespaces that hang on one switch by a
/// cable (veth) each. What happens in them is seen nowhere else. Needs the `ip` command
/// and the right to make namespaces.
class host_network {
public:
  /// Makes them, or says why this machine cannot.
  static std::optional<host_network> make(std::size_t hosts, std::string& why_not);

  host_network(host_network&& other) noexcept;
  host_network& operator=(host_network&&) = delete;
  ~host_network();

  /// The numeric address of a host.
  std::string address(std::size_t host) const;

  /// What has to stand before a command so that it runs on a host, under its own id.
  std::vector<std::string> on(std::size_t host) const;

  /// Pulls a host's cable, or puts it back.
  void cut(std::size_t host) const;
  void heal(std::size_t host) const;

  /// Makes a host drop whatever it would send to another one, or stops that: the other
  /// direction works all the time.
  void swallow(std::size_t host, std::size_t other) const;
  void stop_swallowing(std::size_t host, std::size_t other) const;

private:
  host_network() = default;

  std::string space(std::size_t host) const;
  std::string switch_space() const;

  std::string name_; ///< empty: moved from
  std::size_t hosts_ = 0;
};

} // namespace souk::tests
