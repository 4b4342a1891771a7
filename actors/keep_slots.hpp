#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace souk::actors {

/// Keeps a machine's processes for other people's runs running: `souk node`. Each
/// serves one run after the other; one that ends, however, is started again, at once
/// after a run and less and less often where it fails. One that stays stopped is
/// killed, since the next run would wait for its slot. Returns when `interrupt` is set,
/// after ending them. Throws `core::error` of the request when one of them says that
/// trying again would not help (exit code 2).
void keep_slots(
  std::uint32_t slots,
  const std::function<std::vector<std::string>(std::uint32_t slot)>& command,
  const std::atomic<bool>& interrupt);

} // namespace souk::actors
