#include "core/random.hpp"
#include "tests/benchmarks/kernels/checked.hpp"

namespace souk::benchmarks {

namespace {

bool right_so_far = true;

} // namespace

bool all_right() {
  return right_so_far;
}

void check(benchmark::State& state, bool right) {
  if (right)
    return;
  right_so_far = false;
  state.SkipWithError("the result is wrong");
}

std::vector<float> drawn(std::size_t size, std::uint64_t entity) {
  std::vector<float> values(size);
  core::fill_uniforms({1, core::stream::synthetic_data, entity, 0}, values);
  for (auto& value : values)
    value = 2 * value - 1;
  return values;
}

} // namespace souk::benchmarks

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  const auto ran = benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return ran > 0 && souk::benchmarks::all_right() ? 0 : 1;
}
