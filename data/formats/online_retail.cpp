#include "data/formats/formats.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace souk::data::formats {

namespace {

struct retail_columns {
  std::size_t invoice = 0;
  std::size_t item = 0;
  std::size_t description = 0;
  std::size_t quantity = 0;
  std::size_t time = 0;
  std::size_t price = 0;
  std::size_t customer = 0;
  std::size_t country = 0;
  std::size_t fields = 0; ///< in a row
};

/// The first and the second edition of the data name three columns differently.
retail_columns columns_of(const std::vector<std::string>& header,
                          const std::string& path) {
  retail_columns columns;
  columns.invoice = required_column(header, {"invoiceno", "invoice"}, path);
  columns.item = required_column(header, {"stockcode"}, path);
  columns.description = required_column(header, {"description"}, path);
  columns.quantity = required_column(header, {"quantity"}, path);
  columns.time = required_column(header, {"invoicedate"}, path);
  columns.price = required_column(header, {"unitprice", "price"}, path);
  columns.customer =
    required_column(header, {"customerid", "customer id", "customer_id"}, path);
  columns.country = required_column(header, {"country"}, path);
  columns.fields = header.size();
  return columns;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Five digits, and letters for variants: "85123A". Postage, samples, bank charges and
/// the like have other codes.
bool is_product(std::string_view code) {
  if (code.size() < 5 || !std::all_of(code.begin(), code.begin() + 5, is_digit))
    return false;
  return std::all_of(code.begin() + 5, code.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  });
}

/// "17850.0", as spreadsheets write it, is customer 17850.
std::string_view customer_of(std::string_view field) {
  auto customer = trimmed(field);
  if (customer.size() > 2 && customer.substr(customer.size() - 2) == ".0")
    customer.remove_suffix(2);
  return customer;
}

/// Tells what rows say about customers and products besides the purchase.
class retail_describer {
public:
  retail_describer(source_import& import, const retail_columns& columns)
    : import_{import}, columns_{columns}, description_{import.item_attributes.column(
                                            "description", core::attribute_kind::text)},
      country_{
        import.user_attributes.column("country", core::attribute_kind::category)} {
    // nop
  }

  bool describe(const record_reader& row, std::uint32_t user, std::uint32_t item) {
    auto& items = import_.item_attributes;
    auto& users = import_.user_attributes;
    const auto description = trimmed(row.fields()[columns_.description]);
    const auto country = trimmed(row.fields()[columns_.country]);
    auto news = false;
    if (item != name_table::absent && !description.empty()
        && !items.has(description_, item)) {
      items.set_text(description_, item, description);
      news = true;
    }
    if (user != name_table::absent && !country.empty() && !users.has(country_, user)) {
      users.set_word(country_, user, country);
      news = true;
    }
    return news;
  }

private:
  source_import& import_;
  const retail_columns& columns_;
  std::size_t description_;
  std::size_t country_;
};

/// Spreadsheets export "12/1/2010 8:26", databases "2010-12-01 08:26:00".
time_format format_of(std::string_view time) {
  return time.find('/') == std::string_view::npos ? time_format::iso
                                                  : time_format::month_day_year;
}

void take_sale(source_import& import,
               retail_describer& describer,
               const retail_columns& columns,
               const record_reader& row) {
  expect_fields(row, columns.fields);
  const auto& fields = row.fields();
  const auto invoice = required(fields[columns.invoice], "invoice number");
  const auto item = required(fields[columns.item], "stock code");
  const auto quantity = required_number(fields[columns.quantity], "quantity");
  const auto price = required_number(fields[columns.price], "price");
  const auto date = trimmed(fields[columns.time]);
  const auto customer = customer_of(fields[columns.customer]);
  core::event event;
  event.time = required_time(date, "invoice date", format_of(date));
  const auto cancelled = invoice.front() == 'C' || invoice.front() == 'c';
  if (customer.empty())
    return import.drop("no customer");
  if (!is_product(item))
    return import.drop("no product");
  if (cancelled ? quantity >= 0 : quantity <= 0)
    return import.drop(cancelled ? "cancels nothing" : "quantity not positive");
  if (price <= 0)
    return import.drop("price not positive");
  event.kind =
    cancelled ? core::event_kind::product_return : core::event_kind::purchase;
  event.value = static_cast<float>(std::abs(quantity));
  event.price = static_cast<float>(price);
  event.user = import.users.number_of(customer);
  event.item = import.items.number_of(item);
  import.events.push_back(event);
  describer.describe(row, event.user, event.item);
}

} // namespace

void read_online_retail(source_import& import) {
  const auto path =
    file_at(import.options.path,
            {"online-retail.csv", "online_retail.csv", "OnlineRetail.csv"});
  record_reader reader{path, {",", true}};
  const auto columns = columns_of(read_header(reader), path);
  retail_describer describer{import, columns};
  import.has_times = true;
  read_event_rows(import, reader, [&](const record_reader& row) {
    take_sale(import, describer, columns, row);
  });
}

bool read_online_retail_attributes(source_import& import, const std::string& path) {
  auto file = path;
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem)) {
    file.clear();
    for (const auto* name :
         {"online-retail.csv", "online_retail.csv", "OnlineRetail.csv"})
      if (file.empty())
        file = find_in(path, name);
  }
  if (file.empty())
    return false;
  record_reader reader{file, {",", true}};
  const auto columns = columns_of(read_header(reader), file);
  retail_describer describer{import, columns};
  read_attribute_rows(import, reader, [&](const record_reader& row) {
    expect_fields(row, columns.fields);
    return describer.describe(
      row, import.users.find(customer_of(row.fields()[columns.customer])),
      import.items.find(trimmed(row.fields()[columns.item])));
  });
  return true;
}

} // namespace souk::data::formats
