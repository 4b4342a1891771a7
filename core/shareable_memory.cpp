#include "core/shareable_memory.hpp"

#include <sys/mman.h>

#include <atomic>
#include <map>
#include <mutex>

namespace souk::core {

namespace {

/// Less than a page is not worth a mapping of its own, nor a descriptor.
constexpr std::size_t bytes_min = 4096;

/// The pieces of this process, by where they begin.
class registry {
public:
  static registry& of_process() {
    static auto* const all = new registry; // outlives whatever ends with the process
    return *all;
  }

  void* allocate(std::size_t bytes) {
    auto segment = shared_segment::make(bytes, shared_segment::pages::when_written);
    if (!segment)
      return nullptr;
    auto* const memory = segment->data();
    madvise(memory, bytes, MADV_HUGEPAGE); // a hint: a kernel without them goes on
    const std::lock_guard guard{mutex_};
    pieces_[memory] = std::make_shared<const shareable_piece>(
      shareable_piece{++last_number_, std::move(*segment)});
    return memory;
  }

  bool free(void* memory) {
    std::shared_ptr<const shareable_piece> unmapped_last;
    const std::lock_guard guard{mutex_};
    const auto found = pieces_.find(static_cast<const std::uint8_t*>(memory));
    if (found == pieces_.end())
      return false;
    unmapped_last = std::move(found->second);
    pieces_.erase(found);
    return true;
  }

  std::shared_ptr<const shareable_piece> at(const void* address) {
    const auto* const wanted = static_cast<const std::uint8_t*>(address);
    const std::lock_guard guard{mutex_};
    const auto after = pieces_.upper_bound(wanted);
    if (after == pieces_.begin())
      return nullptr;
    const auto& [begin, piece] = *std::prev(after);
    return wanted < begin + piece->segment.size() ? piece : nullptr;
  }

  std::atomic<bool> is_on{false};

private:
  std::mutex mutex_;
  std::map<const std::uint8_t*, std::shared_ptr<const shareable_piece>> pieces_;
  std::uint64_t last_number_ = 0;
};

} // namespace

void share_memory(bool from_now_on) {
  registry::of_process().is_on = from_now_on;
}

void* allocate_shareable(std::size_t bytes) {
  auto& all = registry::of_process();
  if (bytes >= bytes_min && all.is_on)
    if (auto* const memory = all.allocate(bytes))
      return memory;
  return allocate_aligned(bytes);
}

void free_shareable(void* memory) noexcept {
  if (memory != nullptr && !registry::of_process().free(memory))
    free_aligned(memory);
}

std::shared_ptr<const shareable_piece> shareable_piece_at(const void* address) {
  return registry::of_process().at(address);
}

} // namespace souk::core
