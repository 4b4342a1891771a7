#include "data/chunk_codec.hpp"

#include "core/random.hpp"

#include <catch2/catch.hpp>

using namespace souk;
using data::hdf5::chunk_decoder;
using data::hdf5::chunk_encoder;

namespace {

using bytes = std::vector<unsigned char>;

bytes noise(std::size_t size) {
  bytes made(size);
  for (std::size_t i = 0; i < size; ++i)
    made[i] = static_cast<unsigned char>(
      core::random_words({7, core::stream::synthetic_data, i, 0}, 0)[0]);
  return made;
}

/// The bytes 0, 1, ..., 7 and their checksum, as HDF5 stores them where it skips
/// deflate.
bytes not_deflated() {
  return {0, 1, 2, 3, 4, 5, 6, 7, 0x10, 0x0C, 0x1E, 0x14};
}

} // namespace

TEST_CASE("a chunk comes back as it was", "[data][chunk_codec]") {
  chunk_encoder encoder;
  chunk_decoder decoder;
  for (const std::size_t row_size : {1, 3, 8, 25})
    for (const std::size_t num_rows : {1, 2, 1000})
      for (const auto& rows :
           {bytes(num_rows * row_size, 'x'), noise(num_rows * row_size)}) {
        const auto stored = encoder.encode(rows, row_size);
        bytes read(rows.size());
        CHECK(decoder.decode(stored, true, row_size, read));
        CHECK(read == rows);
      }
}

TEST_CASE("chunks that repeat themselves get small", "[data][chunk_codec]") {
  CHECK(chunk_encoder{}.encode(bytes(100'000, 'x'), 25).size() < 1000);
}

TEST_CASE("a flipped bit anywhere in a chunk is found", "[data][chunk_codec]") {
  chunk_encoder encoder;
  chunk_decoder decoder;
  const auto encoded = encoder.encode(noise(401), 1);
  bytes stored(encoded.begin(), encoded.end());
  bytes read(401);
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit < 8 * stored.size(); ++bit) {
    const auto flip = static_cast<unsigned char>(1U << (bit % 8));
    stored[bit / 8] ^= flip;
    accepted += decoder.decode(stored, true, 1, read) ? 1 : 0;
    stored[bit / 8] ^= flip;
  }
  CHECK(accepted == 0);
  CHECK(decoder.decode(stored, true, 1, read));
}

TEST_CASE("a chunk of another size is refused", "[data][chunk_codec]") {
  chunk_encoder encoder;
  chunk_decoder decoder;
  const auto stored = encoder.encode(bytes(100, 'x'), 1);
  for (const std::size_t size : {0, 1, 99, 101}) {
    bytes read(size);
    CHECK_FALSE(decoder.decode(stored, true, 1, read));
  }
  bytes read(100);
  for (std::size_t kept = 0; kept < stored.size(); ++kept)
    CHECK_FALSE(decoder.decode(stored.subspan(0, kept), true, 1, read));
}

TEST_CASE("a chunk may be stored without deflate", "[data][chunk_codec]") {
  chunk_decoder decoder;
  bytes read(8);
  CHECK(decoder.decode(not_deflated(), false, 4, read));
  CHECK(read == bytes{0, 2, 4, 6, 1, 3, 5, 7});
  bytes longer(12);
  CHECK_FALSE(decoder.decode(not_deflated(), false, 4, longer));
}
