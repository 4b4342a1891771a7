#pragma once

#include <cstdint>
#include <string>

namespace souk::actors::bulk {

/// What a process may be in a cluster. Its certificate says so, in a subject
/// alternative name `URI:souk:role:coordinator` or `URI:souk:role:node`.
enum class role : std::uint8_t { coordinator, node };

/// "coordinator" or "node".
std::string to_string(role what);

/// Roles that a certificate carries, or that a connection accepts.
struct role_set {
  bool coordinator = false;
  bool node = false;

  bool has(role what) const {
    return what == role::coordinator ? coordinator : node;
  }

  bool meets(const role_set& other) const {
    return (coordinator && other.coordinator) || (node && other.node);
  }
};

/// The two kinds of connections between processes: CAF's messages, and tensors.
enum class conversation : std::uint8_t { control, bulk };

/// "control" or "tensors", for messages.
std::string to_string(conversation about);

/// Whom a process listens to, whoever began the connection: for control, a node only a
/// coordinator and a coordinator only nodes; for tensors everybody of the cluster.
const role_set& accepted_roles(role own, conversation about);

/// Who a process is, and how it shows it.
struct credentials {
  std::string certificate; ///< PEM file, own
  std::string key;         ///< PEM file, readable by its owner only
  std::string authority;   ///< PEM file: who must have signed the others' certificates
  /// File of 32 random bytes; only runs on one machine have it, else empty.
  std::string secret;
  role own = role::node;
  /// Numeric: where this process listens, and where its connections come from. Empty:
  /// the loopback interface.
  std::string address;
  /// Whether the address at the other end must be in the other's certificate.
  bool addresses_are_checked = true;
};

/// The credentials in a folder that `make_run_credentials` made: for processes of one
/// run on this machine, which share a certificate of both roles.
credentials credentials_of_run(const std::string& folder, role own);

/// The credentials in a folder that `souk certificates` made, for a process that
/// listens at a numeric address.
credentials
credentials_of_cluster(const std::string& folder, role own, const std::string& address);

/// Throws `core::error` with the reason if these credentials cannot be used: a file is
/// missing or no PEM, others can read the key, the certificate has expired, is not
/// (yet) valid, is not the authority's or the key's, has another role or is not of the
/// address.
void check_credentials(const credentials& mine);

/// Throws `core::error` unless a process with these credentials may listen at this
/// numeric address: beyond loopback only with a cluster's certificate of the address.
void check_listening(const credentials& mine, const std::string& host);

/// Whether only processes of this host can connect to an address.
bool is_loopback(const std::string& host);

} // namespace souk::actors::bulk
