#pragma once

#include "actors/bulk/exchange.hpp"
#include "core/aligned_vector.hpp"
#include "core/parameter_layout.hpp"
#include "core/span.hpp"
#include "core/tensor_ticket.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace souk::actors {

/// Copies of a range's parameters, for those who read a version while the server goes
/// on to others. A version is copied when it is first read, its memory is used again
/// when nobody reads it any more.
class version_copies {
public:
  /// `range` are the elements of the arena that are copied.
  version_copies(std::shared_ptr<bulk::exchange> exchange, core::arena_range range);

  /// Lets a reader have `parameters`, [range], which are those that `ticket` numbers,
  /// and returns the offer of their copy. Each copy has a slot of its own in the
  /// exchange, by its block number.
  core::tensor_ticket read(std::uint64_t reader,
                           core::tensor_ticket ticket,
                           core::span<const float> parameters);

  /// A reader has done with its version.
  void done(std::uint64_t reader);

  /// All readers have; the next version may have a number that was there before.
  void clear();

  /// Copies that there is memory for.
  std::size_t size() const {
    return copies_.size();
  }

private:
  struct copy {
    // Not to be shared: who fetched a version keeps it, and no copy would come back.
    core::aligned_buffer<float> values;
    core::tensor_ticket offered;
    std::size_t readers = 0;
    bool is_newest = false;
  };

  std::size_t free_copy();
  void withdraw_unless_read(copy& old);

  std::shared_ptr<bulk::exchange> exchange_;
  core::arena_range range_;
  std::vector<std::shared_ptr<copy>> copies_;
  std::map<std::uint64_t, std::size_t> copy_of_; ///< by reader
};

} // namespace souk::actors
