#include "actors/batches.hpp"

#include "core/random.hpp"

#include <algorithm>

namespace souk::actors {

std::uint64_t batches::per_epoch() const {
  return (users + std::uint64_t{batch_users} - 1) / batch_users;
}

std::uint32_t batches::rows_per_block() const {
  return (batch_users + blocks - 1) / blocks;
}

std::uint32_t batches::users_of(std::uint64_t batch) const {
  const auto left = users - batch * batch_users;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(left, batch_users));
}

std::vector<core::user_id>
epoch_order(std::uint64_t seed, std::uint64_t epoch, std::uint32_t users) {
  return core::permutation(
    {seed, core::stream::shuffle, 0, static_cast<std::uint32_t>(epoch)}, users);
}

} // namespace souk::actors
