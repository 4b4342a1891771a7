#pragma once

#include <string>

namespace souk::actors::bulk {

/// Where the credentials of a run are: key and certificate in PEM, and 32 random bytes.
struct certificate_files {
  std::string certificate;
  std::string key;
  std::string secret;
};

/// The files' names inside a folder.
certificate_files certificates_in(const std::string& folder);

/// Makes an elliptic-curve key (P-256) and a certificate that signs itself, valid for
/// 30 days, and a secret, for the processes of one run on this machine: who has them
/// belongs to the run. The folder is made readable by its owner only. Throws
/// `core::error`.
certificate_files make_certificates(const std::string& folder);

/// Throws `core::error` unless all files can be read (CAF would die of it later).
void check_certificates(const certificate_files& files);

} // namespace souk::actors::bulk
