#include "tests/benchmarks/commands.hpp"
#include "tests/benchmarks/training_rows.hpp"

namespace souk::benchmarks {

nlohmann::ordered_json
write_rows(const data_choice& data, std::uint32_t batch, const std::string& folder) {
  const auto rows = whole_batches(rows_of(data), batch);
  write_raw_rows(rows, folder);
  return {{"shape", data.shape},
          {"users", rows.num_rows()},
          {"items", rows.num_items},
          {"events", rows.items.size()}};
}

} // namespace souk::benchmarks
