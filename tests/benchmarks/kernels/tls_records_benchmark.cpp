#include "actors/bulk/tls_records.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

#include <cstdint>
#include <vector>

using namespace souk::benchmarks;

namespace bulk = souk::actors::bulk;

namespace {

using bytes = std::vector<std::uint8_t>;

/// Whether there is something to time; says so if not.
bool is_there(benchmark::State& state, bulk::aes_source source) {
  if (source == bulk::aes_source::openssl || bulk::fastest_aes() == source)
    return true;
  state.SkipWithError("this processor has no VAES, or souk was built without ipsec-mb");
  return false;
}

bulk::traffic_secret some_secret() {
  bulk::traffic_secret made;
  made.bytes.fill(7);
  return made;
}

bytes record_of(bulk::record_writer& writer, const bytes& text) {
  bytes record(text.size() + bulk::record_overhead);
  writer.write({{text.data(), text.size()}}, record.data());
  return record;
}

void write_record(benchmark::State& state, bulk::aes_source source, std::size_t size) {
  if (!is_there(state, source))
    return;
  const bytes text(size, 42);
  bulk::record_writer writer{some_secret(), source};
  bulk::record_reader reader{some_secret(), record_of(writer, text), source};
  bytes back(size);
  check(state, reader.read(back) == size && back == text);
  bytes record(size + bulk::record_overhead);
  const std::vector<bulk::encoding::piece> pieces{{text.data(), text.size()}};
  for (auto _ : state)
    writer.write(pieces, record.data());
  report_bytes(state, size);
}

/// A record is read once only: many are made beforehand.
void read_record(benchmark::State& state, bulk::aes_source source, std::size_t size) {
  if (!is_there(state, source))
    return;
  const bytes text(size, 42);
  bytes back(size);
  auto is_right = true;
  while (state.KeepRunningBatch(16)) {
    state.PauseTiming();
    bulk::record_writer writer{some_secret(), source};
    bytes records;
    for (auto i = 0; i < 16; ++i) {
      const auto record = record_of(writer, text);
      records.insert(records.end(), record.begin(), record.end());
    }
    bulk::record_reader reader{some_secret(), records, source};
    state.ResumeTiming();
    for (auto i = 0; i < 16; ++i)
      is_right = reader.read(back) == size && is_right;
  }
  check(state, is_right && back == text);
  report_bytes(state, size);
}

BENCHMARK_CAPTURE(write_record, small_openssl, bulk::aes_source::openssl, 1'000);
BENCHMARK_CAPTURE(write_record, small_vectorised, bulk::aes_source::vectorised, 1'000);
BENCHMARK_CAPTURE(read_record, small_openssl, bulk::aes_source::openssl, 1'000);
BENCHMARK_CAPTURE(read_record, small_vectorised, bulk::aes_source::vectorised, 1'000);
BENCHMARK_CAPTURE(write_record, tls_openssl, bulk::aes_source::openssl, 16'384);
BENCHMARK_CAPTURE(write_record, tls_vectorised, bulk::aes_source::vectorised, 16'384);
BENCHMARK_CAPTURE(read_record, tls_openssl, bulk::aes_source::openssl, 16'384);
BENCHMARK_CAPTURE(read_record, tls_vectorised, bulk::aes_source::vectorised, 16'384);

} // namespace
