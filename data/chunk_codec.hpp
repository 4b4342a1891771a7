#pragma once

#include "core/span.hpp"

#include <cstddef>
#include <memory>
#include <vector>

struct libdeflate_compressor;
struct libdeflate_decompressor;

/// Chunks of tables as HDF5's own filters make them: shuffle, deflate, fletcher32, in
/// this order. They stand here because libdeflate is faster than the zlib that the
/// library uses, and because many threads can use them while the library serves one.
namespace souk::data::hdf5 {

using byte_span = core::span<unsigned char>;
using const_byte_span = core::span<const unsigned char>;

/// Makes the bytes that a file stores for a chunk. For one thread at a time.
class chunk_encoder {
public:
  chunk_encoder();

  /// Encodes rows of `row_size` bytes. The result is valid until the next call.
  const_byte_span encode(const_byte_span rows, std::size_t row_size);

private:
  struct closer {
    void operator()(libdeflate_compressor* compressor) const;
  };

  std::unique_ptr<libdeflate_compressor, closer> compressor_;
  std::vector<unsigned char> shuffled_;
  std::vector<unsigned char> stored_;
};

/// Turns stored bytes back into a chunk, whoever stored them. For one thread at a time.
class chunk_decoder {
public:
  chunk_decoder();

  /// Decodes a chunk into `rows`, which has the chunk's size. `deflated` is false where
  /// the library found nothing to gain and skipped that filter. Returns false, and
  /// leaves `rows` undefined, if the checksum or the compressed bytes are wrong.
  bool
  decode(const_byte_span stored, bool deflated, std::size_t row_size, byte_span rows);

private:
  struct closer {
    void operator()(libdeflate_decompressor* decompressor) const;
  };

  std::unique_ptr<libdeflate_decompressor, closer> decompressor_;
  std::vector<unsigned char> shuffled_;
};

} // namespace souk::data::hdf5
