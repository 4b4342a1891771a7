#include "data/chunk_codec.hpp"

#include "core/error.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

namespace souk::data::hdf5 {

namespace {

/// Level 1 looks at every byte of a long run, of which shuffled rows are full; level 2
/// passes over runs and is faster there. More costs time and gains little.
constexpr int compression_level = 2;
constexpr std::size_t checksum_size = sizeof(std::uint32_t);

std::uint32_t folded(std::uint32_t sum) {
  return (sum & 0xFFFF) + (sum >> 16);
}

/// Fletcher's checksum over big-endian 16-bit words, as HDF5's filter takes it.
std::uint32_t fletcher32(const_byte_span bytes) {
  // After as many words the sums might no longer fit.
  constexpr std::size_t run = 2 * 360;
  std::uint32_t plain = 0;
  std::uint32_t weighted = 0;
  const auto whole = bytes.size() & ~std::size_t{1};
  for (std::size_t first = 0; first < whole; first += run) {
    const auto end = std::min(first + run, whole);
    for (auto i = first; i < end; i += 2) {
      plain += static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
      weighted += plain;
    }
    plain = folded(plain);
    weighted = folded(weighted);
  }
  if (whole < bytes.size()) {
    plain = folded(plain + static_cast<std::uint32_t>(bytes[whole] << 8));
    weighted = folded(weighted + plain);
  }
  return folded(weighted) << 16 | folded(plain);
}

/// Puts the first bytes of all rows first, then the second bytes, and so on.
void shuffle(const_byte_span rows, std::size_t row_size, unsigned char* planes) {
  const auto num_rows = rows.size() / row_size;
  for (std::size_t byte = 0; byte < row_size; ++byte)
    for (std::size_t row = 0; row < num_rows; ++row)
      planes[byte * num_rows + row] = rows[row * row_size + byte];
}

void unshuffle(const unsigned char* planes, std::size_t row_size, byte_span rows) {
  const auto num_rows = rows.size() / row_size;
  for (std::size_t byte = 0; byte < row_size; ++byte)
    for (std::size_t row = 0; row < num_rows; ++row)
      rows[row * row_size + byte] = planes[byte * num_rows + row];
}

} // namespace

void chunk_encoder::closer::operator()(libdeflate_compressor* compressor) const {
  libdeflate_free_compressor(compressor);
}

chunk_encoder::chunk_encoder()
  : compressor_{libdeflate_alloc_compressor(compression_level)} {
  if (!compressor_)
    throw std::bad_alloc{};
}

const_byte_span chunk_encoder::encode(const_byte_span rows, std::size_t row_size) {
  shuffled_.resize(rows.size());
  shuffle(rows, row_size, shuffled_.data());
  stored_.resize(libdeflate_zlib_compress_bound(compressor_.get(), rows.size())
                 + checksum_size);
  const auto size =
    libdeflate_zlib_compress(compressor_.get(), shuffled_.data(), shuffled_.size(),
                             stored_.data(), stored_.size() - checksum_size);
  core::expects(size > 0, "what is within its bound can be compressed");
  const auto checksum = fletcher32({stored_.data(), size});
  std::memcpy(stored_.data() + size, &checksum, checksum_size);
  return {stored_.data(), size + checksum_size};
}

void chunk_decoder::closer::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

chunk_decoder::chunk_decoder() : decompressor_{libdeflate_alloc_decompressor()} {
  if (!decompressor_)
    throw std::bad_alloc{};
}

bool chunk_decoder::decode(const_byte_span stored,
                           bool deflated,
                           std::size_t row_size,
                           byte_span rows) {
  if (stored.size() < checksum_size)
    return false;
  const auto packed = stored.subspan(0, stored.size() - checksum_size);
  std::uint32_t checksum = 0;
  std::memcpy(&checksum, packed.end(), checksum_size);
  if (fletcher32(packed) != checksum)
    return false;
  const auto* planes = packed.data();
  if (deflated) {
    shuffled_.resize(rows.size());
    planes = shuffled_.data();
    // Without a place for the actual size it must be the expected one.
    if (libdeflate_zlib_decompress(decompressor_.get(), packed.data(), packed.size(),
                                   shuffled_.data(), shuffled_.size(), nullptr)
        != LIBDEFLATE_SUCCESS)
      return false;
  } else if (packed.size() != rows.size()) {
    return false;
  }
  unshuffle(planes, row_size, rows);
  return true;
}

} // namespace souk::data::hdf5
