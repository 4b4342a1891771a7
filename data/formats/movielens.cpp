#include "core/error.hpp"
#include "data/formats/event_columns.hpp"
#include "data/formats/formats.hpp"

namespace souk::data::formats {

namespace {

/// The names of an item file's columns: MovieLens itself, and what others call them.
event_columns columns_of(const std::vector<std::string>& header,
                         const std::string& path) {
  event_columns columns;
  columns.user = required_column(header, {"userid", "user_id", "user"}, path);
  columns.item = required_column(
    header, {"movieid", "movie_id", "movie", "itemid", "item_id", "item"}, path);
  columns.value = required_column(header, {"rating"}, path);
  columns.time = column_named(header, {"timestamp", "time"});
  return columns;
}

/// Describes films by columns of the ratings themselves, where there are any.
row_visitor describe_films(source_import& import,
                           const std::vector<std::string>& header) {
  const auto title = column_named(header, {"title"});
  const auto year = column_named(header, {"year"});
  const auto genres = column_named(header, {"genres"});
  if (title == no_column && year == no_column && genres == no_column)
    return {};
  auto& items = import.item_attributes;
  const auto titles = items.column("title", core::attribute_kind::text);
  const auto years = items.column("year", core::attribute_kind::number);
  const auto lists = items.column("genres", core::attribute_kind::categories);
  const auto field_of = [](const record_reader& row, std::size_t column) {
    const auto known = column != no_column && column < row.fields().size();
    const auto field = known ? trimmed(row.fields()[column]) : std::string_view{};
    return field == "NA" || field == "(no genres listed)" ? std::string_view{} : field;
  };
  std::vector<bool> seen;
  return [=, &items](const record_reader& row, const core::event& event) mutable {
    if (event.item < seen.size() && seen[event.item])
      return;
    seen.resize(std::max<std::size_t>(seen.size(), event.item + std::size_t{1}));
    seen[event.item] = true;
    items.set_text(titles, event.item, field_of(row, title));
    items.set_words(lists, event.item, words_of(field_of(row, genres), '|'));
    if (const auto number = to_number(field_of(row, year)))
      items.set_number(years, event.item, *number);
  };
}

void read_ratings_csv(source_import& import, const std::string& path) {
  record_reader reader{path, {",", true}};
  const auto header = read_header(reader);
  auto columns = columns_of(header, path);
  columns.times = time_format::seconds;
  columns.kind = core::event_kind::rating;
  const auto described = !find_in(folder_of(path), "movies.csv").empty();
  read_by_columns(import, reader, columns,
                  described ? row_visitor{} : describe_films(import, header));
}

} // namespace

void read_movielens(source_import& import) {
  const auto path =
    file_at(import.options.path, {"ratings.dat", "ratings.csv", "u.data"});
  const auto delimiter = delimiter_of(path);
  if (delimiter == ",") {
    read_ratings_csv(import, path);
  } else {
    event_columns columns;
    columns.user = 0;
    columns.item = 1;
    columns.value = 2;
    columns.time = 3;
    columns.times = time_format::seconds;
    columns.kind = core::event_kind::rating;
    record_reader reader{path, {delimiter, false}};
    read_by_columns(import, reader, columns);
  }
  read_movielens_attributes(import, folder_of(path));
}

} // namespace souk::data::formats
