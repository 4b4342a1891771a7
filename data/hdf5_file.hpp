#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

/// The part of HDF5 that souk uses, as values. Private to the room: no HDF5 type leaves
/// it. Calls are serialised by one mutex, since the C library promises nothing about
/// threads, and its error stack becomes `core::error`.
namespace souk::data::hdf5 {

enum class number_kind { u8, u16, u32, u64, i64, f32, f64 };

/// What a name in a file stands for.
enum class entry_kind { group, table, array };

/// Bytes that a number takes.
std::size_t size_of(number_kind kind);

/// A member of a table's rows: a number, or UTF-8 text padded with zero bytes.
struct member {
  std::string name;
  bool is_text = false;
  number_kind number = number_kind::u8; ///< unless it is text
  std::size_t size = 0;                 ///< in bytes
  std::size_t offset = 0;               ///< in the row, which is packed
};

member number_member(std::string name, number_kind kind);
member text_member(std::string name, std::size_t size);

/// The members of a row, one after another without gaps.
class row_layout {
public:
  row_layout() = default;
  explicit row_layout(std::vector<member> members);

  const std::vector<member>& members() const {
    return members_;
  }

  std::size_t row_size() const {
    return row_size_;
  }

private:
  std::vector<member> members_;
  std::size_t row_size_ = 0;
};

/// Whether names, kinds, sizes and order agree.
bool operator==(const row_layout& a, const row_layout& b);

/// Writes rows [first, first + count) into zeroed bytes, or reads them. Called on the
/// caller's thread, for one run of rows after another.
using row_source =
  std::function<void(std::uint64_t first, std::size_t count, unsigned char* rows)>;
using row_sink = std::function<void(
  std::uint64_t first, std::size_t count, const unsigned char* rows)>;

/// An HDF5 file. Tables are one-dimensional compound datasets and arrays are plain
/// ones; both are chunked and carry fletcher32, tables also shuffle and deflate. The
/// chunks of a table are made and read by all processors (chunk_codec.hpp).
///
/// Every failure throws `core::error` naming the file and what was being done.
class file {
public:
  /// Creates the file, or empties it.
  static file create(const std::string& path);
  /// Opens the file for reading. Check its hash before: HDF5 trusts what it reads.
  static file open(const std::string& path);

  file(file&& other) noexcept;
  file& operator=(file&&) = delete;
  ~file();

  /// Writes everything and closes: reports what a destructor could not.
  void close();

  void create_group(const std::string& name);
  /// Names of what a group holds, ascending.
  std::vector<std::string> names_in(const std::string& group) const;
  bool has(const std::string& name) const;
  entry_kind what_is(const std::string& name) const;

  void write_table(const std::string& name,
                   const row_layout& layout,
                   std::uint64_t num_rows,
                   const row_source& fill);
  row_layout layout_of(const std::string& table) const;
  std::uint64_t rows_of(const std::string& table) const;
  /// Reads a table, whose layout must be this one and whose filters those above.
  void read_table(const std::string& name,
                  const row_layout& layout,
                  const row_sink& take) const;

  void write_array(const std::string& name,
                   number_kind kind,
                   const std::vector<std::uint64_t>& shape,
                   const void* values);
  /// The same in one piece and without fletcher32, in half the time: for files whose
  /// hash is checked whenever they are opened.
  void write_plain_array(const std::string& name,
                         number_kind kind,
                         const std::vector<std::uint64_t>& shape,
                         const void* values);
  std::vector<std::uint64_t> shape_of(const std::string& array) const;
  number_kind kind_of(const std::string& array) const;
  /// Reads an array whose kind must be this one.
  void read_array(const std::string& name, number_kind kind, void* values) const;

  /// Text attributes of a group or the file ("/"), of any length.
  void write_attributes(const std::string& group,
                        const std::map<std::string, std::string>& attributes);
  std::map<std::string, std::string> read_attributes(const std::string& group) const;

private:
  file(std::int64_t id, std::string path);
  void write_array(const std::string& name,
                   number_kind kind,
                   const std::vector<std::uint64_t>& shape,
                   const void* values,
                   bool in_chunks);

  std::int64_t id_;
  std::string path_;
};

} // namespace souk::data::hdf5
