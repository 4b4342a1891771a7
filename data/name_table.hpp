#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace souk::data {

/// Numbers names in the order of their first appearance. All text lies in one arena, so
/// that millions of names cost their letters and 16 bytes each.
class name_table {
public:
  static constexpr std::uint32_t absent = 0xFFFFFFFFU;

  name_table();

  /// Returns the name's number, a new one if it is new. What is no UTF-8 is taken for
  /// Latin-1.
  std::uint32_t number_of(std::string_view name);

  /// Returns the name's number, or `absent`.
  std::uint32_t find(std::string_view name) const;

  std::uint32_t size() const {
    return static_cast<std::uint32_t>(ends_.size());
  }

  /// Valid until a name is added.
  std::string_view operator[](std::uint32_t number) const;

private:
  std::uint32_t add_or_find(std::string_view name);
  /// The slot that holds the name, or the empty one where it belongs.
  std::size_t slot_of(std::string_view name, std::uint32_t hash) const;
  void grow();

  struct slot {
    std::uint32_t number = absent;
    std::uint32_t hash = 0;
  };

  std::string letters_;
  std::vector<std::uint64_t> ends_; ///< of each name in `letters_`
  std::vector<slot> slots_;         ///< a power of two, at most half full
};

} // namespace souk::data
