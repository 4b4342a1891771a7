#include "actors/rows_on_their_way.hpp"

#include "core/error.hpp"

namespace souk::actors {

std::vector<messages::rows_of_run>
rows_on_their_way::take(std::vector<models::batch_row>& rows, std::size_t num_rows) {
  rows.assign(num_rows, {});
  for (const auto& part : arrived) {
    std::size_t position = 0;
    for (std::size_t i = 0; i < part.places.values.size(); ++i) {
      const auto length = part.lengths.values.at(i);
      const auto place = part.places.values[i];
      core::expects(place < rows.size()
                      && position + length <= part.items.values.size(),
                    "a shard's rows lie within the run");
      rows[place] = {part.users.values.at(i),
                     {part.items.values.data() + position, length}};
      position += length;
    }
  }
  return std::exchange(arrived, {});
}

} // namespace souk::actors
