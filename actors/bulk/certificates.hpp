#pragma once

#include "actors/bulk/credentials.hpp"

#include <string>
#include <vector>

namespace souk::actors::bulk {

/// Makes an elliptic-curve key (P-256), a certificate of both roles that signs itself,
/// valid for 30 days, and a secret, for the processes of one run on this machine: who
/// has them belongs to the run. The folder is made readable by its owner only. Throws
/// `core::error`.
void make_run_credentials(const std::string& folder);

/// A host's certificate, to be made.
struct host_certificate {
  std::string name; ///< of its folder: letters, digits, '.', '-' and '_'
  role what = role::node;
  std::vector<std::string> addresses; ///< numeric, IPv4 or IPv6; at least one
};

/// How long a host's certificate may be valid, in days.
constexpr long days_max = 3650;

/// Makes a development authority and the certificates of a cluster's hosts (P-256):
///
///     FOLDER/authority.pem, authority-key.pem     stay here
///     FOLDER/NAME/authority.pem, certificate.pem, key.pem     go to that host
///
/// Keys are readable by their owner only, folders can be entered by their owner only.
/// The folder, named without a slash at its end, must not exist; nothing is left of it
/// on failure. Throws `core::error`.
void make_cluster_certificates(const std::string& folder,
                               const std::vector<host_certificate>& hosts,
                               long days);

/// Signs certificates of further hosts with a folder's authority. Their names must be
/// new.
void add_cluster_certificates(const std::string& folder,
                              const std::vector<host_certificate>& hosts,
                              long days);

} // namespace souk::actors::bulk
