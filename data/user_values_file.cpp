#include "data/user_values_file.hpp"

#include "core/error.hpp"
#include "data/hashed_file.hpp"
#include "data/packing.hpp"
#include "data/stored_kind.hpp"

namespace souk::data {

namespace {

using hdf5::number_kind;

constexpr std::size_t model_bytes = 64;
constexpr std::size_t metric_bytes = 32;

const hdf5::row_layout& layout() {
  static const hdf5::row_layout columns{
    {hdf5::text_member("model", model_bytes), hdf5::text_member("metric", metric_bytes),
     hdf5::number_member("user", number_kind::u32),
     hdf5::number_member("value", number_kind::f64)}};
  return columns;
}

/// Hands out the rows of all columns, one after the other.
class row_walk {
public:
  explicit row_walk(const std::vector<user_values>& all) : all_{all} {
    // nop
  }

  void pack_next(packer& bytes) {
    while (row_ == all_[part_].users.size()) {
      ++part_;
      row_ = 0;
    }
    const auto& part = all_[part_];
    bytes.text(part.model, model_bytes)
      .text(part.metric, metric_bytes)
      .number(part.users[row_])
      .number(part.values[row_]);
    ++row_;
  }

private:
  const std::vector<user_values>& all_;
  std::size_t part_ = 0;
  std::size_t row_ = 0;
};

void take(std::vector<user_values>& all, const unsigned char* row) {
  unpacker bytes{row};
  auto model = bytes.text(model_bytes);
  auto metric = bytes.text(metric_bytes);
  if (all.empty() || all.back().model != model || all.back().metric != metric)
    all.push_back({std::move(model), std::move(metric), {}, {}});
  all.back().users.push_back(bytes.number<core::user_id>());
  all.back().values.push_back(bytes.number<double>());
}

} // namespace

void write_user_values(const std::string& path, const std::vector<user_values>& all) {
  std::uint64_t num_rows = 0;
  for (const auto& part : all) {
    core::expects(part.users.size() == part.values.size(), "a user has one value");
    num_rows += part.users.size();
  }
  write_hashed(path, [&](const std::string& temporary) {
    auto file = hdf5::file::create(temporary);
    write_kind(file, "user_values", {});
    row_walk rows{all};
    file.write_table("values", layout(), num_rows,
                     [&](std::uint64_t, std::size_t count, unsigned char* place) {
                       packer bytes{place};
                       for (std::size_t i = 0; i < count; ++i)
                         rows.pack_next(bytes);
                     });
    file.close();
  });
}

std::vector<user_values> read_user_values(const std::string& path) {
  const auto file = hdf5::file::open(verified(path));
  read_kind(file, "user_values", path);
  std::vector<user_values> read;
  file.read_table("values", layout(),
                  [&](std::uint64_t, std::size_t count, const unsigned char* rows) {
                    for (std::size_t i = 0; i < count; ++i)
                      take(read, rows + i * layout().row_size());
                  });
  return read;
}

} // namespace souk::data
