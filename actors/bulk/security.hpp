#pragma once

#include "actors/bulk/certificates.hpp"
#include "actors/bulk/frames.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace souk::actors::bulk {

/// Reads a run's secret. Throws `core::error` unless it is there and whole.
secret_token read_secret(const certificate_files& files);

/// What both ends of a connection need for mutual TLS (1.3): each shows the run's
/// certificate and accepts no other. Throws `core::error`.
std::unique_ptr<boost::asio::ssl::context>
make_tls_context(const certificate_files& files);

/// Whether only processes of this host can connect to an address.
bool is_loopback(const std::string& host);

} // namespace souk::actors::bulk
