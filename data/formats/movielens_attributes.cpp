#include "data/formats/formats.hpp"

#include <array>
#include <optional>

namespace souk::data::formats {

namespace {

/// The words behind the numbers of MovieLens-1M's users.dat, as its README has them.
constexpr std::array<std::string_view, 21> occupations{
  "other",           "academic/educator",
  "artist",          "clerical/admin",
  "college student", "customer service",
  "doctor",          "executive/managerial",
  "farmer",          "homemaker",
  "K-12 student",    "lawyer",
  "programmer",      "retired",
  "sales/marketing", "scientist",
  "self-employed",   "technician/engineer",
  "tradesman",       "unemployed",
  "writer"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> age_bands{{
  {"1", "under 18"},
  {"18", "18-24"},
  {"25", "25-34"},
  {"35", "35-44"},
  {"45", "45-49"},
  {"50", "50-55"},
  {"56", "56 and over"},
}};

/// The flags at the end of a row of MovieLens-100K's u.item, in order.
constexpr std::array<std::string_view, 19> genre_flags{
  "unknown",     "Action", "Adventure", "Animation", "Children's", "Comedy",  "Crime",
  "Documentary", "Drama",  "Fantasy",   "Film-Noir", "Horror",     "Musical", "Mystery",
  "Romance",     "Sci-Fi", "Thriller",  "War",       "Western"};

std::string_view age_band(std::string_view code) {
  for (const auto& [known, band] : age_bands)
    if (known == code)
      return band;
  return code;
}

std::string_view occupation(std::string_view code) {
  const auto number = to_number(code);
  if (!number || *number < 0 || *number >= static_cast<double>(occupations.size()))
    return code;
  return occupations[static_cast<std::size_t>(*number)];
}

/// Fills the columns of films; a second row about one is not needed.
class film_describer {
public:
  explicit film_describer(source_import& import)
    : import_{import}, attributes_{import.item_attributes},
      titles_{attributes_.column("title", core::attribute_kind::text)},
      years_{attributes_.column("year", core::attribute_kind::number)},
      genres_{attributes_.column("genres", core::attribute_kind::categories)},
      seen_(import.items.size()) {
    // nop
  }

  /// `title` ends in the year, as in "Toy Story (1995)".
  bool describe(std::string_view id,
                std::string_view title,
                const std::vector<std::string_view>& genres) {
    const auto item = import_.items.find(id);
    if (item == name_table::absent || seen_[item])
      return false;
    seen_[item] = true;
    title = trimmed(title);
    if (const auto year = take_year(title))
      attributes_.set_number(years_, item, *year);
    attributes_.set_text(titles_, item, title);
    attributes_.set_words(genres_, item, genres);
    return true;
  }

private:
  static std::optional<double> take_year(std::string_view& title) {
    if (title.size() < 6 || title.back() != ')' || title[title.size() - 6] != '(')
      return {};
    const auto year = to_number(title.substr(title.size() - 5, 4));
    if (year)
      title = trimmed(title.substr(0, title.size() - 6));
    return year;
  }

  source_import& import_;
  attribute_collector& attributes_;
  std::size_t titles_;
  std::size_t years_;
  std::size_t genres_;
  std::vector<bool> seen_;
};

/// Reads users.dat (id::gender::age::occupation::zip code) or u.user
/// (id|age|gender|occupation|zip code).
void read_users(source_import& import, const std::string& path, bool one_million) {
  auto& users = import.user_attributes;
  // Ages of MovieLens-1M are bands, those of MovieLens-100K are years.
  const auto age = users.column("age", one_million ? core::attribute_kind::category
                                                   : core::attribute_kind::number);
  const auto gender = users.column("gender", core::attribute_kind::category);
  const auto work = users.column("occupation", core::attribute_kind::category);
  const auto zip_code = users.column("zip_code", core::attribute_kind::text);
  record_reader reader{path, {one_million ? "::" : "|", false}};
  std::vector<bool> seen(import.users.size());
  read_attribute_rows(import, reader, [&](const record_reader& row) {
    expect_fields(row, 5);
    const auto& fields = row.fields();
    const auto user = import.users.find(required(fields[0], "user"));
    if (user == name_table::absent || seen[user])
      return false;
    if (one_million)
      users.set_word(age, user, age_band(trimmed(fields[2])));
    else
      users.set_number(age, user, required_number(fields[1], "age"));
    seen[user] = true;
    users.set_word(gender, user, trimmed(fields[one_million ? 1 : 2]));
    users.set_word(work, user,
                   one_million ? occupation(trimmed(fields[3])) : trimmed(fields[3]));
    users.set_text(zip_code, user, trimmed(fields[4]));
    return true;
  });
}

void read_movies_dat(source_import& import, const std::string& path) {
  film_describer films{import};
  record_reader reader{path, {"::", false}};
  read_attribute_rows(import, reader, [&](const record_reader& row) {
    expect_fields(row, 3);
    return films.describe(required(row.fields()[0], "film"), row.fields()[1],
                          words_of(row.fields()[2], '|'));
  });
}

void read_u_item(source_import& import, const std::string& path) {
  constexpr std::size_t first_flag = 5;
  film_describer films{import};
  record_reader reader{path, {"|", false}};
  read_attribute_rows(import, reader, [&](const record_reader& row) {
    expect_fields(row, first_flag + genre_flags.size());
    std::vector<std::string_view> genres;
    for (std::size_t i = 0; i < genre_flags.size(); ++i)
      if (row.fields()[first_flag + i] == "1")
        genres.push_back(genre_flags[i]);
    return films.describe(required(row.fields()[0], "film"), row.fields()[1], genres);
  });
}

void read_movies_csv(source_import& import, const std::string& path) {
  film_describer films{import};
  record_reader reader{path, {",", true}};
  const auto header = read_header(reader);
  const auto id = required_column(header, {"movieid", "movie_id", "itemid"}, path);
  const auto title = required_column(header, {"title"}, path);
  const auto genres = required_column(header, {"genres"}, path);
  read_attribute_rows(import, reader, [&](const record_reader& row) {
    expect_fields(row, header.size());
    const auto listed = trimmed(row.fields()[genres]);
    return films.describe(required(row.fields()[id], "film"), row.fields()[title],
                          words_of(listed == "(no genres listed)" ? "" : listed, '|'));
  });
}

} // namespace

bool read_movielens_attributes(source_import& import, const std::string& folder) {
  auto found = false;
  const auto read_if_there = [&](const char* name, auto read) {
    const auto path = find_in(folder, name);
    if (path.empty())
      return;
    found = true;
    read(path);
  };
  read_if_there("users.dat", [&](const auto& path) { read_users(import, path, true); });
  read_if_there("u.user", [&](const auto& path) { read_users(import, path, false); });
  read_if_there("movies.dat", [&](const auto& path) { read_movies_dat(import, path); });
  read_if_there("u.item", [&](const auto& path) { read_u_item(import, path); });
  read_if_there("movies.csv", [&](const auto& path) { read_movies_csv(import, path); });
  return found;
}

} // namespace souk::data::formats
