#include "actors/ask_status.hpp"
#include "core/error.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/status_text.hpp"

#include <filesystem>
#include <iostream>

namespace souk::experiments {

namespace {

actors::status_address address_in(const command& request) {
  const auto& text = request.files.at(0);
  const auto at = core::parse_network_address(text);
  if (!at || at->port == 0)
    throw core::error::request("is neither a run's folder nor an address", text,
                               "use souk status RUN, or souk status HOST:PORT "
                               "--certificates DIR");
  if (request.certificates.empty())
    throw core::error::request("only whoever has credentials may ask", text,
                               "add --certificates DIR");
  return {*at, request.certificates};
}

} // namespace

void print_status(const command& request) {
  const auto& place = request.files.at(0);
  std::error_code unknown;
  auto address = std::filesystem::is_directory(place, unknown)
                   ? actors::status_address_in(place)
                   : address_in(request);
  if (!request.certificates.empty())
    address.certificates = request.certificates;
  const auto status = actors::ask_status(address);
  std::cout << (request.json ? json_of(status) : text_of(status)) << std::flush;
}

} // namespace souk::experiments
