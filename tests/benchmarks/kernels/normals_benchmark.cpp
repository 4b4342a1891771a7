#include "models/kernels/normals.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

using namespace souk;
using namespace souk::benchmarks;

namespace {

void normals(benchmark::State& state, std::size_t size) {
  const core::draw_site site{1, core::stream::reparameterise, 2, 3};
  std::vector<float> values(size);
  std::vector<float> expected(size);
  models::kernels::draw_normals(site, values);
  core::fill_normals(site, expected);
  check(state, values == expected);
  for (auto _ : state)
    models::kernels::draw_normals(site, values);
  report_bytes(state, size * sizeof(float));
}

BENCHMARK_CAPTURE(normals, small, 20);
BENCHMARK_CAPTURE(normals, code, 200);
BENCHMARK_CAPTURE(normals, batch, 100'000);

} // namespace
