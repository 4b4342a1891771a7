#include "data/owner_layouts.hpp"

#include <algorithm>

namespace souk::data {

using core::attribute_kind;
using hdf5::number_kind;

std::size_t longest(const std::vector<std::string>& texts) {
  std::size_t length = 1;
  for (const auto& text : texts)
    length = std::max(length, text.size());
  return length;
}

hdf5::row_layout owner_layout(const std::vector<std::string>& names,
                              const core::attribute_table& attributes,
                              const std::vector<std::string>& member_names) {
  std::vector<hdf5::member> members{hdf5::text_member("id", longest(names))};
  for (std::size_t i = 0; i < attributes.columns.size(); ++i) {
    const auto& column = attributes.columns[i];
    if (column.kind == attribute_kind::category)
      members.push_back(hdf5::number_member(member_names[i], number_kind::u32));
    else if (column.kind == attribute_kind::number)
      members.push_back(hdf5::number_member(member_names[i], number_kind::f64));
    else if (column.kind == attribute_kind::text)
      members.push_back(hdf5::text_member(member_names[i], longest(column.texts)));
  }
  return hdf5::row_layout{std::move(members)};
}

hdf5::row_layout columns_layout(std::size_t name_size, std::size_t member_size) {
  return hdf5::row_layout{{hdf5::text_member("name", name_size),
                           hdf5::number_member("kind", number_kind::u8),
                           hdf5::text_member("member", member_size)}};
}

hdf5::row_layout vocabulary_layout(std::size_t word_size) {
  return hdf5::row_layout{{hdf5::number_member("column", number_kind::u32),
                           hdf5::number_member("code", number_kind::u32),
                           hdf5::text_member("word", word_size)}};
}

const hdf5::row_layout& lists_layout() {
  static const hdf5::row_layout layout{{hdf5::number_member("column", number_kind::u32),
                                        hdf5::number_member("row", number_kind::u32),
                                        hdf5::number_member("code", number_kind::u32)}};
  return layout;
}

} // namespace souk::data
