#include "data/bad_rows.hpp"

#include "core/error.hpp"
#include "data/text.hpp"

namespace souk::data {

namespace {

/// Keeps a row on one line and in one column of the quarantine file.
std::string on_one_line(std::string_view raw) {
  std::string text;
  for (const auto c : to_utf8(raw)) {
    if (c == '\t')
      text += "\\t";
    else if (c == '\n')
      text += "\\n";
    else if (c == '\r')
      text += "\\r";
    else if (c == '\0')
      text += "\\0";
    else
      text += c;
  }
  return text;
}

} // namespace

bad_rows::bad_rows(std::string quarantine_path,
                   std::uint64_t allowed,
                   bool withhold_text)
  : path_{std::move(quarantine_path)}, allowed_{allowed}, withhold_text_{
                                                            withhold_text} {
  // nop
}

void bad_rows::add(const record_reader& reader, const std::string& reason) {
  const auto where = reader.file().path() + ":" + std::to_string(reader.line());
  if (count_ == allowed_)
    throw core::error{
      reason, where,
      allowed_ == 0 ? "mend the row, or let some go to quarantine with "
                      "data.clean.bad_rows: {allow: N}"
                    : "this is one bad row more than data.clean.bad_rows.allow = "
                        + std::to_string(allowed_) + "; the others are in " + path_};
  if (!file_.is_open()) {
    file_.open(path_, std::ios::binary);
    file_ << "file\tline\treason\traw\n";
  }
  ++count_;
  file_ << reader.file().path() << '\t' << reader.line() << '\t' << on_one_line(reason)
        << '\t'
        << (withhold_text_ ? "(withheld: users are pseudonymised)"
                           : on_one_line(reader.raw()))
        << '\n';
  if (!file_)
    throw core::error{"cannot write the quarantine file", path_,
                      "check the folder and the space left"};
}

void bad_rows::close() {
  if (!file_.is_open())
    return;
  file_.close();
  if (!file_)
    throw core::error{"cannot write the quarantine file", path_,
                      "check the folder and the space left"};
}

} // namespace souk::data
